"""What stands in the way of making rows be what they were: reasons in words, read before anything is written."""

from django.core.files.storage import default_storage
from django.db import models
from django.db.models import UniqueConstraint

from catalog.history.past_state import chunks, current_rows
from catalog.models import Change
from catalog.models.change_recorder import is_recorded, m2m_tables

MAX_NAMED = 3  # so many are named in a reason, then how many more there are


def unique_columns(model):
    """(columns, whether what is not given counts as a value) of each unique field and constraint of ``model``.

    Those that hold under a condition only are not among them: the database has the word there.
    """
    yield from (
        ((field.attname,), False) for field in model._meta.concrete_fields if field.unique and not field.primary_key
    )
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and constraint.condition is None:
            columns = tuple(model._meta.get_field(name).attname for name in constraint_field_names(constraint))
            yield columns, not constraint.fields


def constraint_field_names(constraint):
    """The names of the fields that a unique constraint is about, also of one by expressions."""
    return constraint.fields or [name for expression in constraint.expressions for name in _named(expression)]


def _named(expression):
    if isinstance(expression, models.F):
        return [expression.name]
    return [name for source in expression.get_source_expressions() if source for name in _named(source)]


def missing_targets(wanted, using="default"):
    """What rows of ``wanted`` lead to and is not there, nor among them: (model, key) of it, in order."""
    needed = {}
    for (model, _), values in wanted.items():
        for field in model._meta.concrete_fields if values is not None else ():
            if field.is_relation and values.get(field.attname) is not None:
                needed.setdefault(field.related_model, set()).add(values[field.attname])
    missing = []
    for model, keys in needed.items():
        there = {pk for some in chunks(keys) for pk in _keys(model, some, using)}
        coming = {pk for (other, pk), values in wanted.items() if other is model and values is not None}
        missing += [(model, pk) for pk in sorted(keys - there - coming)]
    return missing


def _keys(model, some, using):
    return model._base_manager.using(using).filter(pk__in=some).values_list("pk", flat=True)


def deleted_label(model, pk, using="default"):
    """A record that is gone in words, by the name it had last: “the person “Ann””."""
    log = Change.objects.using(using).filter(kind=model._meta.model_name, record_id=pk)
    label = log.order_by("-pk").values_list("label", flat=True).first()
    return f"{model._meta.verbose_name} {f'“{label}”' if label else f'number {pk}'}"


def missing_references(wanted, using="default"):
    """What the rows need and is gone."""
    for model, pk in missing_targets(wanted, using):
        yield f"The {deleted_label(model, pk, using)} is no longer there: bring it back first."


def group_by_model(wanted):
    """``wanted`` as {model: {key: values}}."""
    found = {}
    for (model, pk), values in wanted.items():
        found.setdefault(model, {})[pk] = values
    return found


def unique_conflicts(wanted, using="default"):
    """What another record has meanwhile and only one can have: an address, a number."""
    for model, rows in group_by_model(wanted).items():
        now = current_rows(model, rows, using)
        coming = {pk: now.get(pk, {}) | values for pk, values in rows.items() if values is not None}
        for columns, with_nothing in unique_columns(model):
            if any(now.get(pk, {}).get(name, row) != row.get(name) for pk, row in coming.items() for name in columns):
                yield from _taken(model, columns, with_nothing, coming, rows, using)


def _taken(model, columns, with_nothing, coming, rows, using):
    sought = {}
    for pk, row in coming.items():
        key = tuple(row.get(name) for name in columns)
        if with_nothing or None not in key:
            sought[key] = pk
    telling = max(columns, key=lambda name: len({row.get(name) for row in coming.values()}))
    words = ", ".join(name.removesuffix("_id").replace("_", " ") for name in columns)
    for some in chunks({row[telling] for row in coming.values() if row.get(telling) is not None}):
        for other in model._base_manager.using(using).filter(**{f"{telling}__in": some}).values("pk", *columns):
            key = tuple(other[name] for name in columns)
            if key in sought and other["pk"] not in rows:
                yield f"Another {model._meta.verbose_name} has its {words} by now."


def dependent_rows(wanted, using="default"):
    """What needs rows that are to go, and does not go with them."""
    for model, rows in group_by_model(wanted).items():
        doomed = [pk for pk, values in rows.items() if values is None]
        for relation in model._meta.related_objects if doomed else ():
            part = relation.related_model
            if relation.field.many_to_many or not is_recorded(part):
                continue
            column, found = relation.field.attname, []
            for some in chunks(doomed):
                leaning = part._base_manager.using(using).filter(**{f"{column}__in": some}).values_list("pk", column)
                found += [pk for pk, key in leaning if _stays(wanted.get((part, pk), {}), column, key)]
            if found:
                yield _leaning(model, part, found, using)


def _stays(values, column, key):
    """Whether a row goes on leading to ``key``; ``values`` is what it is to hold, None when it goes."""
    return values is not None and values.get(column, key) == key


def _leaning(model, part, found, using):
    rows = part._base_manager.using(using).filter(pk__in=found[:MAX_NAMED])
    names = ", ".join(f"“{row}”" for row in rows)
    more = f" and {len(found) - MAX_NAMED} more" if len(found) > MAX_NAMED else ""
    kind = part._meta.verbose_name if len(found) == 1 else part._meta.verbose_name_plural
    return f"The {kind} {names}{more} came later and would lose the {model._meta.verbose_name}: take that away first."


def find_conflicts(wanted, tied, using="default"):
    """Reasons why rows cannot be what ``wanted`` says, nor be tied to what ``tied`` says."""
    yield from missing_references(wanted, using)
    yield from unique_conflicts(wanted, using)
    yield from dependent_rows(wanted, using)
    for (model, _), ties in tied.items():
        for name, keys in ties.items():
            found = m2m_tables(model).get(name)
            other = found and found[3]
            for pk in set(keys) - set(current_rows(other, keys, using)) if other else ():
                if wanted.get((other, pk)) is None:
                    yield f"The {deleted_label(other, pk, using)} is no longer there: bring it back first."
    for (model, pk), values in wanted.items():
        file = (values or {}).get("file")
        if file and pk not in current_rows(model, [pk], using) and not default_storage.exists(file):
            yield "The picture's file is gone: upload it again."
