"""Seasons of series."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Substr

from catalog.links import url_for
from catalog.models.base import NaturalKey, NaturalKeyManager, Published, PublishedQuerySet
from catalog.models.bounds import SMALL
from catalog.models.compiled_query import query_time
from catalog.models.series import Series, episode_code, season_name
from catalog.models.slug import FormerSlug


class SeasonQuerySet(PublishedQuerySet):
    """Querysets of seasons: for lists, pages and links."""

    def published(self):
        """Seasons that visitors may see: published, of a published series."""
        now = query_time()
        return self.filter(published_at__lte=now, series__published_at__lte=now)

    def for_page(self):
        """With the series, its poster and external ids; the page reads episodes and credits separately."""
        return self.select_related("series__picture").prefetch_related("external_ids")

    def for_links(self):
        """With the series, for the URL."""
        return self.select_related("series")

    def with_totals(self):
        """With ``episode_total``, how many numbers published episodes cover, and the years of their release."""
        published = Q(episodes__published_at__lte=query_time())
        covered = Coalesce("episodes__last_number", "episodes__number") - F("episodes__number") + 1
        year = Substr("episodes__air_date", 1, 4)
        return self.annotate(
            episode_total=models.Sum(covered, filter=published, default=0),
            first_year=models.Min(year, filter=published),
            last_year=models.Max(year, filter=published),
        )

    def count_by_series(self):
        """(number of seasons) of each series."""
        return self.order_by().values("series").annotate(total=models.Count("pk")).values_list("total")

    def at_address(self, slug, number):
        """The season with these parts of a URL: the series' slug, and the number as text."""
        return self.filter(series__slug=slug, number=int(number))

    def before(self, series, number):
        """The seasons of ``series`` before this one, the nearest first."""
        return self.filter(series=series, number__lt=number).order_by("-number")

    def after(self, series, number):
        """The seasons of ``series`` after this one, the nearest first."""
        return self.filter(series=series, number__gt=number).order_by("number")


class Season(NaturalKey, Published):
    """A season of a series; number 0 is for specials."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="seasons")
    number = models.PositiveSmallIntegerField(help_text="0 for specials.", validators=[MaxValueValidator(9999)])
    title = models.CharField(max_length=200, blank=True)
    synopsis = models.TextField(blank=True)
    announced_episodes = models.PositiveSmallIntegerField(null=True, blank=True, validators=SMALL)

    natural_fields = ("series__slug", "number")
    label_relations = ("series",)
    _loaded_position: tuple[int | None, int | None]
    objects = NaturalKeyManager.from_queryset(SeasonQuerySet)()

    class Meta:
        ordering = ["series", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "number"],
                name="one_season_of_a_number",
                violation_error_message="The series has a season of this number already.",
            ),
            models.CheckConstraint(
                condition=Q(number__lte=9999),
                name="season_number_fits_an_address",
                violation_error_message="A season's number has at most four digits.",
            ),
        ]

    def __str__(self):
        return f"{self.series}, {self.name}"

    @classmethod
    def from_db(cls, db, field_names, values, **kwargs) -> "Season":
        """Remember series and number as loaded, to see when they change."""
        season = super().from_db(db, field_names, values, **kwargs)
        season._loaded_position = season.__dict__.get("series_id"), season.__dict__.get("number")
        return season

    def create_redirects(self):
        """After a change of series or number, redirect the season's former URL and those of its episodes."""
        series_id, number = getattr(self, "_loaded_position", (None, None))
        if series_id and number is not None and (series_id, number) != (self.series_id, self.number):
            series = Series.objects.filter(pk=series_id).first()
            if series:
                former, present = f"{series.slug}/season-{number}", f"{self.series.slug}/{self.slug}"
                FormerSlug.add("season", former, present, self.is_published)
                for first, last in self.episodes.values_list("number", "last_number"):
                    for covered_number in range(first, (last or first) + 1):
                        old_code, new_code = episode_code(number, covered_number), episode_code(self.number, first)
                        former, present = f"{series.slug}/{old_code}", f"{self.series.slug}/{new_code}"
                        FormerSlug.add("episode", former, present, self.is_published)
        self._loaded_position = self.series_id, self.number

    @property
    def name(self) -> str:
        """``Season 1``, ``Specials``."""
        return season_name(self.number)

    @property
    def slug(self) -> str:
        """The last part of the page's path: ``season-1``."""
        return f"season-{self.number}"

    def get_absolute_url(self) -> str:
        """The URL of the season's page."""
        return url_for("season-detail", self.series.slug, self.number)
