"""Merge a submitted form with what other editors changed since it was opened.

Changes of one side only are all kept. If both changed the same field, the editor decides. Of the records in a
many-to-many field, each is added or removed by itself.
"""

from dataclasses import dataclass

from django.db.models import Model
from django.forms import BaseForm, FileField

from catalog.admin.conflicts.conflict import THEIRS, Conflict, MergeResult, describe_row
from catalog.admin.conflicts.field_values import (
    as_submitted,
    field_label,
    log_column,
    model_field,
    parse_key,
    resolve_submitted,
    set_submitted,
    submitted_value,
    value_in_words,
)
from catalog.admin.conflicts.row_merge import RowMerge
from catalog.admin.conflicts.submitted_rows import SubmittedRows
from catalog.editing.three_way import Decision, merge_keys, merge_value
from catalog.history.past_state import merged_into, rows_since
from catalog.models import Change, Edit
from catalog.models.change import record_reference
from catalog.models.change_recorder import m2m_values


@dataclass
class SubmittedFormset:
    """One formset of the form; ``owner`` is the column that references the record of the form.

    ``drafts_only`` is True if the user may not change what is published.
    """

    form: type[BaseForm]
    model: type[Model]
    owner: str
    rows: SubmittedRows
    drafts_only: bool


def records_merged_since(version):
    """Records merged into another one after ``version``: (kind, key) to the key of the remaining record."""
    merged = Change.objects.filter(pk__gt=version, action=Change.Action.DELETED, edit__kind=Edit.Kind.MERGE)
    targets = {(kind, pk): merged_into(kind, pk) for kind, pk in merged.values_list("kind", "record_id")}
    return {key: pk for key, pk in targets.items() if pk is not None}


def merge_submitted_form(record, version, data, files, form, formsets):
    """The MergeResult for a form that was opened at ``version`` of the change log.

    ``formsets`` are (prefix, class). Call it inside the transaction that saves: rows that another editor deleted, and
    that are to be kept or are still to be decided about, are restored in the database. Roll back if nothing is saved.
    """
    return FormMerge(record, version, data, files, form, formsets).run()


