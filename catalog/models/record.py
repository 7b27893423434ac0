"""Records with a page of their own: slug, publication and natural key together."""

from catalog.links import url_for
from catalog.models.base import NaturalKeyManager, Published, PublishedQuerySet
from catalog.models.slug import Sluggable


class RecordQuerySet(PublishedQuerySet):
    """Readings that every record with a page has."""

    def for_list(self):
        """All that a card in a list shows, and no more."""
        return self

    def for_page(self):
        """All that the record's page shows."""
        return self


RecordManager = NaturalKeyManager.from_queryset(RecordQuerySet)


class Record(Sluggable, Published):
    """A record with a page of its own: a slug, a moment of publication, a natural key."""

    class Meta:
        abstract = True

    def get_absolute_url(self):
        """The record's page."""
        return url_for(f"{self._meta.model_name}-detail", self.slug)
