"""Sparse matrices of owners and values, and counting the values of some owners."""

from dataclasses import dataclass

import numpy as np

from catalog.facets.index.read_arrays import run_starts, sorted_unique

SMALL_TALLY_DIVISOR = 8  # fewer values than one in so many are counted by sorting, without an array of all values


@dataclass(frozen=True, slots=True)
class SparsePairs:
    """Pairs of an owner (a row, a season, a series) and a value, as a CSR matrix and its transpose.

    The values of owner i are ``indices[indptr[i]:indptr[i + 1]]``; the owners of value v are
    ``t_indices[t_indptr[v]:t_indptr[v + 1]]``.
    """

    indptr: np.ndarray
    indices: np.ndarray
    t_indptr: np.ndarray
    t_indices: np.ndarray

    @classmethod
    def of(cls, owners: np.ndarray, values: np.ndarray, owner_count: int) -> "SparsePairs":
        """Build from unordered pairs; repeated pairs count once."""
        span = int(values.max(initial=-1)) + 1
        if len(owners):
            keys = sorted_unique(owners.astype(np.int64) * span + values)
            owners, values = keys // span, keys % span
        owners_by_value = np.sort(values.astype(np.int64) * owner_count + owners) % max(owner_count, 1)
        return cls(
            indptr=indptr_of(owners, owner_count),
            indices=values.astype(np.int32),
            t_indptr=indptr_of(values, span),
            t_indices=owners_by_value.astype(np.int32),
        )

    def owners_of(self, values: list[int]) -> np.ndarray:
        """Return the owners that have one of a few ``values``; an owner of several is repeated."""
        existing = [value for value in values if value + 1 < len(self.t_indptr)]
        parts = [self.t_indices[self.t_indptr[value] : self.t_indptr[value + 1]] for value in existing]
        return np.concatenate(parts) if parts else self.t_indices[:0]

    def add_to_tally(self, owners: np.ndarray, weights: np.ndarray | None, tally: "ValueCounts") -> None:
        """Count the values of ``owners`` in ``tally``, each as often as its owner's weight (None: once)."""
        if not len(self.indices) or not len(owners):
            return
        positions, lengths = positions_of(self.indptr, owners)
        values = self.indices if len(positions) == len(self.indices) else self.indices.take(positions)
        tally.add(values, None if weights is None else weights.repeat(lengths))


def indptr_of(owners: np.ndarray, owner_count: int) -> np.ndarray:
    """Return where the entries of each owner begin once they are sorted by owner, and where the last ones end."""
    indptr = np.zeros(owner_count + 1, np.int64)
    np.cumsum(np.bincount(owners, minlength=owner_count), out=indptr[1:])
    return indptr


def positions_of(indptr: np.ndarray, owners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return (the positions of all entries of ``owners``, how many each of them has)."""
    starts = indptr.take(owners)
    lengths = indptr.take(owners + 1) - starts
    ends = lengths.cumsum()
    positions = (starts - ends + lengths).repeat(lengths)
    positions += np.arange(len(positions))
    return positions, lengths


class ValueCounts:
    """Counts how often each of ``size`` values occurs."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._parts: list[tuple[np.ndarray, np.ndarray | None]] = []
        self._totals: list[np.ndarray] = []

    def add(self, values: np.ndarray, weights: np.ndarray | None = None) -> None:
        """Count each of ``values`` once, or as often as its weight says."""
        if len(values):
            self._parts.append((values, weights))

    def add_totals(self, counts: np.ndarray) -> None:
        """Add ``counts[i]`` to the count of value i."""
        self._totals.append(counts)

    def result(self) -> tuple[np.ndarray, np.ndarray]:
        """Return (values, counts) of the values that occur, ascending by value."""
        added = sum(len(values) for values, _ in self._parts)
        if not added and not self._totals:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        if added * SMALL_TALLY_DIVISOR < self.size and not self._totals:
            values = np.concatenate([values for values, _ in self._parts])
            weights = np.concatenate([np.ones(len(v), np.int64) if w is None else w for v, w in self._parts])
            order = values.argsort()
            values = values.take(order)
            starts = run_starts(values)
            return values.take(starts), np.add.reduceat(weights.take(order), starts)
        counts = self.dense()
        occurring = np.flatnonzero(counts != 0)  # of numbers it takes four times as long as of a mask
        return occurring, counts[occurring]

    def dense(self) -> np.ndarray:
        """Return the counts of all values."""
        counts = np.zeros(self.size, np.int64)
        # Parts are joined first, as each bincount goes through all values: eight small segments took longer than the
        # base.
        if unweighted := [values for values, weights in self._parts if weights is None]:
            counts += np.bincount(_joined(unweighted), minlength=self.size)
        if weighted := [(values, weights) for values, weights in self._parts if weights is not None]:
            values, weights = (_joined(arrays) for arrays in zip(*weighted, strict=True))
            counts += np.bincount(values, weights=weights, minlength=self.size).astype(np.int64)
        for totals in self._totals:
            counts[: len(totals)] += totals
        return counts


def _joined(arrays) -> np.ndarray:
    return np.concatenate(arrays) if len(arrays) > 1 else arrays[0]


def most_frequent(values: np.ndarray, counts: np.ndarray, rank: np.ndarray, limit: int | None) -> np.ndarray:
    """Return the positions in ``values`` of the ``limit`` highest counts (None: of all), in order.

    Equal counts are ordered by ``rank``, which is indexed by value.
    """
    if limit is not None and len(values) > 4 * limit:
        # Only values that can be among the first are sorted: all above the count of the last, and of those that
        # equal it the ones of the lowest rank.
        last_count = _nth_highest(counts, limit)
        higher = np.flatnonzero(counts > last_count)
        equal = np.flatnonzero(counts == last_count)
        missing = limit - len(higher)
        if len(equal) > missing:
            equal = equal[rank.take(values.take(equal)).argpartition(missing - 1)[:missing]]
        candidates = np.concatenate([higher, equal])
    else:
        candidates = np.arange(len(values))
    return candidates[np.lexsort((rank[values[candidates]], -counts[candidates]))][:limit]


def _nth_highest(counts: np.ndarray, n: int) -> int:
    """Return the n-th highest count, from a histogram of the counts while that is short."""
    if counts.max() < len(counts):
        histogram = np.bincount(counts)
        return len(histogram) - 1 - int(np.searchsorted(histogram[::-1].cumsum(), n))
    return np.partition(counts, len(counts) - n)[len(counts) - n]
