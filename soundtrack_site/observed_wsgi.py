"""The outermost WSGI wrapper: gives each request an id, counts it and logs it if METRICS_ADDRESS and ACCESS_LOG say so.

Pages that are answered from the page cache, before Django, pass here as well.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote

from django.conf import settings

from soundtrack_site.client_address import address_in
from soundtrack_site.request_ids import RequestContext, choose_request_id, current_request

VIEW_KEY = (
    "soundtrack_site.view"  # in the WSGI environment: the name of the view that answers, "" or nothing if none does
)
CACHED = "cached"  # in place of a view's name: a page from the page cache, or status 304 without asking Django
SERVER_ERROR = "500 Internal Server Error"  # if the application raises, which the server answers
MAX_LOGGED_ADDRESS = 1000  # characters of path and query
access_log = logging.getLogger("access")

Environ = dict[str, Any]


def kind_of(environ: Environ) -> str:
    """The kind of page that answered: few names, whatever is requested.

    That of the view, without the model for pages of the admin; ``cached``, ``static``, ``none`` if no view answered.
    """
    view = environ.get(VIEW_KEY, "")
    if view.startswith("admin:"):
        return "admin:" + view[len("admin:") :].rpartition("_")[2]
    if view:
        return view
    return "static" if environ.get("PATH_INFO", "").startswith(settings.STATIC_URL) else "none"


class Observation:
    """A request from its arrival to the last byte of its response."""

    __slots__ = ("context", "environ", "metrics", "path", "send_start", "started_at", "status")

    def __init__(self, environ: Environ, send_start: Callable, metrics: Any):
        self.environ, self.send_start, self.metrics = environ, send_start, metrics
        if metrics:
            metrics.in_progress.inc()
        self.path = environ.get("PATH_INFO", "")  # Django replaces it by the decoded text
        self.started_at, self.status = time.perf_counter(), SERVER_ERROR
        self.context = RequestContext(choose_request_id(environ))
        current_request.set(self.context)

    def start_response(self, status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
        """WSGI's function of that name; adds the id of the request."""
        self.status = status
        return self.send_start(status, [*headers, ("X-Request-ID", self.context.request_id)], *error)

    def finish(self) -> None:
        """Count and log the request, and end its context."""
        seconds = time.perf_counter() - self.started_at
        if self.metrics:
            self.metrics.in_progress.dec()
            self.metrics.count_request(self.environ, int(self.status[:3]), seconds)
        if settings.ACCESS_LOG:
            self.log(seconds)
        current_request.set(None)

    def log(self, seconds: float) -> None:
        """Write the line of the request."""
        environ, status = self.environ, int(self.status[:3])
        method, view = environ["REQUEST_METHOD"], environ.get(VIEW_KEY, "")
        query = environ.get("QUERY_STRING")
        path = quote(self.path, safe="/:@!$&'()*+,;=~", encoding="latin-1", errors="replace")
        address = (f"{path}?{query}" if query else path)[:MAX_LOGGED_ADDRESS]
        milliseconds = round(seconds * 1000, 1)
        fields = {"method": method, "path": address, "status_code": status, "duration_ms": milliseconds, "view": view}
        fields["address"] = address_in(environ)
        access_log.info("%s %s %s %s ms", method, address, status, milliseconds, extra=fields)


class ObservedResponse:
    """A response that is sent piece by piece. The server closes it after the last piece, or when the client is gone."""

    __slots__ = ("finish", "response")

    def __init__(self, response: Iterable[bytes], finish: Callable[[], None]):
        self.response, self.finish = response, finish

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.response)

    def close(self) -> None:
        """Close the response itself."""
        try:
            if close := getattr(self.response, "close", None):
                close()
        finally:
            self.finish()


class ObservedWSGI:
    """Wraps a WSGI application. ``metrics`` is the module of that name, or None."""

    def __init__(self, application: Callable, metrics: Any = None):
        self.application, self.metrics = application, metrics

    def __call__(self, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        observation = Observation(environ, start_response, self.metrics)
        try:
            response = self.application(environ, observation.start_response)
        except BaseException:
            observation.finish()
            raise
        if isinstance(response, list):  # a page from the cache is sent at once
            observation.finish()
            return response
        return ObservedResponse(response, observation.finish)
