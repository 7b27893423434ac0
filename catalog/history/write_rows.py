"""Write many rows at once, bypassing the models' ``save``, and log each change."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import CheckConstraint

from catalog.history.conflicts import ModelRows, RowKey, Rows, group_by_model
from catalog.history.labels import labels_for
from catalog.history.past_state import M2MKeys, Model, Values, current_rows, model_of
from catalog.models import Change
from catalog.models.change_recorder import build_change, is_recorded, m2m_tables, m2m_values, owner_reference, read_row
from catalog.models.citation_check import mark_unchecked
from catalog.models.compiled_query import batches
from catalog.models.sort_key import changed_sort_key

LabelsByKey = dict[RowKey, str]
CONSTRAINT_MESSAGE = "A record that was added or changed since has the same number, name or identifier."


class ChangeRefused(Exception):
    """A change cannot be made without losing data. ``reasons`` are sentences for the editor."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = list(reasons)
        super().__init__(" ".join(self.reasons))


def raise_if_refused(reasons: Iterable[str]) -> None:
    """Raise ChangeRefused if there is a reason; duplicate reasons are dropped."""
    reasons = list(dict.fromkeys(reasons))
    if reasons:
        raise ChangeRefused(reasons)


def write_rows(
    rows: Rows, m2m: dict[RowKey, M2MKeys] | None = None, labels: LabelsByKey | None = None, using: str = "default"
) -> int:
    """Make the database hold the given rows and many-to-many keys; return the number of logged changes.

    ``rows`` maps (model, key) to values by column, or to None to delete the row. ``m2m`` maps (model, key) to all
    keys of related records by through table. ``labels`` name records in the log. Call it inside a transaction.

    Rows that are equal already are not written. Redirects from former slugs are not created, as a model's ``save``
    does: each redirect has a change of its own in the log. Raises ChangeRefused if a database constraint is violated.
    """
    try:
        with transaction.atomic(using=using):
            changes = _write(rows, m2m or {}, labels or {}, using)
    except IntegrityError as error:
        raise ChangeRefused([next(_violated_checks(rows, using), CONSTRAINT_MESSAGE)]) from error
    _label_as_written(changes, using)
    Change.objects.using(using).bulk_create(changes, batch_size=500)
    mark_unchecked(changes, using)
    return len(changes)


def _violated_checks(rows: Rows, using: str) -> Iterator[str]:
    """The messages of the rules about single records that the rows would break."""
    for model, model_rows in group_by_model(rows).items():
        checks = [constraint for constraint in model._meta.constraints if isinstance(constraint, CheckConstraint)]
        current = current_rows(model, model_rows, using) if checks else {}
        for pk, values in model_rows.items():
            for check in checks if values is not None else ():
                try:
                    check.validate(model, model(**current.get(pk, {}) | (values or {})), using=using)
                except ValidationError as error:
                    yield from error.messages


def _label_as_written(changes: Iterable[Change], using: str) -> None:
    """Name the written rows in the log as they are called now: a credit by the person that it names again."""
    keys: dict[str, list[int]] = {}
    for change in changes:
        if change.action != Change.Action.DELETED:
            keys.setdefault(change.kind, []).append(change.record_id)
    labels = {kind: labels_for(model_of(kind), kind_keys, using) for kind, kind_keys in keys.items()}
    for change in changes:
        change.label = labels.get(change.kind, {}).get(change.record_id, change.label)[:250]


def preview_rows(
    rows: Rows, m2m: dict[RowKey, M2MKeys] | None = None, labels: LabelsByKey | None = None, using: str = "default"
) -> list[Change]:
    """The changes that ``write_rows`` would log, unsaved."""
    diffs = {model: _diff(model, model_rows, using) for model, model_rows in group_by_model(rows).items()}
    return _changes(diffs, rows, m2m or {}, labels or {}, using)


@dataclass
class _ModelDiff:
    """The difference between the current and the given rows of one model, by primary key."""

    deleted: dict[int, Values]
    changed: dict[int, tuple[Values, Values]]  # old and new values
    added: dict[int, Values]


def _diff(model: Model, rows: ModelRows, using: str) -> _ModelDiff:
    current = current_rows(model, rows, using)
    diff = _ModelDiff({}, {}, {})
    for pk, values in rows.items():
        if values is None:
            if pk in current:
                diff.deleted[pk] = current[pk]
        elif pk not in current:
            diff.added[pk] = values
        elif current[pk] != current[pk] | values:
            diff.changed[pk] = current[pk], current[pk] | values
    return diff


