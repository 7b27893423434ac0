"""The people of rows by role: arrays for the facets of roles, any number of which may be selected together."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from catalog.facets.index.matching_rows import MatchingRows, ParentIndex
from catalog.facets.index.read_arrays import isin_sorted, sorted_unique
from catalog.facets.index.sparse import ValueCounts, indptr_of

Roles = tuple[int, ...]  # primary keys


@dataclass(frozen=True)
class CreditLevel:
    """The people credited on one level: of the rows themselves, of their seasons or of their series.

    Each value stands for a person in a role: it is the role's position in ``keys`` times ``span`` plus the person's
    ordinal. ``values``, ascending, and ``owners`` are pairs, each there once; those in the role ``keys[n]`` are at
    ``indptr[n]:indptr[n + 1]``. ``parent_index`` is None for the rows themselves.
    """

    parent_index: ParentIndex | None
    owner_count: int
    keys: np.ndarray
    span: int
    indptr: np.ndarray
    values: np.ndarray
    owners: np.ndarray

    @classmethod
    def of(
        cls,
        parent_index: ParentIndex | None,
        owner_count: int,
        keys: np.ndarray,
        owners: np.ndarray,
        values: np.ndarray,
        span: int,
    ) -> Self:
        """Build from unordered pairs of an owner and a value."""
        pairs = sorted_unique(values * max(owner_count, 1) + owners)
        values, owners = pairs // max(owner_count, 1), pairs % max(owner_count, 1)
        dtype = np.int32 if len(keys) * span < 2**31 else np.int64
        indptr = indptr_of(values // span, len(keys))
        return cls(parent_index, owner_count, keys, span, indptr, values.astype(dtype), owners.astype(np.int32))

    @cached_property
    def position_by_key(self) -> dict[int, int]:
        """The position of each role by its primary key."""
        return {key: position for position, key in enumerate(self.keys.tolist())}

    def rows_of(self, owners: np.ndarray, row_count: int) -> np.ndarray:
        """Return a mask of the rows of ``owners``."""
        if self.parent_index is not None:
            return self.parent_index.mask_of(owners)
        mask = np.zeros(row_count, bool)
        mask[owners] = True
        return mask

    def _slices(self, positions: list[int], ordinals: list[int]) -> np.ndarray:
        """Return (start, stop) of the pairs of these people in the roles at ``positions``, by role and person.

        Somebody who was added since has an ordinal past the span, and no pairs.
        """
        people = [ordinal for ordinal in ordinals if 0 <= ordinal < self.span]
        values = [[(position * self.span + n, position * self.span + n + 1) for n in people] for position in positions]
        return self.values.searchsorted(np.array(values, self.values.dtype).reshape(len(positions), len(people), 2))

    def owners_with(self, roles: Roles, ordinals: list[int]) -> np.ndarray:
        """Return the owners that have one of these people in one of ``roles``; some may be repeated."""
        positions = [self.position_by_key[role] for role in roles if role in self.position_by_key]
        limits = self._slices(positions, ordinals).reshape(-1, 2).tolist()
        parts = [self.owners[start:stop] for start, stop in limits if start < stop]
        return np.concatenate(parts) if parts else self.owners[:0]

    def roles_of(self, ordinals: list[int]) -> set[int]:
        """Return the primary keys of the roles that one of these people has anywhere."""
        limits = self._slices(list(range(len(self.keys))), ordinals)
        return set(self.keys[(limits[..., 0] < limits[..., 1]).any(axis=1)].tolist())

    def matching_pairs(self, roles: Roles, weights: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """Return (people, owners), each pair once, on owners that have a weight (None: on all)."""
        parts = []
        for position in (self.position_by_key[role] for role in roles if role in self.position_by_key):
            part = slice(self.indptr[position], self.indptr[position + 1])
            people, owners = self.values[part], self.owners[part]
            if weights is not None:
                matching = weights.take(owners).nonzero()[0]
                people, owners = people.take(matching), owners.take(matching)
            parts.append((people - position * self.span, owners))
        if len(parts) == 1:
            return parts[0]
        pairs = [people.astype(np.int64) * self.owner_count + owners for people, owners in parts]
        distinct = sorted_unique(np.concatenate([np.zeros(0, np.int64), *pairs]))
        return distinct // max(self.owner_count, 1), distinct % max(self.owner_count, 1)

    def without_pairs_of(
        self, parents: "CreditLevel", parent_pairs: np.ndarray, people: np.ndarray, owners: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the pairs of this level whose person the owner's parent, of the level ``parents``, does not have."""
        if parents.parent_index is None or not len(parent_pairs):
            return people, owners
        rows = owners if self.parent_index is None else self.parent_index.representatives.take(owners)
        parent_of_owner = parents.parent_index.positions.take(rows)
        mask = ~isin_sorted(people.astype(np.int64) * parents.owner_count + parent_of_owner, parent_pairs)
        return people[mask], owners[mask]


def count_people(levels: list[CreditLevel], roles: Roles, rows: MatchingRows, tally: ValueCounts) -> None:
    """Count on how many of ``rows`` people are credited in one of ``roles``, in ``tally``.

    ``levels`` begin with the series. In one role a person is on one level of a row; in several, who is credited on a
    higher level is left out below it.
    """
    higher: list[tuple[CreditLevel, np.ndarray]] = []
    for level in levels:
        weights = rows.owner_weights(level.parent_index)
        people, owners = level.matching_pairs(roles, weights)
        if len(roles) > 1:
            for parents, parent_pairs in higher:
                people, owners = level.without_pairs_of(parents, parent_pairs, people, owners)
            higher.append((level, people.astype(np.int64) * level.owner_count + owners))
        tally.add(people, None if weights is None or level.parent_index is None else weights.take(owners))


def role_sets(levels: list[CreditLevel], visible: np.ndarray, row_count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return (number of the set of roles that each row has, matrix by set and position of a role: is it in the set).

    Only people who are ``visible``, by ordinal, count. A catalogue has few such sets.
    """
    keys = levels[0].keys if levels else np.zeros(0, np.int64)
    words = np.zeros((len(keys) // 32 + 1, row_count), np.int64)  # a bit for each role
    for position, key in enumerate(keys.tolist()):
        for level in levels:
            people, owners = level.matching_pairs((key,), None)
            words[position // 32][level.rows_of(owners[visible[people]], row_count)] |= 1 << position % 32
    numbers = np.zeros(row_count, np.int64)
    for word in words:
        distinct = sorted_unique(word)
        numbers = numbers * len(distinct) + np.searchsorted(distinct, word)
        numbers = np.searchsorted(sorted_unique(numbers), numbers)
    row_of_set = np.zeros(int(numbers.max(initial=-1)) + 1, np.int64)
    row_of_set[numbers] = np.arange(row_count)
    positions = np.arange(len(keys))
    return numbers, (words[positions // 32][:, row_of_set].T >> (positions % 32)) & 1 == 1
