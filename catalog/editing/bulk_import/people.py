"""Stages of a bulk import that add the credited people, and the characters."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from catalog.editing.bulk_import.job import Job
from catalog.editing.bulk_import.progress import scratch_inserter
from catalog.editing.bulk_import.rows import RowInserter, chunked, execute, stream
from catalog.editing.bulk_import.values import id_number, person_id, slug_base, sort_key_of_row
from catalog.models import Character, ExternalId, Person
from catalog.models.sort_name import sort_name_of
from catalog.sources.cell_values import is_placeholder
from catalog.sources.document import plain_text
from catalog.sources.person_names import is_person_name
from catalog.sources.series_claims import SourceError

CREDITED = 'SELECT DISTINCT person_id FROM "catalog_credit" ORDER BY person_id'
PEOPLE = "SELECT base, id, name, born, died FROM bulk_import_person ORDER BY base, id"
CHARACTERS = "SELECT base, id, series, name FROM bulk_import_character_slug ORDER BY base, id"
NUMBERED = "SELECT DISTINCT base FROM {table} WHERE base > %s AND base < %s"
WITHOUT_NAME = """
SELECT c.person_id, COUNT(*) FROM "catalog_credit" c LEFT JOIN bulk_import_person p ON p.id = c.person_id
WHERE p.id IS NULL GROUP BY c.person_id ORDER BY c.person_id
"""
DELETE_WITHOUT_NAME = """
DELETE FROM "catalog_credit" WHERE NOT EXISTS (SELECT 1 FROM bulk_import_person p WHERE p.id = person_id)
"""
DELETE_CHARACTERS = """
DELETE FROM bulk_import_character WHERE id NOT IN (
    SELECT DISTINCT character_id FROM "catalog_credit" WHERE character_id IS NOT NULL)
"""


def read_people(job: Job, position: int) -> Iterator[int]:
    """Copy the lines of name.basics about credited people; delete the credits of those whom it lacks."""
    scratch_inserter("bulk_import_person").insert_all(_people(job))
    for (number,) in execute("SELECT id FROM bulk_import_person GROUP BY id HAVING COUNT(*) > 1 LIMIT 1"):
        raise SourceError(f"name.basics has {person_id(number)} in two lines: download it again.")
    execute("CREATE UNIQUE INDEX bulk_import_person_id ON bulk_import_person (id)")
    execute("CREATE INDEX bulk_import_person_base ON bulk_import_person (base, id)")
    nameless = execute(WITHOUT_NAME)
    for number, count in nameless:
        job.progress.omit("Credits of people whose name is not in name.basics, or is no name", person_id(number), count)
    if nameless:
        execute(DELETE_WITHOUT_NAME)
        execute(DELETE_CHARACTERS)
    yield from ()


def _people(job: Job) -> Iterator[tuple[Any, ...]]:
    credited = array("q", (key for (key,) in stream(CREDITED)))
    for nconst, text, birth, death in job.rows("name.basics", "nconst", "primaryName", "birthYear", "deathYear"):
        number = id_number(nconst, "nm")
        if number is None:
            continue
        position = bisect_left(credited, number)
        if position == len(credited) or credited[position] != number:
            continue
        name = plain_text(text)
        if not is_placeholder(name) and is_person_name(name):
            born, died = job.values.period(birth, death, nconst)
            yield number, name, born, died, slug_base(name, "person")


def add_people(job: Job, position: int) -> Iterator[int]:
    """Add the people with their ids; namesakes get different slugs."""
    people = RowInserter.of(Person, "id", "slug", "name", "sort_name", "sort_key", "born", "died")
    ids = RowInserter.of(ExternalId, "person_id", "value", scheme="imdb")
    for chunk in chunked(_with_slugs(stream(PEOPLE), "bulk_import_person")):
        rows = []
        for slug, key, name, born, died in chunk:
            sort_name = sort_name_of(name)
            sort_key = sort_key_of_row(Person, sort_name=sort_name, name=name)
            rows.append((key, slug, name, sort_name, sort_key, born, died))
        people.insert(rows)
        ids.insert([(row[0], person_id(row[0])) for row in rows])
        job.count("people", len(rows))
    yield from ()


def add_characters(job: Job, position: int) -> Iterator[int]:
    """Add the characters."""
    rows = stream("SELECT id, series, name FROM bulk_import_character")
    scratch_inserter("bulk_import_character_slug").insert_all(
        (key, series, name, slug_base(name, "character")) for key, series, name in rows
    )
    execute("CREATE INDEX bulk_import_character_slug_base ON bulk_import_character_slug (base, id)")
    characters = RowInserter.of(Character, "id", "series_id", "slug", "name", "sort_key")
    total = characters.insert_all(
        (key, series, slug, name, sort_key_of_row(Character, name=name))
        for slug, key, series, name in _with_slugs(stream(CHARACTERS), "bulk_import_character_slug")
    )
    job.count("characters", total)
    yield from ()


def _with_slugs(rows: Iterable[tuple[Any, ...]], table: str) -> Iterator[tuple[Any, ...]]:
    """Replace the base in the first column by a slug that no other row has; the rows are sorted by it.

    The first row of a base has it as its slug, the others get numbers that are no base themselves.
    """
    for base, namesakes in groupby(rows, key=itemgetter(0)):
        number, bases = 1, None
        for index, row in enumerate(namesakes):
            slug = base
            if index:
                if bases is None:
                    # Between them are all bases that begin with “base-”: “.” follows the hyphen.
                    bases = {other for (other,) in execute(NUMBERED.format(table=table), [f"{base}-", f"{base}."])}
                number += 1
                while f"{base}-{number}" in bases:
                    number += 1
                slug = f"{base}-{number}"
            yield (slug, *row[1:])
