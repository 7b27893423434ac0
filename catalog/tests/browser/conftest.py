"""A browser for tests: Debian's Chromium, driven by Playwright."""

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import sync_playwright

from catalog.tests.conftest import CHROMIUM

# Without these, Chromium asks hosts outside at every start.
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
PATIENCE = 15_000  # milliseconds that a step may take on a busy machine


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests of a process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", *QUIET])
        yield browser
        browser.close()


@pytest.fixture(scope="session", autouse=True)
def _static_files_kept():
    """A browser keeps static files, as on the site. Else it asks for twenty of them again at every page."""
    serve = StaticFilesHandler.serve

    def kept(handler, request):
        response = serve(handler, request)
        response["Cache-Control"] = "max-age=3600"
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "serve", kept)
        # Head and body of an answer go out apart: without this each waits 40 ms for the head to be acknowledged.
        patch.setattr(QuietWSGIRequestHandler, "disable_nagle_algorithm", True)
        yield


@pytest.fixture
def open_page(chromium, live_server):
    """A function that opens a page of its own for a visitor; what the console complains of fails the test.

    A breach of the content security policy is such a complaint; ``expected`` is none.
    """
    contexts, complaints = [], []

    def opened(width=1400, height=900, scheme="light", expected=None, **options):
        def said(message):
            if message.type == "error" and not (expected and expected in message.text):
                complaints.append(f"{message.location.get('url')}: {message.text}")

        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": height}, color_scheme=scheme, **options
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", said)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_page):
    """A visitor's page on a wide screen."""
    return open_page()
