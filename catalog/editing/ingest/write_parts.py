"""Write what belongs to records as rows: external ids, other titles, reviews, and names of people."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from catalog.editing.fitted_text import fit_text
from catalog.editing.ingest.plan import Cell, Fact, FactKind, PlannedRecord, State
from catalog.editing.ingest.stated_values import alike
from catalog.editing.ingest.write_context import (
    RowsByOwner,
    WriteContext,
    differing_cells,
    first_of_each_key,
    owner_field,
    taken_cells,
)
from catalog.models import Alias, AlternativeTitle, ExternalId, Language, Review
from catalog.models.compiled_query import batches
from catalog.models.external_id import OWNER_FIELDS
from catalog.sources.series_claims import OtherTitle, ReviewClaim

OWNERS = {*OWNER_FIELDS}
# The field of a row of which a source says something else.
DISPUTED_FIELDS = {ExternalId: "value", AlternativeTitle: "title", Review: "score", Alias: "name"}
MODELS: dict[FactKind, Any] = {
    FactKind.EXTERNAL_ID: ExternalId,
    FactKind.TITLE: AlternativeTitle,
    FactKind.REVIEW: Review,
    FactKind.ALIAS: Alias,
}


class PartWriter:
    """Adds the rows of one import that belong to its records."""

    def __init__(self, context: WriteContext) -> None:
        self.context = context
        records = [planned.record for planned in context.plan.records if planned.record.pk is not None]
        self._rows = {kind: RowsByOwner(model, records) for kind, model in MODELS.items()}
        self._languages = {language.code: language for language in Language.objects.all()}
        self.ids = UsedIds(self._stated_ids())
        self._builders: dict[FactKind, Callable[[Any, Fact, Any], Model]] = {
            FactKind.EXTERNAL_ID: self._external_id,
            FactKind.TITLE: self._title,
            FactKind.REVIEW: self._review,
            FactKind.ALIAS: self._alias,
        }

    def _stated_ids(self) -> Iterable[str]:
        facts = (fact for fact in self.context.plan.facts() if fact.kind == FactKind.EXTERNAL_ID)
        return (str(cell.value) for fact in facts for cell in fact.cells if cell.is_ticked)

    def write(self, planned: PlannedRecord) -> None:
        """Write the rows of a saved record."""
        for fact in planned.facts:
            if fact.kind not in MODELS:
                continue
            rows, ticked = self._rows[fact.kind].of(planned.record), taken_cells(fact)
            self.context.note_left(planned, fact, ticked)
            for cell, same in first_of_each_key(ticked):
                row = next((row for row in rows if _is_row_of(cell, row) or _holds(row, fact, cell.value)), None)
                if row is None and cell.state != State.SAME:
                    row = self._write(planned, fact, cell, rows)
                if row is not None:
                    self.context.cite(row, "", same)
            self._dispute(fact, rows, differing_cells(fact, ticked))

    def _write(self, planned: PlannedRecord, fact: Fact, cell: Cell, rows: list[Any]) -> Model | None:
        """Add a row, or give the only one its new value; None if it breaks a rule."""
        row = self._builders[fact.kind](planned.record, fact, cell.value)
        former = None if fact.is_list else next((row for row in rows if _is_about(row, fact)), None)
        try:
            if former is not None:
                row = _with_values(former, row)
            _validate(row)
            if isinstance(row, ExternalId):
                self.ids.use(owner_field(planned.record), row)
        except ValidationError as error:
            self.context.refuse(planned, fact, error)
            if former is not None:
                former.refresh_from_db()
            return None
        if former is not None:
            row.save()
            self.context.result.changed.append(f"{planned.label}, {fact.label}")
        else:
            self.context.add_row(row)
            rows.append(row)
        return row

    def _dispute(self, fact: Fact, rows: Sequence[Any], cells: Sequence[Cell]) -> None:
        if cells and not fact.is_list:
            for row in rows:
                if _is_about(row, fact):
                    self.context.dispute(row, DISPUTED_FIELDS[type(row)], cells)

    def _external_id(self, record: Model, fact: Fact, value: str) -> Model:
        return ExternalId(scheme=fact.name, value=str(value), **{owner_field(record): record})

    def _title(self, record: Model, fact: Fact, title: OtherTitle) -> Model:
        language, note = self._languages.get(title.language), fit_text(AlternativeTitle, "note", title.note)
        values = {"kind": fact.name, "title": title.title, "language": language, "note": note}
        return AlternativeTitle(**values, **{owner_field(record): record})

    def _review(self, record: Model, fact: Fact, claim: ReviewClaim) -> Model:
        return Review(
            aggregator=claim.aggregator,
            score=claim.score,
            scale=claim.scale,
            is_percentage=claim.is_percentage,
            average=claim.average or None,
            average_scale=claim.average_scale or None,
            count=claim.count,
            label=claim.label,
            **{owner_field(record): record},
        )

    def _alias(self, record: Model, fact: Fact, name: str) -> Model:
        return Alias(name=str(name), **{owner_field(record): record})


class UsedIds:
    """The identifiers of other catalogues that records have, so that none gets that of another record."""

    def __init__(self, values: Iterable[str]) -> None:
        self._owners: dict[tuple[str, str, str], Any] = {}
        for batch in batches(sorted({*values})):
            for row in ExternalId.objects.filter(value__in=batch):
                for owner in OWNER_FIELDS:
                    if key := getattr(row, f"{owner}_id"):
                        self._owners[owner, row.scheme, row.value] = key

    def use(self, owner: str, row: ExternalId) -> None:
        """Give a record an identifier; ValidationError if another one has it."""
        key = getattr(row, f"{owner}_id")
        if self._owners.setdefault((owner, row.scheme, row.value), key) != key:
            raise ValidationError(f"another {owner} has {row}.")


def _is_about(row: Any, fact: Fact) -> bool:
    """True if a row holds the fact, whatever its value."""
    if isinstance(row, ExternalId):
        return row.scheme == fact.name
    if isinstance(row, AlternativeTitle):
        return row.kind == fact.name
    if isinstance(row, Review):
        return alike(row.aggregator) == alike(fact.name) and row.kind == Review.Kind.CRITICS
    return True


def _is_row_of(cell: Cell, row: Any) -> bool:
    """True if the row was recorded when the cell was compared with it."""
    return cell.row is not None and cell.row.pk == row.pk and cell.state == State.SAME


def _holds(row: Any, fact: Fact, value: Any) -> bool:
    """True if a row holds the fact with this value."""
    if not _is_about(row, fact):
        return False
    if isinstance(row, Review):
        return isinstance(value, ReviewClaim) and row.score / row.scale == Decimal(value.score) / Decimal(value.scale)
    if isinstance(row, AlternativeTitle):
        return isinstance(value, OtherTitle) and alike(row.title) == alike(value.title)
    return alike(row.name) == alike(value) if isinstance(row, Alias) else row.value == value


def _with_values(former: Any, row: Any) -> Any:
    """The row of now with the values of another one."""
    for column in row._meta.concrete_fields:
        if not column.primary_key and column.name not in OWNERS:
            setattr(former, column.attname, getattr(row, column.attname))
    return former


def _validate(row: Any) -> None:
    """Raise ValidationError if a row breaks a rule; that no other row is the same is checked by the caller."""
    relations = {column.name for column in row._meta.concrete_fields if column.is_relation}
    row.clean_fields(exclude=relations)
    if isinstance(row, Review):
        row.validate_constraints(exclude=relations)
