"""Make the search index anew."""

from django.core.management.base import BaseCommand
from django.db import transaction

from catalog.management.progress import ProgressBar
from catalog.models import Change
from catalog.models.change import EVERYTHING
from catalog.search.indexing import rebuild_index


class Command(BaseCommand):
    """``python manage.py rebuild_search``: after rows were written past the models. Visitors search on meanwhile.

    The log gets an entry, for all else that is kept of the catalogue: pages, facets, names.
    """

    help = "Make the search index of all records anew, in one transaction."

    def handle(self, *args, **options):
        """Rebuild, and show how far it is."""
        with transaction.atomic():
            rebuild_index(progress=ProgressBar(self.stdout).update)
            Change.objects.create(
                action=Change.Action.CHANGED, kind=EVERYTHING, record_id=0, label="Search index made anew"
            )
