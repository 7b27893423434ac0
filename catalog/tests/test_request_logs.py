"""Each request has an id in its response, its log lines and on the page of an error; the access log is a setting."""

import io
import json
import logging
import re

import pytest
from django.conf import settings as site_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.tests import factories as make
from catalog.tests.wsgi_client import send, whole_site
from catalog.views.home import Home
from soundtrack_site.log_lines import JsonLineFormatter, LineFormatter
from soundtrack_site.observed_wsgi import ObservedWSGI
from soundtrack_site.request_ids import current_request_id

NEW_ID = re.compile(r"[0-9a-f]{16}")
PROXY = "127.0.0.1"  # REMOTE_ADDR of tests
FORGED = "/moon%0A2026-01-01%20CRITICAL%20forged/%1B%5B31m/%E2%80%A8x/"


def answer_id(environ, start_response):
    """An application that writes a line to the log and answers with the id of the request."""
    logging.getLogger("catalog.tests").warning("answered")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [current_request_id().encode()]


def logged_with(formatter):
    """A stream of what is logged, and its handler."""
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(formatter)
    logging.getLogger().addHandler(handler)
    return handler


@pytest.fixture
def json_log():
    """A function that returns the entries so far, after checking that each is one line."""
    handler = logged_with(JsonLineFormatter())
    yield lambda: [json.loads(line) for line in handler.stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def plain_log():
    """A function that returns the lines so far."""
    options = site_settings.LOGGING["formatters"]["plain"]
    handler = logged_with(LineFormatter(options["format"], style=options["style"]))
    yield lambda: handler.stream.getvalue().splitlines()
    logging.getLogger().removeHandler(handler)


def test_a_request_has_an_id_of_its_own(json_log):
    first, second = send(ObservedWSGI(answer_id)), send(ObservedWSGI(answer_id))
    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]
    for response in (first, second):
        assert NEW_ID.fullmatch(response.headers["X-Request-ID"])
        assert response.body.decode() == response.headers["X-Request-ID"]
    assert [entry["request_id"] for entry in json_log()] == [first.body.decode(), second.body.decode()]
    assert current_request_id() == ""


@pytest.mark.parametrize("request_id", ["0123abcd", "b7e2-A.b_c" * 6, "550e8400-e29b-41d4-a716-446655440000"])
def test_the_id_of_a_trusted_proxy_is_taken(settings, request_id):
    settings.TRUSTED_PROXIES = [PROXY]
    response = send(ObservedWSGI(answer_id), HTTP_X_REQUEST_ID=request_id)
    assert response.headers["X-Request-ID"] == response.body.decode() == request_id


UNSAFE = [
    "",
    "short",
    "x" * 65,
    "abcdefgh ijk",
    "abcdefgh\n",
    "abcdefgh\r\nSet-Cookie: a=b",
    "<script>alert(1)",
    "ärgerlich",
]


@pytest.mark.parametrize("request_id", UNSAFE)
def test_an_id_of_another_form_is_replaced(settings, request_id):
    settings.TRUSTED_PROXIES = [PROXY]
    assert NEW_ID.fullmatch(send(ObservedWSGI(answer_id), HTTP_X_REQUEST_ID=request_id).headers["X-Request-ID"])


@pytest.mark.parametrize("address", ["", "192.0.2.7", "::1", "unix"])
def test_the_id_of_a_client_is_replaced(settings, address):
    settings.TRUSTED_PROXIES = [PROXY]
    response = send(ObservedWSGI(answer_id), HTTP_X_REQUEST_ID="0123456789abcdef", REMOTE_ADDR=address)
    assert response.headers["X-Request-ID"] != "0123456789abcdef"


def test_a_page_from_the_cache_has_an_id_and_a_304_as_well(db):
    site = whole_site()
    first, second = send(site), send(site)
    unchanged = send(site, HTTP_IF_NONE_MATCH=first.headers["ETag"])
    assert (first.status, second.status, unchanged.status) == (200, 200, 304)
    assert second.body == first.body
    assert len({response.headers["X-Request-ID"] for response in (first, second, unchanged)}) == 3


@pytest.mark.parametrize("path", ["/moon/", "/media/../manage.py", "/people?x=1", "/admin/", "/healthz"])
def test_every_answer_has_an_id(db, path):
    assert NEW_ID.fullmatch(send(whole_site(), path).headers["X-Request-ID"])


