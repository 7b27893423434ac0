"""Start, resume and take back an import of IMDb's data files into an empty catalogue."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction

from catalog.editing.bulk_import.completion import (
    IMPORTED_MODELS,
    check_references,
    cite_source,
    create_indexes,
    index_for_search,
    publish,
)
from catalog.editing.bulk_import.crew import read_crew
from catalog.editing.bulk_import.indexes import index_statements
from catalog.editing.bulk_import.job import Job, Stage
from catalog.editing.bulk_import.other_titles import add_other_titles
from catalog.editing.bulk_import.people import add_characters, add_people, read_people
from catalog.editing.bulk_import.principals import read_principals
from catalog.editing.bulk_import.progress import (
    Progress,
    create_scratch_tables,
    drop_scratch_tables,
    load_progress,
)
from catalog.editing.bulk_import.rows import execute
from catalog.editing.bulk_import.titles import add_episodes, add_series, read_titles
from catalog.editing.bulk_import.values import ValueReader, id_number
from catalog.models import Change, Role, Source
from catalog.models.change import EVERYTHING
from catalog.models.edit import lock_change_log
from catalog.search.indexing import rebuild_index
from catalog.sources.imdb_tables import ImdbTables
from catalog.sources.series_claims import SourceError

VOCABULARY = {"country", "department", "genre", "language", "role"}
REQUIRED_FILES = "title.basics", "title.episode", "name.basics"
SQLITE_SETTINGS = {"foreign_keys": 0, "temp_store": 1, "mmap_size": 0}  # 1: in a file
STAGES: Sequence[tuple[str, Stage]] = (
    ("Read titles", read_titles),
    ("Add series", add_series),
    ("Add seasons and episodes", add_episodes),
    ("Add credits", read_principals),
    ("Add directors and writers", read_crew),
    ("Read people", read_people),
    ("Add people", add_people),
    ("Add characters", add_characters),
    ("Add other titles", add_other_titles),
    ("Cite the source", cite_source),
    ("Create indexes", create_indexes),
    ("Check references", check_references),
    ("Build the search index", index_for_search),
)


class BulkImportRefused(ValueError):
    """The import cannot begin or go on. The message is one sentence."""


def import_files(
    files: Sequence[Path],
    series: Collection[str] = (),
    *,
    resume: bool = False,
    user: AbstractBaseUser | None = None,
    report: Callable[[str, float], None] = lambda stage, seconds: None,
) -> Progress:
    """Import IMDb's data files into an empty catalogue and return what was imported and what was left out.

    ``series`` are IMDb ids, none: all series. With ``resume`` an import that was interrupted goes on. ``report`` is
    called with (stage, seconds). Raises BulkImportRefused with nothing changed, and SourceError for a file that cannot
    be read; the catalogue is empty again then.
    """
    job = prepare(files, series, resume=resume)
    with import_connection():
        try:
            _run_stages(job, report)
        except SourceError:
            discard()
            raise
        _publish(job, user)
    return job.progress


def _run_stages(job: Job, report: Callable[[str, float], None]) -> None:
    for number, (name, stage) in enumerate(STAGES):
        if number >= job.progress.stage:
            start = time.perf_counter()
            run_stage(job, stage)
            report(name, time.perf_counter() - start)


def prepare(files: Sequence[Path], series: Collection[str] = (), *, resume: bool = False) -> Job:
    """Begin an import, or go on with one: check the catalogue and the files."""
    tables = ImdbTables(files)
    missing = [table for table in REQUIRED_FILES if table not in tables.files]
    if missing:
        raise BulkImportRefused(f"The file {missing[0]} is missing.")
    progress = load_progress()
    described: list[list[object]] = [[file.name, file.stat().st_size] for file in sorted(files)]
    if progress is None:
        if resume:
            raise BulkImportRefused("There is no import to resume.")
        progress = _begin(described, sorted(set(series)))
    elif not resume:
        raise BulkImportRefused("An import is not finished: resume it, or take it back first.")
    elif progress.files != described:
        raise BulkImportRefused("The files are not those with which the import began.")
    return Job(tables, progress, ValueReader(progress), _title_numbers(progress.series))


def _title_numbers(series: Collection[str]) -> frozenset[int]:
    numbers = {id_number(text, "tt") for text in series}
    if None in numbers:
        raise BulkImportRefused("A series is named by its IMDb id, such as tt0000001.")
    return frozenset(number for number in numbers if number is not None)


def _begin(files: list[list[object]], series: list[str]) -> Progress:
    """Check that the catalogue is empty, drop its indexes and store the state of the import."""
    _title_numbers(series)
    with transaction.atomic():
        lock_change_log("default")
        if not Role.objects.filter(slug="cast").exists():
            raise BulkImportRefused("The vocabulary is missing: run manage.py loaddata vocabulary first.")
        _refuse_records()
        statements = index_statements(model._meta.db_table for model in IMPORTED_MODELS)
        progress = Progress(files, series, Change.objects.version(), indexes=[list(pair) for pair in statements])
        for drop, _ in reversed(statements):
            execute(drop)
        create_scratch_tables(progress)
    return progress


def _refuse_records() -> None:
    """Raise BulkImportRefused unless the catalogue has the vocabulary only, and never had more.

    The history of a record that was deleted would become that of an imported one with its key.
    """
    for model in apps.get_app_config("catalog").get_models():
        name = str(model._meta.model_name)
        if name not in VOCABULARY | {"change", "edit"} and model._base_manager.exists():
            raise BulkImportRefused(
                f"The catalogue is not empty: it has {model._meta.verbose_name_plural}. "
                "Import into a new database that has only the vocabulary."
            )
    if Change.objects.exclude(kind__in=VOCABULARY | {EVERYTHING}).exists():
        raise BulkImportRefused("The catalogue had records before: import into a new database.")


def run_stage(job: Job, stage: Stage) -> None:
    """Run what is left of a stage, each part in a transaction that stores the position as well."""
    parts, progress = stage(job, job.progress.position), job.progress
    is_done = False
    while not is_done:
        with transaction.atomic():
            _lock(progress)
            position = next(parts, None)
            is_done = position is None
            progress.stage, progress.position = progress.stage + is_done, position or 0
            progress.save()


def _publish(job: Job, user: AbstractBaseUser | None) -> None:
    with transaction.atomic():
        _lock(job.progress)
        publish(job, user)


def _lock(progress: Progress) -> None:
    """Let no other process write until the end of the transaction; refuse if one did since the last one."""
    lock_change_log("default")
    stored = load_progress()
    if stored is None or (stored.stage, stored.position) != (progress.stage, progress.position):
        raise BulkImportRefused("Another process goes on with this import.")
    if Change.objects.version() != progress.log_version:
        raise BulkImportRefused("The catalogue was edited during the import: take the import back.")


def discard() -> bool:
    """Take back an import that is not finished; return False if there is none."""
    progress = load_progress()
    if progress is None:
        return False
    with import_connection(), transaction.atomic():
        lock_change_log("default")
        current = index_statements(model._meta.db_table for model in IMPORTED_MODELS)
        for drop, _ in reversed(current):
            execute(drop)
        if connection.vendor == "postgresql":
            execute("SET CONSTRAINTS ALL IMMEDIATE")  # no check may wait when the indexes are created
        for table in (*(model._meta.db_table for model in reversed(IMPORTED_MODELS)), Source._meta.db_table):
            execute(f'DELETE FROM "{table}"')
        for _, create in progress.indexes:
            execute(create)
        drop_scratch_tables()
        rebuild_index()
    return True


@contextmanager
def import_connection() -> Iterator[None]:
    """Let credits be inserted before their people, and keep SQLite's memory flat.

    Indexes of any size are sorted in files, and the database is not mapped. On PostgreSQL the foreign keys are dropped
    with the indexes. Within a transaction, as in tests, SQLite cannot change any of this.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    former = {name: execute(f"PRAGMA {name}")[0][0] for name in SQLITE_SETTINGS}
    _set_pragmas(SQLITE_SETTINGS)
    try:
        yield
    finally:
        _set_pragmas(former)


def _set_pragmas(values: Mapping[str, int]) -> None:
    for name, value in values.items():
        execute(f"PRAGMA {name} = {value}")
