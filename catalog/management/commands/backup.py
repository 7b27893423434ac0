"""Make a backup."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from catalog.formats.backup.archive import BackupError
from catalog.formats.backup.create import create_backup
from catalog.management.site_setup import one_line


class Command(BaseCommand):
    """``python manage.py backup FILE``: while the site is served and edited, on either database."""

    help = "Write all records, accounts, the history and the pictures to one file, which restore reads."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE", help="the file to write; it is replaced if it exists")

    def handle(self, *args, file, **options):
        try:
            contents = create_backup(file)
        except BackupError as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(f"The database cannot be read: {one_line(error)}") from error
        size = file.stat().st_size / 1e6
        self.stdout.write(f"{file}: {contents.rows:,} rows and {contents.files:,} picture files, {size:,.1f} MB.")
        if contents.missing:
            count, example = len(contents.missing), contents.missing[0]
            self.stderr.write(f"Picture files that are not on the disk, so the backup lacks them: {count} ({example}).")
