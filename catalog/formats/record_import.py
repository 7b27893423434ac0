"""Import the rows of a spreadsheet as records: each row is validated and saved, or reported with its errors."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, models, router, transaction

from catalog.editing.fingerprint import fingerprint
from catalog.editing.permissions import published_owner
from catalog.editing.validation import unique_fields, validate_changed
from catalog.formats.columns import FieldColumn, ManyToManyColumn
from catalog.formats.namesakes import Namesakes
from catalog.formats.row_lookup import Cells, RowLookup
from catalog.formats.table_schema import TableSchema
from catalog.models import Series
from catalog.models.base import NaturalKey
from catalog.spreadsheet_files import Table, cell_text, check_cell
from soundtrack_site.outages import outage_reason

EMPTY_CODES = ("null", "blank")  # of Django's errors
MAX_SHOWN_LENGTH = 60  # characters of a cell in a message
CONSTRAINT_MESSAGE = "The database rejected this row: together with another record it breaks a rule."


class ImportPermissions(Protocol):
    """What the importing user may do with records of the imported model."""

    may_publish: bool

    def may_add(self) -> bool:
        """True if the user may add records."""

    def may_change(self, record: models.Model) -> bool:
        """True if the user may change the record as it is stored."""


class Outcome(StrEnum):
    """Whether a row adds a record, updates one, changes nothing, or has errors."""

    NEW = "new"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    INVALID = "invalid"

    @property
    def label(self) -> str:
        """The outcome in words."""
        return {"new": "New", "update": "Changed", "unchanged": "Unchanged"}.get(self, "Has errors")


class CellChange(NamedTuple):
    """A change of one field, as texts of its cells; ``before`` is empty for a new record."""

    column: str
    before: str
    after: str


@dataclass
class RowResult:
    """The result of importing one row, or of its dry run. ``errors`` are (column or "", message)."""

    number: int  # as spreadsheet programs show it; the header is row 1
    label: str = ""
    outcome: Outcome = Outcome.INVALID
    record: models.Model | None = None
    changes: list[CellChange] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    notice: str = ""  # about records of the same name as a new one
    stale_message: str = ""  # set by the caller that compares it with an earlier dry run

    def fingerprint(self) -> str:
        """A hash of outcome, record, changes and notice, to compare a dry run with the import."""
        pk = self.record.pk if self.record and self.outcome is not Outcome.NEW else None
        return fingerprint(str(self.outcome), pk, [tuple(change) for change in self.changes], self.notice)

    @property
    def outcome_label(self) -> str:
        """The outcome in words; for a new record with a notice, that its name is there."""
        return "Name is there already" if self.notice else self.outcome.label


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
        rows = list(table.records())
        lookup = RowLookup(schema, [row for _, row in rows])
        namesakes = Namesakes(schema.model, lookup.new_names)
        result = ImportResult(
            [_RowImport(lookup, namesakes, permissions, number, row, dry_run).run(using) for number, row in rows]
        )
        if dry_run or not result.is_valid:
            transaction.set_rollback(True, using=using)
    return result


class _RowImport:
    record: NaturalKey
    is_new: bool

    def __init__(
        self,
        lookup: RowLookup,
        namesakes: Namesakes,
        permissions: ImportPermissions,
        number: int,
        row: Cells,
        dry_run: bool,
    ) -> None:
        self.schema, self.lookup, self.namesakes, self.permissions = lookup.schema, lookup, namesakes, permissions
        self.row, self.dry_run, self.result = row, dry_run, RowResult(number)
        self.m2m_values: dict[str, list[models.Model]] = {}
        self.errors: dict[str, Any] = {}

    def run(self, using: str) -> RowResult:
        """Import the row in a savepoint; whatever goes wrong, but an outage, is reported as an error of the row."""
        result = self.result
        try:
            with transaction.atomic(using=using):
                result.outcome, result.record = self._import(), self.record
                if result.outcome is not Outcome.UNCHANGED:
                    result.label = str(self.record)
        except ValidationError as error:
            result.errors = list(self._messages(error))
        except DatabaseError as error:
            if outage_reason(error):
                raise
            result.errors = [("", CONSTRAINT_MESSAGE)]
        except (ObjectDoesNotExist, ValueError, TypeError, ArithmeticError) as error:
            result.errors = [("", str(error))]
        if result.errors:
            result.outcome, result.record, result.notice = Outcome.INVALID, None, ""
            cells = (cell_text(self.row.get(name)) for name in self.schema.key_names)
            result.label = " · ".join(filter(None, cells))
        return result

    def _messages(self, error: ValidationError) -> Iterator[tuple[str, str]]:
        by_field = error.error_dict if hasattr(error, "error_dict") else {"": [error]}
        for name, errors in by_field.items():
            column = name if name in self.schema.columns else ""
            for item in errors:
                messages = [self._missing_message(name)] if item.code in EMPTY_CODES else item.messages
                yield from ((column, self._with_value(cell_text(self.row.get(name)), message)) for message in messages)

    def _missing_message(self, name: str) -> str:
        """What to do about a field that is required and empty."""
        label = self.schema.model._meta.verbose_name
        reason = "this cell is empty" if name in self.row else "the file has no such column"
        return f"Every {label} needs this, and {reason}."

    @staticmethod
    def _with_value(text: str, message: str) -> str:
        """The message with the text of the cell before it, unless it quotes the text already."""
        if not text or f"“{text}”" in message or repr(text) in message:
            return message
        excerpt = text if len(text) <= MAX_SHOWN_LENGTH else f"{text[:MAX_SHOWN_LENGTH]}…"
        return f"“{excerpt}”: {message}"

    def _check_cells(self) -> None:
        for name, cell in self.row.items():
            try:
                check_cell(cell)
            except ValueError as error:
                self.errors[name] = ValidationError(str(error))
        if self.errors:
            raise ValidationError(self.errors)

    def _import(self) -> Outcome:
        self._check_cells()
        stored = self.lookup.find(self.row, self.result.number)
        self.is_new = stored is None
        self.record = stored or self.schema.model(**self.lookup.natural_values(self.row))
        may_write = self.permissions.may_add() if self.is_new else self.permissions.may_change(self.record)
        self._apply_cells()
        if not (self.is_new or self.result.changes or self.errors):
            return Outcome.UNCHANGED
        changed = {change.column for change in self.result.changes}
        try:
            validate_changed(self.record, None if self.is_new else changed, set(self.errors))
        except ValidationError as error:
            self.errors = error.update_error_dict(self.errors)
        if self.errors:
            raise ValidationError(self.errors)
        self._check_permissions(changed, may_write)
        if self.is_new:
            self.result.notice = self.namesakes.notice(self.record, self.result.number)
        self._save(changed - self.m2m_values.keys())
        return Outcome.NEW if self.is_new else Outcome.UPDATE

    def _apply_cells(self) -> None:
        """Set the fields whose cells differ from the record; collect the changes and the errors."""
        for name, column in self.schema.columns.items():
            if name in self.schema.key_names:
                if self.is_new and name in self.schema.natural_names and (text := cell_text(self.row[name])):
                    self.result.changes.append(CellChange(name, "", text))
            elif name in self.row and isinstance(column, FieldColumn):
                try:
                    self._apply_cell(column, self.row[name])
                except ValidationError as error:
                    self.errors[name] = ValidationError(error.messages)
                except (ValueError, ArithmeticError) as error:
                    self.errors[name] = ValidationError(str(error))

    def _apply_cell(self, column: FieldColumn, cell: object) -> None:
        before = cell_text(column.cell(self.record))
        if cell_text(cell) == before and not (self.is_new and before):
            return
        value = self.lookup.related.parse(column, cell)
        if isinstance(column, ManyToManyColumn):
            self.m2m_values[column.name] = value  # set after saving: a new record has no key yet
            after = ", ".join(sorted({str(getattr(record, column.key)) for record in value}))
        else:
            previous = getattr(self.record, column.field.attname)
            setattr(self.record, column.field.name, value)
            if getattr(self.record, column.field.attname) == previous and not self.is_new:
                return
            after = cell_text(column.cell(self.record))
        before = "" if self.is_new else before
        if after != before:
            self.result.changes.append(CellChange(column.name, before, after))

    def _check_permissions(self, changed: set[str], may_write: bool) -> None:
        if not may_write:
            raise ValidationError(
                f"You may not add {self.record._meta.verbose_name_plural}."
                if self.is_new
                else "This record is published, or you may not change it."
            )
        if self.permissions.may_publish:
            return
        if "published_at" in changed:
            raise ValidationError({"published_at": "Only those who may publish can set this."})
        if (owner := published_owner(self.record)) is not None:
            raise ValidationError(f"{owner} is published: only those who may publish can add to it.")

    def _save(self, changed: set[str]) -> None:
        """Save only the changed fields, so that other fields are not reset to the values read.

        A dry run saves only unique fields, with which later rows could conflict: saving a thousand records takes
        seconds, in which other editors would wait.
        """
        if self.is_new:
            self.record.save(force_insert=True)
        elif changed and not (self.dry_run and changed.isdisjoint(unique_fields(self.schema.model))):
            self.record.save(update_fields=changed)
        former_codes = self.record.language_codes() if isinstance(self.record, Series) else set()
        for name, records in self.m2m_values.items():
            getattr(self.record, name).set(records)
        if isinstance(self.record, Series):
            self.record.follow_languages(former_codes)
