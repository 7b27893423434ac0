"""The settings are read from the environment, and an invalid value stops the start with one line."""

import os
import re
import runpy
import stat
import subprocess
import sys

import pytest
from django.conf import settings as site

from catalog import urls as catalog_urls
from soundtrack_site import settings as settings_module


def environment_with(**variables):
    """Return this environment without the site's settings, plus ``variables``."""
    setting_names = (*settings_module.VARIABLES, "DJANGO_SETTINGS_MODULE")
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in setting_names and not name.startswith("DJANGO_SUPERUSER_")
    }
    return environment | variables


INVALID = [
    ("DATABASE_URL", "mysql://localhost/catalogue"),
    ("DATABASE_URL", "catalogue.sqlite3"),
    ("DATABASE_URL", "sqlite:////dev/null/catalogue.sqlite3"),
    ("DATABASE_REPLICA_URL", "mysql://localhost/catalogue"),
    ("DEBUG", "perhaps"),
    ("SECURE", "perhaps"),
    ("READ_ONLY", "perhaps"),
    ("ALLOWED_HOSTS", "example.org,https://example.org"),
    ("CSRF_TRUSTED_ORIGINS", "https://example.org, example.org"),
    ("SITE_URL", "example.org"),
    ("SITE_URL", "https://example.org/catalogue"),
    ("SITE_URL", "https://example.org:port"),
    ("MEDIA_ROOT", "/dev/null/media"),
    ("MEDIA_ROOT", "/"),
    ("CACHE_URL", "somewhere"),
    ("LOG_LEVEL", "loud"),
    ("LOG_FORMAT", "xml"),
    ("ACCESS_LOG", "perhaps"),
    ("METRICS_ADDRESS", "9100"),
    ("METRICS_ADDRESS", "localhost:"),
    ("METRICS_ADDRESS", "127.0.0.1:70000"),
    ("METRICS_ADDRESS", "http://127.0.0.1:9100"),
    ("SECRET_KEY", "x" * 31),
    ("HSTS_INCLUDE_SUBDOMAINS", "perhaps"),
    ("HSTS_PRELOAD", "true"),  # without the subdomains
    ("TIME_ZONE", "Europe/Atlantis"),
    ("TIME_ZONE", "../UTC"),
    ("REPORT_EMAIL", "corrections"),
    ("PAGE_STALENESS", "-1"),
    ("PAGE_STALENESS", "soon"),
    ("PAGE_STALENESS", "86400"),
    ("REPORT_EMAIL", "corrections@example.org?cc=all@example.org"),
    ("TMDB_API_KEY", "my key"),
    ("TMDB_API_KEY", "0123456789abcdef\r\nHost: evil.example"),
    ("SQLITE_SYNCHRONOUS", "OFF"),
    ("MFA_REQUIRED_GROUPS", "Administrator,,Editor"),
    ("MFA_REQUIRED_GROUPS", "x" * 151),
    ("ADMIN_PATH", "series"),
    ("ADMIN_PATH", "people/admin"),
    ("ADMIN_PATH", "/"),
    ("ADMIN_PATH", "staff//admin"),
    ("ADMIN_PATH", "Staff"),
    ("ADMIN_PATH", "../admin"),
    ("FILTERS_PER_MINUTE", "-1"),
    ("REQUESTS_AT_ONCE", "-1"),
    ("REQUESTS_AT_ONCE", "few"),
    ("REQUESTS_AT_ONCE", "32"),  # all threads of a worker
    ("FILTERS_PER_MINUTE", "many"),
    ("SUGGESTIONS_PER_MINUTE", "6001"),
    ("TRUSTED_PROXIES", "10.0.0.1, proxy.example.org"),
    ("TRUSTED_PROXIES", "10.0.0.1/8"),  # an address with bits of the host
]


@pytest.fixture
def load_settings(monkeypatch):
    """Return a function that loads the settings with ``variables`` as the only ones set, and returns them.

    It runs the module again in this process, in 4 ms; a process of its own takes 200.
    """

    def load_settings(**variables):
        monkeypatch.setattr(os, "environ", os.environ.copy())
        for name in settings_module.VARIABLES:
            os.environ.pop(name, None)
        os.environ.update(variables)
        namespace = runpy.run_path(settings_module.__file__)
        return {name: value for name, value in namespace.items() if name.isupper()}

    return load_settings


