"""Networks, platforms, studios and distributors."""

from django.db import models

from catalog.models.base import NaturalKeyManager
from catalog.models.genre import Country
from catalog.models.picture import Picture
from catalog.models.record import Record, RecordQuerySet
from catalog.models.sort_key import SortKeyField


class CompanyQuerySet(RecordQuerySet):
    """Querysets of companies."""

    def for_list(self):
        """With country, former and other names, for cards."""
        return self.select_related("country").prefetch_related("aliases").order_by("sort_key", "slug")

    def named_like(self, text):
        """The companies with a name, a former or another name that contains ``text``."""
        return self.filter(models.Q(name__icontains=text) | models.Q(aliases__name__icontains=text)).distinct()

    def for_page(self):
        """With country, logo, former and other names, and external ids."""
        return self.select_related("country", "picture").prefetch_related("aliases", "external_ids")


class Company(Record):
    """A company that makes, shows or distributes series."""

    name = models.CharField(max_length=160)
    sort_key = SortKeyField("name")
    country = models.ForeignKey(Country, null=True, blank=True, on_delete=models.PROTECT, related_name="companies")
    description = models.TextField(blank=True)
    picture = models.ForeignKey(
        Picture, null=True, blank=True, on_delete=models.SET_NULL, related_name="companies", verbose_name="logo"
    )

    objects = NaturalKeyManager.from_queryset(CompanyQuerySet)()

    class Meta:
        ordering = ["sort_key", "slug"]
        indexes = [models.Index(fields=["sort_key"], name="company_sort_key")]
        verbose_name_plural = "companies"

    def __str__(self):
        return self.name
