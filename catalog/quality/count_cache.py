"""Cache counts until a column they depend on changes."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from django.apps import apps
from django.core.cache import cache

from catalog.models import Change

CACHE_KEY = "quality"
MAX_LOG_ENTRIES = 1000  # after more entries than this everything is counted again


class CacheRequest(NamedTuple):
    """A value to cache: its name, what it depends on, and how to compute it.

    It can depend on rows (``person``: one was added or deleted) and on columns (``person.name``: one was changed).
    """

    name: str
    depends_on: Sequence[str]
    compute: Callable[[], Any]


def cached_counts(requests: Sequence[CacheRequest]) -> list[Any]:
    """Return the requested values as of the last entry in the change log.

    Only values that depend on a change since they were cached are computed again: an edit of an episode does not
    compare the names of 20,000 people.
    """
    version, values = _valid_values()
    stale = [request for request in requests if request.name not in values]
    if stale:
        values |= {request.name: (frozenset(request.depends_on), request.compute()) for request in stale}
        cached = cache.get(CACHE_KEY)  # computing one value may have cached another; so may another process
        if cached and cached[0] == version:
            values = cached[1] | values
        if version:
            cache.set(CACHE_KEY, (version, values), timeout=None)
    return [values[request.name][1] for request in requests]


def _valid_values():
    """Return (version, cached values that are valid for it as {name: (dependencies, value)}).

    The version is (number, time) of the last log entry: another database may have reached the same number.
    """
    version, values = cache.get(CACHE_KEY) or (None, {})
    entries = Change.objects.filter(pk__gte=version[0]) if version else Change.objects.none()
    rows = list(entries.order_by("pk").values_list("pk", "at", "kind", "action", "fields")[: MAX_LOG_ENTRIES + 1])
    is_same_log = bool(rows) and rows[0][:2] == version
    if not is_same_log or len(rows) > MAX_LOG_ENTRIES or not {row[2] for row in rows[1:]} <= _model_kinds():
        return Change.objects.order_by("-pk").values_list("pk", "at").first(), {}
    changes = _changed_columns(rows[1:])
    return rows[-1][:2], {name: value for name, value in values.items() if value[0].isdisjoint(changes)}


def _model_kinds():
    """Return all kinds of records. An entry of another kind means that unknown rows were written past the models."""
    return {model._meta.model_name for model in apps.get_app_config("catalog").get_models()}


def _changed_columns(entries: Iterable[tuple]) -> set[str]:
    """Return the rows and columns that log entries changed, as ``CacheRequest.depends_on`` names them."""
    changes = set()
    for _, _, kind, action, fields in entries:
        if action == Change.Action.CHANGED:
            changes |= {f"{kind}.{field}" for field in fields}
        else:
            changes.add(kind)
    return changes
