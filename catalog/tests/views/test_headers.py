"""Every response has a strict policy in its headers; pages have nothing inline and set no cookies."""

import pytest
from csp.constants import SELF
from django.core.files.base import ContentFile
from django.test import Client
from lxml import etree

from catalog.models import Person
from catalog.tests import page_parsing
from catalog.tests.test_every_page import PAGES, example_url

ADMIN_PATHS = [
    "/admin/",
    "/admin/catalog/episode/",
    "/admin/catalog/episode/?air_date_year=2019&q=love",
    "/admin/catalog/episode/add/",
    "/admin/catalog/series/add/",
    "/admin/catalog/credit/add/?_popup=1",
    "/admin/catalog/change/",
    "/admin/password_change/",
    "/admin/moon/",
]
NOT_PAGES = ["/healthz", "/robots.txt", "/opensearch.xml", "/sitemap.xml", "/moon/", "/media/moon.png", "/series"]


def policy(response):
    """The directives of the Content-Security-Policy: ``{name: {source, …}}``."""
    parts = (part.split() for part in response.headers["Content-Security-Policy"].split(";") if part.strip())
    return {name: set(sources) for name, *sources in parts}


def inline(page):
    """Elements that a strict policy would refuse: inline styles, scripts and handlers, ``javascript:`` URLs."""
    elements = page.xpath("//*[@style] | //style | //script[not(@src) and not(contains(@type, 'json'))]")
    elements += page.xpath("//@*[starts-with(name(), 'on')]/.. | //*[starts-with(@href, 'javascript:')]")
    elements += page.xpath("//link[@rel='stylesheet' and not(starts-with(@href, '/static/'))]")
    return elements + page.xpath("//*[self::script or self::img][@src and not(starts-with(@src, '/'))]")


_answers = {}  # read once: nothing in these tests changes what a visitor gets


@pytest.fixture
def answers(soundtrack, client):
    """The responses to a visitor, for every page and for other paths."""
    if not _answers:
        _answers.update({path: client.get(path) for path in [*map(example_url, PAGES), *NOT_PAGES]})
    return _answers


def test_every_response_has_the_strict_policy_and_the_other_security_headers(answers):
    for path, response in answers.items():
        allowed = policy(response)
        assert allowed["default-src"] == {"'none'"}, path
        assert allowed["script-src"] == allowed["style-src"] == {SELF}, path
        assert allowed["frame-ancestors"] == allowed["base-uri"] == {"'none'"}, path
        assert allowed["form-action"] == {SELF}, path
        assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:"} & set().union(*allowed.values()), path
        assert response.headers["X-Content-Type-Options"] == "nosniff", path
        assert response.headers["Referrer-Policy"] == "same-origin", path
        assert response.headers["X-Frame-Options"] == "DENY", path
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin", path
        assert "geolocation=()" in response.headers["Permissions-Policy"], path


def test_no_answer_to_a_visitor_sets_a_cookie(answers):
    assert {path: response.cookies for path, response in answers.items() if response.cookies} == {}


def test_no_page_for_visitors_holds_anything_inline_or_from_another_host(answers):
    for path, response in answers.items():
        if response.headers["Content-Type"].startswith("text/html") and response.content:
            elements = inline(page_parsing.parse_page(response))
            assert not elements, (path, etree.tostring(elements[0]))


def test_no_admin_page_holds_anything_inline_or_from_another_host(soundtrack, admin_client):
    person = Person.objects.first().pk
    record = [f"/admin/catalog/person/{person}/{page}/" for page in ("change", "delete", "history")]
    for path in [*ADMIN_PATHS, *record]:
        response = admin_client.get(path)
        assert response.status_code == (404 if "moon" in path else 200), path
        assert policy(response)["script-src"] == {SELF}, path
        elements = inline(page_parsing.parse_page(response))
        assert not elements, (path, etree.tostring(elements[0]))


def test_admin_pages_are_not_cached(admin_client):
    assert "no-store" in admin_client.get("/admin/").headers["Cache-Control"]
    assert "no-store" in Client().get("/admin/login/").headers["Cache-Control"]


def test_a_head_response_equals_the_get_response_without_its_body(answers, client):
    for path, get_response in answers.items():
        head = client.head(path)
        assert head.status_code == get_response.status_code, path
        assert head.content == b"", path
        assert head.headers.get("Content-Type") == get_response.headers.get("Content-Type"), path


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "PROPFIND", "FOO"])
def test_pages_accept_get_and_head_only(soundtrack, method):
    """405 with the allowed methods, with or without a token; 404 where there is no page."""
    strict = Client(enforce_csrf_checks=True)
    for path in map(example_url, PAGES):
        response = strict.generic(method, path, b"x=1", content_type="application/x-www-form-urlencoded")
        assert response.status_code == 405, path
        assert {"GET", "HEAD"} <= set(response.headers["Allow"].split(", ")), path
    assert strict.generic(method, "/moon/").status_code == 404
    assert strict.generic(method, "/series/moon/").status_code == 404
    assert strict.generic(method, "/media/moon.png").status_code == 405


