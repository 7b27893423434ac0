"""Django's ``loaddata``, which asks for each record that others name once instead of at each mention."""

from django.core.management.commands import loaddata

from catalog.models import met


class Command(loaddata.Command):
    """Load fixtures into the database."""

    def loaddata(self, fixture_labels):
        """Load them in one transaction, as Django does."""
        with met.remembered():
            super().loaddata(fixture_labels)

    def save_obj(self, obj):
        """Save one record; whether it was."""
        was_saved = super().save_obj(obj)
        if was_saved:
            met.saved(obj.object)
        return was_saved
