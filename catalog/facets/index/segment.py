"""A part of a list: its rows in the list's order, and which values each row has."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from catalog.facets.index.read_arrays import first_of_each
from catalog.facets.index.sparse import Pairs, Tally, places_of, starts_of

FEW = 64  # owners whose rows are put together one by one
MANY = 500  # rows for which it is worth to look whether they are whole series


class Above:
    """What the rows of a segment stand in, one for each: ``places`` among ``total`` seasons, or series.

    The levels of all facets share it, so that what one has found out of the rows' owners serves the next.
    """

    def __init__(self, places, total):
        self.places, self.total = places.astype(np.int32), total

    @cached_property
    def sizes(self):
        """How many rows each owner has."""
        return np.bincount(self.places, minlength=self.total)

    @cached_property
    def _rows(self):
        """(all rows by owner, where those of each begin): made when first asked for."""
        return np.argsort(self.places, kind="stable").astype(np.int32), starts_of(self.places, self.total)

    def mask_of(self, owners):
        """A mask of the rows of ``owners``."""
        if len(owners) > FEW:
            asked = np.zeros(self.total, bool)
            asked[owners] = True
            return asked.take(self.places)
        mask = np.zeros(len(self.places), bool)
        rows, starts = self._rows
        for owner in owners.tolist():
            mask[rows[starts[owner] : starts[owner + 1]]] = True
        return mask


class Rows:
    """Matching rows of a segment of ``total`` (ascending; None: all), and what every facet asks of them, found once."""

    def __init__(self, found, total):
        self.found, self.total = found, total
        self._owners = {}

    def __len__(self):
        return self.total if self.found is None else len(self.found)

    @cached_property
    def numbers(self):
        """The rows themselves, all of them too."""
        return np.arange(self.total) if self.found is None else self.found

    @cached_property
    def others(self):
        """The rows that are not among them."""
        mask = np.ones(self.total, bool)
        mask[self.found] = False
        return Rows(np.flatnonzero(mask), self.total)

    def owners(self, above):
        """(their owners, how many of the rows each has): what they stand in (``Above``)."""
        if above not in self._owners:
            places = above.places if self.found is None else above.places.take(self.found)
            weights = np.bincount(places, minlength=above.total)
            found = weights.nonzero()[0]
            self._owners[above] = found, weights.take(found)
        return self._owners[above]


class Sums:
    """The values of rows added up by what they stand in: a whole series is counted at once, whatever its length.

    M: half of the rows, by their network, take 0.9 ms for all of their cast, and 0.2 so.
    """

    def __init__(self, above, pairs):
        self.above = above
        span = int(pairs.values.max(initial=-1)) + 1
        keys = np.sort(above.places.repeat(np.diff(pairs.starts)).astype(np.int64) * span + pairs.values)
        first = first_of_each(keys)
        self.counts = np.diff(first, append=len(keys)).astype(np.int32)
        self.values = (keys[first] % max(span, 1)).astype(np.int32)
        self.starts = starts_of(keys[first] // max(span, 1), above.total)

    def counted(self, rows, tally):
        """Put the values of those of ``rows`` that are all of an owner's into ``tally``; gives the other rows' numbers.

        Where less than half of them are, none is counted.
        """
        owners, weights = rows.owners(self.above)
        owners = owners[weights == self.above.sizes.take(owners)]
        if 2 * self.above.sizes.take(owners).sum() < len(rows):
            return rows.numbers
        places, _ = places_of(self.starts, owners)
        tally.add(self.values.take(places), self.counts.take(places))
        other = np.ones(self.above.total, bool)
        other[owners] = False
        return rows.numbers[other.take(self.above.places.take(rows.numbers))]


@dataclass(frozen=True)
class Level:
    """Pairs that hold for what rows stand in (``above``; None: for the rows themselves, with their ``sums``)."""

    above: Above | None
    pairs: Pairs
    sums: Sums | None = None

    def rows_with(self, ordinals, total):
        """A mask of the rows that have one of ``ordinals``."""
        found = self.pairs.owners_of(ordinals)
        if self.above is not None:
            return self.above.mask_of(found)
        mask = np.zeros(total, bool)
        mask[found] = True
        return mask

    def count(self, rows, tally):
        """Put the values of ``rows`` (``Rows``) into ``tally``."""
        if self.above is not None:
            self.pairs.gathered(*rows.owners(self.above), tally)
            return
        summed = self.sums is not None and len(rows) > MANY
        self.pairs.gathered(self.sums.counted(rows, tally) if summed else rows.numbers, None, tally)


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
