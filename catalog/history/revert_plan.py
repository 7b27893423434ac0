"""The plan of an undo, undelete or revert: computed once, shown to the editor, then applied."""

from dataclasses import dataclass, field

from django.db import models

from catalog.history.conflicts import RowKey, Rows
from catalog.history.past_state import M2MKeys, Values
from catalog.history.write_rows import LabelsByKey, preview_rows, raise_if_refused, write_rows
from catalog.models import Change
from catalog.models.citation_check import citations_valid_at


@dataclass(frozen=True)
class RevertPlan:
    """Rows, many-to-many keys and log labels to write (see ``write_rows``), and the reasons why that is impossible.

    A ``record`` is saved as by a form, with validation and redirects, instead of being written as a row. The rows are
    those of a ``version`` of the log: citations that have not changed since then support them again.
    """

    rows: Rows = field(default_factory=dict)
    m2m: dict[RowKey, M2MKeys] = field(default_factory=dict)
    labels: LabelsByKey = field(default_factory=dict)
    conflicts: tuple[str, ...] = ()
    record: models.Model | None = None
    version: int | None = None

    def preview(self, using: str = "default") -> list[Change]:
        """The changes that applying the plan would log, unsaved."""
        return preview_rows(self.rows, self.m2m, self.labels, using)

    def apply(self, using: str = "default") -> int:
        """Write everything, inside an edit; return the number of records changed.

        Raises ChangeRefused if there are conflicts, ValidationError if the record would break a rule.
        """
        raise_if_refused(self.conflicts)
        with citations_valid_at(self.version):
            return self._write(using)

    def _write(self, using: str) -> int:
        if self.record is None:
            return write_rows(self.rows, self.m2m, self.labels, using)
        rows, key = dict(self.rows), (type(self.record), self.record.pk)
        is_saved = _save_record(self.record, rows.pop(key, None) or {}, using)
        return is_saved + write_rows(rows, self.m2m, self.labels | {key: str(self.record)}, using)


def _save_record(record: models.Model, values: Values, using: str) -> bool:
    """Validate and save a record if a value differs."""
    changed = {name: value for name, value in values.items() if getattr(record, name) != value}
    if not changed:
        return False
    for name, value in changed.items():
        setattr(record, name, value)
    record.full_clean()
    record.save(using=using)
    return True
