"""What the rows of a segment have to fulfil: the choice of a facet by ordinals, and conditions of other kinds."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from catalog.facets.index.segment import Segment, Source

Condition = Callable[[Segment], np.ndarray]  # a mask of the rows that fulfil it


@dataclass(frozen=True)
class OrdinalChoice:
    """A ``Choice`` of a facet, by ordinals: negative for an unknown value. ``any`` None: no values are selected.

    ``source`` names the arrays of the facet.
    """

    source: Source
    any: list[int] | None = None
    all: list[int] = field(default_factory=list)
    none: list[int] = field(default_factory=list)
    missing: bool = False


def rows_of(pks: np.ndarray, segment: Segment) -> np.ndarray:
    """Return a mask of the rows with one of these primary keys."""
    return segment.rows_of(pks)


def rows_without(pks: np.ndarray, segment: Segment) -> np.ndarray:
    """Return a mask of the rows with none of these primary keys."""
    return ~segment.rows_of(pks)


def rows_within(column: str, limits: tuple[int | None, int | None] | None, segment: Segment) -> np.ndarray:
    """Return a mask of the rows whose number is within (lowest, highest); None is fulfilled by none."""
    return np.zeros(len(segment), bool) if limits is None else segment.rows_between(column, *limits)
