"""Remove the files of pictures that are gone."""

from django.core.management.base import BaseCommand

from catalog.history.file_cleanup import KEPT, clear


class Command(BaseCommand):
    """``python manage.py clear_pictures``: from time to time; until then deleted pictures can be brought back."""

    help = "Remove files that no picture has had for some days. Pictures deleted before that cannot be brought back."

    def add_arguments(self, parser):
        """How long a picture can be brought back."""
        parser.add_argument("--days", type=int, default=KEPT, help=f"how long they are kept, {KEPT} unless told")

    def handle(self, *args, days, **options):
        """Clear, and say how many."""
        self.stdout.write(f"{len(clear(days))} files removed.")
