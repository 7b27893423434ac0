"""Shared by all tests: settings, the loaded fixtures, an editor, the search for a browser."""

import gc
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.template import Template
from django.test import SimpleTestCase
from django.test.utils import _TestState

from catalog import limited_process
from catalog.facets.index import registry
from catalog.models import page_queries
from catalog.quality import count_cache
from catalog.search import name_cache
from catalog.tests import fixture_cache
from catalog.views import page_cache
from soundtrack_site import sign_in_gate

# In order of preference: browser tests take 122 s with chromium-headless-shell, 144 s with chromium.
BROWSERS = "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_configure(config):
    """Set settings for all tests: no collected static files, a fast password hasher, no files in var/."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SITE_URL = "http://testserver"
    settings.FILTERS_PER_MINUTE = settings.SUGGESTIONS_PER_MINUTE = 0  # no limit; test_request_limits.py sets its own
    settings.ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
    gc.set_threshold(50_000, 20, 50)  # collecting garbage took an eighth of the processor time
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright runs an event loop in the thread of its test
    config.run_directory = settings.STATIC_ROOT = tempfile.mkdtemp(prefix="catalogue-tests-")
    settings.INDEX_ROOT = Path(config.run_directory) / "facet_index"
    settings.IMPORT_ROOT = Path(config.run_directory) / "imports"
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        # A file, as on the site: in memory, threads would share one connection, without WAL.
        settings.DATABASES["default"]["TEST"]["NAME"] = f"{config.run_directory}/test.sqlite3"


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Before xdist starts its processes: build one database for all of them, while they collect tests."""
    config = node.config
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        if not hasattr(config, "database_file"):
            config.database_file = f"{config.run_directory}/template.sqlite3"
            fixture_cache.start_building(config.database_file)
        node.workerinput["database_file"] = config.database_file


@pytest.fixture(scope="session")
def django_db_keepdb(request, django_db_modify_db_settings):
    """True in a process of xdist: its test database is a copy of the one that was built for all processes."""
    file = getattr(request.config, "workerinput", {}).get("database_file")
    if file:
        shutil.copyfile(fixture_cache.wait_for(file), settings.DATABASES["default"]["TEST"]["NAME"])
    return bool(file)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database, without PostgreSQL's autovacuum.

    Autovacuum sees no rows of a test's transaction and records that the tables are empty. Queries planned for that took
    over a minute instead of 0.1 s.
    """
    with django_db_blocker.unblock():
        fixture_cache.disable_autovacuum()


def pytest_unconfigure(config):
    """Delete the directory of this run, with the test database."""
    if hasattr(config, "run_directory"):
        shutil.rmtree(config.run_directory, ignore_errors=True)


def uses_database(item):
    """True if a test may use the database: by a mark, a fixture, or as a test case of Django."""
    is_marked = item.get_closest_marker("django_db") or issubclass(getattr(item, "cls", None) or object, SimpleTestCase)
    return is_marked or not {"db", "transactional_db"}.isdisjoint(item.fixturenames)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Mark tests without a database, skip browser tests without Chromium, and sort tests of an xdist group first.

    Tests of a group run in one process, so they would end last. In CI a missing Chromium fails the run.
    """
    for item in items:
        if not uses_database(item):
            item.add_marker("without_database")
        if "browser" in item.keywords and not CHROMIUM:
            if os.environ.get("CI"):
                pytest.exit("CI is set and no Chromium was found", returncode=1)
            item.add_marker(pytest.mark.skip(reason="no Chromium found"))
    yield  # other plugins sort and select
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


def pytest_collection_finish(session):
    """Spare the garbage collector the modules and collected tests, which stay until the end."""
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """Fail a run in CI if any test was skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")  # the workers of xdist have none
    reports = reporter.stats.get("skipped", []) if reporter else []
    skipped = sum("SOURCE_CASES" not in str(report.longrepr) for report in reports)  # those files are no part of it
    if skipped and os.environ.get("CI") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line(f"\nCI is set and {skipped} skipped: that fails the run", red=True)


@pytest.fixture(scope="session", autouse=True)
def _render_templates_without_signals(django_test_environment):
    """Undo Django's instrumentation, which copies the context of each rendered template; no test reads it."""
    Template._render = _TestState.saved_data.template_render


@pytest.fixture(autouse=True)
def _temporary_media(settings, tmp_path):
    """Write uploads to the temporary directory of the test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path


@pytest.fixture
def new_processes():
    """Read files in processes of their own, as on the site."""


@pytest.fixture(autouse=True)
def _read_within_the_process(request, monkeypatch):
    """Read files in this process, unless the test uses ``new_processes``: each takes a quarter of a second."""
    if "new_processes" not in request.fixturenames:
        monkeypatch.setattr(limited_process, "call_in_new_process", lambda function, args, *limits: function(*args))


@pytest.fixture(autouse=True)
def _count_within_the_request(monkeypatch):
    """Count for the quality rules at once, however slow the machine: a thread would not see the test's rows."""
    monkeypatch.setattr(count_cache, "TIME_LIMIT_MS", 60_000)
    monkeypatch.setattr(count_cache, "SLOW_MS", 60_000)


@pytest.fixture(autouse=True)
def _reset_caches():
    """Reset the indexes and cached pages of this process after each test, as its rows are rolled back."""
    yield
    registry.reset()
    name_cache.reset()
    page_queries.role_table.reset()
    page_cache.publication.reset()
    page_cache.visitor_version.reset()
    caches["pages"].clear()
    sign_in_gate.attempts.reset()


@pytest.fixture(scope="session")
def _stored_fixtures(django_db_setup, django_db_blocker):
    """The fixtures, loaded once per process."""
    with django_db_blocker.unblock():
        if not fixture_cache.is_stored():
            fixture_cache.store()


@pytest.fixture
def soundtrack(_stored_fixtures, db):
    """The catalogue after a first start: the vocabulary and the series *Soundtrack*."""
    fixture_cache.restore("soundtrack")


@pytest.fixture
def vocabulary(_stored_fixtures, db):
    """Roles, departments, genres, languages and countries only."""
    fixture_cache.restore("vocabulary")


@pytest.fixture
def roles(db):
    """The groups of users after a first start."""
    fixture_cache.restore_groups()


@pytest.fixture
def editor(db):
    """A superuser."""
    return get_user_model().objects.create_superuser("editor", "editor@example.org", "editor-password")


@pytest.fixture
def admin_client(client, editor):
    """A client that is signed in to the admin as ``editor``."""
    client.force_login(editor)
    return client