def test_the_page_of_an_error_shows_the_id_of_its_log_line(db, json_log, monkeypatch):
    monkeypatch.setattr(Home, "get_context_data", lambda *args, **kwargs: 1 / 0)
    response = send(whole_site())
    request_id = response.headers["X-Request-ID"]
    assert response.status == 500
    assert f"<code>{request_id}</code>" in response.body.decode()
    (entry,) = json_log()
    assert entry["request_id"] == request_id
    assert entry["status_code"] == 500
    assert "ZeroDivisionError" in entry["exception"]


def test_lines_name_the_user_by_id_and_visitors_cost_no_query(admin_client, editor, json_log):
    with CaptureQueriesContext(connection) as queries:
        send(whole_site(), "/moon/")
    assert not [query for query in queries if "session" in query["sql"] or "auth_user" in query["sql"]]
    cookie = f"{site_settings.SESSION_COOKIE_NAME}={admin_client.cookies[site_settings.SESSION_COOKIE_NAME].value}"
    send(whole_site(), "/moon/", HTTP_COOKIE=cookie)
    send(whole_site(), "/moon/", HTTP_COOKIE=f"{site_settings.SESSION_COOKIE_NAME}=invented")
    visitor, user, stranger = json_log()
    assert user["user_id"] == editor.pk
    assert "user_id" not in visitor | stranger
    assert editor.username not in json.dumps(user)


def test_a_plain_line_has_the_ids(admin_client, editor, plain_log):
    cookie = f"{site_settings.SESSION_COOKIE_NAME}={admin_client.cookies[site_settings.SESSION_COOKIE_NAME].value}"
    request_id = send(whole_site(), "/moon/", HTTP_COOKIE=cookie).headers["X-Request-ID"]
    (line,) = plain_log()
    assert line.endswith(f" WARNING django.request [{request_id} user {editor.pk}]: Not Found: /moon/")


@pytest.mark.parametrize("path", ["/moon/", FORGED])
def test_the_access_log_has_one_line_for_each_request(db, settings, json_log, plain_log, path):
    settings.ACCESS_LOG = True
    request_id = send(whole_site(), path + "?q=a%0Ab").headers["X-Request-ID"]
    refusal, entry = json_log()
    assert len(plain_log()) == 2
    assert (entry["logger"], entry["request_id"], refusal["request_id"]) == ("access", request_id, request_id)
    assert (entry["method"], entry["status_code"], entry["view"]) == ("GET", 404, "")
    assert entry["path"] == path + "?q=a%0Ab"
    assert entry["address"] == PROXY
    assert entry["duration_ms"] > 0


def test_the_access_log_names_the_view_and_the_page_cache(db, settings, json_log):
    settings.ACCESS_LOG = True
    make.episode(make.season(make.series("One")), 1)
    site = whole_site()
    for _ in range(2):
        send(site, "/series/one/")
    assert [entry["view"] for entry in json_log()] == ["series-detail", "cached"]


def test_there_is_no_access_log_unless_it_is_set(db, json_log):
    send(whole_site(), "/healthz")
    assert json_log() == []


@pytest.mark.parametrize("separator", ["\n", "\r\n", "\u2028", "\x0b", "\x85", "\x1b[2K"])
def test_no_text_forges_a_line(json_log, plain_log, separator):
    forged = f"name{separator}2026-01-01 00:00:00,000 CRITICAL forged: line"
    logging.getLogger("catalog.tests").error("bad %s", forged)
    try:
        raise ValueError(forged)
    except ValueError:
        logging.getLogger("catalog.tests").exception("failed")
    assert [entry["message"] for entry in json_log()] == [f"bad {forged}", "failed"]
    first, second, *traceback = plain_log()
    assert first.endswith("line")
    assert second.endswith("failed")
    assert all(line.startswith("    ") for line in traceback)
    assert "\x1b" not in first


def test_a_failing_application_is_logged_and_its_context_ends(settings, json_log):
    settings.ACCESS_LOG = True
    with pytest.raises(ZeroDivisionError):
        send(ObservedWSGI(lambda environ, start_response: 1 / 0))
    assert json_log()[0]["status_code"] == 500
    assert current_request_id() == ""
