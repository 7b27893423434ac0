"""The second line of search results: what a person did and on which series, where a song is heard.

Each function takes records of one kind and returns {primary key: line}, by a few queries for all of them, or None while
the index is being read.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from catalog.facets.person import PersonFacets
from catalog.facets.series import SeriesFacets
from catalog.models import Availability, Credit, SeriesCompany
from catalog.views.presenters.dates import long_date, short_date
from catalog.views.presenters.role_summaries import credit_summaries

MAX_SERIES, MAX_ROLES, MAX_PERFORMERS = 3, 4, 3  # named in a line
MAX_CREDITS = 200  # of a person, read for a line: 25 people with 1,000 each took 80 ms
Rows = Iterable[tuple[int, str, str]]


def _cut(items: Iterable[str], limit: int) -> list[str]:
    """The first different items, and "more" if there are others besides."""
    items = list(dict.fromkeys(items))
    return [*items[:limit], "more"] if len(items) > limit else items


def _work_lines(rows: Rows) -> defaultdict[int, str]:
    """Lines such as ``Soundtrack: Director, Writer`` of rows (primary key, series, role), the longest work first."""
    roles_by_series: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for pk, series, role in rows:
        roles_by_series[pk][series].append(role)
    lines = defaultdict(str)
    for pk, work in roles_by_series.items():
        parts = [f"{series}: {', '.join(_cut(roles, MAX_ROLES))}" for series, roles in work.items()]
        lines[pk] = "; ".join(_cut(parts, MAX_SERIES))
    return lines


def _series_lines(records: Sequence[Any]) -> dict[int, str]:
    lines = {}
    for series in records:
        networks = [
            part.company.name
            for part in series.company_parts.all()
            if not part.pilot_only and part.company.is_published
        ]
        genres = [genre.name for genre in series.genres.all()]
        lines[series.pk] = ", ".join([*genres, *networks, *filter(None, [series.get_status_display()])])
    return lines


def _episode_lines(records: Sequence[Any]) -> dict[int, str]:
    directors = defaultdict(list)
    credits = Credit.objects.visible().on_episodes(records, ["director"])
    for credit in credits:
        directors[credit.episode_id].append(credit.person.name)
    return {
        episode.pk: ", ".join(
            [
                *([short_date(episode.air_date)] if episode.air_date else []),
                *([f"directed by {' and '.join(_cut(directors[episode.pk], 2))}"] if directors[episode.pk] else []),
            ]
        )
        for episode in records
    }


def _person_lines(records: Sequence[Any]) -> dict[int, str] | None:
    """Roles by series; totals from the index of people with more than MAX_CREDITS, so that few credits are read."""
    engine, series_engine = PersonFacets({}).engine, SeriesFacets({}).engine
    if not engine.is_counted or not series_engine.is_counted:
        return None
    totals = engine.role_totals([person.pk for person in records])
    busy = [person for person in records if sum(role.total for role in totals[person.pk]) > MAX_CREDITS]
    others = [person for person in records if person not in busy]
    lines = _work_lines(
        (pk, series, f"{role} ({character})" if character else role)
        for pk, series, role, character in Credit.objects.visible().work_of(others)
    )
    summaries = credit_summaries({person.pk: totals[person.pk] for person in busy}) if busy else {}
    for person in busy:
        lines[person.pk] = f"{', '.join(summaries[person.pk])}; {series_engine.total(person=[person.slug]):,} series"
    return lines


def _character_lines(records: Sequence[Any]) -> dict[int, str]:
    performers = defaultdict(list)
    for character, person in Credit.objects.visible().performers_of(records):
        performers[character].append(person)
    return {pk: f"played by {', '.join(_cut(people, MAX_PERFORMERS))}" for pk, people in performers.items()}


def _newest_series(companies: Iterable[Any]) -> set[int] | None:
    """The keys of series, among them the newest of each company; None while the index is being read."""
    engine = SeriesFacets({"sort": "-premiered"}).engine
    slugs = [company.slug for company in companies]
    return engine.first_ids_by_value("company", slugs, MAX_SERIES + 1) if engine.is_counted else None


def company_lines(records: Iterable[Any]) -> defaultdict[int, str]:
    """What each company did: ``Soundtrack: Network``."""
    labels = dict(SeriesCompany.Part.choices)
    work = SeriesCompany.objects.visible().work_of(records, _newest_series(records))
    parts = [(pk, series, labels[part]) for pk, series, part in work]
    availability = Availability.objects.visible().work_of(records)
    return _work_lines([*parts, *((pk, series, "Available") for pk, series in availability)])


def _source_lines(records: Sequence[Any]) -> dict[int, str]:
    return {
        source.pk: ", ".join(
            filter(
                None,
                [
                    source.author and f"by {source.author}",
                    source.published and long_date(source.published),
                    source.get_kind_display().lower(),
                ],
            )
        )
        for source in records
    }


LINES_OF: dict[str, Callable[[Sequence[Any]], dict[int, str] | None]] = {
    "series": _series_lines,
    "episode": _episode_lines,
    "person": _person_lines,
    "character": _character_lines,
    "company": company_lines,
    "song": lambda records: {song.pk: song.note for song in records},
    "source": _source_lines,
}
