"""A part of a list: its rows in the list's order, and which values each row has."""

from dataclasses import dataclass, field

import numpy as np

from catalog.facets.index.pairs import Pairs, Tally


@dataclass(frozen=True)
class Level:
    """Pairs that hold for owners of rows: ``owner`` gives the owner of each row (None: the rows themselves)."""

    owner: np.ndarray | None
    pairs: Pairs

    def rows_with(self, ordinals, total):
        """A mask of the rows that have one of ``ordinals``."""
        mask = np.zeros(total, bool)
        found = self.pairs.owners_of(ordinals)
        if self.owner is None:
            mask[found] = True
            return mask
        owners = np.zeros(len(self.pairs.starts) - 1, bool)
        owners[found] = True
        return owners[self.owner]

    def count(self, rows, tally):
        """Put the values of ``rows`` (ascending; None: all) into ``tally``."""
        total = len(self.pairs.starts) - 1
        if self.owner is None:
            self.pairs.gathered(np.arange(total) if rows is None else rows, None, tally)
            return
        weights = np.bincount(self.owner if rows is None else self.owner[rows], minlength=total)
        owners = np.flatnonzero(weights)
        self.pairs.gathered(owners, weights[owners], tally)


@dataclass(frozen=True)
class Segment:
    """Rows with their values. A facet is a column (one value a row, -1 for none) or levels of pairs.

    ``owners`` are the primary keys that rows belong to, by kind, to find what a change touches. ``ranks`` are the
    places of the rows in the orders of the list; a small segment has none, its few rows are ordered by the database.
    """

    pks: np.ndarray
    columns: dict = field(default_factory=dict)
    levels: dict = field(default_factory=dict)
    owners: dict = field(default_factory=dict)
    ranks: dict = field(default_factory=dict)
    totals: dict = field(default_factory=dict)  # counts of all rows by facet, kept once they were asked for

    def __len__(self):
        return len(self.pks)

    def rows_with(self, facet, ordinals):
        """A mask of the rows that have one of the values ``ordinals`` of ``facet``."""
        if facet in self.columns:
            mask = np.zeros(len(self), bool)
            for ordinal in ordinals:
                mask |= self.columns[facet] == ordinal
            return mask
        mask = np.zeros(len(self), bool)
        for level in self.levels[facet]:
            mask |= level.rows_with(ordinals, len(self))
        return mask

    def count(self, facet, rows, tally):
        """Put the values that ``rows`` (ascending; None: all) have of ``facet`` into ``tally``.

        Of more than half the rows it is quicker to count the others and take them off the totals.
        """
        if rows is not None and 2 * len(rows) <= len(self):
            self._count(facet, rows, tally)
            return
        totals = self.totals.get(facet)
        if totals is None:
            whole = Tally(tally.size)
            self._count(facet, None, whole)
            totals = self.totals[facet] = whole.dense().astype(np.int32)
        tally.add_totals(totals)
        if rows is not None and len(rows) < len(self):
            others = np.ones(len(self), bool)
            others[rows] = False
            off = Tally(tally.size)
            self._count(facet, np.flatnonzero(others), off)
            tally.add_totals(-off.dense())

    def _count(self, facet, rows, tally):
        if facet in self.columns:
            column = self.columns[facet] if rows is None else self.columns[facet][rows]
            tally.add(column[column >= 0])
            return
        for level in self.levels[facet]:
            level.count(rows, tally)

    def rows_of(self, pks):
        """A mask of the rows with one of these primary keys."""
        return np.isin(self.pks, np.asarray(pks, np.int64))
