"""A refused request is one line in the log, without a traceback; and addresses that no page can have are refused."""

import io
import logging

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from catalog.tests import factories as make
from catalog.views.home import Home
from soundtrack_site.log_lines import LineFormatter

FORGED = "/moon%0A2026-01-01%20CRITICAL%20forged/"


@pytest.fixture
def log():
    """What the site writes to its log, as its handler formats it."""
    stream = io.StringIO()
    formatters = [handler.formatter for handler in logging.getLogger().handlers]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(next(formatter for formatter in formatters if isinstance(formatter, LineFormatter)))
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def raise_denied(*args, **kwargs):
    raise PermissionDenied("not for you")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/moon/", 404),
        ("get", FORGED, 404),
        ("get", "/media/../manage.py", 400),
        ("get", "/media/%2e%2e/%2e%2e/etc/passwd", 400),
        ("get", "/media/..%5c..%5cmanage.py", 404),
        ("get", "/%00", 400),
        ("get", "/people/%00/", 400),
        ("get", "/admin/catalog/person/?q=%00", 400),
        ("post", "/", 405),
        ("post", "/admin/login/", 403),
        ("get", "/", 403),
    ],
)
def test_a_refused_request_is_one_line(db, log, monkeypatch, method, path, status):
    if (path, status) == ("/", 403):
        monkeypatch.setattr(Home, "get_context_data", raise_denied)
    client = Client(enforce_csrf_checks=True)
    assert getattr(client, method)(path).status_code == status
    lines = log.getvalue().splitlines()
    assert len(lines) == 1, lines
    assert "Traceback" not in lines[0]


def test_an_error_of_the_site_keeps_its_traceback(db, log, monkeypatch):
    monkeypatch.setattr(Home, "get_context_data", lambda *args, **kwargs: 1 / 0)
    assert Client(raise_request_exception=False).get("/").status_code == 500
    assert "ZeroDivisionError" in log.getvalue()


# Paths into which each of these is put, and queries.
IMPOSSIBLE = [*(f"%{byte:02X}" for byte in range(256)), "%ED%A0%80", "%F4%90%80%80", "%C0%AF", "%EF%BF%BE", "%E2%80%AE"]
PATHS = ["/{}/", "/people/{}/", "/people/ann{}/", "/series/{}/s01e01/", "/sources/{}/", "/media/{}", "/sitemap-{}.xml"]
QUERIES = ["/people/?q={}", "/people/?with={}", "/people/?{}=1", "/companies/?q={}", "/songs/?q={}", "/songs/?page={}"]
QUERIES += ["/songs/?sort={}", "/episodes/?director__not={}", "/sources/?kind={}", "/episodes/facets/director/?find={}"]
QUERIES += ["/search/?q={}", "/search/suggest?q={}", "/search/suggest?q=a&kind={}", "/sitemap-people.xml?p={}"]
READ_AS_TEXT = {"/{}/", "/people/?q={}"}  # with every byte; the others with every seventh
OF_EDITORS = ["/admin/catalog/person/?q={}", "/admin/catalog/person/{}/change/", "/admin/catalog/person/?born={}"]


def test_no_byte_in_an_address_breaks_a_page(db, log):
    make.credit(make.episode(), "Ann", "director")
    client, statuses = Client(), set()
    for path in [*PATHS, *QUERIES]:
        for text in IMPOSSIBLE if path in READ_AS_TEXT else IMPOSSIBLE[::7]:
            response = client.get(path.format(text))
            statuses.add(response.status_code)
            assert response.status_code in (200, 301, 302, 400, 404), (path, text)
    assert {200, 400, 404} <= statuses
    assert "Traceback" not in log.getvalue()
    assert "ERROR" not in log.getvalue()


def test_no_byte_in_an_address_breaks_a_page_of_the_admin(admin_client, log):
    for path in OF_EDITORS:
        for text in IMPOSSIBLE[::7]:
            assert admin_client.get(path.format(text)).status_code in (200, 302, 400, 404), (path, text)
    assert "Traceback" not in log.getvalue()


RAW_PATHS = [
    "/\xff/",
    "/people/\xed\xa0\x80/",
    "/a\x00b/",
    "/\x7f\x1b[31m/",
    "//evil.example/",
    "/people//",
    "/./",
    "*",
    "",
]


def test_no_byte_that_is_not_encoded_breaks_a_page(db, log, client):
    """As a client sends them that keeps no rules; the server passes bytes as Latin-1."""
    for path in RAW_PATHS:
        for query in ("", "q=\x00", "q=\xff\xfe", "q=%", "q=%zz&&&=;=", "\x00=1"):
            response = client.request(PATH_INFO=path, QUERY_STRING=query)
            assert response.status_code in (200, 301, 302, 400, 404), (path, query)
    assert "Traceback" not in log.getvalue()
