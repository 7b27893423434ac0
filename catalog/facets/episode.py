"""The facets of the list of episodes: the page that visitors use to filter by crew."""

import re

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.functions import Cast, Concat, Substr
from django.utils import timezone

from catalog.facets.base import FacetSet
from catalog.facets.bound_filter import BoundFilter
from catalog.facets.credit_facets import CreditFacet, RoleFacet
from catalog.facets.index.engine import IndexEngine
from catalog.facets.kinds import ColumnFacet, SlugFacet
from catalog.facets.text_filter import TextFilter
from catalog.facets.uncounted_engine import UncountedEngine
from catalog.facets.wording import Phrase
from catalog.models import WRITING_ROLES, Artist, Character, Company, Credit, Cue, Episode, Genre, Series, Song
from catalog.models.credit import CAST_DEPARTMENT, EPISODE_PATHS
from catalog.models.series import season_name

# The paths from a credit to episodes: its own, those of its season, those of its series. Credits that do not apply to
# each episode are left out beforehand (Credit.objects.applying_to_episodes).


SONG_LABEL = Case(  # as Song.__str__
    When(title="", then=F("artist__name")),
    When(artist=None, then=Concat(Value("“"), "title", Value("”"))),
    default=Concat(Value("“"), "title", Value("”, "), "artist__name"),
)


def parse_season(slug):
    """Return the number in ``season-1`` or ``1``; None for anything else."""
    match = re.fullmatch(r"(?:season-)?(\d{1,4})", slug, re.ASCII)
    return int(match[1]) if match else None


def format_season(number):
    """Return ``season-1`` and its name."""
    return f"season-{number}", season_name(number)


def parse_year(slug):
    """Return a year of four digits; None for anything else."""
    return slug if re.fullmatch(r"\d{4}", slug, re.ASCII) else None


EPISODE_CREDITS = {
    "credit_paths": tuple(EPISODE_PATHS.values()),
    "credits": lambda: Credit.objects.applying_to_episodes(),
}
YEAR = Cast(Substr("air_date", 1, 4), IntegerField())


class PeopleFacet(CreditFacet):
    """Published people by credits that apply to an episode."""

    def __init__(self, **kwargs):
        super().__init__(**EPISODE_CREDITS, **kwargs)


class CharacterFacet(SlugFacet):
    """Characters that an episode features, or that a visible person plays in that episode alone."""

    def __init__(self, **kwargs):
        super().__init__(
            Character,
            "features__character",
            visible=lambda: Character.objects.published(),
            **kwargs,
        )

    def affected_keys(self, records):
        """Add the characters of series that became visible or were hidden."""
        series = records.visibility_changed["series"]
        characters = Character.objects.filter(series__in=series).values_list("pk", flat=True) if series else ()
        return super().affected_keys(records) | set(characters)

    def condition(self, keys):
        """Return the condition for episodes that feature one, or whose own credits have one."""
        return super().condition(keys) | Q(pk__in=self._played().filter(character__in=keys).values("episode"))

    def row_value_pairs(self, rows):
        """Return features and the episodes' own credits."""
        played = self._played().filter(episode__in=rows.values("pk"))
        return [*super().row_value_pairs(rows), played.values_list("episode", "character")]

    @staticmethod
    def _played():
        played = Credit.objects.filter(episode__isnull=False, character__isnull=False).order_by()
        return played.filter(person__published_at__lte=timezone.now())


