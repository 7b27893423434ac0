"""What the writers of an import share: its plan and result, new rows, and what is taken of a fact."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model

from catalog.editing.ingest.plan import Cell, Fact, ImportPlan, PlannedRecord, State
from catalog.editing.ingest.result import ImportResult
from catalog.editing.ingest.source_records import source_labels
from catalog.editing.ingest.write_citations import CitationWriter
from catalog.models.addition import add_records
from catalog.models.compiled_query import batches

Row = TypeVar("Row", bound=Model)


@dataclass
class WriteContext:
    """One import while it is written. New rows are added together, before the citations, which need their keys."""

    plan: ImportPlan
    result: ImportResult
    citations: CitationWriter
    rows: dict[type[Model], list[Model]] = field(default_factory=dict)
    new_records: set[str] = field(default_factory=set)  # keys of the records that are added

    @cached_property
    def labels(self) -> list[str]:
        """The names of the sources."""
        return source_labels(self.plan.sources)

    def add_row(self, row: Model) -> None:
        """Have a row added."""
        self.rows.setdefault(type(row), []).append(row)
        self.result.added[type(row)] += 1

    def save_rows(self) -> None:
        """Add the rows, each model's together."""
        for rows in self.rows.values():
            add_records(rows)

    def cite(self, record: Model, name: str, cells: Iterable[Cell]) -> None:
        """Cite the sources of cells for a field of a record, or for a row."""
        for cell in cells:
            if not cell.is_cited:
                self.citations.cite(record, name, cell.source, cell.locator)

    def dispute(
        self, record: Model, name: str, cells: Sequence[Cell], words: Callable[[Cell], str] = lambda cell: cell.words
    ) -> None:
        """Note what each source claims instead, in one citation."""
        if not self.plan.notes_disputes:
            return
        for source in dict.fromkeys(cell.source for cell in cells):
            own_cells = [cell for cell in cells if cell.source == source]
            claim = ", ".join(dict.fromkeys(map(words, own_cells)))
            self.citations.dispute(record, name, source, own_cells[0].locator, claim)

    def note_left(self, planned: PlannedRecord, fact: Fact, ticked: Sequence[Cell]) -> None:
        """List the cells of a fact that are not taken because they differ or are not sure."""
        ticks = {cell.tick for cell in ticked}
        for cell in fact.cells:
            if cell.tick not in ticks and cell.state in (State.DIFFERS, State.UNSURE):
                facts = self.result.differing if cell.state == State.DIFFERS else self.result.unsure
                facts.append(f"{planned.label}, {fact.label}: {cell.words} ({self.labels[cell.source]})")

    def refuse(self, planned: PlannedRecord, fact: Fact, error: ValidationError) -> None:
        """Say why a ticked value is not written."""
        reasons = " ".join(error.messages)
        self.result.refused.append(f"{planned.label}, {fact.label} was not written: {reasons}")


def taken_cells(fact: Fact) -> list[Cell]:
    """The ticked cells of a fact; if it has one value, those with the value of the first."""
    cells = [cell for cell in fact.cells if cell.is_ticked and cell.may_tick]
    return cells if fact.is_list else [cell for cell in cells if cell.key == cells[0].key]


def differing_cells(fact: Fact, ticked: Sequence[Cell]) -> list[Cell]:
    """The cells that state something else than what is recorded or ticked."""
    ticks = {cell.tick for cell in ticked}
    return [cell for cell in fact.cells if cell.state == State.DIFFERS and cell.tick not in ticks]


def first_of_each_key(cells: Sequence[Cell]) -> list[tuple[Cell, list[Cell]]]:
    """For each stated value its first cell, and all cells that state it."""
    by_key: dict[str, list[Cell]] = {}
    for cell in cells:
        by_key.setdefault(cell.key, []).append(cell)
    return [(same[0], same) for same in by_key.values()]


class RowsByOwner:
    """The rows of one model that belong to records, read with one query for 512 records of a kind."""

    def __init__(self, model: Any, records: Iterable[Model], *relations: str) -> None:
        self._rows: defaultdict[tuple[str, Any], list[Any]] = defaultdict(list)
        keys: dict[str, list[Any]] = defaultdict(list)
        names = {column.name for column in model._meta.concrete_fields}
        for record in records:
            if owner_field(record) in names:
                keys[owner_field(record)].append(record.pk)
        for name, primary_keys in keys.items():
            for batch in batches(primary_keys):
                rows = model.objects.filter(**{f"{name}__in": batch}).order_by("pk")
                for row in rows.select_related(*relations) if relations else rows:
                    self._rows[name, getattr(row, f"{name}_id")].append(row)

    def of(self, record: Model) -> list[Any]:
        """The rows of a saved record; new ones are appended to it."""
        return self._rows[owner_field(record), record.pk]


def owner_field(record: Model) -> str:
    """The name of the foreign keys to a record, in the rows that belong to it."""
    return str(record._meta.model_name)
