"""Episodes, with their featured characters."""

from collections.abc import Callable
from typing import NamedTuple

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Substr

from catalog.links import url_builder
from catalog.models.base import NaturalKey, NaturalKeyManager, Published, PublishedQuerySet
from catalog.models.bounds import MINUTES, REGULAR, SMALL, minutes_check
from catalog.models.compiled_query import CompiledQuery, query_time
from catalog.models.no_overlap import NoOverlap, overlaps
from catalog.models.partial_date import PartialDateField, end_of_period, partial_date_check
from catalog.models.picture import Picture
from catalog.models.season import Season
from catalog.models.series import Series, episode_code, episode_name, number_range
from catalog.models.slug import FormerSlug
from catalog.models.sort_key import SortKeyField


def episode_url_builder() -> Callable[[str, str], str]:
    """A function that returns an episode's URL for a series slug and an episode code (``s01e03``)."""
    build_url = url_builder("episode-detail", "slug", 1, 3)
    return lambda series_slug, code: build_url(series_slug, *code[1:].split("e"))


class Extent(NamedTuple):
    """The lowest and highest number of some episodes, and how many numbers they cover: a double episode counts as two.

    ``listed`` is how many the published ones cover.
    """

    first: int
    last: int
    total: int
    listed: int

    @property
    def hidden(self) -> int:
        """How many numbers episodes cover that are not published."""
        return self.total - self.listed


class EpisodeColumn(NamedTuple):
    """What a credit matrix shows of an episode: 2 µs each, where a model instance with its season takes 60."""

    pk: int
    season_id: int
    season_number: int
    number: int
    last_number: int | None

    @property
    def number_range(self) -> str:
        """The number, or ``3–4``."""
        return number_range(self.number, self.last_number)

    @property
    def code(self) -> str:
        """Season and number: ``s01e03``."""
        return episode_code(self.season_number, self.number)


class EpisodeQuerySet(PublishedQuerySet):
    """Selects and sorts episodes."""

    def published(self):
        """Episodes that visitors may see: published, in a published season of a published series."""
        # By joins: for a subquery of ids SQLite would list all seasons of the catalogue in every query.
        now = query_time()
        return self.filter(published_at__lte=now, season__published_at__lte=now, season__series__published_at__lte=now)

    def for_list(self):
        """With season, series and still, for a card. Credits are read for a page of rows at once."""
        return self.select_related("season__series", "picture")

    def for_page(self):
        """With all parts but credits and cues, which the page reads separately."""
        return self.select_related("season__series__picture", "picture").prefetch_related(
            "titles__language",
            "season__series__languages",
            "season__series__titles",
            "external_ids",
            models.Prefetch("features", FeaturedCharacter.objects.select_related("character")),
        )

    def with_character(self, character):
        """Those that feature a character, or with a credit of a published person who plays it; in order."""
        now, rows = query_time(), self.model._base_manager.order_by()
        played = rows.filter(credits__character=character, credits__person__published_at__lte=now).values("pk")
        featured = rows.filter(features__character=character).values("pk")
        # A UNION: with an OR of subqueries, PostgreSQL reads all episodes.
        return self.filter(pk__in=played.union(featured)).in_order()

    def for_links(self):
        """With season and series, for the URL."""
        return self.select_related("season__series")

    def in_order(self):
        """Sorted by season and number."""
        return self.order_by("season__number", "number")

    def at_address(self, slug, season, number):
        """The episode with these parts of a URL: the series' slug, the numbers of season and episode as text.

        A double episode is found by each number that it covers. Sorted, so that the index ends the search.
        """
        season_episodes = self.filter(season__series__slug=slug, season__number=int(season))
        return season_episodes.filter(overlaps(int(number))).order_by("-number")

    def extents(self, owner):
        """An ``Extent`` of the episodes of each ``owner``, a path to their season or series, which is published."""
        last, now = Coalesce("last_number", "number"), query_time()
        covered = last - F("number") + 1
        published = Q(published_at__lte=now, season__published_at__lte=now)
        extents = self.order_by().values(owner)
        return extents.annotate(
            first=models.Min("number"),
            last=models.Max(last),
            total=models.Sum(covered),
            listed=models.Sum(covered, filter=published, default=0),
        ).values_list("first", "last", "total", "listed")

    def by_release(self, is_last=False):
        """Episodes with a date, the first released first, or the last.

        A date of which only the year or month is known comes after the days of its period.
        """
        date = end_of_period("air_date")
        return self.filter(air_date__isnull=False).order_by(date.desc() if is_last else date, "number")

    def of_series(self, series):
        """Episodes of a series."""
        return self.filter(season__series=series)

    def series_lacking(self, series, *role_groups):
        """The keys of those of ``series`` without episodes, or with one without a credit in one of the role groups."""
        episodes = self.filter(season__series__in=series).order_by()  # sorted columns would be distinct, too
        lacking = Q()
        for roles in role_groups:
            lacking |= ~Q(credits__role__slug__in=roles)
        series_with_episodes = set(episodes.values_list("season__series", flat=True).distinct())
        series_with_gaps = set(episodes.filter(lacking).values_list("season__series", flat=True).distinct())
        return series_with_gaps | ({item.pk for item in series} - series_with_episodes)

    def count_by_series(self, series):
        """(series key, number of episodes) for the primary keys ``series``."""
        counts = self.order_by().filter(season__series__in=series).values("season__series")
        return counts.annotate(total=models.Count("pk")).values_list("season__series", "total")

    def count_by_year(self, series):
        """{series key: {year: number of episodes}} for the primary keys ``series``; without those of unknown date."""
        counts: dict[int, dict[int, int]] = {key: {} for key in series}
        rows = (
            self.order_by()
            .filter(season__series__in=series)
            .exclude(air_date=None)
            .annotate(year=Substr("air_date", 1, 4))
        )
        totals = rows.values("season__series", "year").annotate(total=models.Count("pk"))
        for key, year, total in totals.values_list("season__series", "year", "total"):
            counts[key][int(year)] = total
        return counts

    def columns_by_series(self, series):
        """(series key, values of an ``EpisodeColumn``) of each episode for the primary keys ``series``, sorted."""
        fields = "pk", "season", "season__number", "number", "last_number"
        return self.in_order().filter(season__series__in=series).values_list("season__series", *fields)

    def before(self, series, season, number):
        """The episodes of ``series`` before this one, the nearest first; specials (season 0) come before no season."""
        earlier = Q(season__number__lt=season, season__number__gt=0) | Q(season__number=season, number__lt=number)
        return self.of_series(series).filter(earlier).order_by("-season__number", "-number")

    def after(self, series, season, number):
        """The episodes of ``series`` after this one, the nearest first; not for specials."""
        later = Q(season__number__gt=season) | Q(season__number=season, number__gt=number)
        return self.of_series(series).filter(later).order_by("season__number", "number")


