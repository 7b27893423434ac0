"""Rows of a segment that match a selection, and the seasons and series to which rows belong."""

from functools import cached_property

import numpy as np

from catalog.facets.index.sparse import indptr_of

FEW_PARENTS = 256  # as the sets of roles that rows have
LOOP_OWNERS_BELOW = 64  # the rows of so many owners are marked one owner at a time


class ParentIndex:
    """The season or the series of each row of a segment: ``positions`` among ``total`` parents.

    The levels of all facets share it, and with it what is computed from it.
    """

    def __init__(self, positions: np.ndarray, total: int) -> None:
        self.positions, self.total = positions.astype(np.int32), total

    @cached_property
    def _rows_by_parent(self) -> tuple[np.ndarray, np.ndarray]:
        """(the rows ordered by parent, where those of each parent begin)."""
        return np.argsort(self.positions, kind="stable").astype(np.int32), indptr_of(self.positions, self.total)

    @cached_property
    def representatives(self) -> np.ndarray:
        """A row of each parent, 0 for a parent without rows."""
        rows = np.zeros(self.total, np.int32)
        rows[self.positions] = np.arange(len(self.positions), dtype=np.int32)
        return rows

    def mask_of(self, parents: np.ndarray) -> np.ndarray:
        """Return a mask of the rows of ``parents``. Few parents in all have many rows each."""
        if len(parents) > LOOP_OWNERS_BELOW or self.total <= FEW_PARENTS:
            selected = np.zeros(self.total, bool)
            selected[parents] = True
            return selected.take(self.positions)
        mask = np.zeros(len(self.positions), bool)
        rows, indptr = self._rows_by_parent
        for parent in parents.tolist():
            mask[rows[indptr[parent] : indptr[parent + 1]]] = True
        return mask


class MatchingRows:
    """The rows of a segment that match a selection; what several facets need of them is computed once.

    ``selected`` are the row numbers, ascending; None means all ``total`` rows of the segment.
    """

    def __init__(self, selected: np.ndarray | None, total: int) -> None:
        self.selected, self.total = selected, total
        self._parents: dict[ParentIndex, tuple[np.ndarray, np.ndarray]] = {}
        self._owner_weights: dict[ParentIndex | None, np.ndarray] = {}

    def __len__(self) -> int:
        return self.total if self.selected is None else len(self.selected)

    @cached_property
    def numbers(self) -> np.ndarray:
        """The row numbers."""
        return np.arange(self.total) if self.selected is None else self.selected

    @cached_property
    def complement(self) -> "MatchingRows":
        """The rows that do not match."""
        mask = np.ones(self.total, bool)
        mask[self.selected] = False
        return MatchingRows(np.flatnonzero(mask), self.total)

    def parents(self, parent_index: ParentIndex) -> tuple[np.ndarray, np.ndarray]:
        """Return (the parents of the rows, how many of the rows each parent has)."""
        if parent_index not in self._parents:
            positions = parent_index.positions
            if self.selected is not None:
                positions = positions.take(self.selected)
            weights = np.bincount(positions, minlength=parent_index.total)
            parents = weights.nonzero()[0]
            self._parents[parent_index] = parents, weights.take(parents)
        return self._parents[parent_index]

    def owner_weights(self, parent_index: ParentIndex | None) -> np.ndarray | None:
        """Return how many matching rows each parent has, or 1 for each matching row itself; None if all rows match."""
        if parent_index is None and self.selected is None:
            return None
        if parent_index not in self._owner_weights:
            weights = np.zeros(self.total if parent_index is None else parent_index.total, np.int32)
            owners, counts = (self.selected, 1) if parent_index is None else self.parents(parent_index)
            weights[owners] = counts
            self._owner_weights[parent_index] = weights
        return self._owner_weights[parent_index]
