"""Records with a page of their own."""

from catalog.links import url_for
from catalog.models.base import Published, PublishedQuerySet
from catalog.models.slug import Sluggable


class RecordQuerySet(PublishedQuerySet):
    """The querysets of a card in a list and of the record's page."""

    def for_list(self):
        """With all that a card in a list shows, and no more."""
        return self

    def for_page(self):
        """With all that the record's page shows."""
        return self


class Record(Sluggable, Published):
    """A record with a slug, a page and a date of publication."""

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        """The URL of the record's page."""
        return url_for(f"{self._meta.model_name}-detail", self.slug)
