"""Which values each owner has, and counting them: the two arrays that everything else stands on."""

from dataclasses import dataclass

import numpy as np

from catalog.facets.index.read_arrays import distinct, first_of_each

FEW = 8  # a tally of less than one in FEW of all values is added up by sorting, without an array for all of them


@dataclass(frozen=True, slots=True)
class Pairs:
    """Values by owner (a row, a season, a series): those of owner i are ``values[starts[i]:starts[i + 1]]``.

    And the way back, so that nobody searches all pairs for one value: the owners of value v are
    ``owners[firsts[v]:firsts[v + 1]]``.
    """

    starts: np.ndarray
    values: np.ndarray
    firsts: np.ndarray
    owners: np.ndarray

    @classmethod
    def of(cls, owners, values, total):
        """From unordered (owner, value) pairs, repeats dropped; ``total`` owners in all."""
        span = int(values.max(initial=-1)) + 1
        if len(owners):
            key = distinct(owners.astype(np.int64) * span + values)
            owners, values = key // span, key % span
        by_value = np.sort(values.astype(np.int64) * total + owners) % max(total, 1)
        return cls(
            starts_of(owners, total), values.astype(np.int32), starts_of(values, span), by_value.astype(np.int32)
        )

    def owners_of(self, ordinals):
        """The owners that have one of the few values ``ordinals``; some twice, perhaps."""
        known = [ordinal for ordinal in ordinals if ordinal + 1 < len(self.firsts)]
        found = [self.owners[self.firsts[ordinal] : self.firsts[ordinal + 1]] for ordinal in known]
        return np.concatenate(found) if found else self.owners[:0]

    def gathered(self, owners, weights, tally):
        """Put the values of ``owners`` into ``tally``, each ``weights`` times (None: once)."""
        if not len(self.values) or not len(owners):
            return
        places, lengths = places_of(self.starts, owners)
        values = self.values if len(places) == len(self.values) else self.values.take(places)
        tally.add(values, None if weights is None else weights.repeat(lengths))


def starts_of(groups, total):
    """Where each of ``total`` groups starts among ``groups`` once sorted, and where the last ends."""
    starts = np.zeros(total + 1, np.int64)
    np.cumsum(np.bincount(groups, minlength=total), out=starts[1:])
    return starts


def places_of(starts, owners):
    """(the places of all that ``owners`` have, how many each has), when ``starts`` says where those of each begin."""
    first = starts.take(owners)
    lengths = starts.take(owners + 1) - first
    ends = lengths.cumsum()
    places = (first - ends + lengths).repeat(lengths)
    places += np.arange(len(places))
    return places, lengths


class Tally:
    """How often each of ``size`` values came."""

    def __init__(self, size):
        self.size = size
        self.parts = []
        self.totals = []

    def add(self, values, weights=None):
        """Count each of ``values`` once, or as often as its weight says."""
        if len(values):
            self.parts.append((values, weights))

    def add_totals(self, counts):
        """Count the i-th value ``counts[i]`` times."""
        self.totals.append(counts)

    def result(self):
        """(values, counts): those that came at all, ascending."""
        total = sum(len(values) for values, _ in self.parts)
        if not total and not self.totals:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        if total * FEW < self.size and not self.totals:
            values = np.concatenate([values for values, _ in self.parts])
            weights = np.concatenate([np.ones(len(v), np.int64) if w is None else w for v, w in self.parts])
            order = values.argsort()
            values = values.take(order)
            first = first_of_each(values)
            return values.take(first), np.add.reduceat(weights.take(order), first)
        counts = self.dense()
        found = np.flatnonzero(counts != 0)  # of numbers it takes four times as long as of a mask
        return found, counts[found]

    def dense(self):
        """The counts of all values."""
        counts = np.zeros(self.size, np.int64)
        # Parts together, as each count goes through all values: eight small segments took longer than the base.
        if plain := [values for values, weights in self.parts if weights is None]:
            counts += np.bincount(_joined(plain), minlength=self.size)
        if weighed := [part for part in self.parts if part[1] is not None]:
            values, weights = map(_joined, zip(*weighed, strict=True))
            counts += np.bincount(values, weights=weights, minlength=self.size).astype(np.int64)
        for totals in self.totals:
            counts[: len(totals)] += totals
        return counts


def _joined(arrays):
    return np.concatenate(arrays) if len(arrays) > 1 else arrays[0]


def most_frequent(values, counts, rank, most):
    """The ``most`` values with the highest counts, ties by ``rank``: positions in ``values``, in order.

    ``most`` None: all of them.
    """
    if most is not None and len(values) > 4 * most:
        # Only those that can be among the first are sorted: all above the count of the last, and of its equals
        # those of the lowest rank.
        limit = _count_at(counts, most)
        above = np.flatnonzero(counts > limit)
        level = np.flatnonzero(counts == limit)
        wanted = most - len(above)
        if len(level) > wanted:
            level = level[rank.take(values.take(level)).argpartition(wanted - 1)[:wanted]]
        kept = np.concatenate([above, level])
    else:
        kept = np.arange(len(values))
    return kept[np.lexsort((rank[values[kept]], -counts[kept]))][:most]


def _count_at(counts, place):
    """The count that is the ``place``-th highest: from how often each count comes, while that is a short list."""
    if counts.max() < len(counts):
        often = np.bincount(counts)
        return len(often) - 1 - np.searchsorted(often[::-1].cumsum(), place)
    return np.partition(counts, len(counts) - place)[len(counts) - place]
