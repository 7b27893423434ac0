"""Make a backup."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from catalog.editing.bulk_import.progress import load_progress
from catalog.formats.backup.archive import ArchiveWriter, BackupError, Manifest, create_archive
from catalog.formats.backup.tables import backup_models, column_names, last_ids, migrations, snapshot, table_lines
from catalog.history.file_cleanup import picture_files
from catalog.models import Change, Picture
from catalog.renditions import picture_file_names


@dataclass
class Contents:
    """What a backup has: numbers of rows and of picture files, and the files that are missing."""

    rows: int
    files: int
    missing: list[str]


def create_backup(path: Path) -> Contents:
    """Write a backup of the database and of the pictures to ``path``, which is replaced if it exists.

    The rows are those of one moment, and editors go on meanwhile. A picture's files are written before its row and
    deleted long after it, so the files of these rows are still there when the rows are written.
    """
    try:
        with create_archive(path) as archive:
            with snapshot():
                manifest = write_tables(archive)
                pictures = list(Picture.objects.values_list("file", "width"))
            needed = {name for file, width in pictures for name in picture_file_names(file, width)}
            files = write_files(archive, needed)
            manifest.missing = sorted(needed - files)
            archive.finish(manifest)
    except OSError as error:
        raise BackupError(f"{path} was not written: {error.strerror or error}.") from error
    return Contents(sum(manifest.rows.values()), len(files), manifest.missing)


def write_tables(archive: ArchiveWriter) -> Manifest:
    """Write the rows of all tables; return the manifest, without files."""
    applied, unapplied = migrations()
    if unapplied:
        raise BackupError(
            "The database is of an earlier version than the code: make the backup with the code of that version, or "
            "run manage.py migrate first."
        )
    if load_progress():
        raise BackupError("An import of IMDb's data files is not finished: finish it, or take it back, first.")
    models = backup_models()
    manifest = Manifest(
        made_at=timezone.now().isoformat(timespec="seconds"),
        engine=connection.vendor,
        log_version=Change.objects.version(),
        migrations=applied,
        columns={label: column_names(model) for label, model in models.items()},
        rows=dict.fromkeys(models, 0),
        last_ids=last_ids(),
    )
    for label, model in models.items():
        archive.add(member_name(label), counted(label, table_lines(model), manifest))
    return manifest


def counted(label: str, batches: Iterable[list[bytes]], manifest: Manifest) -> Iterator[bytes]:
    """The lines of a table, counted in the manifest."""
    for lines in batches:
        manifest.rows[label] += len(lines)
        yield b"".join(lines)


def member_name(label: str) -> str:
    """The name of a table's member."""
    return f"tables/{label}.jsonl"


def write_files(archive: ArchiveWriter, needed: set[str]) -> set[str]:
    """Write the files of the pictures, those of deleted ones included, which can be restored; return the names.

    ``needed`` files come first, so that none is lost while the others are read.
    """
    others = [name for name in picture_files() if name not in needed and "/." not in name]  # not those half written
    names = set()
    for name in [*sorted(needed), *others]:
        try:
            archive.add_file(name, Path(default_storage.path(name)))
        except FileNotFoundError:  # a needed one is reported, another was deleted meanwhile
            continue
        names.add(name)
    return names
