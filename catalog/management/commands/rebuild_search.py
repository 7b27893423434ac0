"""Rebuild the search index."""

from django.core.management.base import BaseCommand
from django.db import transaction

from catalog.management.progress import ProgressBar
from catalog.models import Change
from catalog.search.indexing import rebuild_index


class Command(BaseCommand):
    """``python manage.py rebuild_search``: after rows were written past the models, or the database was replaced.

    Visitors can search meanwhile. It renews the change log, and by that the caches of pages, facets and names as well.
    """

    help = "Rebuild the search index of all records in one transaction."

    def handle(self, *args, **options):
        with transaction.atomic():
            rebuild_index(progress=ProgressBar(self.stdout).update)
            Change.objects.renew("Search index rebuilt")
