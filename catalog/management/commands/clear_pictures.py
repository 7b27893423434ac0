"""Remove the files of deleted pictures and of interrupted uploads."""

from django.core.management.base import BaseCommand

from catalog.history.file_cleanup import KEEP_DAYS, delete_interrupted_uploads, delete_unused_files


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

    def handle(self, *args, days, **options):
        self.stdout.write(f"{len(delete_unused_files(days) + delete_interrupted_uploads())} files removed.")
