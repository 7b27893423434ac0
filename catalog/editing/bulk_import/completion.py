"""The last stages of a bulk import: indexes, citations, search, publication."""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, connection, models, transaction

from catalog.editing.bulk_import.job import Job
from catalog.editing.bulk_import.progress import drop_scratch_tables
from catalog.editing.bulk_import.rows import RowInserter, execute, literal
from catalog.models import (
    AlternativeTitle,
    Change,
    Character,
    Citation,
    Credit,
    Edit,
    Episode,
    ExternalId,
    Person,
    Season,
    Series,
    Source,
    record_edit,
)
from catalog.models.base import publication_now
from catalog.models.change import EVERYTHING
from catalog.search.indexing import rebuild_index
from catalog.sources.imdb import LICENCE

# The models with many rows, whose indexes are dropped.
IMPORTED_MODELS: tuple[type[models.Model], ...] = (
    *(Series, Series.genres.through, Season, Episode, Person, Character, Credit),
    *(ExternalId, AlternativeTitle, Citation),
)
SOURCE_SLUG = "imdb-data-files"
SOURCE_TITLE = "Non-commercial datasets"
ATTRIBUTION = (
    f"{LICENCE}: personal and non-commercial use only. "
    "Information courtesy of IMDb (https://www.imdb.com). Used with permission."
)
ONE_CREDIT = "one_credit_of_a_kind"
DELETE_REPEATED_CREDITS = """
DELETE FROM "catalog_credit" WHERE id NOT IN (
    SELECT MIN(id) FROM "catalog_credit"
    GROUP BY person_id, role_id, COALESCE(series_id, 0), COALESCE(episode_id, 0), COALESCE(character_id, 0))
"""
CITE = """
INSERT INTO "catalog_citation" ({kind}_id, source_id, locator, {constants})
SELECT id, {source}, {locator}, {values} FROM "{table}" ORDER BY id
"""


def cite_source(job: Job, position: int) -> Iterator[int]:
    """Add the source, and cite it for each series, episode and person as a whole."""
    columns = {"slug": SOURCE_SLUG, "title": SOURCE_TITLE, "publisher": "IMDb", "url": "https://datasets.imdbws.com/"}
    source = Source(**columns, kind=Source.Kind.DATABASE, accessed=f"{datetime.now(UTC):%Y-%m-%d}", licence=ATTRIBUTION)
    names = [field.attname for field in Source._meta.concrete_fields if not field.primary_key]
    RowInserter.of(Source, *names).insert([tuple(getattr(source, name) for name in names)])
    key = execute('SELECT id FROM "catalog_source" WHERE slug = %s', [SOURCE_SLUG])[0][0]
    _cite("series", Series, key, "title tt")
    _cite("episode", Episode, key, "title tt")
    _cite("person", Person, key, "name nm")
    job.count("citations", execute('SELECT COUNT(*) FROM "catalog_citation"')[0][0])
    yield from ()


def _cite(kind: str, model: type[models.Model], source: int, prefix: str) -> None:
    is_sqlite = connection.vendor == "sqlite"
    number = "printf('%07d', id)" if is_sqlite else "lpad(id::text, greatest(7, length(id::text)), '0')"
    constants = RowInserter.of(Citation, f"{kind}_id", "source_id", "locator").constants
    execute(
        CITE.format(
            kind=kind,
            source=source,
            locator=f"'{prefix}' || {number}",
            table=model._meta.db_table,
            constants=", ".join(constants),
            values=", ".join(map(literal, constants.values())),
        )
    )


def create_indexes(job: Job, position: int) -> Iterator[int]:
    """Create the indexes and constraints that were dropped, one in each transaction."""
    for number, (_, create) in enumerate(job.progress.indexes):
        if number < position:
            continue
        try:
            with transaction.atomic():
                execute(create)
        except IntegrityError:
            if ONE_CREDIT not in create:
                raise
            # Only files that are not sorted by title repeat credits.
            before = execute('SELECT COUNT(*) FROM "catalog_credit"')[0][0]
            execute(DELETE_REPEATED_CREDITS)
            after = execute('SELECT COUNT(*) FROM "catalog_credit"')[0][0]
            job.progress.omit("Credits that the files have twice", "", before - after)
            execute(create)
        yield number + 1


def check_references(job: Job, position: int) -> Iterator[int]:
    """Raise IntegrityError if a row refers to one that is not there; PostgreSQL has checked it with its constraints."""
    connection.check_constraints()
    job.count("credits", execute('SELECT COUNT(*) FROM "catalog_credit"')[0][0])
    yield from ()


def index_for_search(job: Job, position: int) -> Iterator[int]:
    """Build the search index; visitors find nothing as long as the records are drafts."""
    rebuild_index()
    yield from ()


def publish(job: Job, user: AbstractBaseUser | None) -> None:
    """Publish everything in one transaction, with one entry in the change log, and drop the tables of the import."""
    totals = ", ".join(f"{total:,} {what}" for what, total in job.progress.totals.items())
    with record_edit(user, f"IMDb's data files: {totals}", Edit.Kind.IMPORT) as edit:
        now = publication_now()
        for model in (Series, Season, Episode, Person):
            model._base_manager.update(published_at=now)
        _set_sequences()
        label = "Imported from IMDb's data files"
        Change.objects.create(action=Change.Action.ADDED, kind=EVERYTHING, record_id=0, label=label, edit=edit)
        drop_scratch_tables()
        execute("ANALYZE")


def _set_sequences() -> None:
    """Let new records have keys above those of the import; SQLite sees to it itself."""
    if connection.vendor == "postgresql":
        for model in IMPORTED_MODELS:
            table = model._meta.db_table
            last = execute(f'SELECT COALESCE(MAX(id), 1) FROM "{table}"')[0][0]
            execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), %s)", [last])
