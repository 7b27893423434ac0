"""Remove the files of deleted pictures and of interrupted uploads."""

from datetime import timedelta

from django.core.management.base import BaseCommand

from catalog.history.file_cleanup import KEEP_DAYS, MIN_FILE_AGE, delete_interrupted_uploads, delete_unused_files


class Command(BaseCommand):
    """``python manage.py clear_pictures``: run it from time to time; deleted pictures can be restored until then."""

    help = "Remove files that no picture has used for some days. Pictures deleted before then cannot be restored."

    def add_arguments(self, parser):
        parser.add_argument(
            "--days",
            type=int,
            default=KEEP_DAYS,
            help=f"how many days files of deleted pictures are kept (default {KEEP_DAYS})",
        )
        parser.add_argument(
            "--at-once",
            action="store_true",
            help="also remove files of interrupted uploads that are younger than a day; only while the site is stopped,"
            " as they may belong to an upload in progress",
        )

    def handle(self, *args, days, at_once, **options):
        min_age = timedelta(0) if at_once else MIN_FILE_AGE
        removed = delete_unused_files(days, min_age) + delete_interrupted_uploads(min_age)
        self.stdout.write(f"{len(removed)} files removed.")
