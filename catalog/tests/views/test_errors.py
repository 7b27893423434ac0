"""Error pages: not found, bad request, forbidden, server error."""

import runpy

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.db import OperationalError
from django.test import Client

from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.views.errors import words_of_path
from catalog.views.home import Home
from soundtrack_site import settings as settings_module


def failing(error):
    """A function that raises ``error``."""

    def fail(*args, **kwargs):
        raise error

    return fail


@pytest.fixture
def visitor():
    """A client that returns the error page instead of raising the exception."""
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/series/sound-track/", "sound track"),
        ("/series/soundtrack/s09e99/", "s09e99"),
        ("/people/marianne_jean-baptiste/", "marianne jean baptiste"),
        ("/moon/%C3%89clair%20%2B%20x/", "Éclair x"),
        ("/a/b/index.html", "index html"),
        ("/%F0%9F%8E%B5/", ""),
        ("/-/", ""),
    ],
)
def test_a_404_page_offers_search_for_the_words_of_the_path(client, db, address, words):
    page = page_parsing.get_page(client, address, status=404)
    (field,) = page.cssselect("main form[role=search] input[name=q]")
    assert field.get("value") == words
    assert page.cssselect("main form[role=search]")[0].get("action") == "/search/"


def test_the_suggested_query_finds_the_record(client, db):
    series = make.series("The Long Way Round")
    page = page_parsing.get_page(client, "/serie/the-long-way-round/", status=404)
    words = page.cssselect("main input[name=q]")[0].get("value")
    results = page_parsing.get_page(client, f"/search/?q={words}")
    assert [link.get("href") for link in results.cssselect("main li[data-slug] a")] == [series.get_absolute_url()]


def test_a_404_page_has_the_layout_of_the_site_and_is_not_indexed(client, db):
    page = page_parsing.get_page(client, "/moon/", status=404)
    assert len(page.cssselect("h1")) == len(page.cssselect("main")) == 1
    assert page.cssselect("meta[name=robots]")[0].get("content") == "noindex"
    assert {"/series/", "/episodes/", "/people/"} <= set(page.xpath("//main//a/@href"))


def test_the_suggested_query_is_short_for_any_path():
    assert len(words_of_path("/" + "x-" * 5000)) <= 80
    assert words_of_path("/") == words_of_path("///") == words_of_path("") == ""


@pytest.mark.parametrize("error", [OperationalError("database is locked"), ValueError("a secret"), RecursionError()])
def test_a_server_error_has_a_page_without_any_internals(visitor, down, monkeypatch, error):
    monkeypatch.setattr(Home, "get_context_data", failing(error))
    response = visitor.get("/")
    assert response.status_code == 500
    page = page_parsing.parse_page(response)
    assert page_parsing.text(page.cssselect("h1")[0]) == "Something went wrong here"
    assert page.cssselect("main a")[0].get("href") == "/"
    for inside in (b"Traceback", b"secret", b"locked", b".py"):
        assert inside not in response.content


def test_a_database_that_is_down_is_answered_by_a_page(visitor, down):
    for address in (
        "/",
        "/series/",
        "/series/soundtrack/",
        "/people/?q=love",
        "/search/?q=love",
        "/sitemap-people.xml",
    ):
        response = visitor.get(address)
        assert response.status_code == 503, address
        assert b"cannot be reached" in response.content
        assert b"secret" not in response.content
        assert "Content-Security-Policy" in response.headers


def test_pages_without_queries_are_served_while_the_database_is_down(visitor, down):
    for address, status in (("/robots.txt", 200), ("/opensearch.xml", 200), ("/favicon.ico", 301), ("/series", 301)):
        assert visitor.get(address).status_code == status, address
    assert page_parsing.get_page(visitor, "/moon/", status=404).cssselect("main input[name=q]")


def test_the_files_of_the_static_page_exist(visitor, down, monkeypatch):
    """It names files without the hash; they are served under that name too."""
    monkeypatch.setattr(Home, "get_context_data", failing(ValueError))
    links = page_parsing.parse_page(visitor.get("/")).cssselect("link")
    assert links
    assert all(finders.find(link.get("href").removeprefix("/static/")) for link in links)


@pytest.mark.parametrize(
    ("error", "status", "heading"),
    [
        (SuspiciousOperation("a secret"), 400, "This address cannot be read"),
        (TooManyFilesSent("a secret"), 400, "Too much at once"),
        (RequestDataTooBig("a secret"), 400, "Too much at once"),
        (PermissionDenied("a secret"), 403, "You do not have permission"),
    ],
)
def test_a_bad_request_and_a_forbidden_one_have_a_page_of_the_site(visitor, down, monkeypatch, error, status, heading):
    monkeypatch.setattr(Home, "get_context_data", failing(error))
    response = visitor.get("/")
    assert response.status_code == status
    page = page_parsing.parse_page(response)
    assert page_parsing.text(page.cssselect("h1")[0]) == heading
    assert len(page.cssselect("body > header nav")) == 1
    assert b"secret" not in response.content


def test_an_unknown_host_is_refused_and_never_printed(visitor, down):
    """On every page but health checks, also when the database is down."""
    for host in ("evil.example", "testserver:x", "testserver/@evil", "a b", "", "x" * 5000, "[::1"):
        for address in ("/", "/series/soundtrack/", "/healthz/", "/series"):
            response = visitor.get(address, headers={"host": host})
            assert response.status_code == 400, (host[:20], address)
            assert not host or host.encode() not in response.content
            assert "Content-Security-Policy" in response.headers, (host[:20], address)


def test_a_form_without_its_csrf_token_has_an_error_page_of_the_site(db):
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x", "password": "x"})
    assert response.status_code == 403
    page = page_parsing.parse_page(response)
    assert page_parsing.text(page.cssselect("h1")[0]) == "This form has expired"
    assert not page.cssselect("style, [style]")


def test_debug_is_off_unless_the_environment_sets_it(monkeypatch):
    monkeypatch.delenv("DEBUG", raising=False)
    assert runpy.run_path(settings_module.__file__)["DEBUG"] is False
    monkeypatch.setenv("DEBUG", "true")
    assert runpy.run_path(settings_module.__file__)["DEBUG"] is True
