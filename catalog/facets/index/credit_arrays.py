"""Credits as arrays, and the levels that they form for the facets of episodes."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from django.db.models import QuerySet

from catalog.facets.index.credit_levels import CreditLevel
from catalog.facets.index.matching_rows import ParentIndex
from catalog.facets.index.read_arrays import Lookup, isin_sorted, read_chunked, read_few, run_starts, sorted_unique
from catalog.facets.index.segment import RoleLevel, ValueLevel
from catalog.facets.index.sparse import SparsePairs, indptr_of
from catalog.models import Episode, Role, Season, Series
from catalog.models.credit import MAX_ROLE_CHARACTERS

QUERY_BY_KEY_BELOW = 500  # the parents of up to so many records are queried by key; for more all are read

OwnerValues = tuple[np.ndarray, np.ndarray]  # an owner's position and a value's ordinal for each pair


@dataclass(frozen=True)
class CreditArrays:
    """Primary keys by credit: person, role, and one of series, season and episode (the other two are 0)."""

    person: np.ndarray
    role: np.ndarray
    series: np.ndarray
    season: np.ndarray
    episode: np.ndarray

    @classmethod
    def read(cls, queryset: QuerySet, reader=read_chunked) -> Self:
        """Read all of ``queryset``; ``reader`` is read_few for a few rows."""
        return cls(*reader(queryset, *cls.__dataclass_fields__))

    @classmethod
    def read_on(cls, queryset: QuerySet, **subjects) -> Self:
        """Read the credits of ``queryset`` on a few subjects: primary keys by field, such as ``season=[1, 2]``."""
        parts = [cls.read(queryset.filter(**{f"{name}__in": list(keys)}), read_few) for name, keys in subjects.items()]
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__dataclass_fields__))

    def masked(self, mask: np.ndarray) -> Self:
        """Return the credits selected by ``mask``."""
        return type(self)(*(getattr(self, name)[mask] for name in self.__dataclass_fields__))

    def mask_for(self, facet) -> np.ndarray:
        """Return a mask of the credits with the roles that ``facet`` (CreditFacet) counts."""
        return np.isin(self.role, np.array(facet.counted_roles(), np.int64))

    def values_by_role(self, vocabulary) -> tuple[np.ndarray, np.ndarray]:
        """Return (primary keys of the roles, a value of each credit as ``CreditLevel.of`` has them).

        It is negative where the person is not in ``vocabulary``.
        """
        keys, people = sorted_unique(self.role), vocabulary.ordinals(self.person)
        positions = np.searchsorted(keys, self.role)
        return keys, np.where(people >= 0, positions * (len(vocabulary) + 1) + people, -1)

    def roles_in_order(self) -> tuple[np.ndarray, list[str]]:
        """Return (the position of each credit's role in the industry's order, the names of all roles in that order)."""
        roles = list(Role.objects.values_list("pk", "name"))
        positions = Lookup(np.array([pk for pk, _ in roles], np.int64)).positions(self.role)
        return positions, [name for _, name in roles]

    def series_ids(self) -> np.ndarray:
        """Return the series that each credit belongs to, on whichever level it is; 0 where visitors cannot see it."""
        on_episode, on_season = self.episode > 0, self.season > 0
        seasons = _parent_ids(Episode, "season", self.episode[on_episode])
        series_of_seasons = _parent_ids(Season, "series", self.season[on_season])
        series_of_episodes = _parent_ids(Season, "series", seasons)
        series = _parent_ids(Series, "pk", self.series)
        series[on_episode] = series_of_episodes
        series[on_season] = series_of_seasons
        return series


@dataclass(frozen=True)
class PlayedCreditArrays(CreditArrays):
    """With the primary key of the character, 0 for none."""

    character: np.ndarray

    def role_totals(self, owners: np.ndarray, owner_count: int) -> dict[str, np.ndarray]:
        """Return how many credits each owner (negative: none) has in each role, and the characters of most of them.

        Those of owner i are ``indptr[i]:indptr[i + 1]`` of ``role``, ``total`` and one array for each character (0 for
        none), as ``CreditQuerySet.role_totals`` has them.
        """
        credits = np.flatnonzero(owners >= 0)
        span = int(self.role.max(initial=0)) + 1
        keys = owners[credits].astype(np.int64) * span + self.role[credits]
        ordered = np.sort(keys)
        starts = run_starts(ordered)
        pairs = ordered[starts]
        is_played = self.character[credits] > 0
        pair_of = np.searchsorted(pairs, keys[is_played])
        characters = _first_characters(pair_of, self.character[credits][is_played], len(pairs))
        return {
            "indptr": indptr_of(pairs // span, owner_count),
            "role": (pairs % span).astype(np.int32),
            "total": np.diff(starts, append=len(ordered)).astype(np.int32),
            **{f"character_{number}": column for number, column in enumerate(characters)},
        }


def _first_characters(pairs: np.ndarray, characters: np.ndarray, pair_count: int) -> list[np.ndarray]:
    """Return for each pair the character of most of its credits, the second one, and so on."""
    order = np.lexsort((characters, pairs))
    pairs, characters = pairs[order], characters[order]
    starts = np.union1d(run_starts(pairs), run_starts(characters))
    totals = np.diff(starts, append=len(pairs))
    pairs, characters = pairs[starts], characters[starts]
    order = np.lexsort((characters, -totals, pairs))
    pairs, characters = pairs[order], characters[order]
    starts = run_starts(pairs)
    number = np.arange(len(pairs)) - starts.repeat(np.diff(starts, append=len(pairs)))
    columns = []
    for position in range(MAX_ROLE_CHARACTERS):
        column = np.zeros(pair_count, np.int32)
        column[pairs[number == position]] = characters[number == position]
        columns.append(column)
    return columns


def _parent_ids(model, field: str, keys: np.ndarray) -> np.ndarray:
    """Return ``field`` of the records with these primary keys; 0 for those that visitors cannot see."""
    distinct_keys = sorted_unique(keys)
    visible = model.objects.published()
    if len(distinct_keys) <= QUERY_BY_KEY_BELOW:
        pks, parents = read_few(visible.filter(pk__in=distinct_keys.tolist()), "pk", field)
    else:
        pks, parents = read_chunked(visible, "pk", field)
    positions = Lookup(pks).positions(keys)
    return np.where(positions >= 0, parents[positions], 0) if len(pks) else np.zeros(len(keys), np.int64)


class EpisodePlacement:
    """The season and the series of each episode in a segment, as positions among the distinct ones.

    ``is_complete``: the segment is the whole list.
    """

    def __init__(self, pks: np.ndarray, season_ids: np.ndarray, series_ids: np.ndarray, is_complete: bool) -> None:
        self.is_complete = is_complete
        self.rows = Lookup(pks)
        self.seasons, self.series = Lookup(sorted_unique(season_ids)), Lookup(sorted_unique(series_ids))
        self.season_of, self.series_of = self.seasons.positions(season_ids), self.series.positions(series_ids)
        self.in_season = ParentIndex(self.season_of, len(self.seasons.keys))
        self.in_series = ParentIndex(self.series_of, len(self.series.keys))
        self.series_of_season = np.zeros(len(self.seasons.keys), np.int64)
        self.series_of_season[self.season_of] = self.series_of

    def _pairs_by_level(self, credits: CreditArrays, values: np.ndarray, span: int) -> list[OwnerValues]:
        """Return the pairs of a subject and a value, below ``span``, on the series, the seasons, the episodes.

        What is on several of them is held on the highest, so that nothing is counted twice.
        """
        on_series = _on_this_level(self.series, credits.series, values)
        on_season = _on_this_level(self.seasons, credits.season, values)
        on_season = _subtract_pairs(on_season, self.series_of_season, on_series, span)
        on_episode = _on_this_level(self.rows, credits.episode, values)
        on_episode = _subtract_pairs(on_episode, self.series_of, on_series, span)
        return [on_series, on_season, _subtract_pairs(on_episode, self.season_of, on_season, span)]

    def levels(self, credits: CreditArrays, vocabulary) -> list[ValueLevel]:
        """Return the levels of people credited on the episode itself, its season, its series."""
        people = vocabulary.ordinals(credits.person)
        on_series, on_season, on_episode = self._pairs_by_level(credits, people, len(vocabulary) + 1)
        levels = [
            ValueLevel(None, SparsePairs.of(*on_episode, len(self.rows.keys))),
            ValueLevel(self.in_season, SparsePairs.of(*on_season, len(self.seasons.keys))),
            ValueLevel(self.in_series, SparsePairs.of(*on_series, len(self.series.keys))),
        ]
        return [level for level in levels if len(level.pairs.indices)]

    def credit_levels(self, credits: CreditArrays, vocabulary) -> list[CreditLevel]:
        """Return the people by role, on the series, the seasons and the episodes."""
        keys, values = credits.values_by_role(vocabulary)
        span = len(vocabulary) + 1
        pairs = self._pairs_by_level(credits, values, len(keys) * span)
        owners = ((self.in_series, self.series), (self.in_season, self.seasons), (None, self.rows))
        return [
            CreditLevel.of(parent_index, len(lookup.keys), keys, *level_pairs, span)
            for (parent_index, lookup), level_pairs in zip(owners, pairs, strict=True)
            if len(level_pairs[0]) or parent_index is None
        ]

    def role_levels(self, credits: CreditArrays, vocabulary) -> list[RoleLevel]:
        """Return the roles of people by the level that credits are on; somebody may be on several."""
        people = vocabulary.ordinals(credits.person)
        roles, names = credits.roles_in_order()
        subjects = [
            (None, self.rows.positions(credits.episode)),
            (self.in_season, self.seasons.positions(credits.season)),
            (self.in_series, self.series.positions(credits.series)),
        ]
        return [RoleLevel.of(parent_index, owners, people, roles, names) for parent_index, owners in subjects]


def _on_this_level(lookup: Lookup, subject_ids: np.ndarray, people: np.ndarray) -> OwnerValues:
    """Return (subject's position, person's ordinal) for the credits on this level, on subjects in ``lookup``."""
    is_on_level = subject_ids > 0
    owners, people = lookup.positions(subject_ids[is_on_level]), people[is_on_level]
    mask = (owners >= 0) & (people >= 0)
    return owners[mask], people[mask]


def _subtract_pairs(pairs: OwnerValues, parents: np.ndarray, parent_pairs: OwnerValues, span: int) -> OwnerValues:
    """Return ``pairs`` without those whose value the owner's parent has already; values are below ``span``."""
    owners, values = pairs
    if not len(owners) or not len(parent_pairs[0]):
        return pairs
    mask = ~isin_sorted(parents[owners] * span + values, parent_pairs[0] * span + parent_pairs[1])
    return owners[mask], values[mask]
