"""Series, with their companies and platforms."""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import F, Q, Value, Window
from django.db.models.functions import Coalesce, RowNumber

from catalog.models.base import NaturalKey, NaturalKeyManager
from catalog.models.bounds import MINUTES, SMALL, minutes_check
from catalog.models.company import Company
from catalog.models.compiled_query import query_time
from catalog.models.genre import OTHER_SCRIPT_LANGUAGES, Country, Genre, Language
from catalog.models.partial_date import PartialDateField, date_order_check, partial_date_check
from catalog.models.picture import Picture
from catalog.models.record import Record, RecordQuerySet
from catalog.models.slug import slug_from
from catalog.models.sort_guess import GuessedSortText
from catalog.models.sort_key import SortKeyField, sort_title_key, split_article
from catalog.text import has_other_script

MAX_WORK_ROWS = 12  # of a company, read for one line


def sort_title_of(title: str, languages: Collection[str] = ()) -> str:
    """The title for an index, with an article of ``languages`` (ISO 639-1) at the end: ``Office, The``."""
    article, rest = split_article(title, languages)
    return f"{rest}, {article}" if article else title


def series_sort_key(sort_title: str, title: str) -> str:
    """The sort key of a series; a row from elsewhere may have no sort title yet."""
    return sort_title_key(sort_title or sort_title_of(title))


def episode_code(season: int, number: int) -> str:
    """Season and number, with two digits or more each: ``s01e03``, ``s12e104``."""
    return f"s{season:02d}e{number:02d}"


def number_range(number: int, last_number: int | None) -> str:
    """The numbers of an episode: ``3``, or ``3–4`` of a double episode."""
    return f"{number}–{last_number}" if last_number else str(number)


def episode_name(title: str, number: int, last_number: int | None) -> str:
    """The title, or ``Episode 3`` if it is empty, ``Episodes 3–4`` for a double episode."""
    return title or f"Episode{'s' if last_number else ''} {number_range(number, last_number)}"


def season_name(number: int) -> str:
    """The name of a season: ``Season 1``, or ``Specials`` for 0."""
    return f"Season {number}" if number else "Specials"


class SeriesQuerySet(RecordQuerySet):
    """Querysets of series."""

    def for_list(self):
        """With poster, genres and networks, for a card."""
        return self.select_related("picture").prefetch_related(
            "genres",
            "languages",
            models.Prefetch("company_parts", SeriesCompany.objects.filter(part="network").select_related("company")),
        )

    def newest_first(self):
        """Sorted by premiere, the latest first and undated series last."""
        return self.order_by(F("premiered").desc(nulls_last=True), "sort_key", "pk")

    def keys_by_part(self, path, keys):
        """(key of the part, key of the series) for the parts with these keys: seasons or episodes, by ``path``."""
        return self.filter(**{f"{path}__in": keys}).values_list(path, "pk")

    def for_page(self):
        """With all parts but episodes, credits and events, which the page reads separately."""
        return self.select_related("picture").prefetch_related(
            "genres",
            "countries",
            "languages",
            "external_ids",
            "titles__language",
            models.Prefetch("company_parts", SeriesCompany.objects.select_related("company")),
            models.Prefetch("availability", Availability.objects.select_related("platform")),
        )


