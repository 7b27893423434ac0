"""Records that were found once by their natural keys, while many rows are read that name them again and again."""

from contextlib import contextmanager
from contextvars import ContextVar

_met = ContextVar("met", default=None)


@contextmanager
def remembered():
    """Within this, a record that was found by its natural key once is not asked for again: half the time of loaddata.

    For one writer that deletes nothing and tells of what it has saved.
    """
    token = _met.set({})
    try:
        yield
    finally:
        _met.reset(token)


def found(model, values, using):
    """The record that was found by these values; None where there was none, or none is remembered."""
    try:
        return (_met.get() or {}).get((using, model, values))
    except TypeError:  # a list among the values: the database says what is wrong with it
        return None


def meet(record, values):
    """Remember a record by the values that found it, and by its primary key."""
    if (known := _met.get()) is not None:
        place = record._state.db, type(record)
        known[*place, values] = record
        known[*place, record.pk] = record, values
    return record


def saved(record):
    """Forget everything when a record that is remembered is named otherwise now: it may name others, too."""
    known = _met.get() or {}
    _, values = known.get((record._state.db, type(record), record.pk), (None, None))
    if values is not None and values != record.natural_key():
        known.clear()


def attribute(record, name):
    """An attribute of a record; what a foreign key leads to is taken from what is remembered and kept on the record."""
    if known := _met.get():
        field = next((field for field in record._meta.concrete_fields if field.name == name), None)
        if field and field.is_relation and not field.is_cached(record):
            there, _ = known.get((record._state.db, field.related_model, getattr(record, field.attname)), (None, None))
            if there is not None:
                field.set_cached_value(record, there)
    return getattr(record, name)
