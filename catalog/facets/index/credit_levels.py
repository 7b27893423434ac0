"""The people of rows by role: arrays for the facets of roles, any number of which may be selected together."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np

from catalog.facets.index.matching_rows import MatchingRows, ParentIndex
from catalog.facets.index.read_arrays import isin_sorted, sorted_unique
from catalog.facets.index.sparse import ValueCounts, indptr_of

Roles = tuple[int, ...]  # primary keys


@dataclass(frozen=True)
class CreditLevel:
    """The people credited on one level: of the rows themselves, of their seasons or of their series.

    Those in the role ``keys[n]`` are ``people[indptr[n]:indptr[n + 1]]``, ascending, on ``owners``; each pair is there
    once in a role. ``parent_index`` is None for the rows themselves.
    """

    parent_index: ParentIndex | None
    owner_count: int
    keys: np.ndarray
    indptr: np.ndarray
    people: np.ndarray
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
        """Build from pairs of an owner and a value, which is the position of a role times ``span`` plus a person."""
        pairs = sorted_unique(values * max(owner_count, 1) + owners)
        values, owners = pairs // max(owner_count, 1), pairs % max(owner_count, 1)
        indptr = indptr_of(values // span, len(keys))
        return cls(parent_index, owner_count, keys, indptr, (values % span).astype(np.int32), owners.astype(np.int32))

    def slices(self, roles: Roles) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield (people, owners) in each of ``roles``."""
        for position in np.flatnonzero(np.isin(self.keys, roles)).tolist():
            part = slice(self.indptr[position], self.indptr[position + 1])
            yield self.people[part], self.owners[part]

    def rows_of(self, owners: np.ndarray, row_count: int) -> np.ndarray:
        """Return a mask of the rows of ``owners``."""
        if self.parent_index is not None:
            return self.parent_index.mask_of(owners)
        mask = np.zeros(row_count, bool)
        mask[owners] = True
        return mask

    def rows_with(self, roles: Roles, ordinals: list[int], row_count: int) -> np.ndarray:
        """Return a mask of the rows with one of these people in one of ``roles``."""
        parts = [self.owners[:0]]
        limits = np.array([(ordinal, ordinal + 1) for ordinal in ordinals], self.people.dtype)
        for people, owners in self.slices(roles):
            parts += [owners[first:last] for first, last in np.searchsorted(people, limits).tolist()]
        return self.rows_of(np.concatenate(parts), row_count)

    def matching_pairs(self, roles: Roles, weights: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """Return (people, owners), each pair once, on owners that have a weight (None: on all)."""
        parts = []
        for people, owners in self.slices(roles):
            if weights is not None:
                matching = weights.take(owners).nonzero()[0]
                people, owners = people.take(matching), owners.take(matching)
            parts.append((people, owners))
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
            for people, owners in level.slices((key,)):
                mask = level.rows_of(owners[visible[people]], row_count)
                words[position // 32][mask] |= 1 << position % 32
    numbers = np.zeros(row_count, np.int64)
    for word in words:
        distinct = sorted_unique(word)
        numbers = numbers * len(distinct) + np.searchsorted(distinct, word)
        numbers = np.searchsorted(sorted_unique(numbers), numbers)
    row_of_set = np.zeros(int(numbers.max(initial=-1)) + 1, np.int64)
    row_of_set[numbers] = np.arange(row_count)
    positions = np.arange(len(keys))
    return numbers, (words[positions // 32][:, row_of_set].T >> (positions % 32)) & 1 == 1
