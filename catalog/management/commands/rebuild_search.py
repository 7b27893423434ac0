"""Make the search index anew."""

from django.core.management.base import BaseCommand

from catalog.management.progress import Bar
from catalog.search.keep import rebuild


class Command(BaseCommand):
    """``python manage.py rebuild_search``: after rows were written past the models. Visitors search on meanwhile."""

    help = "Make the search index of all records anew, in one transaction."

    def handle(self, *args, **options):
        """Rebuild, and show how far it is."""
        rebuild(tell=Bar(self.stdout).tell)