class Episode(NaturalKey, Published):
    """An episode. A double episode has a last number too. The running time is in minutes."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="episodes")
    number = models.PositiveSmallIntegerField("number in season", validators=SMALL)
    last_number = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=SMALL, help_text="For a double episode: the last number that it covers."
    )
    overall_number = models.PositiveIntegerField(
        null=True, blank=True, validators=REGULAR, help_text="Counted through the whole series."
    )
    title = models.CharField(max_length=200, blank=True)
    sort_key = SortKeyField("title")
    air_date = PartialDateField(db_index=True)
    production_code = models.CharField(max_length=40, blank=True, db_index=True)
    runtime = models.PositiveSmallIntegerField(
        "running time", null=True, blank=True, validators=MINUTES, help_text="Minutes."
    )
    synopsis = models.TextField(blank=True, help_text="What happens, in our own words.")
    characters = models.ManyToManyField(
        "catalog.Character", through="FeaturedCharacter", blank=True, related_name="featured_in"
    )
    picture = models.ForeignKey(
        Picture, null=True, blank=True, on_delete=models.SET_NULL, related_name="episodes", verbose_name="still"
    )

    natural_fields = ("season__series__slug", "season__number", "number")
    label_relations = ("season__series",)
    _loaded_position: tuple[int | None, int | None, int | None]
    objects = NaturalKeyManager.from_queryset(EpisodeQuerySet)()

    class Meta:
        ordering = ["season__series", "season__number", "number"]
        indexes = [models.Index(fields=["sort_key"], name="episode_sort_key")]
        constraints = [
            models.UniqueConstraint(
                fields=["season", "number"],
                name="one_episode_of_a_number",
                violation_error_message="The season has an episode of this number already.",
            ),
            models.CheckConstraint(
                condition=Q(number__lte=32767),
                name="episode_number_fits_an_address",
                violation_error_message="An episode's number is at most 32767.",
            ),
            models.CheckConstraint(
                condition=Q(last_number__isnull=True) | Q(last_number__gt=F("number")),
                name="episode_last_number_follows",
                violation_error_message="The last number of a double episode comes after its first.",
            ),
            NoOverlap(
                group="season",
                name="episode_numbers_do_not_overlap",
                violation_error_message="Another episode of the season covers one of these numbers already.",
            ),
            minutes_check("runtime", name="episode_runtime_at_most_a_day"),
            partial_date_check("air_date", "episode_air_date_is_a_date"),
        ]

    def __str__(self):
        return f"{self.series} {self.code}: {self.name}"

    @classmethod
    def from_db(cls, db, field_names, values, **kwargs):
        """Remember season and numbers as loaded, to see when they change."""
        episode = super().from_db(db, field_names, values, **kwargs)
        loaded = episode.__dict__
        episode._loaded_position = loaded.get("season_id"), loaded.get("number"), loaded.get("last_number")
        return episode

    @property
    def series(self) -> Series:
        """The series of the season."""
        return self.season.series

    @property
    def code(self) -> str:
        """Season and number: ``s01e03``."""
        return episode_code(self.season.number, self.number)

    @property
    def covered_numbers(self) -> range:
        """The numbers in the season that the episode covers: two of a double episode."""
        return range(self.number, (self.last_number or self.number) + 1)

    @property
    def covered_overall_numbers(self) -> range:
        """The numbers in the series that the episode covers; none if they are not known."""
        first = self.overall_number
        return range(0) if first is None else range(first, first + len(self.covered_numbers))

    @property
    def number_range(self) -> str:
        """The number, or ``3–4``."""
        return number_range(self.number, self.last_number)

    @property
    def number_name(self) -> str:
        """``Episode 3`` or ``Episodes 3–4``, whatever its title."""
        return episode_name("", self.number, self.last_number)

    @property
    def season_number(self) -> int:
        """The number of the season."""
        return self.season.number

    @property
    def slug(self) -> str:
        """The episode in URLs, redirects and ``data-slug``: ``soundtrack/s01e03``."""
        return f"{self.series.slug}/{self.code}"

    @property
    def name(self) -> str:
        """The title, or ``Episode 3`` if it is empty."""
        return self.title or self.number_name

    @property
    def title_language(self) -> str:
        """The ISO 639 code of the title's language (``Series.language_of``)."""
        return self.series.language_of(self.title) if self.title else ""

    def get_absolute_url(self) -> str:
        """The URL of the episode's page."""
        return episode_url_builder()(self.series.slug, self.code)

    def create_redirects(self):
        """Redirect from the loaded season and numbers when season or number have changed."""
        season_id, number, last_number = getattr(self, "_loaded_position", (None, None, None))
        if season_id and number is not None and (season_id, number) != (self.season_id, self.number):
            for season in Season.objects.select_related("series").filter(pk=season_id):
                for covered_number in range(number, (last_number or number) + 1):
                    old_code = episode_code(season.number, covered_number)
                    FormerSlug.add("episode", f"{season.series.slug}/{old_code}", self.slug, self.is_published)
        self._loaded_position = self.season_id, self.number, self.last_number


