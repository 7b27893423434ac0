"""Undo an edit, or revert a record to an earlier version.

Both are edits themselves: apply them inside ``record_edit``. They can be undone like any other edit.
"""

from collections.abc import Collection, Iterable, Iterator

from django.db import models

from catalog.history.conflicts import RowKey, Rows, find_conflicts, missing_targets, unique_columns
from catalog.history.past_state import (
    M2MKeys,
    Model,
    PastRow,
    RecordRef,
    Values,
    deserialize_m2m,
    deserialize_row,
    is_known_kind,
    kind_of,
    last_labels,
    merged_into,
    record_and_parts,
    rows_from_changes,
)
from catalog.history.revert_plan import RevertPlan
from catalog.models import Change, Edit
from catalog.models.base import Published
from catalog.models.change_recorder import m2m_values
from catalog.models.compiled_query import batches


def undo(edit: Edit, using: str = "default") -> int:
    """Undo an edit; ChangeRefused if a later change depends on it. Returns the number of records changed."""
    return plan_undo(edit, using).apply(using)


def plan_undo(edit: Edit, using: str = "default") -> RevertPlan:
    """Plan to set back every value that the edit changed.

    A value must still be the one that the edit set; other values of the same records stay as they are now.
    """
    changes = [change for change in edit.changes.using(using).order_by("pk") if is_known_kind(change.kind)]
    if any(change.before is None and change.after is None for change in changes):
        return RevertPlan(conflicts=("The values that this edit changed were not recorded.",))
    past_rows = list(rows_from_changes(changes, using).values())
    edit_links = _m2m_links(past_rows)
    later_changes = [reason for past_row in past_rows for reason in _later_changes(past_row, edit_links, using)]
    rows, m2m = {}, {}
    for past_row in past_rows:
        key, values = (past_row.model, past_row.pk), _values_before_edit(past_row)
        if values != {}:
            rows[key] = values
        m2m_keys = {} if values is None else _m2m_before_edit(past_row)
        if m2m_keys:
            m2m[key] = m2m_keys
    version = changes[-1].pk if changes else None
    conflicts = (*later_changes, *find_conflicts(rows, m2m, using))
    return RevertPlan(rows, m2m, last_labels(past_rows), conflicts, version=version)


def _values_before_edit(past_row: PastRow) -> Values | None:
    """The values that the edit replaced, or None if it added the record."""
    values: Values | None = {}
    for change in reversed(past_row.changes):
        added = change.action == Change.Action.ADDED
        values = None if added else (values or {}) | deserialize_row(past_row.model, change.before or {})
    return values


def _m2m_before_edit(past_row: PastRow) -> M2MKeys:
    keys: M2MKeys = {}
    for change in reversed(past_row.changes):
        keys |= deserialize_m2m(past_row.model, change.before or {})
    return keys


def _m2m_links(past_rows: Iterable[PastRow]) -> set[tuple[str, int, int]]:
    """Many-to-many links that the changes set, from both sides: (through table, key, key of the other record)."""
    links = set()
    for past_row in past_rows:
        for change in past_row.changes:
            for name, keys in deserialize_m2m(past_row.model, change.after or {}).items():
                links |= {(name, past_row.pk, key) for key in keys} | {(name, key, past_row.pk) for key in keys}
    return links


def _later_changes(past_row: PastRow, edit_links: set[tuple[str, int, int]], using: str) -> Iterator[str]:
    """Reasons why the changes of a record cannot be undone: it was changed again later."""
    last = past_row.changes[-1]
    label = f"{past_row.model._meta.verbose_name} “{last.label}”"
    if last.action == Change.Action.DELETED:
        if past_row.now is not None:
            yield f"The {label} was restored later."
        return
    if past_row.now is None:
        yield f"The {label} was deleted later."
        return
    after: Values = {}
    for change in past_row.changes:
        after |= change.after or {}
    current_m2m = m2m_values(past_row.model, past_row.pk, using)
    current = past_row.now | current_m2m
    for name, value in (deserialize_row(past_row.model, after) | deserialize_m2m(past_row.model, after)).items():
        if current.get(name) != value:
            yield f"The {label} was changed again later: {name.removesuffix('_id').replace('_', ' ')}."
    if past_row.changes[0].action == Change.Action.ADDED:
        for name, keys in current_m2m.items():
            if any((name, past_row.pk, key) not in edit_links for key in keys):
                yield f"The {label} got new links later: {name.rpartition('_')[2]}."


