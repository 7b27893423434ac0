"""The stage of a bulk import that adds original and other titles."""

from collections.abc import Iterator
from typing import Any

from catalog.editing.bulk_import.job import Job
from catalog.editing.bulk_import.principals import TitleOwners
from catalog.editing.bulk_import.progress import scratch_inserter
from catalog.editing.bulk_import.rows import RowInserter, chunked, stream
from catalog.editing.bulk_import.values import id_number, sort_key_of_row
from catalog.editing.ingest.stated_words import StatedWords
from catalog.models import AlternativeTitle
from catalog.models.bounds import max_length
from catalog.sources.imdb import read_other_title

MAX_NOTE_LENGTH = max_length(AlternativeTitle, "note")

ORIGINALS = """
SELECT ROW_NUMBER() OVER (ORDER BY id) - 1000000000000, id, original, 'original', NULL, ''
FROM bulk_import_title WHERE original <> '' AND original <> title
"""
OTHER_TITLES = """
SELECT o.title_id, o.title, o.kind, o.language_id, o.note, t.title
FROM bulk_import_other_title o LEFT JOIN bulk_import_title t ON t.id = o.title_id ORDER BY o.title_id, o.number
"""


def add_other_titles(job: Job, position: int) -> Iterator[int]:
    """Add the titles that differ from the first one, each once for a series or an episode."""
    owners, scratch = TitleOwners(), scratch_inserter("bulk_import_other_title")
    scratch.insert_all(row for row in stream(ORIGINALS) if owners.find(row[1]))
    scratch.insert_all(_other_titles(job, owners))
    columns = "series_id", "episode_id", "title", "sort_key", "kind", "language_id", "note"
    titles = RowInserter.of(AlternativeTitle, *columns)
    owner, used = 0, set()
    for chunk in chunked(stream(OTHER_TITLES)):
        rows = []
        for number, title, kind, language, note, first_title in chunk:
            if number != owner:
                owner, used = number, {first_title}
            if title not in used:
                used.add(title)
                episode, series = owners.find(number) or (None, None)
                sort_key = sort_key_of_row(AlternativeTitle, title=title)
                rows.append((None if episode else series, episode, title, sort_key, kind, language, note))
        titles.insert(rows)
        job.count("other titles", len(rows))
    yield from ()


def _other_titles(job: Job, owners: TitleOwners) -> Iterator[tuple[Any, ...]]:
    words = StatedWords.load()
    columns = "titleId", "title", "region", "language", "types", "attributes"
    for number, cells in enumerate(job.rows("title.akas", *columns)):
        title_key = id_number(cells[0], "tt")
        if owners.find(title_key) is None:
            continue
        other = read_other_title(dict(zip(columns, cells, strict=True)))
        title = job.values.title(cells[1], cells[0])
        if title:
            language = next((language.pk for language in words.find_language(other.language)), None)
            yield number, title_key, title, other.kind, language, other.note[:MAX_NOTE_LENGTH]
