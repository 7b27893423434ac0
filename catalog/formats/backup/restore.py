"""Restore a backup into an empty site."""

import os
import re
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import DataError, IntegrityError, connection, transaction

from catalog.formats.backup.archive import ArchiveReader, BackupError, Manifest, open_archive
from catalog.formats.backup.create import Contents, member_name
from catalog.formats.backup.tables import (
    backup_models,
    check_empty,
    column_names,
    empty_tables_of_migrate,
    insert_rows,
    migrations,
    set_last_id,
)
from catalog.models import Change
from catalog.models.edit import lock_change_log
from catalog.renditions import PICTURE_FOLDER, write_atomically
from catalog.search.indexing import rebuild_index

FILE_NAME = re.compile(rf"{PICTURE_FOLDER}/[\w-]+/[\w-]+\.\w+", re.ASCII)


def restore_backup(path: Path) -> Contents:
    """Restore rows and pictures, build the search index, and let no copy of a page count as current any more.

    All rows are written in one transaction, at whose end they become visible. The files of pictures are written before
    that, so no row is without its files; if it is interrupted, they are as good as absent and written again next time.
    """
    with open_archive(path) as archive:
        manifest = archive.manifest
        with transaction.atomic():
            lock_change_log("default")
            check_version(manifest)
            check_empty()
            archive.verify()
            files = write_files(archive)
            try:
                rows = write_tables(archive)
            except (IntegrityError, DataError) as error:  # SQLite does not limit the length of texts
                reason = " ".join(str(error).split())
                raise BackupError(f"The rows of the backup do not fit into the database: {reason}.") from error
            rebuild_index()
            Change.objects.renew(f"Restored from the backup of {manifest.made_at}")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    ContentType.objects.clear_cache()
    cache.clear()
    return Contents(rows, files, manifest.missing)


def check_version(manifest: Manifest) -> None:
    """Raise BackupError if this database does not have the same migrations."""
    applied, unapplied = migrations()
    if unapplied:
        raise BackupError("The database does not have the tables of this version: run manage.py migrate first.")
    if set(manifest.migrations) != set(applied):
        example = sorted(set(manifest.migrations) ^ set(applied))[-1]
        which = "lacks" if example in applied else "has"
        raise BackupError(
            f"The backup is of another version, which {which} the migration {example}: restore it with the code of "
            "that version, and upgrade afterwards."
        )
    if manifest.columns != {label: column_names(model) for label, model in backup_models().items()}:
        raise BackupError("The backup has other tables or columns than this version.")


def write_files(archive: ArchiveReader) -> int:
    """Write the files of the pictures to the disk; return how many."""
    names = [name for name in archive.manifest.files if name.startswith(f"{PICTURE_FOLDER}/")]
    for name in names:
        if not FILE_NAME.fullmatch(name):
            raise BackupError(f"The backup is damaged: {name} is no name of a picture.")
    for name in names:
        try:
            write_atomically(Path(default_storage.path(name)), b"".join(archive.blocks(name)))
        except OSError as error:
            raise BackupError(f"{default_storage.path(name)} was not written: {error.strerror or error}.") from error
    os.sync()  # one call: a sync of each file takes a millisecond or more
    return len(names)


def write_tables(archive: ArchiveReader) -> int:
    """Write the rows of all tables in any order, since foreign keys are checked at the end; return how many."""
    total, manifest = 0, archive.manifest
    empty_tables_of_migrate()
    for label, model in backup_models().items():
        rows = insert_rows(model, archive.rows(member_name(label)))
        if rows != manifest.rows[label]:
            raise BackupError(f"The backup is damaged: {label} has {rows:,} rows, not {manifest.rows[label]:,}.")
        total += rows
    connection.check_constraints()
    for label, model in backup_models().items():
        if model._meta.auto_field:
            set_last_id(model, manifest.last_ids.get(label, 0))
    return total