class FormMerge:
    """The merge of one form with its rows."""

    def __init__(self, record, version, data, files, form, formsets):
        self.record, self.form = record, form
        self.result = MergeResult(data.copy(), files.copy())
        self.formsets = [
            SubmittedFormset(
                *(formset.form, formset.model, formset.fk.attname),
                *(SubmittedRows(self.result.data, prefix), formset.drafts_only),
            )
            for prefix, formset in formsets
        ]
        keys = [
            (str(formset.model._meta.model_name), row.pk)
            for formset in self.formsets
            for row in formset.rows.rows
            if row.pk is not None
        ]
        self.past_rows = rows_since(version, record_reference(type(record), record.pk), keys)
        self.merged_records = records_merged_since(version)

    def run(self):
        """The result; fields of rows come last, once all rows have their final positions."""
        self._follow_merges(type(self.record), self.form, "")
        past_row = self._past_row(type(self.record), self.record.pk)
        if past_row is not None:
            self._merge_fields(past_row, self.form, "", f"the {self.record._meta.verbose_name}")
        for formset in self.formsets:
            for row in list(formset.rows.rows):
                self._merge_row(formset, row)
            formset.rows.write()
            for row in formset.rows.rows:
                self._merge_fields_of_row(formset, row)
        return self.result

    def _past_row(self, model, pk):
        """What happened to a record since the form was opened; None if nothing did or it did not exist then."""
        past_row = self.past_rows.get((model._meta.model_name, pk))
        return past_row if past_row is not None and past_row.before is not None else None

    def _merge_row(self, formset, row):
        merge = RowMerge(self.result, self.record, formset, row)
        if row.pk is None:
            if row.values:
                merge.drop_if_added_by_both(self._added_rows(formset))
        elif (past_row := self._past_row(formset.model, row.pk)) and past_row.before.get(
            formset.owner
        ) == self.record.pk:
            merge.run(past_row)  # a forged key of another record's row is left to the formset, which rejects it

    def _added_rows(self, formset):
        """Rows that other editors added to the record since."""
        rows = [past_row for past_row in self.past_rows.values() if past_row.model is formset.model]
        added = [past_row for past_row in rows if past_row.before is None and past_row.now is not None]
        return [past_row for past_row in added if (past_row.now or {})[formset.owner] == self.record.pk]

    def _merge_fields_of_row(self, formset, row):
        prefix = f"{formset.rows.prefix_of(row)}-"
        self._follow_merges(formset.model, formset.form, prefix)
        past_row = self._past_row(formset.model, row.pk) if row.pk is not None else None
        if past_row is None or past_row.now is None or past_row.now[formset.owner] != self.record.pk:
            return
        if row.keep_theirs:
            for name, field in formset.form.base_fields.items():
                if (column := log_column(formset.model, name)) in past_row.now:
                    self._take_theirs(field, prefix + name, past_row.now[column])
        elif not row.marked_for_deletion:
            self._merge_fields(past_row, formset.form, prefix, describe_row(past_row))

    def _follow_merges(self, model, form, prefix):
        """Replace references to records that were merged away since by the remaining records."""
        for name, field in form.base_fields.items() if self.merged_records else ():
            relation, raw = model_field(model, name), self.result.data.get(prefix + name, "")
            if relation is not None and relation.is_relation and not relation.many_to_many:
                pk = self.merged_records.get((relation.related_model._meta.model_name, parse_key(raw)))
                if pk is not None:
                    set_submitted(self.result.data, field, prefix + name, str(pk))

    def _merge_fields(self, past_row, form, prefix, subject):
        """Merge the fields of one record, whose names in the data begin with ``prefix``."""
        m2m = m2m_values(past_row.model, past_row.pk) if past_row.model._meta.many_to_many else {}
        stored, before = past_row.now | m2m, past_row.before | past_row.m2m_before(m2m)
        for name, field in form.base_fields.items():
            column = log_column(past_row.model, name)
            if column is None or field.disabled or before.get(column) == stored.get(column):
                continue
            raw = submitted_value(field, self.result.data, self.result.files, prefix + name)
            if column in m2m:
                mine = {key for text in raw if (key := parse_key(str(text))) is not None}
                keys = merge_keys(set(before[column]), mine, set(stored[column]))
                set_submitted(self.result.data, field, prefix + name, [str(key) for key in sorted(keys)])
            else:
                self._merge_field(past_row, field, name, raw, prefix, subject)

    def _merge_field(self, past_row, field, name, raw, prefix, subject):
        column = log_column(past_row.model, name)
        base, theirs, superseded = past_row.before.get(column), past_row.now[column], past_row.values_since(column)
        candidates = (base, *superseded) if isinstance(field, FileField) else (theirs, base, *superseded)
        mine = resolve_submitted(field, raw, candidates)
        decision = merge_value(base, mine, theirs, superseded)
        label = f"{field_label(field, name)} of {subject}"
        if decision is Decision.TAKE_THEIRS:
            self._take_theirs(field, prefix + name, theirs)
            self.result.note_kept(past_row.last_change(column), f"{label} was changed")
        elif decision is Decision.CONFLICT:
            key = f"{past_row.model._meta.model_name}-{past_row.pk}-{name}"
            is_file = isinstance(field, FileField)
            texts = (
                value_in_words(field, raw),
                str(theirs) if is_file else value_in_words(field, as_submitted(field, theirs)),
            )
            conflict = self.result.add(Conflict(key, label, *texts, past_row.last_change(column), prefix + name))
            if conflict.choice == THEIRS:
                self._take_theirs(field, prefix + name, theirs)

    def _take_theirs(self, field, name, value):
        if isinstance(field, FileField):
            self.result.files.pop(name, None)
            self.result.data.pop(f"{name}-clear", None)
        else:
            set_submitted(self.result.data, field, name, as_submitted(field, value))