class Series(GuessedSortText, Record):
    """A television series. Running times are in minutes."""

    class Status(models.TextChoices):
        """The state of a series."""

        ANNOUNCED = "announced", "Announced"
        RUNNING = "running", "Running"
        ENDED = "ended", "Ended"
        CANCELLED = "cancelled", "Cancelled"
        PILOT = "pilot", "Pilot only"

    title = models.CharField(max_length=200)
    sort_title = models.CharField(max_length=210, blank=True, help_text="Guessed when left empty.")
    sort_key = SortKeyField("sort_title", "title", compute=series_sort_key)
    premise = models.TextField(blank=True, help_text="What it is about, in our own words.")
    status = models.CharField(max_length=12, choices=Status, blank=True)
    genres = models.ManyToManyField(Genre, blank=True, related_name="series")
    countries = models.ManyToManyField(Country, blank=True, related_name="series", verbose_name="countries of origin")
    languages = models.ManyToManyField(Language, blank=True, related_name="series", verbose_name="original languages")
    premiered = PartialDateField()
    ended = PartialDateField("last released", help_text="When the last episode came out, as far as known.")
    announced_episodes = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=SMALL, help_text="How many were ordered or announced."
    )
    runtime_min = models.PositiveSmallIntegerField(
        "shortest running time", null=True, blank=True, validators=MINUTES, help_text="Minutes."
    )
    runtime_max = models.PositiveSmallIntegerField(
        "longest running time", null=True, blank=True, validators=MINUTES, help_text="Minutes."
    )
    camera_setup = models.CharField(max_length=60, blank=True)
    picture_format = models.CharField(max_length=80, blank=True)
    audio_format = models.CharField(max_length=80, blank=True)
    content_rating = models.CharField(max_length=20, blank=True)
    picture = models.ForeignKey(
        Picture, null=True, blank=True, on_delete=models.SET_NULL, related_name="series", verbose_name="poster"
    )

    slug_source = "title"
    guess_from, guess_into = "title", "sort_title"
    objects = NaturalKeyManager.from_queryset(SeriesQuerySet)()

    class Meta:
        ordering = ["sort_key", "slug"]
        verbose_name_plural = "series"
        indexes = [models.Index(fields=["sort_key"], name="series_sort_key")]
        # One permission for records of all kinds; Django stores a permission with one model.
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
            minutes_check("runtime_min", "runtime_max", name="series_runtimes_at_most_a_day"),
            date_order_check(
                *("premiered", "ended", "series_premiered_before_ended"),
                "A series cannot end before it begins: check when it was first and last released.",
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

    @property
    def title_language(self) -> str:
        """The ISO 639 code of the title's language (``language_of``)."""
        return self.language_of(self.title)

    def language_of(self, title: str) -> str:
        """The ISO 639 code of the language of ``title``, of the series or an episode; "" for English or if not known.

        It is the original language if that is only one, it was prefetched, and the title is in its script. A title in
        Latin letters may be a translation: then alternative titles must be prefetched, none of them the original one.
        """
        prefetched = self.__dict__.get("_prefetched_objects_cache", {})
        codes = [language.code for language in prefetched.get("languages", ())]
        if len(codes) != 1 or codes == ["en"] or has_other_script(title) != (codes[0] in OTHER_SCRIPT_LANGUAGES):
            return ""
        titles = prefetched.get("titles")
        is_original = titles is not None and all(other.kind != "original" for other in titles)
        return codes[0] if is_original or has_other_script(title) else ""

    def guess_sort_text(self, text: str) -> str:
        """The sort title for ``text``, by the original languages."""
        return sort_title_of(text, self.language_codes())

    def language_codes(self) -> set[str]:
        """The ISO 639 codes of the original languages."""
        return set(self.languages.values_list("code", flat=True)) if self.pk else set()

    def follow_languages(self, former_codes: Collection[str]) -> None:
        """Guess the sort title anew by the present languages if it was guessed by the former ones."""
        sort_title = sort_title_of(self.title, self.language_codes())
        if self.sort_title == sort_title_of(self.title, former_codes) != sort_title:
            self.sort_title = sort_title
            self.save(update_fields=["sort_title"])


def _first_work(records, owner):
    """The first MAX_WORK_ROWS of ``records`` of each ``owner``, those on the newest series first."""
    order: list[Any] = [F("series__premiered").desc(nulls_last=True), "series", "pk"]
    number = Window(RowNumber(), partition_by=owner, order_by=order)
    return records.annotate(row=number).filter(row__lte=MAX_WORK_ROWS).order_by(*order)


class SeriesCompanyQuerySet(models.QuerySet):
    """Querysets of companies' roles in series."""

    def for_list(self):
        """With company and series, for a line."""
        return self.select_related("series", "company")

    def visible(self):
        """Parts in published series."""
        return self.filter(series__published_at__lte=query_time())

    def newest_first(self):
        """Sorted by the premiere of the series, the latest first and undated series last."""
        return self.order_by(F("series__premiered").desc(nulls_last=True), "series__sort_key", "pk")

    def work_of(self, companies, series=None):
        """(company id, series' title, part) of the parts of companies in ``series``, the newest first.

        Without ``series``, the first MAX_WORK_ROWS of each company: of 100,000 parts this takes 290 ms.
        """
        parts = self.filter(company__in=companies)
        work = _first_work(parts, "company") if series is None else parts.filter(series__in=series).newest_first()
        return work.values_list("company", "series__title", "part")

    def networks_of(self, series):
        """The parts of the networks of a series."""
        return self.filter(series=series, part="network").select_related("company")


class SeriesCompany(NaturalKey):
    """A company's role in a series: network, production company, distributor."""

    class Part(models.TextChoices):
        """The roles that a company can have."""

        NETWORK = "network", "Network"
        PRODUCTION = "production", "Production company"
        DISTRIBUTOR = "distributor", "Distributor"

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="company_parts")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="series_parts")
    part = models.CharField("role", max_length=12, choices=Part)
    pilot_only = models.BooleanField(default=False, help_text="It had this role in an earlier pilot only.")
    note = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0, validators=SMALL)

    natural_fields = ("series__slug", "company__slug", "part")
    label_relations = ("company", "series")
    objects = NaturalKeyManager.from_queryset(SeriesCompanyQuerySet)()

    class Meta:
        ordering = ["part", "position", "pk"]
        verbose_name = "company's role"
        verbose_name_plural = "companies' roles"
        constraints = [
            models.UniqueConstraint(
                fields=["series", "company", "part"],
                name="one_part_of_a_company_in_a_series",
                violation_error_message="The company has this role in the series already.",
            )
        ]

    def __str__(self):
        return f"{self.company}, {self.get_part_display().lower()} of {self.series}"


class AvailabilityQuerySet(models.QuerySet):
    """Querysets of availability."""

    def for_list(self):
        """With series and platform, for a line."""
        return self.select_related("series", "platform")

    def visible(self):
        """Entries of published series."""
        return self.filter(series__published_at__lte=query_time())

    def work_of(self, platforms):
        """(platform id, series' title) of the first MAX_WORK_ROWS entries of each platform, the newest first."""
        return _first_work(self.filter(platform__in=platforms), "platform").values_list("platform", "series__title")


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
            date_order_check(
                *("since", "until", "availability_since_before_until"),
                "It cannot leave before it comes: check the two dates.",
            ),
        ]

    def __str__(self):
        return f"{self.series} on {self.platform}"
