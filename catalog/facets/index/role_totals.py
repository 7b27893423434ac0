"""How many rows remain with each role in place of the selected roles, if people are selected whom a role qualifies."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from catalog.facets.index.conditions import OrdinalChoice
from catalog.facets.index.matching_rows import MatchingRows
from catalog.facets.index.selection import Selection
from catalog.facets.index.sparse import ValueCounts


class RoleTotals:
    """The totals of a selection with each role, for the facet ``role`` that qualifies the choices ``people``.

    Only the roles in which these people are credited need masks of their own. With any other role either no row
    matches, or all of the others do, or those in which the role is not recorded.
    """

    def __init__(self, selection: Selection, role: str, people: dict[str, OrdinalChoice]) -> None:
        self.selection, self.people, self.snapshot = selection, people, selection.snapshot
        self.others = selection.masks_without(people)
        self.total = sum(map(np.count_nonzero, self.others))
        self.held = set().union(*map(self.snapshot.roles_held, people.values()))
        self.recorded = self._recorded(role) if any(choice.missing for choice in people.values()) else None

    def _recorded(self, role: str) -> np.ndarray:
        """Return how many of the rows have each role, by its ordinal."""
        tally = ValueCounts(len(self.snapshot.vocabularies[role]))
        for (segment, _), mask in zip(self.snapshot.segments, self.others, strict=True):
            segment.count(role, MatchingRows(np.flatnonzero(mask), len(segment)), tally)
        return tally.dense()

    def counts(self, keys: Iterable[tuple[int, int]]) -> dict[int, int]:
        """Return how many rows match with each role, by the ordinals of ``keys``: (ordinal, primary key)."""
        totals = {ordinal: self._total(ordinal, key) for ordinal, key in keys}
        return {ordinal: total for ordinal, total in totals.items() if total}

    def _total(self, ordinal: int, key: int) -> int:
        counting = {name for name in self.people if key in self.snapshot.roles[name]}
        if key in self.held:
            limited = {
                name: replace(choice, source=(key,) if name in counting else ()) for name, choice in self.people.items()
            }
            return self.selection.total_with(limited, self.others)
        if any(choice.all or choice.any is not None and not choice.missing for choice in self.people.values()):
            return 0
        if self.recorded is not None and any(self.people[name].missing for name in counting):
            return self.total - int(self.recorded[ordinal])
        return self.total