@pytest.mark.parametrize(("variable", "value"), INVALID)
def test_an_invalid_value_stops_the_settings_with_one_line_that_names_the_variable(load_settings, variable, value):
    with pytest.raises(SystemExit) as ended:
        load_settings(**{variable: value})
    assert isinstance(ended.value.code, str)  # Python writes it to stderr and exits with 1: see the next test
    assert len(ended.value.code.splitlines()) == 1, ended.value.code
    assert variable in ended.value.code


def test_an_invalid_value_stops_manage_py_with_that_line():
    variable, value = INVALID[0]
    command = [sys.executable, "manage.py", "check"]
    process = subprocess.run(
        command,
        cwd=site.BASE_DIR,
        env=environment_with(**{variable: value}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 1
    assert len(process.stderr.splitlines()) == 1, process.stderr
    assert variable in process.stderr


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("127.0.0.1:9100", "127.0.0.1", 9100),
        ("[::1]:1", "::1", 1),
        (" metrics.internal:65535 ", "metrics.internal", 65535),
    ],
)
def test_metrics_are_served_where_their_address_says(load_settings, tmp_path, address, host, port):
    folder = tmp_path / "counts"
    loaded = load_settings(METRICS_ADDRESS=address, PROMETHEUS_MULTIPROC_DIR=str(folder))
    assert (loaded["METRICS_HOST"], loaded["METRICS_PORT"], loaded["METRICS_FOLDER"]) == (host, port, folder)
    assert folder.is_dir()


def test_the_log_is_plain_unless_it_is_to_be_json(load_settings):
    for variables, formatter in [({}, "plain"), ({"LOG_FORMAT": "JSON"}, "json")]:
        logging = load_settings(**variables)["LOGGING"]
        assert logging["handlers"]["console"]["formatter"] == formatter
        assert formatter in logging["formatters"]


@pytest.mark.parametrize(
    ("variables", "limits"),
    [
        ({}, (120, 600)),
        ({"FILTERS_PER_MINUTE": "0", "SUGGESTIONS_PER_MINUTE": "0"}, (0, 0)),
        ({"FILTERS_PER_MINUTE": "6000", "SUGGESTIONS_PER_MINUTE": "1"}, (6000, 1)),
    ],
)
def test_the_limits_of_requests_can_be_set_and_switched_off(load_settings, variables, limits):
    loaded = load_settings(**variables)
    assert (loaded["FILTERS_PER_MINUTE"], loaded["SUGGESTIONS_PER_MINUTE"]) == limits


def test_an_empty_value_counts_as_not_set(load_settings):
    unset = load_settings()
    assert len(unset) > len(settings_module.VARIABLES)
    assert load_settings(**dict.fromkeys(settings_module.VARIABLES, "")) == unset
    assert load_settings(**dict.fromkeys(settings_module.VARIABLES, " ")) == unset


def test_the_secret_key_is_generated_once_and_readable_by_its_owner_only(tmp_path, monkeypatch):
    monkeypatch.setattr(settings_module, "VAR", tmp_path / "var")
    key = settings_module.load_or_create_secret_key()
    assert len(key) >= 50
    assert settings_module.load_or_create_secret_key() == key
    files = list((tmp_path / "var").iterdir())
    assert [path.name for path in files] == ["secret_key"]
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600


def test_an_empty_secret_key_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr(settings_module, "VAR", tmp_path)
    (tmp_path / "secret_key").touch()
    with pytest.raises(SystemExit, match="is empty"):
        settings_module.load_or_create_secret_key()


@pytest.mark.parametrize(
    ("variables", "answer"),
    [
        ({}, (None, None, None)),
        ({"HSTS_INCLUDE_SUBDOMAINS": "true"}, (None, None, None)),
        ({"SECURE": "true"}, (31536000, False, False)),
        ({"SECURE": "true", "HSTS_INCLUDE_SUBDOMAINS": "true"}, (31536000, True, False)),
        ({"SECURE": "true", "HSTS_INCLUDE_SUBDOMAINS": "true", "HSTS_PRELOAD": "true"}, (31536000, True, True)),
    ],
)
def test_hsts_extends_to_subdomains_and_preloading_only_as_set(load_settings, variables, answer):
    loaded = load_settings(**variables)
    names = "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD"
    assert tuple(loaded.get(name) for name in names) == answer


