"""Load fixtures."""

from django.core.management.commands import loaddata

from catalog.models.base import cached_natural_keys
from catalog.models.change_recorder import changes_written_together


class Command(loaddata.Command):
    """Django's ``loaddata``, in less than half of the time.

    It queries each record once that natural keys reference, and writes the change log at the end, which updates the
    search index for many records at once.
    """

    def loaddata(self, fixture_labels):
        """Load the fixtures."""
        with cached_natural_keys(), changes_written_together(self.using):
            super().loaddata(fixture_labels)
