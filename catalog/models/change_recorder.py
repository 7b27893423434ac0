"""Writes the change log: signal receivers, and functions that read rows and build entries from them."""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import models
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save

from catalog.models.base import cache_natural_key, is_owner_key, use_cached_relations
from catalog.models.change import Change, record_reference
from catalog.models.citation_check import mark_unchecked
from catalog.models.compiled_query import CompiledQuery, batches
from catalog.models.edit import Edit, current_edit, lock_change_log
from catalog.models.sort_key import SortKeyField
from catalog.models.source_file import SourceFile
from catalog.models.source_import import SourceImport

Values = dict[str, Any]  # one row: values by column name
_pending_changes: ContextVar[list[Change] | None] = ContextVar("entries that are written together", default=None)


def is_recorded(model) -> bool:
    """True for models whose changes are logged: all of the catalogue but the log itself and the files of imports."""
    is_ours = model._meta.app_label == "catalog" and not model._meta.auto_created
    return is_ours and model not in (Change, Edit, SourceFile, SourceImport)


def serialize_row(row: Values) -> Values:
    """Values by column for JSON: dates in ISO 8601 with all digits, decimals as text."""
    return {name: _serialize_value(value) for name, value in row.items()}


def _serialize_value(value):
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


@cache
def logged_columns(model) -> list[str]:
    """The columns that the log holds: all but the sort key, which follows from the others."""
    return [field.attname for field in model._meta.concrete_fields if not isinstance(field, SortKeyField)]


@cache
def _row_query(model) -> tuple[list[str], CompiledQuery]:
    """The columns of a model, and the query for rows; run twice for every save."""
    names = logged_columns(model)
    rows = model._base_manager.order_by().values_list("pk", *names)
    return names, CompiledQuery(lambda keys, *_: rows.filter(pk__in=keys))


def read_rows(model, keys: Iterable[int], using: str) -> dict[int, Values]:
    """The stored values by column of records, by primary key."""
    names, query = _row_query(model)
    return {pk: dict(zip(names, row, strict=True)) for pk, *row in query(keys, using=using)}


def read_row(model, pk, using: str) -> Values | None:
    """The stored values by column of a record, or None."""
    return read_rows(model, [pk], using).get(pk)


def owner_reference(model, row: Values) -> str:
    """A reference to the record with which a row of ``model`` would be deleted; "" for none."""
    for field in model._meta.concrete_fields:
        if is_owner_key(field) and row.get(field.attname) is not None:
            return record_reference(field.related_model, row[field.attname])
    return ""


def build_change(action, model, pk, label: str, before: Values | None = None, after: Values | None = None, touches=()):
    """An unsaved entry of the log.

    ``before`` and ``after`` are rows, or of a change the values that may have changed; the entry keeps those that did.
    ``touches`` adds [(kind, primary key)] to the records that the rows reference.
    """
    rows = [row for row in (before, after) if row is not None]
    fields: list[str] = []
    if action == Change.Action.CHANGED:
        fields = sorted(name for name, value in (after or {}).items() if (before or {}).get(name) != value)
    belongs_to, belonged_to = (owner_reference(model, row or {}) for row in (after or before, before))
    return Change(
        action=action,
        kind=model._meta.model_name,
        record_id=pk,
        label=label[:250],
        fields=fields,
        touches=sorted(map(list, {*_referenced_records(model, rows), *touches})),
        before=before and serialize_row({name: before[name] for name in fields or before}),
        after=after and serialize_row({name: after[name] for name in fields or after}),
        belongs_to=belongs_to,
        belonged_to=belonged_to if belonged_to != belongs_to else "",
    )


def write_change(change: Change, using: str) -> None:
    """Save an entry in the database of the change, as part of the current edit."""
    change.edit = current_edit(using)
    pending = _pending_changes.get()
    if pending is None:
        change.save(using=using, force_insert=True)
    else:
        pending.append(change)


@contextmanager
def changes_written_together(using: str) -> Iterator[None]:
    """Write the entries of the block at its end, so that the subscribers are called once. It must not read the log."""
    changes: list[Change] = []
    token = _pending_changes.set(changes)
    try:
        yield
    finally:
        _pending_changes.reset(token)
    Change.objects.using(using).bulk_create(changes, batch_size=500)


def _referenced_records(model, rows: Iterable[Values]) -> set[tuple[str, int]]:
    """The records of the catalogue that rows of ``model`` reference, as (kind, primary key)."""
    records = set()
    for field in model._meta.concrete_fields:
        if field.is_relation and field.related_model._meta.app_label == "catalog":
            kind = field.related_model._meta.model_name
            records |= {(kind, row[field.attname]) for row in rows if row.get(field.attname) is not None}
    return records


@cache
def m2m_tables(model) -> dict[str, tuple]:
    """The many-to-many tables of ``model``, declared on either side.

    By name: (through model, field of ``model``, field of the related model, related model).
    """
    tables = {}
    for relation in (*model._meta.many_to_many, *model._meta.related_objects):
        through = getattr(relation, "through", None) or getattr(relation.remote_field, "through", None)
        if through is not None and through._meta.auto_created:
            tables[through._meta.model_name] = through, *_m2m_columns(through, model), relation.related_model
    return tables


