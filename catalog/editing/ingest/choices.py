"""What an editor selected on the pages of an import: kept as differences from the ticks by default.

So a box whose default changes later, such as that of a credit once its person is settled, follows its default.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import asdict, dataclass, field
from typing import Any

from catalog.editing.ingest.plan import Cell, Fact, ImportAnswers, ImportPlan, PlannedRecord

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
    typed_title: str = ""  # of a new series whose sources do not state it

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
        added, removed = set(filter(_is_tick, after - before)), set(filter(_is_tick, before - after))
        self.ticked = (self.ticked | added) - removed
        self.unticked = (self.unticked | removed) - added

    def add_answers(self, answers: Mapping[str, str]) -> None:
        """Note who is meant by names."""
        valid = {key: value for key, value in answers.items() if _is_tick(key) and _is_tick(value)}
        self.people |= {key: value for key, value in valid.items() if value and len(value) <= MAX_ANSWER_LENGTH}

    def move_sources(self, positions: Mapping[int, int]) -> None:
        """Rename the ticks of sources that moved, and leave out those of other sources."""
        self.ticked, self.unticked = _moved(self.ticked, positions), _moved(self.unticked, positions)

    def answers(self) -> ImportAnswers:
        """The choices as the comparison takes them."""
        return ImportAnswers(
            people=self.people,
            notes_disputes=self.notes_disputes,
            ticked=self.ticked,
            unticked=self.unticked,
            title=self.typed_title,
        )

    def add_plan(self, plan: ImportPlan) -> None:
        """Note what is ticked in a plan."""
        self.ticked = {cell.tick for cell in plan.cells() if cell.is_ticked and not cell.is_proposed}
        self.unticked = {cell.tick for cell in plan.cells() if cell.is_proposed and not cell.is_ticked}


def _is_tick(text: str) -> bool:
    """True if a text can be stored; others come from no page."""
    return len(text) <= MAX_TICK_LENGTH and "\x00" not in text


def _moved(ticks: Set[str], positions: Mapping[int, int]) -> set[str]:
    """The ticks, which end with the position of the source and of the value: “s01e03.title.1.0”."""
    parts = [tick.rsplit(".", 2) for tick in ticks]
    names = {str(old): str(new) for old, new in positions.items()}
    return {f"{part[0]}.{names[part[1]]}.{part[2]}" for part in parts if len(part) == 3 and part[1] in names}


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