class HeardFacet(SlugFacet):
    """Songs that are heard in an episode, or their artists. One heard in a series without an episode is of none."""

    def __init__(self, model, path, **kwargs):
        super().__init__(model, path, visible=lambda: model.objects.published(), **kwargs)

    def affected_keys(self, records):
        """Add what became visible or was hidden with a cue or with the episode, season or series of one."""
        hidden_with, artists = records.visibility_changed, records.changed["artist"]
        cues = Cue.objects.filter(
            Q(series__in=hidden_with["series"])
            | Q(episode__in=hidden_with["episode"])
            | Q(episode__season__in=hidden_with["season"])
            | Q(episode__season__series__in=hidden_with["series"])
        )
        songs = records.changed["song"] | records.owners["song"] | set(cues.values_list("song", flat=True))
        if self.target is Song:
            return songs | set(Song.objects.filter(artist__in=artists).values_list("pk", flat=True))
        of_songs = Song.objects.filter(pk__in=songs, artist__isnull=False).values_list("artist", flat=True)
        return artists | records.owners["artist"] | set(of_songs)


class EpisodeFacets(FacetSet):
    """The facets of published episodes. Crew and main cast of a series or season count for each of its episodes."""

    engines = (IndexEngine, UncountedEngine)
    q = TextFilter("title", "synopsis", "production_code", "titles__title", "season__series__title", label="Text")
    series = SlugFacet(
        Series,
        "season__series",
        label_field="title",
        visible=lambda: Series.objects.published(),
        label="Series",
        phrase=Phrase("of {}"),
        has_one_value=True,
    )
    season = ColumnFacet(
        F("season__number"),
        parse_season,
        format_season,
        ascending=True,
        within="series",
        label="Season",
        phrase=Phrase("from {}", lower=True),
    )
    director = PeopleFacet(roles=("director",), label="Director")
    writer = PeopleFacet(roles=WRITING_ROLES, label="Writer", phrase=Phrase("written by {}"))
    cast = PeopleFacet(department=CAST_DEPARTMENT, label="Cast", phrase=Phrase("with {} in the cast"))
    character = CharacterFacet(label="Character", phrase=Phrase("featuring {}"))
    crew = PeopleFacet(
        outside_department=CAST_DEPARTMENT,
        names_roles=True,
        qualified_by="role",
        label="Crew",
        phrase=Phrase("with {} in the crew"),
    )
    person = PeopleFacet(combines=("cast", "crew"), qualified_by="role", label="Person", phrase=Phrase("with {}"))
    role = RoleFacet(**EPISODE_CREDITS, label="Role", phrase=Phrase("with a credit as {}", lower=True))
    genre = SlugFacet(Genre, "season__series__genres", label="Genre", phrase=Phrase("in the genre {}", lower=True))
    network = SlugFacet(
        Company,
        "season__series__company_parts__company",
        path_filter={
            "season__series__company_parts__part": "network",
            "season__series__company_parts__pilot_only": False,
        },
        visible=lambda: Company.objects.published(),
        label="Network",
        phrase=Phrase("on {}"),
    )
    year = ColumnFacet(
        Substr("air_date", 1, 4), parse_year, lambda year: (year, year), label="Year", phrase=Phrase("{}")
    )
    artist = HeardFacet(Artist, "cues__song__artist", label="Recording artist", phrase=Phrase("with a recording by {}"))
    song = HeardFacet(Song, "cues__song", label_field=SONG_LABEL, label="Song", phrase=Phrase("with the song {}"))
    year__gte = BoundFilter("year", YEAR, "gte", label="From year")
    year__lte = BoundFilter("year", YEAR, "lte", label="To year")
    runtime__gte = BoundFilter("runtime", F("runtime"), "gte", label="Minutes at least")
    runtime__lte = BoundFilter("runtime", F("runtime"), "lte", label="Minutes at most")

    people_facet = PeopleFacet
    record_type = ("episode", "episodes")
    series_order = ("season__series__sort_key", "season__series_id", "season__number", "number")
    sorts = {
        "-air_date": ("Newest", (F("air_date").desc(nulls_last=True), *series_order)),
        "air_date": ("Oldest", (F("air_date").asc(nulls_last=True), *series_order)),
        "title": ("Title", ("sort_key", *series_order)),
        "series": ("Series", series_order),
        "runtime": ("Running time", (F("runtime").asc(nulls_last=True), *series_order)),
    }

    class Meta:
        model = Episode
        fields: list[str] = []
