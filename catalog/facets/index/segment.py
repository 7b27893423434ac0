"""A part of a list: its rows in the list's order, and which values each row has."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from catalog.facets.index.pairs import Pairs, Tally


class Rows:
    """Matching rows of a segment of ``total`` (ascending; None: all), and what every facet asks of them, found once."""

    def __init__(self, found, total):
        self.found, self.total = found, total
        self._owners = {}

    def __len__(self):
        return self.total if self.found is None else len(self.found)

    @cached_property
    def others(self):
        """The rows that are not among them."""
        mask = np.ones(self.total, bool)
        mask[self.found] = False
        return Rows(np.flatnonzero(mask), self.total)

    def owners(self, owner, total):
        """(their owners, how many of the rows each has), when ``owner`` gives the owner of each row, of ``total``."""
        if id(owner) not in self._owners:
            weights = np.bincount(owner if self.found is None else owner.take(self.found), minlength=total)
            found = np.flatnonzero(weights)
            self._owners[id(owner)] = found, weights.take(found)
        return self._owners[id(owner)]


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
        return owners.take(self.owner) if len(found) else mask

    def count(self, rows, tally):
        """Put the values of ``rows`` (``Rows``) into ``tally``."""
        total = len(self.pairs.starts) - 1
        if self.owner is None:
            self.pairs.gathered(np.arange(total) if rows.found is None else rows.found, None, tally)
        else:
            self.pairs.gathered(*rows.owners(self.owner, total), tally)


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
        """Put the values that ``rows`` (``Rows``) have of ``facet`` into ``tally``.

        Of more than half the rows it is quicker to count the others and take them off the totals.
        """
        if 2 * len(rows) <= len(self):
            self._count(facet, rows, tally)
            return
        totals = self.totals.get(facet)
        if totals is None:
            whole = Tally(tally.size)
            self._count(facet, Rows(None, len(self)), whole)
            totals = self.totals[facet] = whole.dense().astype(np.int32)
        tally.add_totals(totals)
        if len(rows) < len(self):
            off = Tally(tally.size)
            self._count(facet, rows.others, off)
            tally.add_totals(-off.dense())

    def _count(self, facet, rows, tally):
        if facet in self.columns:
            column = self.columns[facet] if rows.found is None else self.columns[facet].take(rows.found)
            tally.add(column[column >= 0])
            return
        for level in self.levels[facet]:
            level.count(rows, tally)

    def rows_of(self, pks):
        """A mask of the rows with one of these primary keys."""
        return np.isin(self.pks, np.asarray(pks, np.int64))
