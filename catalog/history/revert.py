"""The way back: undo an edit, bring back what a record was.

Each is an edit of its own, so it has a who and a why, and can be undone in turn. To be called inside ``editing``.
"""

from catalog.history.conflicts import find_conflicts, missing_targets, unique_columns
from catalog.history.past_state import (
    chunks,
    deserialize_m2m,
    deserialize_row,
    is_known_kind,
    last_labels,
    merged_into,
    model_of,
    record_and_parts,
    rows_from_changes,
)
from catalog.history.write_rows import raise_if_refused, write_rows
from catalog.models import Change
from catalog.models.base import Published
from catalog.models.change_recorder import m2m_values


def _name(change):
    return f"{model_of(change.kind)._meta.verbose_name} “{change.label}”"


def undo(edit, using="default"):
    """Take back all that ``edit`` did. Refused, with the reasons, where a later change builds on it.

    Each value must still be what the edit made of it; what else changed in the same rows since stays.
    """
    wanted, tied, labels, reasons = plan_undo(edit, using)
    raise_if_refused(reasons)
    return write_rows(wanted, tied, labels, using)


def plan_undo(edit, using="default"):
    """What undoing ``edit`` would do: (rows, ties, labels) as ``rewrite`` takes them, and the reasons against it."""
    changes = [change for change in edit.changes.using(using).order_by("pk") if is_known_kind(change.kind)]
    if any(change.before is None and change.after is None for change in changes):
        return {}, {}, {}, ["What this edit changed was not written down in full."]
    rows = rows_from_changes(changes, using)
    made = _ties_made(rows.values())
    reasons = [reason for row in rows.values() for reason in _changed_since(row, made, using)]
    wanted = {(row.model, row.pk): _undone(row) for row in rows.values()}
    wanted = {key: values for key, values in wanted.items() if values != {}}
    tied = {(row.model, row.pk): _ties_undone(row) for row in rows.values()}
    tied = {key: names for key, names in tied.items() if names}
    return wanted, tied, last_labels(rows.values()), [*reasons, *find_conflicts(wanted, tied, using)]


def _undone(row):
    """What an undone row holds: all its values, some to be changed, or None for no row."""
    values = {}
    for change in reversed(row.changes):
        added = change.action == Change.Action.ADDED
        values = None if added else (values or {}) | deserialize_row(row.model, change.before or {})
    return values


def _ties_undone(row):
    tied = {}
    for change in reversed(row.changes):
        tied |= deserialize_m2m(change.before or {}, row.model)
    return {} if _undone(row) is None else tied


def _ties_made(rows):
    """What was tied to what, from whichever side: {(name of the table between, key, key of the other)}."""
    made = set()
    for row in rows:
        for change in row.changes:
            for name, keys in deserialize_m2m(change.after or {}, row.model).items():
                made |= {(name, row.pk, key) for key in keys} | {(name, key, row.pk) for key in keys}
    return made


def _changed_since(row, made_ties, using):
    """Reasons why the changes of ``row`` cannot be taken back: something came later."""
    last, made = row.changes[-1], {}
    for change in row.changes:
        made |= change.after or {}
    if last.action == Change.Action.DELETED:
        if row.now is not None:
            yield f"The {_name(last)} was brought back since."
        return
    if row.now is None:
        yield f"The {_name(last)} was deleted since."
        return
    now = m2m_values(row.model, row.pk, using)
    tied = deserialize_m2m(made, row.model)
    for name, value in (deserialize_row(row.model, made) | tied).items():
        if (row.now | now).get(name) != value:
            yield f"The {_name(last)} was changed again since: {name.removesuffix('_id').replace('_', ' ')}."
    if row.changes[0].action == Change.Action.ADDED:
        for name, keys in now.items():
            if any((name, row.pk, key) not in made_ties for key in keys):
                yield f"The {_name(last)} was tied to something since: {name.rpartition('_')[2]}."


def state_at(model, pk, version, using="default"):
    """What a record and its parts were at ``version``: (Row by (kind, key) of all that changed since).

    Parts with a publication of their own (a series' seasons) are not among them: they have a history of their own.
    """
    by_kind = {}
    for kind, key in record_and_parts(model, pk, version, using):
        by_kind.setdefault(kind, []).append(key)
    changes = []
    for kind, keys in by_kind.items():
        for some in chunks(keys):
            found = Change.objects.using(using).filter(pk__gt=version, kind=kind, record_id__in=some)
            changes += found.select_related("edit")
    return rows_from_changes(sorted(changes, key=lambda change: change.pk), using)


def revert_to_version(record, version, only=None, using="default"):
    """Make ``record`` what it was at ``version``: whole, with its parts, or the columns and ties in ``only``.

    The record itself is saved as from a form: checked (ValidationError) and with the redirects it leaves. People who
    were merged since stand for those they were. Refused when something it needs is gone.
    """
    own, wanted, tied, labels, reasons = plan_revert(record, version, only, using)
    raise_if_refused(reasons)
    key = type(record), record.pk
    itself, changed = wanted.pop(key, {}), {}
    for name, value in itself.items():
        if own.now[name] != value:
            changed[name] = value
            setattr(record, name, value)
    if changed:
        record.full_clean()
        record.save(using=using)
    labels[key] = str(record)
    return bool(changed) + write_rows(wanted, tied, labels, using)


def plan_revert(record, version, only=None, using="default"):
    """What bringing back would do: (own Row, rows, ties, labels), and the reasons against it."""
    key = type(record), record.pk
    rows = state_at(*key, version, using)
    own = rows.get((record._meta.model_name, record.pk))
    if own is not None and own.before is None:
        return own, {}, {}, {}, ["The record was not there yet."]
    rows = [row for row in rows.values() if row is own or (only is None and not issubclass(row.model, Published))]
    wanted = _led_on({(row.model, row.pk): row.before for row in rows}, using)
    tied = {(row.model, row.pk): row.m2m_before({}) for row in rows}
    if own is not None and only is not None:
        wanted[key] = {name: value for name, value in wanted[key].items() if name in only}
        tied[key] = {name: keys for name, keys in tied[key].items() if name in only}
    tied = {key: names for key, names in tied.items() if names and wanted.get(key) is not None}
    return own, wanted, tied, last_labels(rows), list(find_conflicts(wanted, tied, using))


def _led_on(wanted, using):
    """``wanted`` with links to what was merged away since led to what it was merged into.

    A row that is there already under another key, as both had it before they were one, is not asked for twice.
    """
    merged = {}
    for model, pk in missing_targets(wanted, using):
        stands_for = merged_into(model._meta.model_name, pk, using)
        if stands_for is not None:
            merged[model, pk] = stands_for
    if not merged:
        return wanted
    led = {}
    for (model, pk), values in wanted.items():
        links = {field.attname: field.related_model for field in model._meta.concrete_fields if field.is_relation}
        on = {name: merged.get((other, (values or {}).get(name))) for name, other in links.items()}
        on = {name: target for name, target in on.items() if target is not None}
        if not on or not _is_there(model, pk, values | on, using):
            led[model, pk] = values | on if on else values
    return led


def _is_there(model, pk, values, using):
    """Whether another row is unique by the same columns."""
    for columns, with_nothing in unique_columns(model):
        key = {name: values[name] for name in columns}
        if with_nothing or None not in key.values():
            nothing = {f"{name}__isnull": True for name, value in key.items() if value is None}
            sought = {name: value for name, value in key.items() if value is not None} | nothing
            if model._base_manager.using(using).filter(**sought).exclude(pk=pk).exists():
                return True
    return False
