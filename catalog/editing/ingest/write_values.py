"""Write the values and links of records: what a field of the record itself holds."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from catalog.editing.citations import is_recorded, value_in_words
from catalog.editing.ingest.plan import Cell, Fact, FactKind, ImportRecord, PlannedRecord, State
from catalog.editing.ingest.write_context import WriteContext, differing_cells, taken_cells
from catalog.editing.validation import validate_changed
from catalog.models import Series

FactCells = dict[str, tuple[Fact, list[Cell]]]  # by field: the cells that are taken


class ValueWriter:
    """Sets the ticked values of records, and saves them."""

    def __init__(self, context: WriteContext) -> None:
        self.context = context
        self._ticked: dict[str, FactCells] = {}  # by the key of the planned record

    def set_values(self, planned: PlannedRecord) -> set[str]:
        """Give a record its ticked values. Returns the fields that changed; a value that breaks a rule is refused."""
        record, values = planned.record, dict[str, Any]()
        ticked: FactCells = {}
        for fact in planned.facts:
            cells = taken_cells(fact) if fact.kind == FactKind.VALUE else []
            if cells:
                ticked[fact.name] = fact, cells
                if cells[0].state != State.SAME and getattr(record, fact.name) != cells[0].value:
                    values[fact.name] = cells[0].value
        for name, error in set_valid_values(record, values).items():
            self.context.refuse(planned, ticked.pop(name)[0], error)
            del values[name]
        self._ticked[planned.key] = ticked
        if planned.is_new:
            self.context.new_records.add(planned.key)
        else:
            self.context.result.changed += [f"{planned.label}, {ticked[name][0].label}" for name in values]
        return set(values)

    def save(self, planned: PlannedRecord) -> None:
        """Set the values of a record and save it; a new one is a draft."""
        record: Any = planned.record
        if record.pk is None:
            self.set_values(planned)
            record.save(force_insert=True)
            self.context.result.added[type(record)] += 1
        elif planned.may_change and (changed := self.set_values(planned)):
            record.save(update_fields=changed)

    def cite(self, planned: PlannedRecord) -> None:
        """Cite the sources of the values that a saved record has, and note those that differ."""
        ticked_by_field = self._ticked.get(planned.key, {})
        for fact in planned.facts:
            if fact.kind == FactKind.VALUE:
                _, ticked = ticked_by_field.get(fact.name, (fact, []))
                self.context.note_left(planned, fact, ticked)
                self.context.cite(planned.record, fact.name, ticked)
                if is_recorded(planned.record, fact.name):
                    words = partial(_value_in_words, planned.record, fact.name)
                    self.context.dispute(planned.record, fact.name, differing_cells(fact, ticked), words)


def _value_in_words(record: ImportRecord, name: str, cell: Cell) -> str:
    """A claimed value as pages show the recorded one: 11 March 1997."""
    return value_in_words(record, name, cell.value)


def set_valid_values(record: ImportRecord, values: Mapping[str, Any]) -> dict[str, ValidationError]:
    """Set the values of a record that break no rule of its model. Returns the errors of the others, by field.

    If all together break one, they are set one after the other.
    """
    for names in ([list(values)] if values else []), [[name] for name in values]:
        errors: dict[str, ValidationError] = {}
        for group in names:
            former = {name: getattr(record, name) for name in group}
            try:
                for name in group:
                    setattr(record, name, values[name])
                validate_changed(record, set(group), set())
            except ValidationError as error:
                errors |= dict.fromkeys(group, error)
                for name in group:
                    setattr(record, name, former[name])
        if not errors:
            break
    return errors


def write_links(context: WriteContext, series: Series, planned: PlannedRecord) -> None:
    """Add the ticked genres, countries and languages to a series."""
    former_codes = series.language_codes()
    for fact in planned.facts:
        if fact.kind != FactKind.LINK:
            continue
        ticked, relation = taken_cells(fact), getattr(series, fact.name)
        linked = set(relation.values_list("pk", flat=True))
        stated = {value.pk: value for cell in ticked if isinstance(value := cell.value, Model)}
        if new := [value for pk, value in stated.items() if pk not in linked]:
            relation.add(*new)
            if planned.key not in context.new_records:
                context.result.changed += [f"{planned.label}, {fact.label}: {value}" for value in new]
        context.note_left(planned, fact, ticked)
        differing = differing_cells(fact, ticked)
        disputing = {cell.source for cell in differing} if context.plan.notes_disputes and (linked or new) else set()
        # One citation holds all that a source states of a list: it supports the list or disputes it.
        context.cite(series, fact.name, [cell for cell in ticked if cell.source not in disputing])
        if disputing:
            context.dispute(series, fact.name, [cell for cell in fact.cells if cell.source in disputing])
    series.follow_languages(former_codes)
