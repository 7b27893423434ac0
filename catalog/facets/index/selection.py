"""Selections from a snapshot of a list: the matching rows, in order, and the counts of all values among them."""

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from typing import Any

import numpy as np

from catalog.facets.choice import ANY, NONE
from catalog.facets.index.conditions import Condition, OrdinalChoice
from catalog.facets.index.matching_rows import MatchingRows
from catalog.facets.index.read_arrays import sorted_unique
from catalog.facets.index.segment import Segment, Source
from catalog.facets.index.snapshot import NO_ORDINALS, Counts, Snapshot
from catalog.facets.index.sparse import ValueCounts, most_frequent

NO_COUNTS = NO_ORDINALS, NO_ORDINALS


class Selection:
    """The rows of a snapshot that match a selection, and the counts of all values among them.

    ``sources`` name the arrays of those facets that are limited to roles; ``counters`` return the counts of facets
    whose values are not counted among the rows.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        choices: dict[str, OrdinalChoice] | None = None,
        conditions: Sequence[Condition] = (),
    ) -> None:
        self.snapshot, self.choices, self.conditions = snapshot, choices or {}, conditions
        self.sources: dict[str, Source] = {}
        self.counters: dict[str, Callable[[], Counts]] = {}
        self._masks = [self._segment_masks(segment, alive) for segment, alive in snapshot.segments]
        self._rows: dict[str | None, list[MatchingRows]] = {}
        self._counts: dict[str, Counts] = {}

    def _segment_masks(self, segment: Segment, alive: np.ndarray | None) -> dict[str | None, np.ndarray]:
        """Return masks of a segment's rows: by facet those that have what is selected, under None all others.

        Those without the excluded values of a facet are under its name with the suffix NONE.
        """
        masks: dict[str | None, np.ndarray] = {}
        snapshot, always = self.snapshot, [] if alive is None else [alive]
        always += [condition(segment) for condition in self.conditions]
        for facet, choice in self.choices.items():
            if (selected := snapshot.own_mask(segment, choice)) is not None:
                masks[facet] = selected
            if (remaining := snapshot.excluded_mask(segment, choice)) is not None:
                masks[facet + NONE] = remaining
        if always:
            masks[None] = reduce(np.logical_and, always)
        return masks

    def rows(self, without: str | None = None) -> list[MatchingRows]:
        """Return the matching rows of each segment, what is selected of the facet ``without`` left out of account."""
        facet = without if without in self.choices else None
        if facet not in self._rows:
            self._rows[facet] = [
                MatchingRows(self._row_numbers(masks, facet), len(segment))
                for (segment, _), masks in zip(self.snapshot.segments, self._masks, strict=True)
            ]
        return self._rows[facet]

    def counted_rows(self, facet: str) -> list[MatchingRows]:
        """Return the rows among which the values of a facet are counted."""
        choice = self.choices.get(facet)
        return self.rows(None if choice and choice.all else facet)

    def masks_without(self, facets: Iterable[str]) -> list[np.ndarray]:
        """Return a mask of the matching rows of each segment, what is selected of ``facets`` left out of account."""
        left_out = {facet + suffix for facet in facets for suffix in (ANY, NONE)}
        masks = []
        for (segment, _), by_facet in zip(self.snapshot.segments, self._masks, strict=True):
            others = [mask for facet, mask in by_facet.items() if facet not in left_out]
            masks.append(reduce(np.logical_and, others) if others else np.ones(len(segment), bool))
        return masks

    def total_with(self, choices: dict[str, OrdinalChoice], others: list[np.ndarray]) -> int:
        """Return how many of the rows ``others`` match ``choices``."""
        total = 0
        for (segment, _), mask in zip(self.snapshot.segments, others, strict=True):
            for choice in choices.values():
                for selected in (self.snapshot.own_mask(segment, choice), self.snapshot.excluded_mask(segment, choice)):
                    mask = mask if selected is None else mask & selected
            total += int(np.count_nonzero(mask))
        return total

    @staticmethod
    def _row_numbers(masks: dict[str | None, np.ndarray], without: str | None) -> np.ndarray | None:
        combined = [mask for facet, mask in masks.items() if facet is None or facet != without]
        if not combined:
            return None
        result = combined[0]
        for mask in combined[1:]:
            result = result & mask
        return result.nonzero()[0]

    def total(self, without: str | None = None) -> int:
        """Return how many rows match, what is selected of the facet ``without`` left out of account."""
        return sum(map(len, self.rows(without)))

    def counts(self, facet: Any) -> Counts:
        """Return (ordinals, counts) of the visible values of ``facet`` among the rows that the other facets select."""
        source = self.sources.get(facet, facet)
        cache: dict[Any, Counts] = self._counts
        key: Source = facet
        if self._is_unfiltered(facet) and (isinstance(source, str) or len(source) == 1):  # there are too many unions
            cache, key = self.snapshot.unfiltered_counts, source
        if key not in cache:
            cache[key] = self.counters[facet]() if facet in self.counters else self._count(facet, source)
        return cache[key]

    def _is_unfiltered(self, facet: str) -> bool:
        choice = self.choices.get(facet)
        is_filtered = self.conditions or self.choices.keys() - {facet} or choice and (choice.all or choice.none)
        return not is_filtered and facet not in self.counters

    def _count(self, facet: str, source: Source) -> Counts:
        matching = self.counted_rows(facet)
        if not sum(map(len, matching)):
            return NO_COUNTS
        vocabulary = self.snapshot.vocabulary(source)
        tally = ValueCounts(len(vocabulary))
        for (segment, _), rows in zip(self.snapshot.segments, matching, strict=True):
            if len(rows):
                segment.count(source, rows, tally)
        ordinals, counts = tally.result()
        if vocabulary.all_visible:
            return ordinals, counts
        visible = vocabulary.visible[ordinals]
        return ordinals[visible], counts[visible]

    def _vocabulary(self, facet: str) -> Any:
        return self.snapshot.vocabulary(self.sources.get(facet, facet))

    def top_values(self, facet: str, limit: int | None = None, by_count: bool = True) -> tuple[list[tuple], int]:
        """Return the first ``limit`` values as (key, slug, label, count), and how many there are in all.

        ``by_count`` False: in the facet's own order, such as years.
        """
        vocabulary = self._vocabulary(facet)
        ordinals, counts = self.counts(facet)
        if not len(ordinals):
            return [], 0
        order = self._order(facet, ordinals, counts, limit, by_count)
        top = zip(ordinals[order].tolist(), counts[order].tolist(), strict=True)
        return [(*vocabulary.entry(ordinal), count) for ordinal, count in top], len(ordinals)

    def all_values(self, facet: str, find: str, without: np.ndarray, by_count: bool = True) -> Counts:
        """Return (ordinals, counts) of the values whose labels contain ``find``, in the order of ``top_values``.

        ``find`` is folded; the ordinals ``without`` are left out.
        """
        ordinals, counts = self.counts(facet)
        mask = ~np.isin(ordinals, without)
        if find:
            mask &= self._vocabulary(facet).containing(find)[ordinals]
        ordinals, counts = ordinals[mask], counts[mask]
        order = self._order(facet, ordinals, counts, None, by_count)
        return ordinals[order], counts[order]

    def _order(
        self, facet: str, ordinals: np.ndarray, counts: np.ndarray, limit: int | None, by_count: bool
    ) -> np.ndarray:
        rank = self._vocabulary(facet).rank
        return most_frequent(ordinals, counts, rank, limit) if by_count else np.argsort(rank[ordinals])[:limit]

    def count_of(self, facet: str, ordinal: int) -> int:
        """Return how many rows have one value, among those that the other facets select."""
        ordinals, counts = self.counts(facet)
        position = np.searchsorted(ordinals, ordinal)
        return int(counts[position]) if position < len(ordinals) and ordinals[position] == ordinal else 0

    def keys_of_values(self, facets: tuple[str, ...]) -> np.ndarray:
        """Return the primary keys of the visible values that matching rows have; the facets share one vocabulary."""
        ordinals = sorted_unique(np.concatenate([self.counts(facet)[0] for facet in facets]))
        return self.snapshot.vocabularies[facets[0]].keys_of(ordinals)

    def roles_of(self, facet: str, people: np.ndarray) -> list[list[str]]:
        """Return the names of each person's roles in the rows that the other facets select, the most frequent first."""
        levels = [
            (level, rows)
            for (segment, _), rows in zip(self.snapshot.segments, self.counted_rows(facet), strict=True)
            for level in segment.roles[facet]
        ]
        names = levels[0][0].names
        counts = sum(level.count_roles(people, rows) for level, rows in levels)
        order = np.argsort(-counts, axis=1, kind="stable").tolist()
        totals = np.count_nonzero(counts, axis=1).tolist()
        return [[names[role] for role in roles[:total]] for roles, total in zip(order, totals, strict=True)]

    def combined_counts(self, facet: str, parts: tuple[str, ...], limit: int) -> list[tuple[int, int]]:
        """Return the first ``limit`` (ordinal, count) of a facet that combines ``parts``, among the matching rows.

        A row counts once if it has the value in several parts. The sum of the parts' counts is at least the count, so
        values are counted in the order of their sums until no other can be among the first.
        """
        vocabulary = self.snapshot.vocabularies[facet]
        sums = np.zeros(len(vocabulary), np.int64)
        for part in parts:
            ordinals, counts = self._count(part, part) if part in self.sources else self.counts(part)
            sums[ordinals] += counts
        ordinals = sums.nonzero()[0]
        ordinals = ordinals[np.lexsort((vocabulary.rank[ordinals], -sums[ordinals]))]
        first: list[tuple[int, float, int]] = []
        for ordinal in ordinals.tolist():
            if len(first) == limit and -first[-1][0] > sums[ordinal]:
                break
            if count := self._count_rows_with(facet, ordinal):
                first = sorted([*first, (-count, float(vocabulary.rank[ordinal]), ordinal)])[:limit]
        return [(ordinal, -count) for count, _, ordinal in first]

    def _count_rows_with(self, facet: str, ordinal: int) -> int:
        return sum(
            int(np.count_nonzero(segment.rows_with(facet, [ordinal]).take(rows.numbers)))
            for (segment, _), rows in zip(self.snapshot.segments, self.rows(), strict=True)
        )

    def window(self, sort: str, start: int, stop: int) -> tuple[list[int], int | None]:
        """Return (pks, skip): the rows ``start`` to ``stop`` in an order, or few rows among which they are.

        ``skip`` None: these rows in order. Otherwise the database has to sort ``pks``, and the requested rows begin
        ``skip`` rows into them: the k matching rows of the later segments can move a row of the base back by k
        positions at most, so the base's rows from ``start - k`` to ``stop`` and those k contain every requested row.
        """
        rows = [matching.selected for matching in self.rows()]
        later = [
            segment.pks if numbers is None else segment.pks[numbers]
            for (segment, _), numbers in zip(self.snapshot.segments[1:], rows[1:], strict=True)
        ]
        later_count = sum(map(len, later))
        low = max(0, start - later_count)
        base = self.snapshot.segments[0][0]
        window = _in_order(base, rows[0], base.ranks.get(sort), low, stop)
        if not later_count:
            return base.pks[window].tolist(), None
        return np.concatenate([base.pks[window], *later]).tolist(), start - low


def _in_order(segment: Segment, rows: np.ndarray | None, rank: np.ndarray | None, start: int, stop: int) -> np.ndarray:
    """Return rows ``start`` to ``stop`` of the matching ``rows`` (None: all), in the segment's order without a rank."""
    if rank is None:
        return np.arange(start, min(stop, len(segment))) if rows is None else rows[start:stop]
    ranks = rank if rows is None else rank[rows]
    if stop < len(ranks):
        window = np.argpartition(ranks, stop)[:stop]
        window = window[np.argsort(ranks[window])][start:]
    else:
        window = np.argsort(ranks)[start:stop]
    return window if rows is None else rows[window]
