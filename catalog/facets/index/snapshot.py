"""A list at one moment: its segments and vocabularies, and selections from it. Edits replace it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from typing import Any

import numpy as np

from catalog.facets.index.conditions import Condition, OrdinalChoice
from catalog.facets.index.matching_rows import MatchingRows
from catalog.facets.index.read_arrays import sorted_unique
from catalog.facets.index.segment import Segment, Source
from catalog.facets.index.sparse import ValueCounts, most_frequent

Counts = tuple[np.ndarray, np.ndarray]  # ordinals, ascending, and how many rows have each
NO_ORDINALS = np.zeros(0, np.int64)
NO_COUNTS = np.zeros(0, np.int64), np.zeros(0, np.int64)


@dataclass(frozen=True)
class Snapshot:
    """The segments of a list, each with a mask of the rows still in force (None: all), and vocabularies by facet.

    ``roles`` holds the primary keys of the roles that each facet over people counts. The first segment is the base; the
    others are small and hold what was edited since.
    """

    segments: tuple[tuple[Segment, np.ndarray | None], ...]
    vocabularies: dict[str, Any]  # by facet a ``Vocabulary``, or a ``ColumnVocabulary``
    roles: dict[str, tuple[int, ...]] = field(default_factory=dict)
    unfiltered_counts: dict[Source, Counts] = field(default_factory=dict)  # cached

    @cached_property
    def reread_rows(self) -> int:
        """How many rows have been read again since the base was built."""
        return sum(len(segment) for segment, _ in self.segments[1:])

    def vocabulary(self, source: Source) -> Any:
        """Return the vocabulary of the values behind ``source``."""
        return self.vocabularies[source if isinstance(source, str) else "person"]

    def hidden(self, source: Source) -> np.ndarray:
        """Return the ordinals of the values that visitors may not see."""
        vocabulary = self.vocabulary(source)
        return NO_ORDINALS if vocabulary.all_visible else np.flatnonzero(~vocabulary.visible)

    def co_credited(self, facet: str, ordinal: int, limit: int) -> list[tuple[int, int]]:
        """Return the first ``limit`` (ordinal, count) of people by the rows on which they and one person are credited.

        Only by credits on the rows themselves, not by those of their seasons and series.
        """
        vocabulary = self.vocabularies[facet]
        tally = ValueCounts(len(vocabulary))
        for segment, alive in self.segments:
            level = segment.credits[-1]
            roles = tuple(level.keys.tolist())
            rows = level.rows_with(roles, [ordinal], len(segment))
            people, _ = level.matching_pairs(roles, rows if alive is None else rows & alive)
            tally.add(people)
        ordinals, counts = tally.result()
        mask = vocabulary.visible[ordinals] & (ordinals != ordinal)
        ordinals, counts = ordinals[mask], counts[mask]
        first = most_frequent(ordinals, counts, vocabulary.rank, limit)
        return list(zip(ordinals[first].tolist(), counts[first].tolist(), strict=True))

    def select(self, choices: dict[str, OrdinalChoice], conditions: Sequence[Condition] = ()) -> "Selection":
        """Select the rows that match the choice of each facet, and fulfil ``conditions``."""
        return Selection(self, choices, conditions)

    def rows_recorded(self, segment: Segment, source: Source) -> np.ndarray:
        """Return a mask of the rows of a segment that have any visible value. People are found by the rows' roles."""
        roles = self.roles.get(source) if isinstance(source, str) else source
        if roles is None:
            return segment.rows_recorded(str(source), self.hidden(source))
        ordinals = self.vocabularies["role"].ordinals(list(roles))
        return segment.rows_with("role", ordinals[ordinals >= 0].tolist())

    def own_mask(self, segment: Segment, choice: OrdinalChoice) -> np.ndarray | None:
        """Return a mask of the rows that have what ``choice`` selects; None if it only excludes values."""
        masks = []
        if choice.any is not None or choice.missing:
            masks.append(segment.rows_with(choice.source, [ordinal for ordinal in choice.any or () if ordinal >= 0]))
        if choice.missing:
            masks[0] |= ~self.rows_recorded(segment, choice.source)
        for ordinal in choice.all:
            masks.append(segment.rows_with(choice.source, [ordinal] if ordinal >= 0 else []))
        return reduce(np.logical_and, masks) if masks else None

    def excluded_mask(self, segment: Segment, choice: OrdinalChoice) -> np.ndarray | None:
        """Return a mask of the rows that have none of the values which ``choice`` excludes; None if there are none."""
        ordinals = [ordinal for ordinal in choice.none if ordinal >= 0]
        return ~segment.rows_with(choice.source, ordinals) if ordinals else None


class Selection:
    """The rows of a snapshot that match a selection, and the counts of all values among them.

    ``sources`` name the arrays of those facets that are limited to roles; ``counters`` return the counts of facets
    whose values are not counted among the rows.
    """

    def __init__(self, snapshot: Snapshot, choices: dict[str, OrdinalChoice], conditions: Sequence[Condition]) -> None:
        self.snapshot, self.choices, self.conditions = snapshot, choices, conditions
        self.sources: dict[str, Source] = {}
        self.counters: dict[str, Callable[[], Counts]] = {}
        self._masks = [self._segment_masks(segment, alive) for segment, alive in snapshot.segments]
        self._rows: dict[str | None, list[MatchingRows]] = {}
        self._counts: dict[str, Counts] = {}

    def _segment_masks(self, segment: Segment, alive: np.ndarray | None) -> dict[str | None, np.ndarray]:
        """Return masks of a segment's rows: by facet those that have what is selected; under None all others."""
        masks: dict[str | None, np.ndarray] = {}
        snapshot, always = self.snapshot, [] if alive is None else [alive]
        always += [condition(segment) for condition in self.conditions]
        for facet, choice in self.choices.items():
            if (selected := snapshot.own_mask(segment, choice)) is not None:
                masks[facet] = selected
            if (remaining := snapshot.excluded_mask(segment, choice)) is not None:
                always.append(remaining)
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

    def total_with(self, choices: dict[str, OrdinalChoice]) -> int:
        """Return how many of the matching rows match further ``choices``."""
        total = 0
        for (segment, _), rows in zip(self.snapshot.segments, self.rows(), strict=True):
            mask = np.zeros(len(segment), bool)
            mask[rows.numbers] = True
            for choice in choices.values():
                for further in (self.snapshot.own_mask(segment, choice), self.snapshot.excluded_mask(segment, choice)):
                    if further is not None:
                        mask &= further
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
