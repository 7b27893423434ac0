"""Events in the production of a series."""

from django.db import models

from catalog.models.base import NaturalKey, NaturalKeyManager
from catalog.models.bounds import SMALL
from catalog.models.company import Company
from catalog.models.compiled_query import query_time
from catalog.models.partial_date import PartialDateField, end_of_period, partial_date_check
from catalog.models.person import Person
from catalog.models.series import Series
from catalog.models.slug import slug_from


class EventQuerySet(models.QuerySet):
    """Querysets of events."""

    def for_list(self):
        """With the series, for the page of a person or company."""
        return self.select_related("series")

    def for_page(self):
        """With people and companies, for the page of a series."""
        return self.prefetch_related("people", "companies")

    def visible(self):
        """Events of published series."""
        return self.filter(series__published_at__lte=query_time())

    def by_date(self):
        """Sorted by date: a partial date after the days of its period, undated events last."""
        return self.order_by(end_of_period("date").asc(nulls_last=True), "position", "slug")


class Event(NaturalKey):
    """An event in the production of a series: an order, a casting, a cancellation.

    ``slug`` is unique within the series and made from the headline.
    """

    class Kind(models.TextChoices):
        """The type of event."""

        PILOT_ORDER = "pilot-order", "Pilot order"
        CREW = "crew", "Crew joins"
        CASTING = "casting", "Casting"
        PASSED = "passed", "Passed over"
        OFFERED = "offered", "Offered"
        SERIES_ORDER = "series-order", "Series order"
        TRAILER = "trailer", "Trailer"
        RELEASE = "release", "Release"
        RENEWAL = "renewal", "Renewal"
        CANCELLATION = "cancellation", "Cancellation"
        REMOVAL = "removal", "Leaves a platform"
        OTHER = "other", "Other"

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="events")
    slug = models.SlugField(max_length=120, blank=True, help_text="Made from the headline when left empty.")
    date = PartialDateField()
    kind = models.CharField(max_length=12, choices=Kind)
    headline = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0, validators=SMALL, help_text="Orders events of one date.")
    people = models.ManyToManyField(Person, blank=True, related_name="events")
    companies = models.ManyToManyField(Company, blank=True, related_name="events")

    natural_fields = ("series__slug", "slug")
    objects = NaturalKeyManager.from_queryset(EventQuerySet)()

    class Meta:
        ordering = ["series", "date", "position", "slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "slug"],
                name="one_event_of_a_slug",
                violation_error_message="The series has an event with this slug already.",
            ),
            partial_date_check("date", "event_date_is_a_date"),
        ]

    def __str__(self):
        return self.headline

    def clean(self):
        """Set a missing slug, so that the form reports a duplicate."""
        super().clean()
        self.slug = self.slug or self._slug_from_headline()

    def save(self, *args, **kwargs):
        """Set a missing slug, then save."""
        self.slug = self.slug or self._slug_from_headline()
        super().save(*args, **kwargs)

    def _slug_from_headline(self) -> str:
        return slug_from(self.headline)[:110] or "event"

    @property
    def sort_key(self) -> tuple[str, int, str]:
        """Sorts by date: a partial date after the days of its period, undated events last."""
        return (self.date.sort_key if self.date else "~", self.position, self.slug)
