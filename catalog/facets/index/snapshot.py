"""A list at one moment: its segments and vocabularies. Edits replace it."""

from dataclasses import dataclass, field
from functools import cached_property, reduce
from typing import Any

import numpy as np

from catalog.facets.index.conditions import OrdinalChoice
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
            rows = level.rows_of(level.owners_with(roles, [ordinal]), len(segment))
            people, _ = level.matching_pairs(roles, rows if alive is None else rows & alive)
            tally.add(people)
        ordinals, counts = tally.result()
        mask = vocabulary.visible[ordinals] & (ordinals != ordinal)
        ordinals, counts = ordinals[mask], counts[mask]
        first = most_frequent(ordinals, counts, vocabulary.rank, limit)
        return list(zip(ordinals[first].tolist(), counts[first].tolist(), strict=True))

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

    def roles_held(self, choice: OrdinalChoice) -> set[int]:
        """Return the primary keys of the roles in which people named in ``choice`` are credited."""
        people = [*(choice.any or ()), *choice.all, *choice.none]
        return set().union(*(level.roles_of(people) for segment, _ in self.segments for level in segment.credits))

    def excluded_mask(self, segment: Segment, choice: OrdinalChoice) -> np.ndarray | None:
        """Return a mask of the rows that have none of the values which ``choice`` excludes; None if there are none."""
        ordinals = [ordinal for ordinal in choice.none if ordinal >= 0]
        return ~segment.rows_with(choice.source, ordinals) if ordinals else None
