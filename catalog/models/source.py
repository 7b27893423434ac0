"""Sources: the texts that are cited."""

from django.db import models
from django.db.models import Case, Q, When
from django.db.models.functions import Length

from catalog.links import url_for
from catalog.models.base import NaturalKeyManager
from catalog.models.bounds import web_address_check
from catalog.models.partial_date import PartialDateField, partial_date_check
from catalog.models.slug import Sluggable
from catalog.models.sort_key import SortKeyField


class SourceQuerySet(models.QuerySet):
    """Querysets of sources."""

    def for_page(self):
        """With the source of which this one is a reference."""
        return self.select_related("part_of__part_of")

    def by_name(self):
        """Sorted by publisher and title, those of which neither is known last, by mark."""
        is_unknown = Case(When(sort_key="", then=1), default=0)
        return self.order_by(is_unknown, "sort_key", Length("mark"), "mark", "slug")

    def by_mark(self):
        """Sorted by reference mark: 2 before 10."""
        return self.order_by(Length("mark"), "mark", "pk")


class Source(Sluggable):
    """A text that is cited for facts.

    The reference of another source to an unidentified text is a source too: it has ``part_of`` and ``mark``, the
    number or letter of the reference, but neither title nor publisher.
    """

    class Kind(models.TextChoices):
        """The type of text."""

        ENCYCLOPEDIA = "encyclopedia", "Encyclopedia article"
        NEWS = "news", "News report"
        INTERVIEW = "interview", "Interview"
        REVIEW = "review", "Review"
        RECAP = "recap", "Recap"
        DATABASE = "database", "Database"
        USER_REVIEW = "user-review", "User review"
        SCREEN = "screen", "The programme itself"
        OTHER = "other", "Other"

    title = models.CharField(max_length=300, blank=True)
    author = models.CharField(max_length=200, blank=True)
    publisher = models.CharField(max_length=120, blank=True)
    url = models.URLField("address", max_length=500, blank=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.OTHER)
    published = PartialDateField()
    accessed = PartialDateField(help_text="When it was read.")
    part_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="references",
        help_text="For a reference that another source gives: that source.",
    )
    mark = models.CharField("reference mark", max_length=10, blank=True, help_text="What that source numbers it.")
    note = models.TextField(blank=True, help_text="How sure it is that this is the text meant, and why.")
    licence = models.CharField(
        "licence and attribution", max_length=300, blank=True, help_text="As its publisher states them: CC BY-SA 4.0."
    )
    revision = models.CharField(max_length=60, blank=True, help_text="Of a page that changes: its number or date.")
    sort_key = SortKeyField("publisher", "title")

    natural_fields = ("slug",)
    label_relations = ("part_of__part_of",)
    slug_source = "title"
    objects = NaturalKeyManager.from_queryset(SourceQuerySet)()

    class Meta:
        ordering = ["sort_key", "slug"]
        indexes = [models.Index(fields=["sort_key"], name="source_sort_key")]
        constraints = [
            partial_date_check("published", "source_published_is_a_date"),
            partial_date_check("accessed", "source_accessed_is_a_date"),
            web_address_check("url", "source_url_is_a_web_address"),
            models.CheckConstraint(
                condition=~Q(title="") | ~Q(publisher="") | Q(part_of__isnull=False) & ~Q(mark=""),
                name="source_is_named_or_marked",
                violation_error_message="Give a title or a publisher, or the mark of the source that refers to it.",
            ),
        ]

    def __str__(self):
        if self.title or self.publisher:
            return ", ".join(part for part in (self.publisher, self.title) if part)
        return f"{self.part_of}, reference {self.mark}"

    @property
    def is_identified(self) -> bool:
        """False for a reference to an unidentified text."""
        return bool(self.title or self.publisher)

    def get_absolute_url(self) -> str:
        """The URL of the page that lists all facts for which the source is cited."""
        return url_for("source-detail", self.slug)
