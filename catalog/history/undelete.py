"""Restore a deleted record with everything that was deleted with it, under the same primary keys."""

from collections.abc import Iterable, Iterator

from django.db import models

from catalog.history.conflicts import Rows, find_conflicts
from catalog.history.past_state import (
    SAME_ACT_WINDOW,
    M2MKeys,
    PastRow,
    current_rows,
    is_known_kind,
    kind_of,
    last_labels,
    model_of,
    rows_from_changes,
)
from catalog.history.revert_plan import RevertPlan
from catalog.models import Change, Edit
from catalog.models.base import is_owner_key
from catalog.models.change import record_reference
from catalog.models.change_recorder import m2m_tables


def find_deletion(kind: str, pk: int, using: str = "default") -> Change | None:
    """The log's change that deleted a record; None if the record exists or never did."""
    last = Change.objects.using(using).filter(kind=kind, record_id=pk).select_related("edit").order_by("-pk").first()
    return last if last is not None and last.action == Change.Action.DELETED else None


def undelete(deletion: Change, using: str = "default") -> int:
    """Restore a deleted record and its parts, see ``plan_undelete``; ChangeRefused if there are conflicts."""
    return plan_undelete(deletion, using).apply(using)


def plan_undelete(deletion: Change, using: str = "default") -> RevertPlan:
    """Plan to restore the record of a deletion, its parts, its many-to-many links and the links to it.

    It conflicts if something that a restored row references was deleted too, or a unique value is used again.
    """
    edit = deletion.edit
    if edit is not None and edit.kind == Edit.Kind.MERGE and edit.subject.startswith(f"{deletion.kind}:"):
        return RevertPlan(conflicts=("It was merged into another record: undo the merge.",))
    changes = _changes_of_act(deletion, using)
    deletions = _cascade_of(deletion, [change for change in changes if change.action == Change.Action.DELETED])
    if not all(change.before for change in deletions):
        return RevertPlan(conflicts=("The deleted values were not recorded.",))
    undone = sorted([*deletions, *_cut_links(changes, deletions, using)], key=lambda change: change.pk)
    past_rows = [
        past_row
        for past_row in rows_from_changes(undone, using).values()
        if past_row.now is None or past_row.changes[-1].action == Change.Action.CHANGED
    ]
    rows: Rows = {(past_row.model, past_row.pk): past_row.before for past_row in past_rows}
    m2m = {}
    for past_row in past_rows:
        m2m_keys = _existing_m2m(past_row, rows, using) if past_row.now is None else {}
        if m2m_keys:
            m2m[past_row.model, past_row.pk] = m2m_keys
    return RevertPlan(rows, m2m, last_labels(past_rows), tuple(find_conflicts(rows, m2m, using)))


def _changes_of_act(deletion: Change, using: str) -> list[Change]:
    """All changes of the edit that deleted the record, oldest first.

    Without an edit: the neighbouring changes, each within SAME_ACT_WINDOW of the next.
    """
    log = Change.objects.using(using)
    if deletion.edit_id is not None:
        return list(log.filter(edit=deletion.edit_id).order_by("pk"))
    earlier = list(_neighbours(deletion, log.filter(pk__lt=deletion.pk).order_by("-pk")))
    later = _neighbours(deletion, log.filter(pk__gt=deletion.pk).order_by("pk"))
    return [*reversed(earlier), deletion, *later]


def _neighbours(start: Change, changes: models.QuerySet[Change]) -> Iterator[Change]:
    """The first of the changes that belong to the same act as ``start``."""
    previous = start
    for change in changes.iterator(chunk_size=200):
        added = change.action == Change.Action.ADDED
        if added or change.edit_id is not None or abs(previous.at - change.at) > SAME_ACT_WINDOW:
            return
        yield change
        previous = change


def _cascade_of(deletion: Change, deletions: Iterable[Change]) -> list[Change]:
    """The deletions that this one caused: its parts and their parts, with itself."""
    by_owner: dict[str, list[Change]] = {}
    for change in deletions:
        for owner in _owners(change):
            by_owner.setdefault(owner, []).append(change)
    cascade, level = {deletion.pk: deletion}, [deletion]
    while level:
        owners = [f"{change.kind}:{change.record_id}" for change in level]
        level = [change for owner in owners for change in by_owner.get(owner, ()) if change.pk not in cascade]
        cascade |= {change.pk: change for change in level}
    return list(cascade.values())


def _owners(change: Change) -> Iterator[str]:
    """All records whose deletion deletes this one: for a featured character its episode and its character."""
    for column in model_of(change.kind)._meta.concrete_fields if is_known_kind(change.kind) else ():
        key = (change.before or {}).get(column.attname)
        if column.related_model is not None and key is not None and is_owner_key(column):
            yield record_reference(column.related_model, key)


def _cut_links(changes: Iterable[Change], deletions: Iterable[Change], using: str) -> Iterator[Change]:
    """Changes that set links to the deleted records to NULL, unless a link was set again later."""
    deleted = {(change.kind, change.record_id) for change in deletions}
    cut_links: list[tuple[Change, list[str]]] = []
    by_kind: dict[str, set[int]] = {}
    for change in changes:
        if change.action != Change.Action.CHANGED or not is_known_kind(change.kind):
            continue
        columns = model_of(change.kind)._meta.concrete_fields
        links = {column.attname: kind_of(column.related_model) for column in columns if column.related_model}
        cut = [name for name in change.fields if name in links and (change.after or {}).get(name, 0) is None]
        if any((links[name], (change.before or {}).get(name)) in deleted for name in cut):
            cut_links.append((change, cut))
            by_kind.setdefault(change.kind, set()).add(change.record_id)
    current = {kind: current_rows(model_of(kind), keys, using) for kind, keys in by_kind.items()}
    for change, cut in cut_links:
        row = current[change.kind].get(change.record_id)
        if row is not None and all(row[name] is None for name in cut):
            yield change


def _existing_m2m(past_row: PastRow, rows: Rows, using: str) -> M2MKeys:
    """The former many-to-many keys of records that exist or are restored too."""
    m2m_keys = {}
    for name, keys in past_row.m2m_before({}).items():
        target = m2m_tables(past_row.model)[name][3] if name in m2m_tables(past_row.model) else None
        existing = current_rows(target, keys, using) if target else {}
        m2m_keys[name] = [key for key in keys if key in existing or (target and rows.get((target, key)))]
    return m2m_keys
