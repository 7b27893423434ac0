"""The way back: undo an edit, recover what was deleted, bring back what a record was.

Each is an edit of its own, so it has a who and a why, and can be undone in turn. To be called inside ``editing``.
"""

from catalog.history.past import (
    all_references,
    gathered,
    known,
    model_of,
    rows_of,
    survivor,
    ties_now,
    ties_of,
    values_of,
)
from catalog.history.rewrite import Refused, missing_targets, rewrite
from catalog.models import Change
from catalog.models.base import Published
from catalog.models.change import reference


def _name(change):
    return f"{model_of(change.kind)._meta.verbose_name} “{change.label}”"


def _labels(rows):
    return {(row.model, row.pk): row.changes[-1].label for row in rows}


def undo(edit, using="default"):
    """Take back all that ``edit`` did. Refused, with the reasons, where a later change builds on it.

    Each value must still be what the edit made of it; what else changed in the same rows since stays.
    """
    changes = [change for change in edit.changes.using(using).order_by("pk") if known(change.kind)]
    if any(change.before is None and change.after is None for change in changes):
        raise Refused(["What this edit changed was not written down in full."])
    rows = gathered(changes, using)
    reasons = [reason for row in rows.values() for reason in _in_the_way(row, using)]
    wanted = {(row.model, row.pk): _undone(row) for row in rows.values()}
    wanted = {key: values for key, values in wanted.items() if values != {}}
    tied = {(row.model, row.pk): _ties_undone(row) for row in rows.values()}
    reasons += _absent(wanted, using)
    if reasons:
        raise Refused(dict.fromkeys(reasons))
    return rewrite(wanted, {key: ties for key, ties in tied.items() if ties}, _labels(rows.values()), using)


def _undone(row):
    """What an undone row holds: all its values, some to be changed, or None for no row."""
    values = {}
    for change in reversed(row.changes):
        added = change.action == Change.Action.ADDED
        values = None if added else (values or {}) | values_of(row.model, change.before)
    return values


def _ties_undone(row):
    tied = {}
    for change in reversed(row.changes):
        tied |= ties_of(change.before or {}, row.model)
    return {} if _undone(row) is None else tied


def _in_the_way(row, using):
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
    tied = ties_now(row.model, row.pk, using) if ties_of(made, row.model) else {}
    for name, value in (values_of(row.model, made) | ties_of(made, row.model)).items():
        if (row.now | tied).get(name) != value:
            yield f"The {_name(last)} was changed again since: {name.removesuffix('_id').replace('_', ' ')}."


def _absent(wanted, using):
    for model, pk in missing_targets(wanted, using):
        gone = Change.objects.using(using).filter(kind=model._meta.model_name, record_id=pk).order_by("-pk").first()
        called = f"“{gone.label}”" if gone else f"number {pk}"
        yield f"The {model._meta.verbose_name} {called} is no longer there: bring it back first."


def deletion_of(kind, pk, using="default"):
    """The log's entry of a record's deletion, or None while it is there or when nothing is known of it."""
    last = Change.objects.using(using).filter(kind=kind, record_id=pk).select_related("edit").order_by("-pk").first()
    return last if last is not None and last.action == Change.Action.DELETED else None


def recover(deletion, using="default"):
    """Bring back a deleted record with everything that went with it, under the keys that they had.

    ``deletion`` is the log's entry. Refused when what it needs is gone too, or its place is taken.
    """
    together = Change.objects.using(using).filter(edit=deletion.edit_id, pk__lte=deletion.pk)
    if deletion.edit_id is not None:
        together = Change.objects.using(using).filter(edit=deletion.edit_id)
    gone = {change.pk: change for change in together.filter(action=Change.Action.DELETED).order_by("pk")}
    mine, fresh = {deletion.pk: deletion}, {reference(model_of(deletion.kind), deletion.record_id)}
    while fresh:
        parts = {pk: change for pk, change in gone.items() if change.belongs_to in fresh and pk not in mine}
        fresh = {f"{change.kind}:{change.record_id}" for change in parts.values()}
        mine |= parts
    loosened = _loosened(together, mine.values())
    rows = gathered([*mine.values(), *loosened], using)
    reasons = [] if all(change.before for change in mine.values()) else ["What was deleted was not written down."]
    rows = {key: row for key, row in rows.items() if row.now is None or row.changes[-1].action == "changed"}
    wanted = {(row.model, row.pk): row.before for row in rows.values()}
    reasons += [*_absent(wanted, using), *_taken(wanted, using)]
    if reasons:
        raise Refused(dict.fromkeys(reasons))
    tied = {(row.model, row.pk): _still_there(row, using) for row in rows.values() if row.now is None}
    return rewrite(wanted, {key: ties for key, ties in tied.items() if ties}, _labels(rows.values()), using)


