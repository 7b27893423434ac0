"""Rows of the list of episodes, ready to be written: two queries of plain values a page, and no model instances.

A page of 25 rows took 30 ms to read as models with all their credits (50,000 episodes), and takes 2 so.
"""

from typing import NamedTuple

from catalog.links import url_builder
from catalog.models import WRITING_ROLES, Episode
from catalog.models.compiled_query import CompiledQuery
from catalog.models.credit import episode_byline_query
from catalog.models.episode import episode_name, episode_url_builder
from catalog.models.series import episode_code, season_name
from catalog.views.presenters.dates import short_date

SYNOPSIS_LENGTH = 220  # letters of a synopsis
COLUMNS = ("pk", "number", "title", "synopsis", "air_date", "production_code", "runtime")
ABOVE = ("season__number", "season__title", "season__series__slug", "season__series__title")


episode_row_query = CompiledQuery(
    lambda keys, slugs, now: Episode.objects.order_by().filter(pk__in=keys).values_list(*COLUMNS, *ABOVE)
)


class SeasonRef(NamedTuple):
    """The season that rows stand in, with its series."""

    series: str
    series_url: str
    name: str  # Season 1, Specials
    title: str  # its own, or its name
    url: str


class PersonRef(NamedTuple):
    """Somebody in a row. ``chosen``: the list was narrowed to them; ``follows``: another stands before."""

    slug: str
    name: str
    chosen: bool
    follows: bool


class EpisodeRow(NamedTuple):
    """An episode as its row shows it. ``others``: (role, slug, name) of the chosen people who have no place in it."""

    slug: str
    url: str
    number: int
    name: str
    place: SeasonRef
    synopsis: str
    iso: str
    date: str
    code: str
    runtime: int
    directors: list
    writers: list
    others: list


def shorten(text):
    """The beginning of a long text, up to a whole word."""
    return text if len(text) <= SYNOPSIS_LENGTH else f"{text[: SYNOPSIS_LENGTH - 1].rsplit(' ', 1)[0]}…"


def people_by_episode(episodes, selection):
    """(directors, writers, others) of each episode's key, those marked whom the visitor chose."""
    anyone = selection.get("crew", [])
    chosen = {facet: {*selection.get(facet, ()), *anyone} for facet in ("director", "writer", "cast")}
    found = {pk: ([], [], []) for pk in episodes}
    for pk, role, name, slug, person in episode_byline_query(episodes, chosen["cast"]):
        directors, writers, others = found[pk]
        if role == "director":
            directors.append(PersonRef(slug, person, slug in chosen["director"], bool(directors)))
        elif role in WRITING_ROLES:
            if all(slug != writer.slug for writer in writers):  # story and teleplay
                writers.append(PersonRef(slug, person, slug in chosen["writer"], bool(writers)))
        else:
            others.append((name, slug, person))
    return found


def episode_rows(keys, selection):
    """The rows of the episodes with these primary keys, in their order."""
    found, people, places = {}, people_by_episode(keys, selection), {}
    series_url, season_url, episode_url = (
        url_builder("series-detail", "slug"),
        url_builder("season-detail", "slug", 1),
        episode_url_builder(),
    )
    for pk, number, title, synopsis, date, code, runtime, season, season_title, slug, series in episode_row_query(keys):
        place = places.get((slug, season))
        if place is None:
            name = season_name(season)
            place = places[slug, season] = SeasonRef(
                series,
                series_url(slug),
                name,
                season_title or name,
                season_url(slug, season),
            )
        written = episode_code(season, number)
        found[pk] = EpisodeRow(
            f"{slug}/{written}",
            episode_url(slug, written),
            number,
            episode_name(title, number),
            place,
            shorten(synopsis),
            date or "",
            short_date(date) if date else "",
            code,
            runtime,
            *people[pk],
        )
    return [found[key] for key in keys if key in found]
