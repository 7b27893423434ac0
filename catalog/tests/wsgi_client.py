"""Requests through the site's WSGI wrappers, as the server makes them."""

from contextlib import contextmanager
from types import SimpleNamespace
from unittest.mock import patch
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory
from django.test.client import FakePayload
from django.utils.module_loading import import_string

from catalog.views import page_cache
from soundtrack_site.observed_wsgi import ObservedWSGI


def whole_site():
    """The application that ``soundtrack_site.wsgi`` serves, made anew."""
    return ObservedWSGI(import_string(settings.WSGI_WRAPPER)(WSGIHandler()))


@contextmanager
def open_connections():
    """Keep the connections that a request would close; in a test they are in a transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        with patch.object(page_cache, "close_old_connections", lambda: None):
            yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def send(application, path="/", method="GET", body=b"", **environ):
    """``status``, ``headers`` and ``body`` of the response to a request."""
    path, _, query = path.partition("?")
    path_info = unquote_to_bytes(path).decode("latin-1")  # as WSGI has it
    environ |= {"REQUEST_METHOD": method, "PATH_INFO": path_info, "QUERY_STRING": query}
    environ |= {"wsgi.input": FakePayload(body), "CONTENT_LENGTH": str(len(body))}
    environ = RequestFactory()._base_environ(**environ)
    started = []
    with open_connections():
        response = application(environ, lambda status, headers, *error: started.append((status, headers)))
        body = b"".join(response)
        if hasattr(response, "close"):
            response.close()
    (status, headers), *_ = started
    return SimpleNamespace(status=int(status[:3]), headers=dict(headers), body=body)
