"""Writes the change log: signal receivers, and the functions by which rows are read and compared."""

import datetime as dt
from decimal import Decimal
from functools import cache

from django.db import models
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save

from catalog.models.change import Change, record_reference
from catalog.models.compiled_query import CompiledQuery
from catalog.models.edit import Edit, current_edit, lock_change_log


def is_recorded(model):
    """Whether the log keeps changes of ``model``: every table of the catalogue but the log itself."""
    return model._meta.app_label == "catalog" and model not in (Change, Edit) and not model._meta.auto_created


def serialize_row(row):
    """Values by column as JSON holds them; moments as ISO 8601 with all their digits, decimal numbers as text."""
    return {name: _serialize_value(value) for name, value in row.items()}


def _serialize_value(value):
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


@cache
def _columns(model):
    """The names of the columns of a model, and the reading of them: every save asks twice."""
    names = [field.attname for field in model._meta.concrete_fields]
    return names, CompiledQuery(lambda keys, *_: model._base_manager.filter(pk=keys[0]).order_by().values_list(*names))


def read_row(model, pk, using):
    """The values by column that the database holds of a record, or None."""
    names, read = _columns(model)
    return next((dict(zip(names, row, strict=True)) for row in read([pk], using=using)), None)


def owner_reference(model, row):
    """A reference to the record that a row of ``model`` goes with when that is deleted; "" for one by itself."""
    for field in model._meta.concrete_fields:
        if field.is_relation and field.remote_field.on_delete is models.CASCADE and row.get(field.attname) is not None:
            return record_reference(field.related_model, row[field.attname])
    return ""


def build_change(action, model, pk, label, before=None, after=None, touches=()):
    """An entry of the log that says what ``before`` and ``after`` (rows, or what changed of them) tell; not saved."""
    rows = [row for row in (before, after) if row is not None]
    changed = action == Change.Action.CHANGED
    fields = [name for name, value in after.items() if before.get(name) != value] if changed else []
    belongs, belonged = (owner_reference(model, row or {}) for row in (after or before, before))
    return Change(
        action=action,
        kind=model._meta.model_name,
        record_id=pk,
        label=label[:250],
        fields=sorted(fields),
        touches=sorted(map(list, {*_owners(model, *rows), *touches})),
        before=before and serialize_row({name: before[name] for name in fields or before}),
        after=after and serialize_row({name: after[name] for name in fields or after}),
        belongs_to=belongs,
        belonged_to=belonged if belonged != belongs else "",
    )


def write_change(written, using):
    """Write one entry into the database that the change went to."""
    written.edit = current_edit(using)
    written.save(using=using, force_insert=True)


def _owners(model, *rows):
    """What rows of ``model`` (values by column) belong to, as (kind, primary key)."""
    found = set()
    for field in model._meta.concrete_fields:
        if field.is_relation and field.related_model._meta.app_label == "catalog":
            kind = field.related_model._meta.model_name
            found |= {(kind, row[field.attname]) for row in rows if row.get(field.attname) is not None}
    return found


@cache
def m2m_tables(model):
    """The tables between ``model`` and others: by name (table, own column, other column, other model)."""
    found = {}
    for relation in (*model._meta.many_to_many, *model._meta.related_objects):
        through = getattr(relation, "through", None) or getattr(relation.remote_field, "through", None)
        if through is not None and through._meta.auto_created:
            found[through._meta.model_name] = through, *_m2m_columns(through, model), relation.related_model
    return found


def _m2m_columns(through, model):
    own = model._meta.model_name
    return own, next(field.name for field in through._meta.fields if field.is_relation and field.name != own)


def m2m_values(model, pk, using="default"):
    """What a record is tied to by tables between, from either side: sorted keys by the name of the table."""
    return {name: _m2m_keys(through, model, pk, using) for name, (through, *_) in m2m_tables(model).items()}


def _m2m_keys(through, model, pk, using):
    own, other = _m2m_columns(through, model)
    rows = through._base_manager.using(using).filter(**{own: pk})
    return sorted(rows.values_list(other, flat=True))


def _before_save(sender, instance, using, **_):
    """Read what the row holds now, to know afterwards which fields changed: one query for a save."""
    if not is_recorded(sender):
        return
    lock_change_log(using)
    if instance.pk is not None:
        instance._row_before = read_row(sender, instance.pk, using)


def _after_save(sender, instance, created, using, **_):
    """Log an addition, or a change of at least one field; saving what is there already changes nothing."""
    if not is_recorded(sender):
        return
    before = instance.__dict__.pop("_row_before", None)
    now = read_row(sender, instance.pk, using) or {}
    if created or before is None:
        write_change(build_change(Change.Action.ADDED, sender, instance.pk, str(instance), None, now), using)
    elif before != now:
        write_change(build_change(Change.Action.CHANGED, sender, instance.pk, str(instance), before, now), using)


def _before_delete(sender, instance, using, **_):
    """Read what will be gone, and log what loses its link to it: the database sets that to NULL by itself."""
    if not is_recorded(sender):
        return
    lock_change_log(using)
    instance._row_before = (read_row(sender, instance.pk, using) or {}) | m2m_values(sender, instance.pk, using)
    for relation in sender._meta.related_objects:
        if relation.on_delete is models.SET_NULL and is_recorded(relation.related_model):
            column = relation.field.attname
            for row in relation.related_model._base_manager.using(using).filter(**{column: instance.pk}):
                before = read_row(type(row), row.pk, using)
                change = build_change(
                    Change.Action.CHANGED, type(row), row.pk, str(row), before, before | {column: None}
                )
                write_change(change, using)


def _after_delete(sender, instance, using, **_):
    if is_recorded(sender):
        before = instance.__dict__.pop("_row_before", None) or {}
        write_change(build_change(Change.Action.DELETED, sender, instance.pk, str(instance), before), using)


def _on_m2m(sender, instance, action, model, pk_set, using, **_):
    """Log a change of what a record is tied to. ``pk_set`` is what was really added, or was asked to go."""
    kind, through = type(instance), sender._meta.model_name
    if not is_recorded(kind):
        return
    if action.startswith("pre_"):
        lock_change_log(using)
        instance._tied_before = _m2m_keys(sender, kind, instance.pk, using)
        return
    before, now = instance.__dict__.pop("_tied_before"), _m2m_keys(sender, kind, instance.pk, using)
    if before != now:
        touched = {(model._meta.model_name, pk) for pk in set(before) ^ set(now)}
        change = build_change(
            Change.Action.CHANGED, kind, instance.pk, str(instance), {through: before}, {through: now}, touched
        )
        change.belongs_to = owner_reference(kind, instance.__dict__)
        write_change(change, using)


pre_save.connect(_before_save, dispatch_uid="catalog.change.before_save")
post_save.connect(_after_save, dispatch_uid="catalog.change.after_save")
pre_delete.connect(_before_delete, dispatch_uid="catalog.change.before_delete")
post_delete.connect(_after_delete, dispatch_uid="catalog.change.after_delete")
m2m_changed.connect(_on_m2m, dispatch_uid="catalog.change.on_m2m")
