"""Liveness and readiness, for supervisors and load balancers."""

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

from catalog.views.base import read_only


@read_only
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: answers without touching the database."""
    return HttpResponse("ok\n", content_type="text/plain")


@read_only
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready: the database answers and all migrations are applied; 503 with the reason otherwise."""
    try:
        executor = MigrationExecutor(connection)
        unapplied = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    if unapplied:
        return HttpResponse(f"{len(unapplied)} migrations to apply\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")
