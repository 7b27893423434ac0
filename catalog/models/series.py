"""Series and seasons, with the companies and platforms of a series."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Length, Substr
from django.utils import timezone

from catalog.links import url_for
from catalog.models.base import NaturalKey, NaturalKeyManager, Published, PublishedQuerySet
from catalog.models.company import Company
from catalog.models.genre import Country, Genre, Language
from catalog.models.partial_date import PartialDateField, partial_date_check
from catalog.models.picture import Picture
from catalog.models.record import Record, RecordQuerySet
from catalog.models.slug import FormerSlug, slug_from

ARTICLES = ("the ", "a ", "an ")


def sort_title_of(title: str) -> str:
    """The title for an index, with an English article at the end: ``Office, The``."""
    for article in ARTICLES:
        if title.lower().startswith(article) and len(title) > len(article):
            return f"{title[len(article) :]}, {title[: len(article) - 1]}"
    return title


def episode_code(season: int, number: int) -> str:
    """Season and number, with two digits or more each: ``s01e03``, ``s12e104``."""
    return f"s{season:02d}e{number:02d}"


def season_name(number: int) -> str:
    """The name of a season: ``Season 1``, or ``Specials`` for 0."""
    return f"Season {number}" if number else "Specials"


class SeriesQuerySet(RecordQuerySet):
    """Querysets of series."""

    def for_list(self):
        """With poster, genres and networks, for a card."""
        return self.select_related("picture").prefetch_related(
            "genres",
            models.Prefetch("company_parts", SeriesCompany.objects.filter(part="network").select_related("company")),
        )

    def newest_first(self):
        """By the date of the first release, undated series last."""
        return self.order_by(F("premiered").desc(nulls_last=True), "sort_title")

    def for_page(self):
        """With all parts but episodes, credits and events, which the page reads separately."""
        return self.select_related("picture").prefetch_related(
            "genres",
            "countries",
            "languages",
            "seasons",
            "external_ids",
            "titles__language",
            models.Prefetch("company_parts", SeriesCompany.objects.select_related("company")),
            models.Prefetch("availability", Availability.objects.select_related("platform")),
        )


class Series(Record):
    """A television series. Running times are in minutes."""

    class Status(models.TextChoices):
        """The state of a series."""

        ANNOUNCED = "announced", "Announced"
        RUNNING = "running", "Running"
        ENDED = "ended", "Ended"
        CANCELLED = "cancelled", "Cancelled"
        PILOT = "pilot", "Pilot only"

    title = models.CharField(max_length=200)
    sort_title = models.CharField(max_length=210, blank=True, db_index=True, help_text="Guessed when left empty.")
    premise = models.TextField(blank=True, help_text="What it is about, in our own words.")
    status = models.CharField(max_length=12, choices=Status, blank=True)
    genres = models.ManyToManyField(Genre, blank=True, related_name="series")
    countries = models.ManyToManyField(Country, blank=True, related_name="series", verbose_name="countries of origin")
    languages = models.ManyToManyField(Language, blank=True, related_name="series", verbose_name="original languages")
    premiered = PartialDateField()
    ended = PartialDateField("last released", help_text="When the last episode came out, as far as known.")
    announced_episodes = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How many were ordered or announced."
    )
    runtime_min = models.PositiveSmallIntegerField("shortest running time", null=True, blank=True, help_text="Minutes.")
    runtime_max = models.PositiveSmallIntegerField("longest running time", null=True, blank=True, help_text="Minutes.")
    camera_setup = models.CharField(max_length=60, blank=True)
    picture_format = models.CharField(max_length=80, blank=True)
    audio_format = models.CharField(max_length=80, blank=True)
    content_rating = models.CharField(max_length=20, blank=True)
    picture = models.ForeignKey(
        Picture, null=True, blank=True, on_delete=models.SET_NULL, related_name="series", verbose_name="poster"
    )

    slug_source = "title"
    objects = NaturalKeyManager.from_queryset(SeriesQuerySet)()

    class Meta:
        ordering = ["sort_title", "slug"]
        verbose_name_plural = "series"
        # One for records of all kinds; the database has to know it by one of them.
        permissions = [("publish", "Can publish records of any kind, and change published ones")]
        constraints = [
            partial_date_check("premiered", "series_premiered_is_a_date"),
            partial_date_check("ended", "series_ended_is_a_date"),
            models.CheckConstraint(
                condition=Q(runtime_min__isnull=True)
                | Q(runtime_max__isnull=True)
                | Q(runtime_max__gte=F("runtime_min")),
                name="series_runtime_range",
                violation_error_message="The longest running time cannot be below the shortest.",
            ),
        ]

    def __str__(self):
        return self.title

    def slug_candidates(self):
        """The title; for a second series of that title, the title with its year."""
        base = slug_from(self.title) or "series"
        yield base
        if self.premiered:
            yield f"{base}-{self.premiered[:4]}"

    def save(self, *args, **kwargs):
        """Guess a missing sort title, then save."""
        if not self.sort_title:
            self.sort_title = sort_title_of(self.title)
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {"sort_title", *kwargs["update_fields"]}
        super().save(*args, **kwargs)


class SeasonQuerySet(PublishedQuerySet):
    """Selects seasons."""

    def published(self):
        """Seasons that visitors may see: published, of a published series."""
        now = timezone.now()
        return self.filter(published_at__lte=now, series__published_at__lte=now)

    def for_page(self):
        """The page: the series with its poster, and external ids; episodes and credits are read apart."""
        return self.select_related("series__picture").prefetch_related("external_ids")

    def for_links(self):
        """What the season's address needs: its series."""
        return self.select_related("series")

    def at_address(self, slug, number):
        """The season under a series' slug and its number, as an address gives them."""
        return self.filter(series__slug=slug, number=int(number))

    def neighbours(self, season):
        """(previous, next) in the series, None where there is none."""
        seasons = self.for_links().filter(series=season.series)
        return (
            seasons.filter(number__lt=season.number).order_by("-number").first(),
            seasons.filter(number__gt=season.number).order_by("number").first(),
        )


