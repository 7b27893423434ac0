"""Restore a backup."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from catalog.formats.backup.archive import BackupError
from catalog.formats.backup.restore import restore_backup
from catalog.management.site_setup import one_line, setup_lock


class Command(BaseCommand):
    """``python manage.py restore FILE``: into a database with tables, but without rows."""

    help = "Restore a file that backup wrote into an empty site, on either database. All is restored, or nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE", help="the backup")

    def handle(self, *args, file, **options):
        try:
            with setup_lock():
                contents = restore_backup(file)
        except BackupError as error:
            raise CommandError(f"{error} No row was restored.") from error
        except DatabaseError as error:
            raise CommandError(f"The database cannot be written: {one_line(error)}. No row was restored.") from error
        self.stdout.write(f"Restored {contents.rows:,} rows and {contents.files:,} picture files.")
        if contents.missing:
            count, example = len(contents.missing), contents.missing[0]
            self.stderr.write(f"Picture files that the backup lacks: {count} ({example}).")
