"""What all tests share: settings for tests, the fixtures of the article, an editor, a browser."""

import os
import shutil
import tempfile

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.template import Template
from django.test import SimpleTestCase
from django.test.utils import _TestState

from catalog.facets.index import registry
from catalog.search import name_cache
from catalog.tests import fixture_cache
from catalog.views import page_cache

# Debian's chromium-headless-shell has no windows to draw: browser tests take 122 s with it, 144 s with chromium.
BROWSERS = "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_configure(config):
    """Settings that hold in every test: no collected static files, quick passwords, nothing left in var/."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SITE_URL = "http://testserver"
    settings.ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright runs an event loop in the thread of its test
    config.own_directory = settings.STATIC_ROOT = tempfile.mkdtemp(prefix="catalogue-tests-")
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        # A file, as on the site: in memory, threads would share one connection and WAL would not be tried.
        settings.DATABASES["default"]["TEST"]["NAME"] = f"{config.own_directory}/test.sqlite3"


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Before xdist starts a process: one database is made for all of them, while they read the tests."""
    config = node.config
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        if not hasattr(config, "database_made"):
            config.database_made = f"{config.own_directory}/made.sqlite3"
            fixture_cache.begin(config.database_made)
        node.workerinput["database_made"] = config.database_made


@pytest.fixture(scope="session")
def django_db_keepdb(request, django_db_modify_db_settings):
    """Whether the test database is there already: a copy of the one that was made for all processes of the run."""
    made = getattr(request.config, "workerinput", {}).get("database_made")
    if made:
        shutil.copyfile(fixture_cache.awaited(made), settings.DATABASES["default"]["TEST"]["NAME"])
    return bool(made)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database, which PostgreSQL does not tidy while tests run.

    It sees none of the rows of a test's transaction, writes down that the tables are empty, and from then on plans for
    no rows where there are a thousand: a question of 0.1 s took over a minute.
    """
    with django_db_blocker.unblock():
        fixture_cache.leave_untidied()


def pytest_unconfigure(config):
    """Take the directory of this run away, with the test database."""
    if hasattr(config, "own_directory"):
        shutil.rmtree(config.own_directory, ignore_errors=True)


def asks_the_database(item):
    """Whether a test is let at the database: by a mark, a fixture, or as Django's own kind of test."""
    marked = item.get_closest_marker("django_db") or issubclass(getattr(item, "cls", None) or object, SimpleTestCase)
    return marked or not {"db", "transactional_db"}.isdisjoint(item.fixturenames)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Tests that ask nothing of the database are marked so. Those in a group wait for others' work: they begin first.

    Without Chromium, browser tests are skipped and say so; in CI that is a failure, and so is any skip.
    """
    for item in items:
        if not asks_the_database(item):
            item.add_marker("without_database")
        if "browser" in item.keywords and not CHROMIUM:
            if os.environ.get("CI"):
                pytest.exit("CI is set and no Chromium was found", returncode=1)
            item.add_marker(pytest.mark.skip(reason="no Chromium found"))
    yield  # others sort and choose
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """In CI nothing may be skipped, for whatever reason: a run that would pass fails."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")  # the workers of xdist have none
    skipped = len(reporter.stats.get("skipped", [])) if reporter else 0
    if skipped and os.environ.get("CI") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line(f"\nCI is set and {skipped} skipped: that fails the run", red=True)


@pytest.fixture(scope="session", autouse=True)
def _templates_unwatched(django_test_environment):
    """Django copies the context of each template that a test renders, for tests that ask for it; none here does."""
    Template._render = _TestState.saved_data.template_render


@pytest.fixture(autouse=True)
def _media_apart(settings, tmp_path):
    """Uploads of a test go with the test."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _forgotten():
    """What an index knows of the catalogue and what pages are kept go with the test, as its rows do."""
    yield
    registry.reset()
    name_cache.reset()
    page_cache.publication.reset()
    caches["pages"].clear()


@pytest.fixture(scope="session")
def _kept(django_db_setup, django_db_blocker):
    """What the fixtures hold, loaded once in a process."""
    with django_db_blocker.unblock():
        if not fixture_cache.is_kept():
            fixture_cache.keep()


@pytest.fixture
def soundtrack(_kept, db):
    """The catalogue as a fresh start has it: vocabulary and *Soundtrack*."""
    fixture_cache.put_back("soundtrack")


@pytest.fixture
def vocabulary(_kept, db):
    """Roles, departments, genres, languages and countries only."""
    fixture_cache.put_back("vocabulary")


@pytest.fixture
def roles(db):
    """The groups of accounts as a fresh start has them."""
    fixture_cache.put_back_roles()


@pytest.fixture
def editor(db):
    """A superuser."""
    return get_user_model().objects.create_superuser("editor", "editor@example.org", "editor-password")


@pytest.fixture
def admin_client(client, editor):
    """A client that is signed in at the desk."""
    client.force_login(editor)
    return client
