"""Rows that one side removed while the other changed them, and rows that both added."""

from catalog.admin.conflicts.conflict import THEIRS, Conflict, describe_row
from catalog.admin.conflicts.field_values import field_label, has_changed, log_column, submitted_value, value_in_words
from catalog.editing.permissions import is_draft
from catalog.history.past_state import current_rows
from catalog.history.undelete import undelete
from catalog.history.write_rows import ChangeRefused, write_rows


class RowMerge:
    """Whether one row of a formset stays. ``part`` is the formset, ``past`` what happened to the row since."""

    def __init__(self, outcome, record, part, row):
        self.outcome, self.record, self.part, self.row = outcome, record, part, row

    def run(self, past):
        """Settle it, or take up a conflict. Fields are merged later, once all rows have their places."""
        here = past.now is not None and past.now[self.part.owner] == self.record.pk
        if here and self.row.marked_for_deletion:
            self._i_removed(past)
        elif not here:
            mine = [] if self.row.marked_for_deletion else list(self._mine(past))
            if mine:
                self._they_removed(past, mine)
            else:
                self.part.rows.drop(self.row)
                if not self.row.marked_for_deletion:
                    self.outcome.note_kept(past.changes[-1], f"{describe_row(past)} was removed")

    def _mine(self, past):
        """(label, value in words) of what the editor changed in the row."""
        for name, field in self.part.form.base_fields.items():
            stored = log_column(self.part.model, name)
            if stored is not None and stored in past.before and not field.disabled:
                raw = submitted_value(field, self.outcome.data, self.outcome.files, f"{self.row.sent_as}-{name}")
                if is_own_change(field, past, stored, raw):
                    yield field_label(field, name), value_in_words(field, raw)

    def _i_removed(self, past):
        """They changed what I remove, in what the form shows."""
        shown = {log_column(self.part.model, name): field_label(field, name) for name, field in self._fields()}
        told = [shown[name] for name in shown if name and past.before.get(name) != past.now.get(name)]
        if told:
            theirs = f"kept, with another {', '.join(told)}"
            if self._conflict(past, "removed", theirs).chosen == THEIRS:
                self.row.undelete()
                self.row.keep_theirs = True

    def _they_removed(self, past, mine):
        """I changed what they removed: it comes back, if only until it is chosen."""
        moved, last = past.now is not None, past.changes[-1]
        told = "; ".join(f"{name}: {value}" for name, value in mine)
        if moved and self.part.drafts_only and not is_draft(past.model._base_manager.get(pk=past.pk)):
            self.part.rows.drop(self.row)
            self.outcome.note_kept(last, f"{describe_row(past)} (you had {told}) was moved to what is published")
            return
        conflict = self._conflict(past, f"kept, with {told}", "moved to another record" if moved else "removed")
        if conflict.chosen == THEIRS:
            self.part.rows.drop(self.row)
            return
        try:
            if moved:
                back = {(past.model, past.pk): {self.part.owner: self.record.pk}}
                write_rows(back, labels={(past.model, past.pk): last.label})
            else:
                undelete(last)
            past.now = current_rows(past.model, [past.pk])[past.pk]  # its fields are merged like those of any other row
        except ChangeRefused as refusal:
            self.part.rows.drop(self.row)
            self.outcome.conflicts.remove(conflict)
            why = " ".join(refusal.reasons)
            self.outcome.note_kept(
                last, f"{describe_row(past)} (you had {told}) cannot be kept ({why}): it was removed"
            )

    def drop_if_theirs_too(self, added):
        """A new row that says just what one of ``added`` says, which somebody else added since, is not added twice."""
        for past in added:
            if not any(
                has_changed(
                    field, past.now.get(stored), submitted_value(field, self.outcome.data, self.outcome.files, name)
                )
                for stored, field, name in self._columns()
            ):
                self.part.rows.drop(self.row)
                self.outcome.note_kept(past.changes[-1], f"{describe_row(past)} was added too")
                return

    def _fields(self):
        return self.part.form.base_fields.items()

    def _columns(self):
        for name, field in self._fields():
            stored = log_column(self.part.model, name)
            if stored is not None:
                yield stored, field, f"{self.row.sent_as}-{name}"

    def _conflict(self, past, mine, theirs):
        key = f"{self.part.model._meta.model_name}-{past.pk}-"
        return self.outcome.add(Conflict(key, describe_row(past), mine, theirs, past.changes[-1]))


def is_own_change(field, past, stored, raw):
    """Whether ``raw`` is the editor's own word, and none that stood there at any time since the form was read."""
    return all(has_changed(field, value, raw) for value in (past.before.get(stored), *past.values_since(stored)))