def _changes(
    diffs: dict[Model, _ModelDiff], rows: Rows, m2m: dict[RowKey, M2MKeys], labels: LabelsByKey, using: str
) -> list[Change]:
    changes = []
    for model, diff in diffs.items():
        for pk, row in diff.deleted.items():
            row |= m2m_values(model, pk, using)
            changes.append(build_change(Change.Action.DELETED, model, pk, _label(labels, model, pk, row), row))
        for pk, (old, new) in diff.changed.items():
            changes.append(build_change(Change.Action.CHANGED, model, pk, _label(labels, model, pk, new), old, new))
        for pk, row in diff.added.items():
            changes.append(build_change(Change.Action.ADDED, model, pk, _label(labels, model, pk, row), None, row))
    for (model, pk), m2m_keys in m2m.items():
        changes += _m2m_changes(model, pk, m2m_keys, rows, labels, using)
    return changes


def _m2m_changes(
    model: Model, pk: int, m2m_keys: M2MKeys, rows: Rows, labels: LabelsByKey, using: str
) -> Iterator[Change]:
    current = m2m_values(model, pk, using)
    after = {name: sorted(keys) for name, keys in m2m_keys.items() if current.get(name, sorted(keys)) != sorted(keys)}
    if not after:
        return
    before, touches = {name: current[name] for name in after}, set()
    for name in after:
        target_kind = m2m_tables(model)[name][3]._meta.model_name
        touches |= {(target_kind, key) for key in {*before[name]} ^ {*after[name]}}
    row = read_row(model, pk, using) or rows.get((model, pk)) or {}
    change = build_change(Change.Action.CHANGED, model, pk, _label(labels, model, pk, row), before, after, touches)
    change.belongs_to = owner_reference(model, row)
    yield change


def _label(labels: LabelsByKey, model: Model, pk: int, row: Values) -> str:
    """The label of a row for the log: the given one, or its name, title or slug."""
    label = labels.get((model, pk)) or row.get("name") or row.get("title") or row.get("slug")
    return str(label or f"{model._meta.verbose_name} {pk}")


def _write(rows: Rows, m2m: dict[RowKey, M2MKeys], labels: LabelsByKey, using: str) -> list[Change]:
    diffs = {model: _diff(model, model_rows, using) for model, model_rows in group_by_model(rows).items()}
    changes = _changes(diffs, rows, m2m, labels, using)
    for model, diff in diffs.items():
        for pk in diff.deleted:
            _set_m2m(model, pk, {name: [] for name in m2m_values(model, pk, using)}, using)
    for model, diff in diffs.items():
        _delete(model, diff.deleted, using)
        _update(model, diff.changed, using)
        _insert(model, diff.added.values(), using)
    for (model, pk), m2m_keys in m2m.items():
        _set_m2m(model, pk, m2m_keys, using)
    return changes


def _delete(model: Model, keys: Iterable[int], using: str) -> None:
    """Delete rows. What is no record of the catalogue, such as the file of a source, loses its link to them."""
    unrecorded = [
        relation.field
        for relation in model._meta.related_objects
        if relation.field.null and not relation.field.many_to_many and not is_recorded(relation.related_model)
    ]
    for batch in batches(keys):
        for field in unrecorded:
            field.model._base_manager.using(using).filter(**{f"{field.name}__in": batch}).update(**{field.name: None})
        model._base_manager.using(using).filter(pk__in=batch)._raw_delete(using)


def _insert(model: Model, rows: Iterable[Values], using: str) -> None:
    model._base_manager.using(using).bulk_create([model(**row) for row in rows], batch_size=200)


def _update(model: Model, changed: dict[int, tuple[Values, Values]], using: str) -> None:
    """Update rows; those with equal new values in the same columns in one statement.

    Rows that swap unique values (two episodes swap their numbers) cannot be updated one after the other. They are
    deleted and inserted again, which the database allows as foreign keys are checked at the end of the transaction.
    """
    same_update: dict[str, tuple[dict, list[int]]] = {}
    for pk, (old, new) in changed.items():
        values = {name: value for name, value in new.items() if old[name] != value}
        values |= changed_sort_key(model, new, values)
        same_update.setdefault(repr(values), (values, []))[1].append(pk)
    manager = model._base_manager.using(using)
    try:
        with transaction.atomic(using=using):
            for values, keys in same_update.values():
                for batch in batches(keys):
                    manager.filter(pk__in=batch).update(**values)
    except IntegrityError:
        _delete(model, changed, using)
        _insert(model, [new for _, new in changed.values()], using)


def _set_m2m(model: Model, pk: int, m2m_keys: M2MKeys, using: str) -> None:
    """Relate a record to exactly the given records, per through table."""
    for name, keys in m2m_keys.items():
        if name not in m2m_tables(model):
            continue
        through, own_column, target_column, _ = m2m_tables(model)[name]
        rows = through._base_manager.using(using).filter(**{own_column: pk})
        rows.exclude(**{f"{target_column}__in": keys})._raw_delete(using)
        existing = set(rows.values_list(target_column, flat=True))
        through._base_manager.using(using).bulk_create(
            through(**{f"{own_column}_id": pk, f"{target_column}_id": key}) for key in keys if key not in existing
        )