class FeaturedCharacterQuerySet(models.QuerySet):
    """Selects features."""

    def visible(self):
        """Features of episodes that visitors may see."""
        paths = "episode", "episode__season", "episode__season__series"
        return self.filter(**{f"{path}__published_at__lte": query_time() for path in paths})


class FeaturedCharacter(NaturalKey):
    """A character on whom an episode centres; ``named_as`` if the episode uses another name."""

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="features")
    character = models.ForeignKey("catalog.Character", on_delete=models.RESTRICT, related_name="features")
    named_as = models.CharField(max_length=120, blank=True, help_text="When the episode uses another name.")
    position = models.PositiveSmallIntegerField(default=0, validators=SMALL)

    natural_fields = (
        "episode__season__series__slug",
        "episode__season__number",
        "episode__number",
        "character__slug",
        "named_as",
    )
    label_relations = ("character", "episode__season__series")

    objects = NaturalKeyManager.from_queryset(FeaturedCharacterQuerySet)()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "character", "named_as"],
                name="one_feature_under_a_name",
                violation_error_message="The character is featured under this name already.",
            )
        ]

    def __str__(self):
        return f"{self.named_as or self.character} in {self.episode}"


# Rows of the list of episodes, by primary keys, as tuples: 25 rows take 2 ms, and took 30 ms as model instances with
# all their credits (50,000 episodes).
episode_row_query = CompiledQuery(
    lambda keys, _: (
        Episode.objects.order_by()
        .filter(pk__in=keys)
        .values_list(
            "pk",
            "number",
            "last_number",
            "title",
            "synopsis",
            "air_date",
            "production_code",
            "runtime",
            "season__number",
            "season__title",
            "season__series__slug",
            "season__series__title",
        )
    )
)
