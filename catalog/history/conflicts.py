"""Reasons why rows cannot be changed back, as sentences for the editor; checked before anything is written.

Rows are given as ``{(model, key): values by column}``, with None for a row that is to be deleted.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.core.files.storage import default_storage
from django.db import models
from django.db.models import UniqueConstraint

from catalog.history.past_state import M2MKeys, Model, Values, current_rows, kind_of
from catalog.models import Change
from catalog.models.change_recorder import is_recorded, m2m_tables
from catalog.models.compiled_query import batches
from catalog.models.no_overlap import NoOverlap

RowKey = tuple[Model, int]
Rows = dict[RowKey, Values | None]
ModelRows = dict[int, Values | None]  # of one model, by primary key

MAX_NAMED = 3  # records named in a message; the rest is counted


def unique_columns(model: Model) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Each unique field and constraint of the model as (columns, whether NULL counts as a value).

    Conditional constraints are left out: the database checks those.
    """
    for field in model._meta.concrete_fields:
        if field.unique and not field.primary_key:
            yield (field.attname,), False
    attnames = {field.name: field.attname for field in model._meta.concrete_fields}
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and constraint.condition is None:
            yield tuple(attnames[name] for name in constraint_field_names(constraint)), not constraint.fields


def constraint_field_names(constraint: UniqueConstraint | NoOverlap) -> Collection[str]:
    """The names of the fields in a constraint over several records, also in a unique one made of expressions."""
    if isinstance(constraint, NoOverlap):
        return constraint.fields
    return constraint.fields or [name for expression in constraint.expressions for name in _field_names(expression)]


def _field_names(expression: Any) -> list[str]:
    if isinstance(expression, models.F):
        return [expression.name]  # type: ignore[attr-defined]
    return [name for source in expression.get_source_expressions() if source for name in _field_names(source)]


def group_by_model(rows: Rows) -> dict[Model, ModelRows]:
    """The same rows as {model: {key: values}}."""
    rows_by_model: dict[Model, ModelRows] = {}
    for (model, pk), values in rows.items():
        rows_by_model.setdefault(model, {})[pk] = values
    return rows_by_model


def find_conflicts(rows: Rows, m2m: dict[RowKey, M2MKeys], using: str = "default") -> Iterator[str]:
    """Reasons why the rows and many-to-many keys cannot be written."""
    yield from missing_references(rows, using)
    yield from unique_conflicts(rows, using)
    yield from dependent_rows(rows, using)
    yield from _missing_m2m_targets(rows, m2m, using)
    yield from _missing_files(rows, using)


def missing_references(rows: Rows, using: str = "default") -> Iterator[str]:
    """Deleted records that the rows reference."""
    for model, pk in missing_targets(rows, using):
        yield _restore_first(model, pk, using)


def missing_targets(rows: Rows, using: str = "default") -> list[RowKey]:
    """Records that the rows reference, that do not exist and are not among the rows; sorted by key per model."""
    referenced: dict[Model, set[int]] = {}
    for (model, _), values in rows.items():
        for field in model._meta.concrete_fields:
            if field.related_model is not None and values is not None and values.get(field.attname) is not None:
                referenced.setdefault(field.related_model, set()).add(values[field.attname])
    missing = []
    for model, keys in referenced.items():
        existing = {pk for batch in batches(keys) for pk in _existing_keys(model, batch, using)}
        saved = {pk for (row_model, pk), values in rows.items() if row_model is model and values is not None}
        missing += [(model, pk) for pk in sorted(keys - existing - saved)]
    return missing


def _existing_keys(model: Model, keys: Collection[int], using: str) -> Iterable[int]:
    return model._base_manager.using(using).filter(pk__in=keys).values_list("pk", flat=True)


def _restore_first(model: Model, pk: int, using: str) -> str:
    return f"The {deleted_label(model, pk, using)} no longer exists: restore it first."


def deleted_label(model: Model, pk: int, using: str = "default") -> str:
    """A deleted record in words, by its last logged label: “person “Ann””."""
    log = Change.objects.using(using).filter(kind=kind_of(model), record_id=pk)
    label = log.order_by("-pk").values_list("label", flat=True).first()
    return f"{model._meta.verbose_name} {f'“{label}”' if label else f'number {pk}'}"


