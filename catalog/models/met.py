"""Records that were found once by their natural keys, while many rows are read that name them again and again."""

from contextlib import contextmanager
from contextvars import ContextVar

_met = ContextVar("met", default=None)


@contextmanager
def remembered():
    """Within this, a record that was found by its natural key once is not asked for again: half the time of loaddata.

    For one writer that deletes nothing. What is remembered has the values of when it was found: its key, and the
    fields that name it, hold all the while.
    """
    token = _met.set({})
    try:
        yield
    finally:
        _met.reset(token)


def found(model, values, using):
    """The record that was found by these values; None where there was none, or none is remembered."""
    return (_met.get() or {}).get((using, model, values))


def meet(record, values):
    """Remember a record by the values that found it, and by its primary key."""
    if (known := _met.get()) is not None:
        known[record._state.db, type(record), values] = known[record._state.db, type(record), record.pk] = record
    return record


def related(record, name):
    """An attribute of a record; what a foreign key leads to is taken from what is remembered."""
    if known := _met.get():
        field = next((field for field in record._meta.concrete_fields if field.name == name), None)
        if field and field.is_relation and not field.is_cached(record):
            there = known.get((record._state.db, field.related_model, getattr(record, field.attname)))
            if there is not None:
                field.set_cached_value(record, there)
    return getattr(record, name)
