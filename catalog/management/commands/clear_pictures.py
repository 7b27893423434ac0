"""Remove the files of pictures that are gone."""

from django.core.management.base import BaseCommand

from catalog.history.file_cleanup import KEEP_DAYS, delete_unused_files


class Command(BaseCommand):
    """``python manage.py clear_pictures``: from time to time; until then deleted pictures can be brought back."""

    help = "Remove files that no picture has had for some days. Pictures deleted before that cannot be brought back."

    def add_arguments(self, parser):
        """How long a picture can be brought back."""
        parser.add_argument(
            "--days", type=int, default=KEEP_DAYS, help=f"how long they are kept, {KEEP_DAYS} unless told"
        )

    def handle(self, *args, days, **options):
        """Clear, and say how many."""
        self.stdout.write(f"{len(delete_unused_files(days))} files removed.")