def test_the_key_of_tmdb_is_a_setting(load_settings):
    assert load_settings()["TMDB_API_KEY"] == ""
    assert load_settings(TMDB_API_KEY=" 0123456789abcdef0123456789abcdef ")["TMDB_API_KEY"] == "0123456789abcdef" * 2


def test_the_time_zone_and_the_address_for_reports_are_settings(load_settings):
    loaded = load_settings()
    assert (loaded["TIME_ZONE"], loaded["REPORT_EMAIL"]) == ("UTC", "")
    loaded = load_settings(TIME_ZONE="America/New_York", REPORT_EMAIL="fix+liner@tv.example.org")
    assert (loaded["TIME_ZONE"], loaded["REPORT_EMAIL"]) == ("America/New_York", "fix+liner@tv.example.org")


def test_a_save_is_on_the_disk_unless_a_setting_says_otherwise(load_settings):
    def init_command(**variables):
        return load_settings(DATABASE_URL="sqlite:////tmp/x.sqlite3", **variables)["DATABASES"]["default"]["OPTIONS"]

    assert "synchronous=FULL;" in init_command()["init_command"]
    assert "synchronous=NORMAL;" in init_command(SQLITE_SYNCHRONOUS="normal")["init_command"]


def test_the_proxies_and_the_path_of_the_admin_are_settings(load_settings):
    loaded = load_settings()
    assert (loaded["ADMIN_URL"], loaded["TRUSTED_PROXIES"]) == ("/admin/", [])
    loaded = load_settings(ADMIN_PATH="/staff/admin-2/", TRUSTED_PROXIES="127.0.0.1, 10.0.0.0/8,2001:db8::/32")
    assert loaded["ADMIN_URL"] == "/staff/admin-2/"
    assert loaded["TRUSTED_PROXIES"] == ["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"]


def test_the_admin_cannot_have_the_path_of_a_visitors_page():
    first_parts = {str(pattern.pattern).lstrip("^").partition("/")[0] for pattern in catalog_urls.urlpatterns}
    assert {part for part in first_parts if part.isalpha()} | {"media", "static"} == settings_module.SITE_PATHS


ADMIN_ELSEWHERE = """
import django
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
django.setup()
from django.test import Client
from catalog.views.page_cache import is_cacheable
client = Client(SERVER_NAME="localhost")
login = client.get("/staff/admin/login/")
print(client.get("/staff/admin/").headers["Location"])
print(login.status_code, "no-store" in login["Cache-Control"], 'href="/staff/admin/' in login.content.decode())
print(client.get("/admin/").status_code, client.get("/admin/login/").status_code)
print("staff" in client.get("/robots.txt").content.decode(), client.get("/staff/admin/?q=%00").status_code)
print(is_cacheable({"REQUEST_METHOD": "GET", "PATH_INFO": "/staff/admin/"}))
"""


def test_the_admin_is_where_its_path_says_and_nowhere_else(tmp_path):
    environment = environment_with(
        ADMIN_PATH="staff/admin",
        DATABASE_URL=f"sqlite:///{tmp_path}/empty.sqlite3",
        LOG_LEVEL="CRITICAL",
        DJANGO_SETTINGS_MODULE="soundtrack_site.settings",
    )
    process = subprocess.run(
        [sys.executable, "-c", ADMIN_ELSEWHERE],
        cwd=site.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.stdout.splitlines() == [
        "/staff/admin/login/?next=/staff/admin/",
        "200 True True",
        "404 404",
        "False 400",
        "False",
    ], process.stderr


def test_no_setting_of_a_site_on_the_machine_reaches_the_tests():
    script = (site.BASE_DIR / "script" / "test").read_text(encoding="utf-8")
    unset = set(re.findall(r"\b[A-Z_]+\b", " ".join(re.findall(r"(?m)^unset (.*)$", script))))
    assert set(settings_module.VARIABLES) - unset == {"DATABASE_URL"}


def test_one_address_never_has_all_threads_of_a_worker():
    script = (site.BASE_DIR / "script" / "server").read_text(encoding="utf-8")
    assert settings_module.REQUEST_LIMITS["REQUESTS_AT_ONCE"] < int(re.search(r"--blocking-threads (\d+)", script)[1])