def _m2m_columns(through, model) -> tuple[str, str]:
    """The fields of ``through``: that of ``model``, and that of the related model."""
    own_field = model._meta.model_name
    names = [field.name for field in through._meta.fields if field.is_relation]
    return own_field, next(name for name in names if name != own_field)


def m2m_values_by_key(model, keys: Iterable[int], using: str = "default") -> dict[int, dict[str, list[int]]]:
    """The records to which records have many-to-many links: by primary key, sorted keys by the name of the table."""
    keys = list(keys)
    values: dict[int, dict[str, list[int]]] = {key: {name: [] for name in m2m_tables(model)} for key in keys}
    for name, (through, own_field, related_field, _) in m2m_tables(model).items():
        for batch in batches(keys):
            rows = through._base_manager.using(using).filter(**{f"{own_field}__in": batch})
            for key, related_key in rows.order_by(f"{related_field}_id").values_list(own_field, related_field):
                values[key][name].append(related_key)
    return values


def m2m_values(model, pk, using: str = "default") -> dict[str, list[int]]:
    """The records to which a record has many-to-many links: sorted keys by the name of the table."""
    return m2m_values_by_key(model, [pk], using)[pk]


def _m2m_keys(through, model, pk, using: str) -> list[int]:
    own_field, related_field = _m2m_columns(through, model)
    rows = through._base_manager.using(using).filter(**{own_field: pk})
    return sorted(rows.values_list(related_field, flat=True))


def _before_save(sender, instance, using, **_):
    """Read the stored row, to know after the save which fields changed: one query."""
    if not is_recorded(sender):
        return
    lock_change_log(using)
    if instance.pk is not None:
        instance._row_before = read_row(sender, instance.pk, using)


def _after_save(sender, instance, created, using, raw=False, **_):
    """Log an addition, or a change of at least one field. A fixture (``raw``) brings its own citations."""
    if not is_recorded(sender):
        return
    if raw:
        use_cached_relations(instance)
        cache_natural_key(instance)
    before = instance.__dict__.pop("_row_before", None)
    after = read_row(sender, instance.pk, using) or {}
    if created or before is None:
        write_change(build_change(Change.Action.ADDED, sender, instance.pk, str(instance), None, after), using)
    elif before != after:
        change = build_change(Change.Action.CHANGED, sender, instance.pk, str(instance), before, after)
        write_change(change, using)
        if not raw:
            mark_unchecked([change], using)


def read_before_deletion(model, instances, using: str) -> None:
    """Read the rows of records that will be deleted, for ``_after_delete``."""
    lock_change_log(using)
    keys = [instance.pk for instance in instances]
    rows, m2m = read_rows(model, keys, using), m2m_values_by_key(model, keys, using)
    for instance in instances:
        instance._deleted_row = rows.get(instance.pk, {}) | m2m[instance.pk]


def _before_delete(sender, instance, using, **_):
    """Read the row, and log the records that lose their link to it: SET_NULL sends no signal for them."""
    if not is_recorded(sender):
        return
    if "_deleted_row" not in instance.__dict__:  # else ``delete_records`` has read it
        read_before_deletion(sender, [instance], using)
    for relation in sender._meta.related_objects:
        model = relation.related_model
        if relation.on_delete is models.SET_NULL and is_recorded(model):
            column = relation.field.attname
            for record in model._base_manager.using(using).filter(**{column: instance.pk}):
                before = read_row(model, record.pk, using) or {}
                after = before | {column: None}
                write_change(build_change(Change.Action.CHANGED, model, record.pk, str(record), before, after), using)


def _after_delete(sender, instance, using, **_):
    """Log the deletion."""
    if is_recorded(sender):
        before = instance.__dict__.pop("_deleted_row", None) or {}
        write_change(build_change(Change.Action.DELETED, sender, instance.pk, str(instance), before), using)


def _on_m2m_change(sender, instance, action, model, using, **_):
    """Log a change of many-to-many links, if keys were added or removed."""
    own_model, table = type(instance), sender._meta.model_name
    if not is_recorded(own_model):
        return
    if action.startswith("pre_"):
        lock_change_log(using)
        instance._m2m_before = _m2m_keys(sender, own_model, instance.pk, using)
        return
    before, after = instance.__dict__.pop("_m2m_before"), _m2m_keys(sender, own_model, instance.pk, using)
    if before != after:
        touches = {(model._meta.model_name, pk) for pk in set(before) ^ set(after)}
        change = build_change(
            Change.Action.CHANGED, own_model, instance.pk, str(instance), {table: before}, {table: after}, touches
        )
        change.belongs_to = owner_reference(own_model, instance.__dict__)
        write_change(change, using)
        mark_unchecked([change], using)


pre_save.connect(_before_save, dispatch_uid="catalog.change.before_save")
post_save.connect(_after_save, dispatch_uid="catalog.change.after_save")
pre_delete.connect(_before_delete, dispatch_uid="catalog.change.before_delete")
post_delete.connect(_after_delete, dispatch_uid="catalog.change.after_delete")
m2m_changed.connect(_on_m2m_change, dispatch_uid="catalog.change.on_m2m")
