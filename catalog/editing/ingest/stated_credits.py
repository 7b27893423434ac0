"""The credits that sources state, in the roles of the vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from catalog.editing.ingest.stated_people import Statement
from catalog.editing.role_matching import RoleLookup
from catalog.models import Role
from catalog.models.credit import CAST_DEPARTMENT
from catalog.sources.claims import CreditClaim
from catalog.sources.person_names import is_person_name
from catalog.sources.series_claims import PersonClaim, PlacedEpisode, SeriesClaims

MAX_NAMES_IN_SENTENCE = 3


@dataclass(frozen=True)
class StatedCredit:
    """A credit in a role of the vocabulary, and the person as the source names them."""

    claim: CreditClaim
    role: Role
    person: PersonClaim


class StatedCredits:
    """The credits of all sources: of the series, of seasons by number, and of episodes.

    Those in roles that the vocabulary lacks are ``unmapped``, each role with the number of its credits.
    """

    def __init__(self, sources: Sequence[SeriesClaims], roles: RoleLookup) -> None:
        self._roles, self._sources = roles, sources
        self._names: dict[tuple[int, str], list[str]] = {}  # of people in roles that the vocabulary lacks
        self._sentences: dict[tuple[int, str], None] = {}
        self._series: dict[int, list[StatedCredit]] = {}
        self._seasons: dict[tuple[int, int], list[StatedCredit]] = {}
        self._episodes: dict[int, list[StatedCredit]] = {}  # by the identity of the claim
        for source, claims in enumerate(sources):
            self._series[source] = list(self._map(source, ((item.claim, item.person) for item in claims.credits)))
            for season in claims.seasons:
                on_season = ((item.claim, item.person) for item in season.credits)
                self._seasons[source, season.number] = list(self._map(source, on_season))
            for placed in claims.episodes:
                credits = zip(placed.claim.credits, _people_of(placed), strict=True)
                on_episode = ((replace(claim, for_some_episodes=False), person) for claim, person in credits)
                self._episodes[id(placed)] = list(self._map(source, on_episode))

    def of_series(self, source: int) -> list[StatedCredit]:
        """The credits on the series."""
        return self._series[source]

    def of_season(self, source: int, number: int) -> list[StatedCredit]:
        """The credits on a season."""
        return self._seasons.get((source, number), [])

    def of_episode(self, placed: PlacedEpisode) -> list[StatedCredit]:
        """The credits on an episode."""
        return self._episodes[id(placed)]

    def people(self, episodes: Iterable[PlacedEpisode]) -> Iterator[Statement]:
        """Everybody with a credit on the series, a season or one of ``episodes``."""
        matched = {id(placed) for placed in episodes}
        for source, claims in enumerate(self._sources):
            yield from ((source, credit.person) for credit in self._series[source])
            for season in claims.seasons:
                yield from ((source, credit.person) for credit in self._seasons[source, season.number])
            for placed in claims.episodes:
                if id(placed) in matched:
                    yield from ((source, credit.person) for credit in self._episodes[id(placed)])

    @property
    def unmapped(self) -> Iterator[tuple[int, str]]:
        """(source, sentence) for each role that the vocabulary lacks, and for what is no name."""
        yield from self._sentences
        for (source, word), names in self._names.items():
            first = list(dict.fromkeys(names))
            label = ", ".join(first[:MAX_NAMES_IN_SENTENCE]) + (" …" if len(first) > MAX_NAMES_IN_SENTENCE else "")
            count = f"{len(names)} credit{'' if len(names) == 1 else 's'}"
            yield source, f"“{word[:100]}” is no role of the vocabulary: {count} ({label})."

    def _map(self, source: int, credits: Iterable[tuple[CreditClaim, PersonClaim]]) -> Iterator[StatedCredit]:
        for claim, person in credits:
            match = self._roles.find(claim.role)
            if match is None:
                self._names.setdefault((source, claim.role), []).append(person.name)
            elif not is_person_name(person.name):
                self._sentences[source, f"“{person.name[:60]}” ({match[0]}) is not a name."] = None
            else:
                role, kind = match
                is_cast = role.department.slug == CAST_DEPARTMENT
                mapped = replace(claim, role=role.slug, kind=(claim.kind or kind) if is_cast else "")
                yield StatedCredit(mapped, role, person)


def _people_of(placed: PlacedEpisode) -> list[PersonClaim]:
    """The people of an episode's credits; where a reader gives none, by their names."""
    people = placed.people
    return people if len(people) == len(placed.claim.credits) else [PersonClaim(c.name) for c in placed.claim.credits]
