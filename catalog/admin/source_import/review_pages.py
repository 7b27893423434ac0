"""The pages of a review: the series, each season, people; long ones in parts."""

import re
from dataclasses import dataclass, field, replace

from catalog.editing.ingest.plan import Cell, Fact, ImportPlan, PlannedRecord, State
from catalog.editing.ingest.plan_report import count_states

MAX_CELLS_ON_PAGE = 500
SEASON_KEY = re.compile(r"s([0-9]+)")
PEOPLE = "people"  # key of the page and table of people
OPEN_STATES = {State.DIFFERS, State.UNSURE}


def present_counts(records: list[PlannedRecord]) -> dict[str, int]:
    """The number of facts by state in words, without states that none has."""
    return {words: count for words, count in count_states(records).items() if count}


@dataclass
class ReviewPage:
    """One page: ``key`` is its address, such as “s01” or “s01-2” for the second part."""

    key: str
    label: str
    records: list[PlannedRecord] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """The number of facts by state in words, without states that none has."""
        return present_counts(self.records)


def find_page(pages: list[ReviewPage], key: str) -> ReviewPage:
    """The page with a key, else the first."""
    return next((page for page in pages if page.key == key), pages[0])


def review_pages(plan: ImportPlan, only_open: bool = False) -> list[ReviewPage]:
    """The pages of a plan that have something, and the first. ``only_open`` leaves out what needs no decision."""
    groups: dict[tuple[str, str], list[PlannedRecord]] = {}
    for record in plan.records:
        groups.setdefault(_page_of(record), []).append(_narrow(record) if only_open else record)
    pages = [page for (key, label), records in groups.items() for page in _parts(key, label, records)]
    return [page for number, page in enumerate(pages) if number == 0 or page.records]


def _page_of(record: PlannedRecord) -> tuple[str, str]:
    """(key, label) of the page of a record."""
    match = SEASON_KEY.match(record.key)
    if record.key == "series":
        return "series", "Series"
    if match is None:
        return PEOPLE, "People"
    number = int(match[1])
    return match[0], f"Season {number}" if number else "Specials"


def _narrow(record: PlannedRecord) -> PlannedRecord:
    """The record with the facts that need a decision."""
    facts = [fact for fact in record.facts if fact.state in OPEN_STATES]
    return replace(record, facts=facts, notes=record.notes if facts else [])


def _parts(key: str, label: str, records: list[PlannedRecord]) -> list[ReviewPage]:
    """A page, or several so that each has at most ``MAX_CELLS_ON_PAGE`` cells, and at least one record."""
    parts: list[list[PlannedRecord]] = [[]]
    count = 0
    for record in records:
        size = sum(len(fact.cells) for fact in record.facts)
        if not size and not record.notes:
            continue
        if parts[-1] and count + size > MAX_CELLS_ON_PAGE:
            parts.append([])
            count = 0
        parts[-1].append(record)
        count += size
    if len(parts) == 1:
        return [ReviewPage(key, label, parts[0])]
    total = len(parts)
    return [
        ReviewPage(f"{key}-{number}" if number > 1 else key, f"{label} ({number} of {total})", part)
        for number, part in enumerate(parts, 1)
    ]


@dataclass
class FactRow:
    """A row of a table: a fact with its cells by the columns of the table."""

    label: str
    fact: Fact
    columns: list[tuple[str, list[Cell]]]  # (label of the source, what it states)

    @property
    def state(self) -> str:
        """The state in words."""
        return self.fact.state.value

    @property
    def may_toggle(self) -> bool:
        """Several boxes, all of which can be ticked together."""
        boxes = [cell for cell in self.fact.cells if has_box(cell)]
        return len(boxes) > 1 and (self.fact.is_list or len({cell.key for cell in boxes}) == 1)


@dataclass
class RecordTable:
    """The table of a record, or of several people.

    ``columns`` are (position, label, whether it has boxes) of the sources that state something about it.
    """

    key: str
    label: str
    records: list[PlannedRecord]
    anchor: str
    columns: list[tuple[int, str, bool]]
    rows: list[FactRow]

    @property
    def is_new(self) -> bool:
        """True if all of it would be added."""
        return all(record.is_new for record in self.records)

    @property
    def may_change(self) -> bool:
        """True if the user may change all of it."""
        return all(record.may_change for record in self.records)

    @property
    def notes(self) -> list[str]:
        """Sentences about what was left out."""
        return [note for record in self.records for note in record.notes]

    @property
    def counts(self) -> dict[str, int]:
        """The number of facts by state in words, without states that none has."""
        return present_counts(self.records)


def has_box(cell: Cell) -> bool:
    """True if a tick of the cell would do something."""
    return cell.may_tick and not cell.is_cited


def record_tables(records: list[PlannedRecord], labels: list[str]) -> list[RecordTable]:
    """The tables of a page: one for each record, but one for all people. ``labels`` are those of the sources."""
    people = [record for record in records if is_person(record)]
    groups = [(record.key, record.label, [record]) for record in records if not is_person(record)]
    groups += [(PEOPLE, "People", people)] if people else []
    return [_table(*group, f"record-{number}", labels) for number, group in enumerate(groups, 1)]


def is_person(record: PlannedRecord) -> bool:
    """True for the record of a person."""
    return record.key.startswith("person.")


def _table(key: str, label: str, records: list[PlannedRecord], anchor: str, labels: list[str]) -> RecordTable:
    cells = [cell for record in records for fact in record.facts for cell in fact.cells]
    positions = sorted({cell.source for cell in cells})
    with_boxes = {cell.source for cell in cells if has_box(cell)}
    rows = [
        FactRow(
            f"{record.label}: {fact.label}" if key == PEOPLE else fact.label,
            fact,
            [(labels[position], fact.cells_of(position)) for position in positions],
        )
        for record in records
        for fact in record.facts
    ]
    columns = [(position, labels[position], position in with_boxes) for position in positions]
    return RecordTable(key, label, records, anchor, columns, rows)
