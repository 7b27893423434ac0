"""The merge of three: a form as it was read, as it was sent, and the record as it is now.

What only one side changed is taken over. Where both changed the same, it is a conflict, shown with both values and
chosen field by field. Of several records chosen in one field, each is added or removed by itself.
"""

from dataclasses import dataclass

from django.forms import FileField

from catalog.admin.conflicts.conflict import THEIRS, Conflict, MergeResult, describe_row
from catalog.admin.conflicts.field_values import (
    as_submitted,
    field_label,
    has_changed,
    log_column,
    relation_field,
    set_submitted,
    submitted_value,
    value_in_words,
)
from catalog.admin.conflicts.row_merge import RowMerge, is_own_change
from catalog.admin.conflicts.submitted_rows import SubmittedRows
from catalog.history.past_state import merged_into, rows_since
from catalog.models import Change, Edit
from catalog.models.change import record_reference
from catalog.models.change_recorder import m2m_values


@dataclass
class SubmittedFormset:
    """One formset of the form; ``owner`` is the column that leads to the record of the form.

    ``drafts_only`` says that its user has no say over what is published.
    """

    form: type
    model: type
    owner: str
    rows: SubmittedRows
    drafts_only: bool


def records_merged_since(version):
    """What was merged away after ``version``: (kind, key) to the key of what it is now."""
    gone = Change.objects.filter(pk__gt=version, action=Change.Action.DELETED, edit__kind=Edit.Kind.MERGE)
    found = {(kind, pk): merged_into(kind, pk) for kind, pk in gone.values_list("kind", "record_id")}
    return {key: pk for key, pk in found.items() if pk is not None}


def merge_submitted_form(record, version, data, files, form, formsets):
    """The Outcome for a form that was read at ``version``. ``formsets`` are (prefix, class).

    To be called inside the transaction that saves: rows that somebody else removed and that are to stay, or are still
    to be chosen about, are put back into the database; whoever does not save in the end rolls that back.
    """
    return FormMerge(record, version, data, files, form, formsets).run()


class FormMerge:
    """The merge for one form."""

    def __init__(self, record, version, data, files, form, formsets):
        self.record, self.form = record, form
        self.outcome = MergeResult(data.copy(), files.copy())
        self.parts = [
            SubmittedFormset(
                made.form, made.model, made.fk.attname, SubmittedRows(self.outcome.data, prefix), made.drafts_only
            )
            for prefix, made in formsets
        ]
        keys = [(part.model._meta.model_name, row.pk) for part in self.parts for row in part.rows.rows if row.pk]
        self.rows = rows_since(version, record_reference(type(record), record.pk), keys)
        self.merged = records_merged_since(version)

    def run(self):
        """The outcome."""
        self._lead_on(type(self.record), self.form, "")
        own = self._past(type(self.record), self.record.pk)
        if own is not None:
            self._merge_fields(own, self.form, "", f"the {self.record._meta.verbose_name}")
        for part in self.parts:
            for row in list(part.rows.rows):
                self._merge_row(part, row)
            part.rows.write()
            for row in part.rows.rows:
                self._merge_fields_of(part, row)
        return self.outcome

    def _past(self, model, pk):
        """What happened since to a record that was there then; None when nothing did."""
        past = self.rows.get((model._meta.model_name, pk))
        return past if past is not None and past.before is not None else None

    def _merge_row(self, part, row):
        merge = RowMerge(self.outcome, self.record, part, row)
        if row.pk is None:
            if row.values:
                merge.drop_if_theirs_too(self._added(part))
        elif (past := self._past(part.model, row.pk)) and past.before.get(part.owner) == self.record.pk:
            merge.run(past)  # a key of another record's row, put in by hand, is left to the formset: it knows none such

    def _added(self, part):
        rows = [past for past in self.rows.values() if past.model is part.model]
        added = [past for past in rows if past.before is None and past.now is not None]
        return [past for past in added if past.now[part.owner] == self.record.pk]

    def _merge_fields_of(self, part, row):
        start = f"{part.rows.name_of(row)}-"
        self._lead_on(part.model, part.form, start)
        past = self._past(part.model, row.pk) if row.pk else None
        here = past is not None and past.now is not None and past.now[part.owner] == self.record.pk
        if here and row.keep_theirs:
            for name, field in part.form.base_fields.items():
                if (stored := log_column(part.model, name)) in past.now:
                    self._take(field, start + name, past.now[stored])
        elif here and not row.marked_for_deletion:
            self._merge_fields(past, part.form, start, describe_row(past))

    def _lead_on(self, model, form, start):
        """Whom somebody merged away since is meant as who they are now."""
        for name, field in form.base_fields.items() if self.merged else ():
            chosen, raw = relation_field(model, name), self.outcome.data.get(start + name, "")
            if chosen and not chosen.many_to_many and raw.isdecimal():
                now = self.merged.get((chosen.related_model._meta.model_name, int(raw)))
                if now is not None:
                    set_submitted(self.outcome.data, field, start + name, str(now))

    def _merge_fields(self, past, form, start, what):
        """Merge the fields of one record, whose names in the data begin with ``start``."""
        tied = m2m_values(past.model, past.pk) if past.model._meta.many_to_many else {}
        now, before = past.now | tied, past.before | past.m2m_before(tied)
        for name, field in form.base_fields.items():
            stored = log_column(past.model, name)
            if stored is None or field.disabled or before.get(stored) == now.get(stored):
                continue
            raw = submitted_value(field, self.outcome.data, self.outcome.files, start + name)
            if stored in tied:
                self._merge_ties(field, start + name, before[stored], now[stored], raw)
            elif not has_changed(field, now[stored], raw) and not isinstance(field, FileField):
                continue
            elif is_own_change(field, past, stored, raw):
                self._both_changed(past, field, name, start, what)
            else:
                self._take(field, start + name, now[stored])
                self.outcome.note_kept(past.last_change(stored), f"{field_label(field, name)} of {what} was changed")

    def _both_changed(self, past, field, name, start, what):
        stored, value = log_column(past.model, name), past.now[log_column(past.model, name)]
        mine = value_in_words(field, submitted_value(field, self.outcome.data, self.outcome.files, start + name))
        theirs = str(value) if isinstance(field, FileField) else value_in_words(field, as_submitted(field, value))
        key = f"{past.model._meta.model_name}-{past.pk}-{name}"
        what = f"{field_label(field, name)} of {what}"
        conflict = self.outcome.add(Conflict(key, what, mine, theirs, past.last_change(stored), start + name))
        if conflict.chosen == THEIRS:
            self._take(field, start + name, value)

    def _merge_ties(self, field, name, before, now, raw):
        mine, before, now = {int(key) for key in raw if str(key).isdecimal()}, set(before), set(now)
        kept = (now | (mine - before)) - (before - mine)
        set_submitted(self.outcome.data, field, name, [str(key) for key in sorted(kept)])

    def _take(self, field, name, value):
        if isinstance(field, FileField):
            self.outcome.files.pop(name, None)
            self.outcome.data.pop(f"{name}-clear", None)
        else:
            set_submitted(self.outcome.data, field, name, as_submitted(field, value))
