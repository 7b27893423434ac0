"""What two people both worked on: of each series their roles, the episodes that they share, and who followed whom."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from catalog.models import Credit, Person, Role, Series
from catalog.models.shared_work import (
    SharedEpisode,
    credits_above_episodes,
    credits_on_episodes,
    role_counts,
    shared_episodes,
)
from catalog.views.presenters.credits import character_link, credit_remarks
from catalog.views.presenters.humanize import plural
from catalog.views.presenters.person_work import MAX_CREDITS, rows_per_group
from catalog.views.presenters.role_turns import turns_by_series

MAX_CREDITS_ABOVE = 12  # of one person on a series and its seasons

CreditText = tuple[Credit, Markup]


@dataclass
class PersonRoles:
    """One person's roles on a series: credits on it and its seasons, and the roles of credits on its episodes."""

    person: Person
    above: list[CreditText] = field(default_factory=list)
    above_total: int = 0
    on_episodes: list[tuple[Role, int]] = field(default_factory=list)  # with the number of episodes

    def inherited(self, season_number: int) -> list[str]:
        """What the credits above the episodes say of an episode of this season, at most once each."""
        credits = [credit for credit, _ in self.above if credit.applies_to_episodes]
        applying = [credit for credit in credits if not credit.season or credit.season.number == season_number]
        return list(dict.fromkeys(part_text(credit) for credit in applying)) or ["Whole season"]


@dataclass(frozen=True)
class EpisodeRow:
    """A shared episode, and for each person the credits on it or, without one, the inherited roles."""

    episode: SharedEpisode
    cells: list[tuple[Person, list[CreditText], list[str]]]


@dataclass(frozen=True)
class PairWork:
    """A series on which both people worked; ``total`` is how many episodes they share, ``rows`` are the first."""

    series: Series
    total: int
    roles: list[PersonRoles]
    rows: list[EpisodeRow]
    turns: list[tuple[str, str]]  # (role or character, who held it on which episodes, in order)

    @property
    def credits(self) -> list[Credit]:
        """The credits listed."""
        above = [credit for roles in self.roles for credit, _ in roles.above]
        return above + [credit for row in self.rows for _, credits, _ in row.cells for credit, _ in credits]


@dataclass(frozen=True)
class PairTotals:
    """How many series both worked on, how many episodes they share, and in how many of the series these are."""

    series: int
    episodes: int
    series_with_episodes: int

    @property
    def sentence(self) -> str:
        """The figures in words."""
        if not self.series:
            return "No series is recorded that both worked on."
        series = plural(self.series, "series", "series")
        if not self.episodes:
            return f"No shared episode is recorded. Both have credits in {series}."
        episodes = plural(self.episodes, "shared episode", "shared episodes")
        without = self.series - self.series_with_episodes
        more = f" Both also have credits in {without:,} other series, where none is recorded." if without else ""
        return f"{episodes} in {plural(self.series_with_episodes, 'series', 'series')}.{more}"


def part_text(credit: Credit) -> str:
    """The character, else the role."""
    return character_link(credit.character) if credit.character_id else credit.role.name


def pair_work(people: Sequence[Person], series: Sequence[Series], roles: dict[int, Role]) -> list[PairWork]:
    """What ``people``, two, did on each of ``series``, by a fixed number of queries; ``roles`` are all, by key."""
    keys, person_by_key = [item.pk for item in series], {person.pk: person for person in people}
    roles_by_series = person_roles(person_by_key, keys, roles)
    episodes = first_episodes(shared_episodes(person_by_key, keys, MAX_CREDITS))
    credits = direct_credits(person_by_key, [episode.pk for group in episodes.values() for episode in group], roles)
    turns = turns_by_series(person_by_key, keys, roles)
    return [
        PairWork(
            item,
            episodes[item.pk][0].total if episodes[item.pk] else 0,
            roles_by_series[item.pk],
            [episode_row(episode, roles_by_series[item.pk], credits) for episode in episodes[item.pk]],
            turns[item.pk],
        )
        for item in series
    ]


def person_roles(people: dict[int, Person], series: list[int], roles: dict[int, Role]) -> dict[int, list[PersonRoles]]:
    """The roles of each person, by series key."""
    work_by_key = {(key, pk): PersonRoles(person) for key in series for pk, person in people.items()}
    for credit in with_known_parts(credits_above_episodes(people, series, MAX_CREDITS_ABOVE), people, roles):
        remarks = credit_remarks(credit, with_role=not credit.character_id)
        season = [credit.season.name.lower()] if credit.season else []
        work = work_by_key[credit.series_key, credit.person_id]
        work.above.append((credit, Markup(", ").join([*remarks[:1], *season, *remarks[1:]])))
        work.above_total = credit.total
    counts = role_counts(people, series)
    positions = {pk: position for position, pk in enumerate(roles)}
    for key, person, role, total in sorted(counts, key=lambda row: positions[row[2]]):
        work_by_key[key, person].on_episodes.append((roles[role], total))
    return {key: [work_by_key[key, pk] for pk in people] for key in series}


def with_known_parts(credits: Iterable[Any], people: dict[int, Person], roles: dict[int, Role]) -> list[Any]:
    """Credits with their person and role, which need no query."""
    credits = list(credits)
    for credit in credits:
        credit.person, credit.role = people[credit.person_id], roles[credit.role_id]
    return credits


def first_episodes(episodes: list[SharedEpisode]) -> defaultdict[int, list[SharedEpisode]]:
    """The episodes for which the page has room, by series key."""
    by_series = defaultdict(list)
    for episode in episodes:
        by_series[episode.series_id].append(episode)
    limit = rows_per_group(len(group) for group in by_series.values())
    return defaultdict(list, {key: group[:limit] for key, group in by_series.items()})


def direct_credits(people: dict[int, Person], episodes: list[int], roles: dict[int, Role]) -> defaultdict:
    """{(episode key, person's key): credits with their texts} of the credits on these episodes."""
    direct = defaultdict(list)
    for credit in with_known_parts(credits_on_episodes(people, episodes), people, roles):
        text = Markup(", ").join(credit_remarks(credit, with_role=not credit.character_id))
        direct[credit.episode_id, credit.person_id].append((credit, text))
    return direct


def episode_row(episode: SharedEpisode, roles: list[PersonRoles], direct: defaultdict) -> EpisodeRow:
    """The row of a shared episode; ``direct`` are the credits of ``direct_credits``."""
    cells = []
    for work in roles:
        credits = direct[episode.pk, work.person.pk]
        cells.append((work.person, credits, [] if credits else work.inherited(episode.season_number)))
    return EpisodeRow(episode, cells)
