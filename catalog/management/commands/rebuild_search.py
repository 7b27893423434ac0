"""Rebuild the search index."""

from django.core.management.base import BaseCommand
from django.db import transaction

from catalog.management.progress import ProgressBar
from catalog.models import Change
from catalog.models.change import EVERYTHING
from catalog.search.indexing import rebuild_index


class Command(BaseCommand):
    """``python manage.py rebuild_search``: after rows were written past the models. Visitors can search meanwhile.

    It adds an entry to the change log, so that caches of pages, facets and names are renewed as well.
    """

    help = "Rebuild the search index of all records in one transaction."

    def handle(self, *args, **options):
        with transaction.atomic():
            rebuild_index(progress=ProgressBar(self.stdout).update)
            Change.objects.create(
                action=Change.Action.CHANGED, kind=EVERYTHING, record_id=0, label="Search index rebuilt"
            )