def revert_to_version(
    record: models.Model, version: int, only: Collection[str] | None = None, using: str = "default"
) -> int:
    """Revert a record, see ``plan_revert``. Returns the number of records changed.

    Raises ChangeRefused if something that it references was deleted, ValidationError if it would break a rule.
    """
    return plan_revert(record, version, only, using).apply(using)


def plan_revert(
    record: models.Model, version: int, only: Collection[str] | None = None, using: str = "default"
) -> RevertPlan:
    """Plan to give a record the values of a version of the log, with all its parts.

    With ``only``, just those columns and through tables of the record itself. Links to records that were merged away
    since are replaced by links to the records that they were merged into.
    """
    key = type(record), record.pk
    past_rows = state_at(*key, version, using)
    own_row = past_rows.get((kind_of(record), record.pk))
    if own_row is not None and own_row.before is None:
        return RevertPlan(conflicts=("The record did not exist yet.",), record=record)
    reverted = [
        past_row
        for past_row in past_rows.values()
        if past_row is own_row or (only is None and not issubclass(past_row.model, Published))
    ]
    rows = _follow_merges({(past_row.model, past_row.pk): past_row.before for past_row in reverted}, using)
    m2m = {(past_row.model, past_row.pk): past_row.m2m_before({}) for past_row in reverted}
    if own_row is not None and only is not None:
        rows[key] = {name: value for name, value in (rows[key] or {}).items() if name in only}
        m2m[key] = {name: keys for name, keys in m2m[key].items() if name in only}
    m2m = {row_key: m2m_keys for row_key, m2m_keys in m2m.items() if m2m_keys and rows.get(row_key) is not None}
    conflicts = tuple(find_conflicts(rows, m2m, using))
    return RevertPlan(rows, m2m, last_labels(reverted), conflicts, record, version)


def state_at(model: Model, pk: int, version: int, using: str = "default") -> dict[RecordRef, PastRow]:
    """All changes of a record and its parts since a version.

    Parts that are published by themselves (the seasons of a series) are left out: each has its own history.
    """
    by_kind: dict[str, list[int]] = {}
    for kind, key in record_and_parts(model, pk, version, using):
        by_kind.setdefault(kind, []).append(key)
    changes: list[Change] = []
    for kind, keys in by_kind.items():
        for batch in batches(keys):
            log = Change.objects.using(using).filter(pk__gt=version, kind=kind, record_id__in=batch)
            changes += log.select_related("edit")
    return rows_from_changes(sorted(changes, key=lambda change: change.pk), using)


def _follow_merges(rows: Rows, using: str) -> Rows:
    """Replace references to merged records by references to their merge targets.

    Rows that exist already under another key, because both records had them before the merge, are left out.
    """
    targets: dict[RowKey, int] = {}
    for model, pk in missing_targets(rows, using):
        target = merged_into(kind_of(model), pk, using)
        if target is not None:
            targets[model, pk] = target
    if not targets:
        return rows
    followed: Rows = {}
    for (model, pk), values in rows.items():
        replaced = _replaced_references(model, values or {}, targets)
        if not replaced:
            followed[model, pk] = values
        elif not _has_duplicate(model, pk, replaced, using):
            followed[model, pk] = replaced
    return followed


def _replaced_references(model: Model, values: Values, targets: dict[RowKey, int]) -> Values:
    """The values of a row with the keys of merge targets, {} if it references no merged record."""
    replaced = {}
    for column in model._meta.concrete_fields:
        key = values.get(column.attname)
        if column.related_model is not None and key is not None and (column.related_model, key) in targets:
            replaced[column.attname] = targets[column.related_model, key]
    return values | replaced if replaced else {}


def _has_duplicate(model: Model, pk: int, values: Values, using: str) -> bool:
    """True if another row has the same values in the columns of a unique constraint."""
    for columns, null_counts in unique_columns(model):
        unique_values = {name: values[name] for name in columns}
        if null_counts or None not in unique_values.values():
            lookups = {
                f"{name}__isnull" if value is None else name: True if value is None else value
                for name, value in unique_values.items()
            }
            if model._base_manager.using(using).filter(**lookups).exclude(pk=pk).exists():
                return True
    return False
