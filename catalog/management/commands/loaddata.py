"""Django's ``loaddata``, which asks for each record that others name once instead of at each mention."""

from django.core.management.commands import loaddata

from catalog.models.met import remembered


class Command(loaddata.Command):
    """Load fixtures into the database."""

    def loaddata(self, fixture_labels):
        """Load them in one transaction, as Django does."""
        with remembered():
            super().loaddata(fixture_labels)
