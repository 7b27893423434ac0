"""What an editor selected on the pages of an import: kept as differences from the ticks by default.

So a box whose default changes later, such as that of a credit once its person is settled, follows its default.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import asdict, dataclass, field
from typing import Any

from catalog.editing.ingest.plan import Cell, Fact, ImportPlan, PlannedRecord

MAX_TICK_LENGTH = 300
MAX_ANSWER_LENGTH = 20


@dataclass
class ImportChoices:
    """``ticked`` and ``unticked`` are ticks that differ from the default, ``people`` answers by key.

    ``series`` is the answer to the question which series is meant: a primary key, NEW, or "" so far.
    """

    ticked: set[str] = field(default_factory=set)
    unticked: set[str] = field(default_factory=set)
    people: dict[str, str] = field(default_factory=dict)
    notes_disputes: bool = True
    summary: str = ""
    series: str = ""
    title: str = ""  # of a new series, for the list of imports

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ImportChoices":
        """The choices of ``SourceImport.choices``."""
        values = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        for name in ("ticked", "unticked"):
            values[name] = set(values.get(name, ()))
        return cls(**values)

    def to_json(self) -> dict[str, Any]:
        """For ``SourceImport.choices``."""
        return asdict(self) | {"ticked": sorted(self.ticked), "unticked": sorted(self.unticked)}

    def add_ticks(self, before: Set[str], after: Set[str]) -> None:
        """Note what an editor changed on a page: which boxes were ticked on it before, and which are now."""
        added = {tick for tick in after - before if len(tick) <= MAX_TICK_LENGTH}
        removed = {tick for tick in before - after if len(tick) <= MAX_TICK_LENGTH}
        self.ticked = (self.ticked | added) - removed
        self.unticked = (self.unticked | removed) - added

    def add_answers(self, answers: Mapping[str, str]) -> None:
        """Note who is meant by names."""
        self.people |= {key: value for key, value in answers.items() if value and len(value) <= MAX_ANSWER_LENGTH}

    def apply(self, plan: ImportPlan) -> list[Fact]:
        """Tick what was selected in a plan with the ticks by default.

        Returns the facts of which several values were ticked although only one can be taken: then the first is that the
        editor ticked.
        """
        plan.notes_disputes = self.notes_disputes
        return [fact for fact in plan.facts() if self._apply_to_fact(fact)]

    def _apply_to_fact(self, fact: Fact) -> bool:
        for cell in fact.cells:
            is_default = cell.is_ticked and cell.tick not in self.unticked
            cell.is_ticked = cell.may_tick and (is_default or cell.tick in self.ticked)
        ticked = [cell for cell in fact.cells if cell.is_ticked]
        if fact.is_list or len({cell.key for cell in ticked}) < 2:
            return False
        first = next((cell for cell in ticked if cell.tick in self.ticked), ticked[0])
        for cell in ticked:
            cell.is_ticked = cell.key == first.key
        return True


def ticks_of(cells: Iterable[Cell]) -> set[str]:
    """The ticks of the ticked cells."""
    return {cell.tick for cell in cells if cell.is_ticked}


def toggle_fact(fact: Fact) -> None:
    """Tick all values of a row; untick them if all are ticked. Of different values, one of which can be taken: none."""
    cells = [cell for cell in fact.cells if cell.may_tick]
    is_ticked = not all(cell.is_ticked for cell in cells)
    if fact.is_list or len({cell.key for cell in cells}) == 1:
        for cell in cells:
            cell.is_ticked = is_ticked


def toggle_source(records: Iterable[PlannedRecord], source: int) -> None:
    """Tick all that a source states about the records; untick it if all is ticked."""
    pairs = [(fact, cell) for record in records for fact in record.facts for cell in fact.cells_of(source)]
    pairs = [(fact, cell) for fact, cell in pairs if cell.may_tick]
    if all(cell.is_ticked for _, cell in pairs):
        for _, cell in pairs:
            cell.is_ticked = False
    else:
        for fact, cell in pairs:
            _tick(fact, cell)


def tick_agreed(plan: ImportPlan) -> None:
    """Tick all that two publishers or more state. Two pages of one publisher are not independent."""
    for fact in plan.facts():
        publishers = defaultdict(set)
        for cell in fact.cells:
            publishers[cell.key].add(plan.sources[cell.source].claims.source.publisher)
        agreed = {key for key, names in publishers.items() if len(names) > 1}
        if len(agreed) > 1 and not fact.is_list:
            continue
        for cell in fact.cells:
            if cell.key in agreed and cell.may_tick:
                _tick(fact, cell)


def untick_all(plan: ImportPlan) -> None:
    """Tick nothing."""
    for cell in plan.cells():
        cell.is_ticked = False


def _tick(fact: Fact, cell: Cell) -> None:
    """Tick a cell, and untick other values of a fact of which only one can be taken."""
    for other in fact.cells if not fact.is_list else ():
        other.is_ticked = other.is_ticked and other.key == cell.key
    cell.is_ticked = True
