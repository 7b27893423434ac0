"""Counters for Prometheus, which each worker keeps in a file of METRICS_FOLDER. ``serve_metrics`` serves their sums.

Imported by the server's processes only if METRICS_ADDRESS is set.
"""

from functools import partial
from typing import Any

from django.contrib.auth.signals import user_login_failed
from django.core.cache import caches
from django.db import transaction
from django.db.models.signals import post_save
from prometheus_client import Counter, Gauge, Histogram

from soundtrack_site.observed_wsgi import CACHED, kind_of

METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
REFUSALS = {429, 503}
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

requests = Counter("liner_requests", "Requests by kind of page, method and status.", ("kind", "method", "status"))
duration = Histogram("liner_request_seconds", "Time until the last byte.", ("kind",), buckets=SECONDS)
in_progress = Gauge("liner_requests_in_progress", "Requests that are answered now.", multiprocess_mode="livesum")
refused = Counter("liner_requests_refused", "Requests with status 429 and 503.", ("status", "kind"))
edits = Counter("liner_edits", "Saved forms, imports, merges and other edits.")
failed_sign_ins = Counter("liner_failed_sign_ins", "Attempts to sign in that failed or were refused.")
cached_pages = Gauge("liner_cached_pages", "Pages in the page caches of the workers.", multiprocess_mode="livesum")
pages: Any = caches["pages"]


def count_request(environ: dict[str, Any], status: int, seconds: float) -> None:
    """Count an answered request."""
    kind, method = kind_of(environ), environ["REQUEST_METHOD"]
    requests.labels(kind, method if method in METHODS else "other", f"{status // 100}xx").inc()
    duration.labels(kind).observe(seconds)
    if status in REFUSALS:
        refused.labels(status, kind).inc()
    if kind != CACHED:
        cached_pages.set(len(pages._cache))


def count_edit(instance: Any, created: bool, using: str, **signal: Any) -> None:
    """Count a new edit when it is committed."""
    if created:
        transaction.on_commit(partial(count_committed, instance), using=using)


def count_committed(edit: Any) -> None:
    """Count an edit, unless it turned out to change nothing and was deleted."""
    if edit.pk:
        edits.inc()


def count_failed_sign_in(**signal: Any) -> None:
    """Count an attempt."""
    failed_sign_ins.inc()


post_save.connect(count_edit, sender="catalog.Edit", dispatch_uid="metrics")
user_login_failed.connect(count_failed_sign_in, dispatch_uid="metrics")
