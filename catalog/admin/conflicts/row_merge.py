"""Rows that one editor deleted or moved away while another changed them, and rows that both added."""

from catalog.admin.conflicts.conflict import THEIRS, Conflict, describe_row
from catalog.admin.conflicts.field_values import (
    field_label,
    has_changed,
    log_column,
    resolve_submitted,
    submitted_value,
    value_in_words,
)
from catalog.editing.permissions import is_draft
from catalog.editing.three_way import DELETED, Decision, merge_value
from catalog.history.past_state import current_rows
from catalog.history.undelete import undelete
from catalog.history.write_rows import ChangeRefused, write_rows


class RowMerge:
    """Decides whether one submitted row of ``formset`` (a SubmittedFormset) remains in the form."""

    def __init__(self, result, record, formset, row):
        self.result, self.record, self.formset, self.row = result, record, formset, row

    def run(self, past_row):
        """Drop or keep the row, or add a conflict. Its fields are merged later, when all rows have their positions."""
        is_here = past_row.now is not None and past_row.now[self.formset.owner] == self.record.pk
        if is_here and self.row.marked_for_deletion:
            self._deleted_by_me(past_row)
        elif not is_here:
            changes = [] if self.row.marked_for_deletion else list(self._own_changes(past_row))
            if changes:
                self._deleted_by_them(past_row, changes)
            else:
                self.formset.rows.drop(self.row)
                if not self.row.marked_for_deletion:
                    self.result.note_kept(past_row.changes[-1], f"{describe_row(past_row)} was removed")

    def drop_if_added_by_both(self, added_rows):
        """Drop a new row that is equal to one of ``added_rows``, which other editors have added since."""
        for past_row in added_rows:
            if not any(has_changed(field, past_row.now.get(column), raw) for column, _, field, raw in self._fields()):
                self.formset.rows.drop(self.row)
                self.result.note_kept(past_row.changes[-1], f"{describe_row(past_row)} was added too")
                return

    def _fields(self):
        """(column, name, form field, raw value) of each field of the row that the change log records."""
        for name, field in self.formset.form.base_fields.items():
            column = log_column(self.formset.model, name)
            if column is not None:
                full_name = f"{self.row.prefix}-{name}"
                yield column, name, field, submitted_value(field, self.result.data, self.result.files, full_name)

    def _own_changes(self, past_row):
        """(label, value in words) of what the editor changed in the row."""
        for column, name, field, raw in self._fields():
            if column in past_row.before and not field.disabled:
                base, superseded = past_row.before[column], past_row.values_since(column)
                mine = resolve_submitted(field, raw, (base, *superseded))
                if merge_value(base, mine, DELETED, superseded) is Decision.CONFLICT:
                    yield field_label(field, name), value_in_words(field, raw)

    def _deleted_by_me(self, past_row):
        """The editor deletes the row: a conflict if others changed fields of it that the form shows."""
        labels = {column: field_label(field, name) for column, name, field, _ in self._fields()}
        base = {column: past_row.before.get(column) for column in labels}
        theirs = {column: past_row.now.get(column) for column in labels}
        if merge_value(base, DELETED, theirs) is Decision.CONFLICT:
            changed = ", ".join(label for column, label in labels.items() if base[column] != theirs[column])
            if self._add_conflict(past_row, "removed", f"kept, with another {changed}").choice == THEIRS:
                self.row.undelete()
                self.row.keep_theirs = True

    def _deleted_by_them(self, past_row, changes):
        """Others deleted or moved a row that the editor changed: restore it, if only until the editor has decided."""
        is_moved, change = past_row.now is not None, past_row.changes[-1]
        mine, row = "; ".join(f"{label}: {value}" for label, value in changes), describe_row(past_row)
        if is_moved and self.formset.drafts_only and not is_draft(past_row.model._base_manager.get(pk=past_row.pk)):
            self.formset.rows.drop(self.row)
            self.result.note_kept(change, f"{row} (you had {mine}) was moved to a published record")
            return
        theirs = "moved to another record" if is_moved else "removed"
        conflict = self._add_conflict(past_row, f"kept, with {mine}", theirs)
        if conflict.choice == THEIRS:
            self.formset.rows.drop(self.row)
            return
        key = past_row.model, past_row.pk
        try:
            if is_moved:
                write_rows({key: {self.formset.owner: self.record.pk}}, labels={key: change.label})
            else:
                undelete(change)
            past_row.now = current_rows(past_row.model, [past_row.pk])[past_row.pk]  # so that its fields are merged
        except ChangeRefused as refusal:
            self.formset.rows.drop(self.row)
            self.result.conflicts.remove(conflict)
            reasons = " ".join(refusal.reasons)
            self.result.note_kept(change, f"{row} (you had {mine}; it cannot be restored: {reasons}) was removed")

    def _add_conflict(self, past_row, mine, theirs):
        key = f"{self.formset.model._meta.model_name}-{past_row.pk}-"
        return self.result.add(Conflict(key, describe_row(past_row), mine, theirs, past_row.changes[-1]))
