"""A list as it was at one moment: segments, names and the answers. Never changed, only replaced."""

from dataclasses import dataclass, field

import numpy as np

from catalog.facets.index.segment import Rows
from catalog.facets.index.sparse import Tally, most_frequent

NONE = np.zeros(0, np.int64), np.zeros(0, np.int64)


@dataclass(frozen=True)
class Snapshot:
    """``segments`` of (segment, mask of the rows still in force or None for all) and ``names`` by facet.

    The first segment is the base; the others are small and hold what was edited since.
    """

    segments: tuple
    names: dict
    whole: dict = field(default_factory=dict)  # tallies without any selection, kept once asked

    @property
    def reread_rows(self):
        """How many rows have been read again since the base was built."""
        return sum(len(segment) for segment, _ in self.segments[1:])

    def ask(self, selection, pks=None):
        """The answers for one selection ``{facet: [ordinal, …]}`` within the rows ``pks`` (None: all)."""
        return Answers(self, selection, pks)


class Answers:
    """Counts and rows for one selection."""

    def __init__(self, snapshot, selection, pks):
        self.snapshot, self.selection, self.pks = snapshot, selection, pks
        self.masks = [self._masks(segment, alive, pks) for segment, alive in snapshot.segments]
        self._rows, self._tallies = {}, {}

    def _masks(self, segment, alive, pks):
        """The masks of one segment: what is in force, then by facet what its selection leaves."""
        masks = {} if alive is None else {None: alive}
        if pks is not None:
            found = segment.rows_of(pks)
            masks[None] = found if alive is None else found & alive
        for facet, ordinals in self.selection.items():
            masks[facet] = segment.rows_with(facet, ordinals)
        return masks

    def rows(self, without=None):
        """For each segment the matching rows (``Rows``), one facet's selection left out."""
        key = without if without in self.selection else None
        if key not in self._rows:
            self._rows[key] = [
                Rows(self._matching(masks, key), len(segment))
                for (segment, _), masks in zip(self.snapshot.segments, self.masks, strict=True)
            ]
        return self._rows[key]

    @staticmethod
    def _matching(masks, without):
        kept = [mask for name, mask in masks.items() if name is None or name != without]
        if not kept:
            return None
        whole = kept[0]
        for mask in kept[1:]:
            whole = whole & mask
        return whole.nonzero()[0]

    def total(self, without=None):
        """How many rows match."""
        return sum(map(len, self.rows(without)))

    def tally(self, facet):
        """(ordinals, counts) of the visible values of ``facet`` among the rows that the other facets leave."""
        unfiltered = self.pks is None and not self.selection.keys() - {facet}
        kept = self.snapshot.whole if unfiltered else self._tallies
        if facet not in kept:
            kept[facet] = self._tally(facet)
        return kept[facet]

    def _tally(self, facet):
        if not self.total(facet):
            return NONE
        names = self.snapshot.names[facet]
        tally = Tally(len(names))
        for (segment, _), rows in zip(self.snapshot.segments, self.rows(facet), strict=True):
            if len(rows):
                segment.count(facet, rows, tally)
        found, counts = tally.result()
        if names.all_visible:
            return found, counts
        seen = names.visible[found]
        return found[seen], counts[seen]

    def top_values(self, facet, most=None, by_count=True):
        """The first ``most`` values as (key, slug, label, count), and how many there are in all.

        ``by_count`` False: in the facet's own order, such as years.
        """
        names = self.snapshot.names[facet]
        found, counts = self.tally(facet)
        if not len(found):
            return [], 0
        places = most_frequent(found, counts, names.rank, most) if by_count else np.argsort(names.rank[found])[:most]
        first = zip(found[places].tolist(), counts[places].tolist(), strict=True)
        return [(*names.entry(ordinal), count) for ordinal, count in first], len(found)

    def all_values(self, facet, find, without, by_count=True):
        """(ordinals, counts) of the values whose labels hold ``find``, but ``without``, in the order of ``top``."""
        names = self.snapshot.names[facet]
        found, counts = self.tally(facet)
        kept = ~np.isin(found, without)
        if find:
            kept &= names.containing(find)[found]
        found, counts = found[kept], counts[kept]
        order = most_frequent(found, counts, names.rank, None) if by_count else np.argsort(names.rank[found])
        return found[order], counts[order]

    def count_of(self, facet, ordinal):
        """How many rows have one value, among those that the other facets leave."""
        found, counts = self.tally(facet)
        place = np.searchsorted(found, ordinal)
        return int(counts[place]) if place < len(found) and found[place] == ordinal else 0

    def window(self, sort, start, stop):
        """(pks, skip): the rows ``start`` to ``stop`` in an order, or few rows among which they are.

        ``skip`` None: these rows in order. Else the database has to order ``pks``, and the rows asked for begin
        ``skip`` rows into them: the k matching rows of the later segments can push a row of the base back by k
        places at the most, so the base's rows from ``start - k`` to ``stop`` and those k hold every row asked for.
        """
        rows = [one.found for one in self.rows()]
        later = [
            segment.pks if found is None else segment.pks[found]
            for (segment, _), found in zip(self.snapshot.segments[1:], rows[1:], strict=True)
        ]
        moved = sum(map(len, later))
        low = max(0, start - moved)
        base = self.snapshot.segments[0][0]
        first = _in_order(base, rows[0], base.ranks.get(sort), low, stop)
        if not moved:
            return base.pks[first].tolist(), None
        return np.concatenate([base.pks[first], *later]).tolist(), start - low


def _in_order(segment, rows, rank, start, stop):
    """Rows ``start`` to ``stop`` of the matching ``rows`` (None: all); without a rank in the segment's own order."""
    if rank is None:
        return np.arange(start, min(stop, len(segment))) if rows is None else rows[start:stop]
    ranks = rank if rows is None else rank[rows]
    if stop < len(ranks):
        first = np.argpartition(ranks, stop)[:stop]
        first = first[np.argsort(ranks[first])][start:]
    else:
        first = np.argsort(ranks)[start:stop]
    return first if rows is None else rows[first]
