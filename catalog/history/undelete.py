"""Recover what was deleted, with everything that went with it, under the keys that it had."""

import datetime as dt

from django.db import models

from catalog.history.conflicts import find_conflicts
from catalog.history.past_state import current_rows, is_known_kind, last_labels, model_of, rows_from_changes
from catalog.history.write_rows import raise_if_refused, write_rows
from catalog.models import Change, Edit
from catalog.models.change import record_reference
from catalog.models.change_recorder import m2m_tables

SAME_ACT_WINDOW = dt.timedelta(seconds=2)  # between entries of one deletion that no edit holds together


def find_deletion(kind, pk, using="default"):
    """The log's entry of a record's deletion, or None while it is there or when nothing is known of it."""
    last = Change.objects.using(using).filter(kind=kind, record_id=pk).select_related("edit").order_by("-pk").first()
    return last if last is not None and last.action == Change.Action.DELETED else None


def undelete(deletion, using="default"):
    """Bring back a deleted record with everything that went with it, under the keys that they had.

    ``deletion`` is the log's entry. Refused when what it needs is gone too, or its place is taken.
    """
    wanted, tied, labels, reasons = plan_undelete(deletion, using)
    raise_if_refused(reasons)
    return write_rows(wanted, tied, labels, using)


def plan_undelete(deletion, using="default"):
    """What recovering would do: (rows, ties, labels) as ``rewrite`` takes them, and the reasons against it."""
    edit = deletion.edit
    if edit is not None and edit.kind == Edit.Kind.MERGE and edit.subject.startswith(f"{deletion.kind}:"):
        return {}, {}, {}, ["It was merged into another record: undo the merge."]
    together = _together(deletion, using)
    mine = _with_it(deletion, [change for change in together if change.action == Change.Action.DELETED])
    if not all(change.before for change in mine):
        return {}, {}, {}, ["What was deleted was not written down."]
    rows = rows_from_changes(sorted([*mine, *_loosened(together, mine, using)], key=lambda change: change.pk), using)
    rows = {key: row for key, row in rows.items() if row.now is None or row.changes[-1].action == "changed"}
    wanted = {(row.model, row.pk): row.before for row in rows.values()}
    tied = {(row.model, row.pk): _still_there(row, wanted, using) for row in rows.values() if row.now is None}
    tied = {key: names for key, names in tied.items() if names}
    return wanted, tied, last_labels(rows.values()), list(find_conflicts(wanted, tied, using))


def _together(deletion, using):
    """The entries of the act that deleted it, oldest first. Where no edit holds them together, they follow closely."""
    log = Change.objects.using(using)
    if deletion.edit_id is not None:
        return list(log.filter(edit=deletion.edit_id).order_by("pk"))
    earlier = log.filter(pk__lt=deletion.pk).order_by("-pk")
    later = log.filter(pk__gt=deletion.pk).order_by("pk")
    return [*_following(deletion, earlier)][::-1] + [deletion, *_following(deletion, later)]


def _following(last, entries):
    """Of ``entries`` those that follow ``last`` without another act between."""
    for change in entries.iterator(chunk_size=200):
        added = change.action == Change.Action.ADDED
        if added or change.edit_id is not None or abs(last.at - change.at) > SAME_ACT_WINDOW:
            return
        yield change
        last = change


def _with_it(deletion, gone):
    """The entries of what went because ``deletion`` did: its parts and their parts."""
    belonging = {}
    for change in gone:
        for owner in _owners(change):
            belonging.setdefault(owner, []).append(change)
    mine, fresh = {deletion.pk: deletion}, [deletion]
    while fresh:
        owners = [f"{change.kind}:{change.record_id}" for change in fresh]
        fresh = [change for owner in owners for change in belonging.get(owner, ()) if change.pk not in mine]
        mine |= {change.pk: change for change in fresh}
    return list(mine.values())


def _owners(change):
    """All that a deleted row goes with: a featured character with its episode."""
    for field in model_of(change.kind)._meta.concrete_fields if is_known_kind(change.kind) else ():
        key = (change.before or {}).get(field.attname)
        if field.is_relation and field.remote_field.on_delete is models.CASCADE and key is not None:
            yield record_reference(field.related_model, key)


def _loosened(together, mine, using):
    """Links to what is brought back that were cut when it went, where nobody put another in place since."""
    back, found, by_kind = {(change.kind, change.record_id) for change in mine}, [], {}
    for change in together:
        if change.action != Change.Action.CHANGED or not is_known_kind(change.kind):
            continue
        columns = model_of(change.kind)._meta.concrete_fields
        links = {field.attname: field.related_model._meta.model_name for field in columns if field.is_relation}
        cut = [name for name in change.fields if name in links and (change.after or {}).get(name, 0) is None]
        if any((links[name], change.before[name]) in back for name in cut):
            found.append((change, cut))
            by_kind.setdefault(change.kind, set()).add(change.record_id)
    now = {kind: current_rows(model_of(kind), keys, using) for kind, keys in by_kind.items()}
    for change, cut in found:
        row = now[change.kind].get(change.record_id)
        if row is not None and all(row[name] is None for name in cut):
            yield change


def _still_there(row, wanted, using):
    """What it was tied to, as far as that is still there or comes back too."""
    tied = row.m2m_before({})
    for name, keys in tied.items():
        found = m2m_tables(row.model).get(name)
        there = current_rows(found[3], keys, using) if found else {}
        tied[name] = [key for key in keys if key in there or (found and wanted.get((found[3], key)))]
    return tied
