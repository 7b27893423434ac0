"""Load fixtures."""

from django.core.management.commands import loaddata

from catalog.models.base import cached_natural_keys


class Command(loaddata.Command):
    """Django's ``loaddata``, which queries each record once that natural keys reference: half of the time."""

    def loaddata(self, fixture_labels):
        """Load the fixtures."""
        with cached_natural_keys():
            super().loaddata(fixture_labels)
