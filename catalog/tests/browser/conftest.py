"""Fixtures of the browser tests: Debian's Chromium, driven by Playwright."""

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import sync_playwright

from catalog.tests.conftest import CHROMIUM

# Without these, Chromium sends requests to hosts on the internet at every start.
OFFLINE = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
STEP_TIMEOUT_MS = 15_000  # on a busy machine


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests of a process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", *OFFLINE])
        yield browser
        browser.close()


@pytest.fixture(scope="session", autouse=True)
def _cached_static_files():
    """Let browsers cache static files, as on the site; else each page requests twenty of them again."""
    serve = StaticFilesHandler.serve

    def serve_cacheable(handler, request):
        response = serve(handler, request)
        response["Cache-Control"] = "max-age=3600"
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "serve", serve_cacheable)
        # Head and body of a response are sent apart: without this each waits 40 ms for the head to be acknowledged.
        patch.setattr(QuietWSGIRequestHandler, "disable_nagle_algorithm", True)
        yield


@pytest.fixture
def open_page(chromium, live_server):
    """A function that opens a page in a browser context of its own.

    The test fails in the end if a script raised an error or the console logged one, such as a violation of the content
    security policy. Errors whose message contains ``expected`` are ignored. Pages do not fade into each other unless
    ``reduced_motion="no-preference"``: Chromium reports a fade that is cut short, as on a busy machine, as an error.
    """
    contexts, errors = [], []

    def open_in_new_context(width=1400, height=900, scheme="light", expected=None, **options):
        def log_error(message):
            if message.type == "error" and not (expected and expected in message.text):
                errors.append(f"{message.location.get('url')}: {message.text}")

        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            **{"reduced_motion": "reduce"} | options,
        )
        context.set_default_timeout(STEP_TIMEOUT_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        page.on("console", log_error)
        return page

    yield open_in_new_context
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(open_page):
    """A visitor's page on a wide screen."""
    return open_page()


@pytest.fixture
def open_admin_page(client, editor, live_server, open_page):
    """A function like ``open_page`` for an editor who is signed in."""
    client.force_login(editor)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    session = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}

    def open_signed_in(**options):
        page = open_page(**options)
        page.context.add_cookies([session])
        return page

    return open_signed_in
