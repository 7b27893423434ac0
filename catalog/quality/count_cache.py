"""Cache counts until a column they depend on changes; what takes long is counted in the background."""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.apps import apps
from django.core.cache import cache
from django.db import connections
from django.utils import timezone

from catalog.models import Change
from catalog.models.time_limit import TimeLimitExceeded, time_limit

CACHE_KEY, LAST_KEY, LOCK_KEY = "quality", "quality-last", "quality-counting"
MAX_LOG_ENTRIES = 1000  # after more entries than this everything is counted again
TIME_LIMIT_MS = 50  # for all that is counted within a request
SLOW_MS = 20  # a value that took longer is computed in the background
RECOUNT_AFTER = timedelta(minutes=10)  # in the background: at size L it takes half a minute of a processor
LOCK_SECONDS = 600
START_DELAY = 0.5  # seconds: a thread that calculates would slow the request that starts it


class CacheRequest(NamedTuple):
    """A value to cache: its name, what it depends on, and how to compute it.

    It can depend on rows (``person``: one was added or deleted) and on columns (``person.name``: one was changed).
    """

    name: str
    depends_on: Sequence[str]
    compute: Callable[[], Any]


class CachedValue(NamedTuple):
    """A value, and since when it is out of date: None if it is current. A value never computed is None."""

    value: Any
    counted_at: datetime | None = None


class LastValue(NamedTuple):
    """The value that was computed last, when, and how long that took."""

    value: Any
    at: datetime
    milliseconds: float


def latest_values(requests: Sequence[CacheRequest]) -> list[CachedValue]:
    """Return the requested values, as of the last entry in the change log where they can be computed quickly.

    Only values that depend on a change since they were cached are computed again: an edit of an episode does not
    compare the names of 20,000 people. For those that take long the last value is returned, and a new one computed in
    the background.
    """
    version, values = _valid_values()
    last: dict[str, LastValue] = cache.get(LAST_KEY) or {}
    slow, deadline = [], time.monotonic() + TIME_LIMIT_MS / 1000
    for request in requests:
        if request.name in values:
            continue
        is_slow = request.name in last and last[request.name].milliseconds > SLOW_MS
        try:
            if is_slow:
                raise TimeLimitExceeded
            with time_limit(deadline):
                last[request.name] = _compute(request)
        except TimeLimitExceeded:
            slow.append(request)
        else:
            values[request.name] = frozenset(request.depends_on), last[request.name].value
    _store(version, values, last)
    due = timezone.now() - RECOUNT_AFTER
    if any(request.name not in last or last[request.name].at < due for request in slow):
        start_in_background(slow)
    never = LastValue(None, timezone.now(), 0)
    return [
        CachedValue(values[request.name][1])
        if request.name in values
        else CachedValue(*last.get(request.name, never)[:2])
        for request in requests
    ]


def compute_all(requests: Sequence[CacheRequest]) -> None:
    """Compute the values that are out of date, however long it takes."""
    version, values = _valid_values()
    last = {}
    for request in requests:
        if request.name not in values:
            last[request.name] = _compute(request)
            values[request.name] = frozenset(request.depends_on), last[request.name].value
    _store(version, values, last)


def start_in_background(requests: Sequence[CacheRequest]) -> None:
    """Start ``compute_all`` in a thread after the answer, unless one is running."""

    def run():
        try:
            compute_all(requests)
        finally:
            cache.delete(LOCK_KEY)
            connections.close_all()

    if cache.add(LOCK_KEY, True, timeout=LOCK_SECONDS):
        timer = threading.Timer(START_DELAY, run)
        timer.daemon = True
        timer.start()


def _compute(request):
    start = time.monotonic()
    value = request.compute()
    return LastValue(value, timezone.now(), 1000 * (time.monotonic() - start))


def _store(version, values, last):
    """Store values that are valid for ``version``, and those computed last; others may have stored some meanwhile."""
    if last:
        cache.set(LAST_KEY, (cache.get(LAST_KEY) or {}) | last, timeout=None)
    if version:
        cached = cache.get(CACHE_KEY)
        cache.set(CACHE_KEY, (version, cached[1] | values if cached and cached[0] == version else values), timeout=None)


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
