"""The facets of the list of episodes: the page that visitors use to filter by crew."""

import re

from django.db.models import F, Q
from django.db.models.functions import Substr
from django.utils import timezone

from catalog.facets.base import FacetSet
from catalog.facets.index.engine import IndexEngine
from catalog.facets.kinds import ColumnFacet, CreditFacet, SlugFacet
from catalog.facets.sql_engine import SqlEngine
from catalog.facets.text_filter import TextFilter
from catalog.models import WRITING_ROLES, Character, Company, Credit, Episode, Genre, Series
from catalog.models.series import season_name

# How a credit reaches episodes: its own, those of its season, those of its series. Credits that do not hold
# for each episode are left out beforehand (Credit.objects.holding).
REACH = ("episode", "season__episodes", "series__seasons__episodes")


def read_season(slug):
    """The number in ``season-1`` or ``1``; None for anything else."""
    found = re.fullmatch(r"(?:season-)?(\d{1,4})", slug, re.ASCII)
    return int(found[1]) if found else None


def write_season(number):
    """``season-1`` and its name."""
    return f"season-{number}", season_name(number)


def read_year(slug):
    """Four digits; None for anything else."""
    return slug if re.fullmatch(r"\d{4}", slug, re.ASCII) else None


class PeopleFacet(CreditFacet):
    """Published people by credits that hold for an episode."""

    def __init__(self, **kwargs):
        super().__init__(reach=REACH, credits=lambda: Credit.objects.applying_to_episodes(), **kwargs)


class CharacterFacet(SlugFacet):
    """Characters that an episode features, or that somebody whom visitors see plays in that one episode."""

    def __init__(self, **kwargs):
        super().__init__(
            Character,
            "features__character",
            visible=lambda: Character.objects.filter(series__in=Series.objects.published()),
            **kwargs,
        )

    def affected_keys(self, touched):
        """Those of series that came into sight or went, too."""
        theirs = Character.objects.filter(series__in=touched.shown["series"]) if touched.shown["series"] else ()
        return super().affected_keys(touched) | {character.pk for character in theirs}

    def condition(self, keys):
        """Featured, or credited on the episode itself."""
        return super().condition(keys) | Q(pk__in=self._played().filter(character__in=keys).values("episode"))

    def row_value_pairs(self, rows):
        """Features and the episode's own credits."""
        return [
            *super().row_value_pairs(rows),
            self._played().filter(episode__in=rows.values("pk")).values_list("episode", "character"),
        ]

    @staticmethod
    def _played():
        played = Credit.objects.filter(episode__isnull=False, character__isnull=False).order_by()
        return played.filter(person__published_at__lte=timezone.now())


class EpisodeFacets(FacetSet):
    """Narrows published episodes. Crew and main cast of a series or season count for each of its episodes."""

    engines = (IndexEngine, SqlEngine)
    q = TextFilter("title", "synopsis", "production_code", "titles__title", "season__series__title", label="Text")
    series = SlugFacet(
        Series, "season__series", name="title", visible=lambda: Series.objects.published(), label="Series"
    )
    season = ColumnFacet(F("season__number"), read_season, write_season, ascending=True, label="Season")
    director = PeopleFacet(roles=("director",), label="Director")
    writer = PeopleFacet(roles=WRITING_ROLES, label="Writer")
    cast = PeopleFacet(department="cast", label="Cast")
    character = CharacterFacet(label="Character")
    crew = PeopleFacet(label="Crew")
    genre = SlugFacet(Genre, "season__series__genres", label="Genre")
    network = SlugFacet(
        Company,
        "season__series__company_parts__company",
        path_filter={
            "season__series__company_parts__part": "network",
            "season__series__company_parts__pilot_only": False,
        },
        visible=lambda: Company.objects.published(),
        label="Network",
    )
    year = ColumnFacet(Substr("air_date", 1, 4), read_year, lambda year: (year, year), label="Year")

    record_type = ("episode", "episodes")
    place = ("season__series__sort_title", "season__series_id", "season__number", "number")
    sorts = {
        "-air_date": ("Newest", (F("air_date").desc(nulls_last=True), *place)),
        "air_date": ("Oldest", (F("air_date").asc(nulls_last=True), *place)),
        "title": ("Title", ("title", *place)),
        "series": ("Series", place),
        "runtime": ("Running time", (F("runtime").asc(nulls_last=True), *place)),
    }

    class Meta:
        model = Episode
        fields = []