class Season(NaturalKey, Published):
    """A season of a series; number 0 is for specials."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="seasons")
    number = models.PositiveSmallIntegerField(help_text="0 for specials.", validators=[MaxValueValidator(9999)])
    title = models.CharField(max_length=200, blank=True)
    synopsis = models.TextField(blank=True)
    announced_episodes = models.PositiveSmallIntegerField(null=True, blank=True)

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
        """Redirect from the loaded series and number when they have changed: the season's page and its episodes'."""
        series_id, number = getattr(self, "_loaded_position", (None, None))
        if series_id and number is not None and (series_id, number) != (self.series_id, self.number):
            series = Series.objects.filter(pk=series_id).first()
            if series:
                FormerSlug.add("season", f"{series.slug}/season-{number}", f"{self.series.slug}/{self.slug}")
                for episode in self.episodes.values_list("number", flat=True):
                    old_code, new_code = episode_code(number, episode), episode_code(self.number, episode)
                    FormerSlug.add("episode", f"{series.slug}/{old_code}", f"{self.series.slug}/{new_code}")
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


class SeriesCompanyQuerySet(models.QuerySet):
    """Querysets of companies' parts in series."""

    def for_list(self):
        """What a line shows: the company and the series."""
        return self.select_related("series", "company")

    def networks_of(self, series):
        """The networks of a series."""
        return self.filter(series=series, part="network").select_related("company")


class SeriesCompany(NaturalKey):
    """A company's part in a series: network, production company, distributor."""

    class Part(models.TextChoices):
        """The parts that a company can have."""

        NETWORK = "network", "Network"
        PRODUCTION = "production", "Production company"
        DISTRIBUTOR = "distributor", "Distributor"

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="company_parts")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="series_parts")
    part = models.CharField(max_length=12, choices=Part)
    pilot_only = models.BooleanField(default=False, help_text="It had this part in an earlier pilot only.")
    note = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    natural_fields = ("series__slug", "company__slug", "part")
    label_relations = ("company", "series")
    objects = NaturalKeyManager.from_queryset(SeriesCompanyQuerySet)()

    class Meta:
        ordering = ["part", "position", "pk"]
        verbose_name = "company's part"
        verbose_name_plural = "companies' parts"
        constraints = [
            models.UniqueConstraint(
                fields=["series", "company", "part"],
                name="one_part_of_a_company_in_a_series",
                violation_error_message="The company has this part in the series already.",
            )
        ]

    def __str__(self):
        return f"{self.company}, {self.get_part_display().lower()} of {self.series}"


class AvailabilityQuerySet(models.QuerySet):
    """Querysets of availability."""

    def for_list(self):
        """What a line shows: the series and the platform."""
        return self.select_related("series", "platform")


class Availability(NaturalKey):
    """When a series is on a platform. ``until`` is the day on which it left."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="availability")
    platform = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="availability")
    since = PartialDateField("from")
    until = PartialDateField(help_text="The day on which it left: 2022-03-01 when 28 February was the last day.")
    note = models.CharField(max_length=200, blank=True)

    natural_fields = ("series__slug", "platform__slug", "since")
    label_relations = ("series", "platform")
    objects = NaturalKeyManager.from_queryset(AvailabilityQuerySet)()

    class Meta:
        ordering = ["since", "pk"]
        verbose_name_plural = "availability"
        constraints = [
            models.UniqueConstraint(
                "series",
                "platform",
                Coalesce("since", Value("")),  # NULL counts as a value: one unknown beginning at most
                name="one_availability_since",
                violation_error_message="The platform has an entry from this day already.",
            ),
            partial_date_check("since", "availability_since_is_a_date"),
            partial_date_check("until", "availability_until_is_a_date"),
            models.CheckConstraint(
                condition=Q(since__isnull=True)
                | Q(until__isnull=True)
                | Q(until__gte=Substr("since", 1, Length("until"))),
                name="availability_since_before_until",
                violation_error_message="It cannot leave before it comes: check the two dates.",
            ),
        ]

    def __str__(self):
        return f"{self.series} on {self.platform}"
