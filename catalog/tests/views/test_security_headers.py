"""Each security header on each kind of response of a site behind TLS, and the rules of MDN's HTTP Observatory."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as site
from django.core.exceptions import PermissionDenied
from django.test import Client
from lxml import html

from catalog.tests import factories as make
from catalog.tests.admin.two_step.authenticators import enter_password
from catalog.tests.views.test_headers import policy
from catalog.views.home import Home
from catalog.views.page_cache import CachedPageWSGI
from soundtrack_site.hash_slot import hash_lock

YEAR = 365 * 24 * 3600
EVERYWHERE = {
    "Strict-Transport-Security": f"max-age={YEAR}",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
CSP = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'", "data:"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "manifest-src": {"'self'"},
    "form-action": {"'self'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
}
NO_STORE = "max-age=0, no-cache, no-store, must-revalidate, private"
REVALIDATED, FOR_A_YEAR = "public, no-cache", "public, max-age=31536000, immutable"


@pytest.fixture
def secure(db, settings, tmp_path):
    """The settings of a site with SECURE, an uploaded and a static file, a series; returns a client of a visitor."""
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = YEAR
    settings.SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.STATIC_ROOT = str(tmp_path / "static")
    for folder, name in ((tmp_path / "static", "site.abc.css"), (settings.MEDIA_ROOT, "a.png")):
        folder.mkdir()
        (folder / name).write_bytes(b"x")
    make.series("Harbour")
    return Client(headers={"x-forwarded-proto": "https"}, raise_request_exception=False)


def raising(error):
    def fail(*args, **kwargs):
        raise error

    return fail


# (path, status, what its Cache-Control is) of each kind of response that is a page.
VISITORS_PAGES = [
    ("/", 200, REVALIDATED),
    ("/series/harbour/", 200, REVALIDATED),
    ("/series/?genre=drama", 200, REVALIDATED),
    ("/search/?q=harbour", 200, REVALIDATED),
    ("/sitemap.xml", 200, REVALIDATED),
    ("/robots.txt", 200, "max-age=3600, public"),
    ("/series", 301, None),
    ("/moon/", 404, None),
    ("/%00", 400, None),
    ("/media/moon.png", 404, None),
    ("/healthz", 200, None),
    ("/admin/", 302, NO_STORE),
    ("/admin/login/", 200, NO_STORE),
    ("/admin/login/second-step/", 302, NO_STORE),
    ("/admin/login/passkey/", 302, NO_STORE),
    ("/admin/two-step/", 302, NO_STORE),
]


def check_page(response, label):
    """Assert that a response has the headers of all responses and those of a page."""
    for name, value in EVERYWHERE.items():
        assert response.headers.get(name) == value, (label, name)
    assert response.headers["X-Frame-Options"] == "DENY", label
    assert policy(response) == CSP, label


@pytest.mark.parametrize(("path", "status", "caching"), VISITORS_PAGES)
def test_every_kind_of_page_has_every_header(secure, path, status, caching):
    response = secure.get(path)
    assert response.status_code == status
    check_page(response, path)
    assert response.headers.get("Cache-Control") == caching


def test_every_kind_of_page_of_the_admin_has_every_header_and_is_not_stored(secure, editor):
    enter_password(secure)
    for path in (
        "/admin/",
        "/admin/catalog/series/",
        "/admin/catalog/series/add/",
        "/admin/auth/user/",
        "/admin/two-step/",
        "/admin/two-step/password/",
        "/admin/two-step/app/add/",
        "/admin/moon/",
    ):
        response = secure.get(path, headers={"x-forwarded-proto": "https"})
        check_page(response, path)
        assert path == "/admin/moon/" or response.headers["Cache-Control"] == NO_STORE, path


def test_refusals_and_errors_have_every_header(secure, monkeypatch, settings):
    with hash_lock:
        check_page(secure.post("/admin/login/", {"username": "a", "password": "b"}), "503")
    answers = [secure.post("/admin/login/", {}) for _ in range(31)]
    assert answers[-1].status_code == 429
    check_page(answers[-1], "429")
    strict = Client(enforce_csrf_checks=True, headers={"x-forwarded-proto": "https"})
    assert (refused := strict.post("/admin/logout/")).status_code == 403
    check_page(refused, "403")
    assert (refused := secure.post("/")).status_code == 405
    check_page(refused, "405")
    for error, status in ((PermissionDenied(), 403), (ValueError(), 500)):
        monkeypatch.setattr(Home, "get_context_data", raising(error))
        assert (failed := secure.get("/")).status_code == status
        check_page(failed, status)
    settings.READ_ONLY = True
    read_only = Client(headers={"x-forwarded-proto": "https"})
    assert (refused := read_only.post("/admin/login/")).status_code == 503
    check_page(refused, "read only")


def test_an_uploaded_file_has_every_header_and_a_policy_of_its_own(secure):
    response = secure.get("/media/a.png")
    assert (response.status_code, response.headers["Cache-Control"]) == (200, FOR_A_YEAR)
    for name, value in EVERYWHERE.items():
        assert response.headers.get(name) == value, name
    assert response.headers["X-Frame-Options"] == "DENY"
    nothing = {"'none'"}
    assert policy(response) == {"default-src": nothing, "frame-ancestors": nothing, "sandbox": set()}


def test_a_static_file_has_the_headers_of_all_responses(secure):
    response = secure.get("/static/site.abc.css")
    assert response.status_code == 200
    for name, value in EVERYWHERE.items():
        assert response.headers.get(name) == value, name


def test_a_page_from_the_cache_has_the_headers_of_the_first(secure):
    """It is answered before Django handles the request."""
    received = []

    def application(environ, start_response):
        response = secure.get(environ["PATH_INFO"])
        start_response("200 OK", list(response.headers.items()))
        return [response.content]

    environ = secure._base_environ() | {"PATH_INFO": "/series/harbour/", "HTTP_X_FORWARDED_PROTO": "https"}
    cached = CachedPageWSGI(application)
    for _ in range(2):
        cached(dict(environ), lambda status, headers: received.append(dict(headers)))
    assert received[0] == received[1]
    assert EVERYWHERE.items() <= received[1].items()


# The rules of the HTTP Observatory (https://github.com/mdn/mdn-http-observatory): points from 100, A+ from 100 on.


def csp_points(response):
    """Points for the policy: nothing by default, nothing unsafe, forms to the site only."""
    allowed = policy(response)
    sources = set().union(*allowed.values())
    if sources & {"'unsafe-inline'", "'unsafe-eval'", "http:", "https:", "*"} or "data:" in allowed["script-src"]:
        return -25
    return 10 if allowed["default-src"] == {"'none'"} and allowed["form-action"] <= {"'self'", "'none'"} else 5


def cookie_points(response):
    """Points for flags of cookies."""
    for name, cookie in response.cookies.items():
        if not cookie["secure"] or cookie["samesite"] not in ("Lax", "Strict"):
            return -40
        if "session" in name and not cookie["httponly"]:
            return -30
    return 5 if response.cookies else 0


def script_points(response):
    """Points for scripts from other hosts without a checksum."""
    scripts = html.fromstring(response.content).xpath("//script/@src")
    return 0 if all(source.startswith("/") and not source.startswith("//") for source in scripts) else -50


def hsts_points(response):
    """Points for HSTS of six months or more."""
    age = response.headers.get("Strict-Transport-Security", "").partition("max-age=")[2].partition(";")[0]
    return -20 if not age else 0 if int(age) >= 15_768_000 else -10


def observatory_points(response):
    """The points of a page, without that for the redirect from HTTP."""
    headers = response.headers
    private = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
    return 100 + sum([
        csp_points(response),
        cookie_points(response),
        script_points(response),
        hsts_points(response),
        0 if "Access-Control-Allow-Origin" not in headers else -50,
        5 if headers.get("Referrer-Policy") in private else -5,
        0 if headers.get("X-Content-Type-Options") == "nosniff" else -5,
        5 if "frame-ancestors" in policy(response) else -20,
        10 if headers.get("Cross-Origin-Resource-Policy") in ("same-origin", "same-site") else 0,
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("path", "points"),
    [("/", 130), ("/series/harbour/", 130), ("/moon/", 130), ("/admin/login/", 135)],  # one for its cookie
)
def test_the_site_gets_a_plus_from_the_http_observatory(secure, path, points):
    assert observatory_points(secure.get(path)) == points


def test_a_session_cookie_is_for_this_site_and_tls_only(secure, editor):
    response = secure.post("/admin/login/", {"username": "editor", "password": "editor-password"})
    cookie = response.cookies["sessionid"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")


def test_http_is_redirected_to_https_on_the_same_host(secure):
    response = Client().get("/series/?genre=drama")
    assert response.status_code == 301
    assert response.headers["Location"] == "https://testserver/series/?genre=drama"
    assert Client().get("/healthz").status_code == 200


def test_the_deployment_check_has_nothing_to_say_about_a_secure_site(tmp_path):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    environment |= {"SECURE": "true", "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3"}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=site.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, "no issues" in done.stdout) == (0, True), done.stderr