def _loosened(together, mine):
    """Links to what is brought back that the database cut when it went, where nobody put another in place since."""
    back = {(change.kind, change.record_id) for change in mine}
    for change in together.filter(action=Change.Action.CHANGED).order_by("pk"):
        model = model_of(change.kind)
        links = {field.attname: field.related_model for field in model._meta.concrete_fields if field.is_relation}
        cut = [name for name in change.fields if name in links and (change.after or {}).get(name, 0) is None]
        if any((links[name]._meta.model_name, change.before[name]) in back for name in cut):
            now = rows_of(model, [change.record_id])
            if now and all(now[change.record_id][name] is None for name in cut):
                yield change


def _still_there(row, using):
    """What it was tied to, as far as that is still there."""
    tied = row.ties_before({})
    for name, keys in tied.items():
        other = _other_side(row.model, name)
        tied[name] = sorted(rows_of(other, keys, using)) if other else []
    return tied


def _other_side(model, name):
    for field in (*model._meta.many_to_many, *model._meta.related_objects):
        through = getattr(field, "through", None) or getattr(field.remote_field, "through", None)
        if through is not None and through._meta.model_name == name:
            return field.related_model
    return None


def _taken(wanted, using):
    """Reasons why rows cannot be put back: another has the same address, number or the like."""
    for (model, pk), values in wanted.items():
        if values is None or pk in rows_of(model, [pk], using):
            continue
        for names in _unique(model):
            sought = {name: values[name] for name in names}
            others = model._base_manager.using(using).filter(**sought)
            if None not in sought.values() and others.exists():
                yield f"Another {model._meta.verbose_name} has its {', '.join(n.removesuffix('_id') for n in names)}."


def _unique(model):
    yield from ([field.attname] for field in model._meta.concrete_fields if field.unique and not field.primary_key)
    for constraint in model._meta.total_unique_constraints:
        yield [model._meta.get_field(name).attname for name in constraint.fields]


def state_at(model, pk, version, using="default"):
    """What a record and its parts were at ``version``: (Row by (kind, key) of all that changed since).

    Parts with a publication of their own (a series' seasons) are not among them: they have a history of their own.
    """
    references = all_references(model, pk, version, using)
    by_kind = {}
    for kind, key in references:
        by_kind.setdefault(kind, []).append(key)
    changes = []
    for kind, keys in by_kind.items():
        for start in range(0, len(keys), 500):
            some = keys[start : start + 500]
            found = Change.objects.using(using).filter(pk__gt=version, kind=kind, record_id__in=some)
            changes += found.select_related("edit")
    return gathered(sorted(changes, key=lambda change: change.pk), using)


def bring_back(record, version, only=None, using="default"):
    """Make ``record`` what it was at ``version``: whole, with its parts, or the columns and ties in ``only``.

    The record itself is saved as from a form: checked (ValidationError) and with the redirects it leaves. People who
    were merged since stand for those they were. Refused when something it needs is gone.
    """
    rows = state_at(type(record), record.pk, version, using)
    own = rows.pop((record._meta.model_name, record.pk), None)
    written = _bring_back_itself(record, own, only, using) if own else 0
    if only is not None:
        return written
    before = {(row.model, row.pk): _led_on(row.model, row.before, using) for row in rows.values()}
    wanted = {key: values for key, values in before.items() if not issubclass(key[0], Published)}
    reasons = list(_absent(wanted, using))
    if reasons:
        raise Refused(dict.fromkeys(reasons))
    tied = {}
    for row in rows.values():
        if wanted.get((row.model, row.pk)) is not None:
            tied[row.model, row.pk] = row.ties_before({})
    return written + rewrite(wanted, {key: ties for key, ties in tied.items() if ties}, _labels(rows.values()), using)


def _led_on(model, values, using):
    """``values`` with links to what was merged away since led to what it was merged into."""
    if values is None:
        return None
    led = dict(values)
    for field in model._meta.concrete_fields:
        target = led.get(field.attname) if field.is_relation else None
        if target is not None and not field.related_model._base_manager.using(using).filter(pk=target).exists():
            led[field.attname] = survivor(field.related_model._meta.model_name, target, using) or target
    return led


def _bring_back_itself(record, own, only, using):
    before = _led_on(own.model, own.before, using)
    if before is None:
        raise Refused(["The record was not there yet."])
    columns = {field.attname: field for field in own.model._meta.concrete_fields}
    changed = [name for name in columns if before[name] != own.now[name] and (only is None or name in only)]
    reasons = list(_absent({(own.model, own.pk): {name: before[name] for name in changed}}, using))
    if reasons:
        raise Refused(reasons)
    if changed:
        for name in changed:
            setattr(record, name, before[name])
        record.full_clean()
        record.save(using=using)
    now = ties_now(own.model, own.pk, using)
    tied = {name: keys for name, keys in own.ties_before(now).items() if only is None or name in only}
    return bool(changed) + rewrite({}, {(own.model, own.pk): tied}, {(own.model, own.pk): str(record)}, using)
