"""Import the rows of a spreadsheet as records: each row is validated and saved, or reported with its errors."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, models, router, transaction

from catalog.editing.fingerprint import fingerprint
from catalog.editing.permissions import is_draft, owner_of
from catalog.editing.validation import unique_fields, validate_changed
from catalog.formats.columns import FieldColumn, ManyToManyColumn
from catalog.formats.row_lookup import Row, RowLookup
from catalog.formats.spreadsheet_files import Table, cell_text
from catalog.formats.table_schema import TableSchema
from catalog.models.base import Published

CONSTRAINT_MESSAGE = "The database rejected this row: together with another record it breaks a rule."


class ImportPermissions(Protocol):
    """What the importing user may do with records of the imported model."""

    may_publish: bool

    def may_add(self) -> bool:
        """True if the user may add records."""

    def may_change(self, record: models.Model) -> bool:
        """True if the user may change the record as it is stored."""


class Outcome(StrEnum):
    """What importing a row does."""

    NEW = "new"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    INVALID = "invalid"


class FieldChange(NamedTuple):
    """A change of one field, as texts of its cells; ``before`` is empty for a new record."""

    column: str
    before: str
    after: str


@dataclass
class RowResult:
    """What importing one row did, or would do. ``errors`` are (column or "", message)."""

    number: int  # as spreadsheet programs show it; the header is row 1
    label: str = ""
    outcome: Outcome = Outcome.INVALID
    record: models.Model | None = None
    changes: list[FieldChange] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    stale_message: str = ""  # set by who compares it with an earlier dry run

    def fingerprint(self) -> str:
        """Identify what the row does, to compare a dry run with the import."""
        pk = self.record.pk if self.record and self.outcome is not Outcome.NEW else None
        return fingerprint(str(self.outcome), pk, [tuple(change) for change in self.changes])


@dataclass
class ImportResult:
    """The results of all rows of a spreadsheet."""

    rows: list[RowResult]

    def __post_init__(self) -> None:
        counts = Counter(row.outcome for row in self.rows)
        self.new_count, self.update_count = counts[Outcome.NEW], counts[Outcome.UPDATE]
        self.unchanged_count, self.is_valid = counts[Outcome.UNCHANGED], not counts[Outcome.INVALID]

    @property
    def changed_rows(self) -> list[RowResult]:
        """The rows that add or change a record or have errors."""
        return [row for row in self.rows if row.outcome is not Outcome.UNCHANGED]


def import_table(schema: TableSchema, table: Table, permissions: ImportPermissions, *, dry_run: bool) -> ImportResult:
    """Add and change the records that a spreadsheet names, all of them or none.

    A cell that equals the stored value changes nothing, nor does a column that the file does not have; an empty cell
    empties the field. Nothing is written if ``dry_run`` is set or a row has errors.
    """
    using = router.db_for_write(schema.model)
    with transaction.atomic(using=using):
        importer = _Importer(schema, table, permissions, dry_run=dry_run, using=using)
        result = ImportResult([importer.import_row(number, row) for number, row in table.records()])
        if dry_run or not result.is_valid:
            transaction.set_rollback(True, using=using)
    return result


class _Importer:
    def __init__(
        self, schema: TableSchema, table: Table, permissions: ImportPermissions, *, dry_run: bool, using: str
    ) -> None:
        self.schema, self.permissions, self.dry_run, self.using = schema, permissions, dry_run, using
        self.lookup = RowLookup(schema, [row for _, row in table.records()])

    def import_row(self, number: int, row: Row) -> RowResult:
        """Import a row in a savepoint; whatever goes wrong is reported as an error of the row."""
        result = RowResult(number)
        try:
            with transaction.atomic(using=self.using):
                self._import(row, result)
                if result.outcome is not Outcome.UNCHANGED:
                    result.label = str(result.record)
        except ValidationError as error:
            result.errors = list(self._errors(error))
        except DatabaseError:
            result.errors = [("", CONSTRAINT_MESSAGE)]
        except (ObjectDoesNotExist, ValueError, TypeError, ArithmeticError) as error:
            result.errors = [("", str(error))]
        if result.errors:
            result.outcome, result.record = Outcome.INVALID, None
            result.label = " · ".join(filter(None, (cell_text(row.get(name)) for name in self.schema.key_names)))
        return result

    def _errors(self, error: ValidationError) -> Iterator[tuple[str, str]]:
        by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, messages in by_field.items():
            yield from ((name if name in self.schema.columns else "", message) for message in messages)

    def _import(self, row: Row, result: RowResult) -> None:
        record = self.lookup.find(row, result.number)
        is_new = record is None
        if record is None:
            record = self.schema.model(**self.lookup.natural_values(row))
        result.record = record
        may_change = is_new or self.permissions.may_change(record)  # asked before anything is changed in it
        m2m, errors = self._apply_cells(record, row, result.changes, is_new=is_new)
        if not (is_new or result.changes or errors):
            result.outcome = Outcome.UNCHANGED
            return
        changed = {change.column for change in result.changes}
        try:
            validate_changed(record, None if is_new else changed, set(errors))
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)
        self._check_permissions(record, changed, is_new=is_new, may_change=may_change)
        self._save(record, changed - m2m.keys(), is_new=is_new)
        for name, records in m2m.items():
            getattr(record, name).set(records)
        result.outcome = Outcome.NEW if is_new else Outcome.UPDATE

    def _apply_cells(
        self, record: models.Model, row: Row, changes: list[FieldChange], *, is_new: bool
    ) -> tuple[dict[str, list[models.Model]], dict[str, Any]]:
        """Set the fields whose cells differ; return the many-to-many values to set after saving, and the errors."""
        m2m: dict[str, list[models.Model]] = {}
        errors: dict[str, Any] = {}
        for name, column in self.schema.columns.items():
            if name in self.schema.key_names:
                if is_new and name in self.schema.natural_names and (text := cell_text(row[name])):
                    changes.append(FieldChange(name, "", text))
            elif name in row and isinstance(column, FieldColumn):
                try:
                    change = self._apply_cell(record, column, row[name], m2m, is_new=is_new)
                except ValidationError as error:
                    errors[name] = ValidationError(error.messages)
                except (ValueError, ArithmeticError) as error:
                    errors[name] = ValidationError(str(error))
                else:
                    changes += [change] if change else []
        return m2m, errors

    def _apply_cell(
        self,
        record: models.Model,
        column: FieldColumn,
        cell: object,
        m2m: dict[str, list[models.Model]],
        *,
        is_new: bool,
    ) -> FieldChange | None:
        before = cell_text(column.cell(record))
        if cell_text(cell) == before and not (is_new and before):
            return None
        value = self.lookup.related.parse(column, cell)
        if isinstance(column, ManyToManyColumn):
            m2m[column.name] = value
            after = ", ".join(column.keys(cell))
        else:
            previous = getattr(record, column.field.attname)
            setattr(record, column.field.name, value)
            if getattr(record, column.field.attname) == previous and not is_new:
                return None
            after = cell_text(column.cell(record))
        if is_new:
            return FieldChange(column.name, "", after) if after else None
        return FieldChange(column.name, before, after) if after != before else None

    def _check_permissions(self, record: models.Model, changed: set[str], *, is_new: bool, may_change: bool) -> None:
        if is_new and not self.permissions.may_add():
            raise ValidationError(f"You may not add {record._meta.verbose_name_plural}.")
        if not may_change:
            raise ValidationError("It is published, or not yours to change.")
        if self.permissions.may_publish:
            return
        if "published_at" in changed:
            raise ValidationError({"published_at": "Only those who may publish set this."})
        owner = None if isinstance(record, Published) else owner_of(record)
        if owner is not None and not is_draft(owner):
            raise ValidationError(f"{owner} is published: only those who may publish can add to it.")

    def _save(self, record: models.Model, changed: set[str], *, is_new: bool) -> None:
        """Save only the changed fields, so that other fields are not reset to what was read.

        A dry run saves only unique fields, with which later rows could conflict: saving a thousand records takes
        seconds, in which other editors would wait.
        """
        if is_new:
            record.save(force_insert=True)
        elif changed and not (self.dry_run and changed.isdisjoint(unique_fields(type(record)))):
            record.save(update_fields=changed)