def test_a_read_only_site_shows_everything_and_accepts_no_changes(soundtrack, editor, settings):
    settings.READ_ONLY = True
    visitor, signed_in = Client(), Client()
    signed_in.force_login(editor)
    for path in ("/", "/series/soundtrack/", "/episodes/?director=ti-west", "/healthz", "/readyz", "/sitemap.xml"):
        assert visitor.get(path).status_code == visitor.head(path).status_code == 200, path
    assert visitor.options("/").status_code == 200
    assert signed_in.get("/admin/catalog/person/").status_code == 200
    for client in (visitor, signed_in):
        for path in ("/", "/admin/login/", "/admin/catalog/person/add/", "/moon/"):
            for method in ("POST", "PUT", "DELETE"):
                response = client.generic(method, path, b"name=x")
                assert response.status_code == 503, (method, path)
                assert int(response.headers["Retry-After"]) > 0
                assert "Content-Security-Policy" in response.headers
    assert not Person.objects.filter(name="x").exists()


COOKIES = [
    "sessionid=" + "x" * 8000,
    "sessionid=\xff\xfe; csrftoken=\xff",
    'sessionid="\\355\\240\\200aaaaaaaaaaaa"',
    "sessionid=' OR 1=1 --; messages=xx:yy",
    "; ; =; ==; a",
    'a="' + "\\" * 500,
    "; ".join(f"a{number}=1" for number in range(1000)),
]


def test_no_cookie_breaks_a_page(soundtrack):
    for cookie in COOKIES:
        for path in ("/companies/netflix/", "/admin/login/"):
            assert Client(headers={"cookie": cookie}).get(path).status_code == 200, (path, cookie[:40])


def test_a_nul_in_a_cookie_is_refused(db):
    for path in ("/", "/series/moon/", "/admin/"):
        assert Client(headers={"cookie": 'sessionid="aaaaaaaa\\000"'}).get(path).status_code == 400, path


HEADERS = [
    ("If-Modified-Since", "Mon, 99 Foo 99999999999 99:99:99 GMT"),
    ("If-Modified-Since", "Sun, 06 Nov 0000 08:49:37 GMT"),
    ("If-None-Match", '"' + "x" * 5000),
    ("Range", "bytes=" + "9" * 6000 + "-"),
    ("Accept-Language", "x-" * 2000),
    ("Accept", "\xff"),
    ("Content-Length", "-1"),
    ("Content-Length", "9" * 30),
    ("Content-Type", "text/html; charset=nope"),
    ("Content-Type", "multipart/form-data"),
    ("X-Forwarded-Host", "evil.example"),
    ("X-Forwarded-Proto", "\xff"),
    ("Referer", "\xff"),
]


def test_no_header_breaks_a_page(soundtrack, client, settings):
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "a.txt").write_text("a")
    for name, value in HEADERS:
        for path in ("/companies/netflix/", "/media/a.txt", "/robots.txt"):
            response = client.get(path, headers={name: value})
            assert response.status_code == 200, (path, name, value[:40])
            assert b"evil.example" not in b"".join(response)


def test_an_upload_is_served_so_that_it_can_do_nothing(client, settings):
    """Whatever was stored: the type is not guessed, and a document in it runs and loads nothing."""
    settings.MEDIA_ROOT.mkdir()
    for name, content_type in [("a.html", "text/html"), ("a.svg", "image/svg+xml"), ("a.jpg", "image/jpeg")]:
        (settings.MEDIA_ROOT / name).write_text("<script>alert(1)</script>")
        response = client.get(f"/media/{name}")
        assert response.headers["Content-Type"] == content_type
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"


@pytest.mark.django_db
def test_a_body_that_is_too_large_is_refused_before_it_is_read(client, settings):
    settings.MAX_REQUEST_SIZE = 100_000
    for path in ("/admin/login/", "/episodes/", "/nowhere/"):
        response = client.post(path, {"file": ContentFile(b"x" * 100_000, "a.jpg")})
        assert (response.status_code, response.content) == (
            413,
            b"The request is larger than 0 MB. Nothing was saved.\n",
        )
    assert client.post("/admin/login/", {"file": ContentFile(b"x" * 90_000, "a.jpg")}).status_code == 200
    for length, status in [("x", 405), ("-1", 405), ("٣", 405), ("100001", 413), ("9" * 5_000, 413)]:
        response = client.generic("POST", "/robots.txt", b"a", headers={"Content-Length": length})
        assert response.status_code == status, length