def unique_conflicts(rows: Rows, using: str = "default") -> Iterator[str]:
    """Values that must be unique (a slug, an episode number) and that another record has now."""
    for model, model_rows in group_by_model(rows).items():
        current = current_rows(model, model_rows, using)
        new_rows = {pk: current.get(pk, {}) | values for pk, values in model_rows.items() if values is not None}
        for columns, null_counts in unique_columns(model):
            changes_any = any(
                current.get(pk, {}).get(name, row) != row.get(name) for pk, row in new_rows.items() for name in columns
            )
            if changes_any:
                yield from _taken_values(model, columns, null_counts, new_rows, model_rows, using)


def _taken_values(
    model: Model,
    columns: tuple[str, ...],
    null_counts: bool,
    new_rows: dict[int, Values],
    model_rows: ModelRows,
    using: str,
) -> Iterator[str]:
    required = {tuple(row.get(name) for name in columns) for row in new_rows.values()}
    required = {values for values in required if null_counts or None not in values}
    # The column with the most different values narrows the query best.
    selective = max(columns, key=lambda name: len({row.get(name) for row in new_rows.values()}))
    column_names = ", ".join(map(_column_in_words, columns))
    for batch in batches({row[selective] for row in new_rows.values() if row.get(selective) is not None}):
        rivals = model._base_manager.using(using).filter(**{f"{selective}__in": batch})
        for rival in rivals.values("pk", *columns):
            if tuple(rival[name] for name in columns) in required and rival["pk"] not in model_rows:
                yield f"Another {model._meta.verbose_name} now has the same {column_names}."


def _column_in_words(name: str) -> str:
    return name.removesuffix("_id").replace("_", " ")


def dependent_rows(rows: Rows, using: str = "default") -> Iterator[str]:
    """Records that reference a row to be deleted and are not deleted with it."""
    for model, model_rows in group_by_model(rows).items():
        deleted = [pk for pk, values in model_rows.items() if values is None]
        for relation in model._meta.related_objects if deleted else ():
            part = relation.related_model
            if relation.field.many_to_many or not is_recorded(part):
                continue
            column, dependents = relation.field.attname, []
            for batch in batches(deleted):
                referencing = part._base_manager.using(using).filter(**{f"{column}__in": batch})
                for pk, key in referencing.values_list("pk", column):
                    if _still_references(rows.get((part, pk), {}), column, key):
                        dependents.append(pk)
            if dependents:
                yield _dependents_in_words(model, part, dependents, using)


def _still_references(values: Values | None, column: str, key: int) -> bool:
    """True if a row references ``key`` after the change to ``values`` (None if it is deleted)."""
    return values is not None and values.get(column, key) == key


def _dependents_in_words(model: Model, part: Model, keys: list[int], using: str) -> str:
    rows = part._base_manager.using(using).filter(pk__in=keys[:MAX_NAMED])
    names = ", ".join(f"“{row}”" for row in rows)
    more = f" and {len(keys) - MAX_NAMED} more" if len(keys) > MAX_NAMED else ""
    owner = model._meta.verbose_name
    if len(keys) == 1:
        return f"The {part._meta.verbose_name} {names} was added later and would lose the {owner}: delete it first."
    kind = part._meta.verbose_name_plural
    return f"The {kind} {names}{more} were added later and would lose the {owner}: delete them first."


def _missing_m2m_targets(rows: Rows, m2m: dict[RowKey, M2MKeys], using: str) -> Iterator[str]:
    for (model, _), m2m_keys in m2m.items():
        for name, keys in m2m_keys.items():
            if name not in m2m_tables(model):
                continue
            target = m2m_tables(model)[name][3]
            for pk in set(keys) - set(current_rows(target, keys, using)):
                if rows.get((target, pk)) is None:
                    yield _restore_first(target, pk, using)


def _missing_files(rows: Rows, using: str) -> Iterator[str]:
    for (model, pk), values in rows.items():
        file = (values or {}).get("file")
        if file and pk not in current_rows(model, [pk], using) and not default_storage.exists(file):
            yield "The picture's file was deleted: upload it again."
