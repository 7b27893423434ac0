"""What a start does: the environment is checked, a fresh clone comes to serve, a later start changes nothing."""

import gzip
import json
import os
import re
import runpy
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from importlib import metadata
from pathlib import Path

import pytest
from django.conf import settings as site
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.cache import caches
from django.core.management import CommandError, call_command
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from catalog.management import site_setup
from catalog.models import Department, Episode, Series
from catalog.tests import factories
from soundtrack_site import settings as settings_module

LEFT_OUT = (".git", ".venv", "var", "__pycache__", "*.pyc", ".ruff_cache", ".hypothesis", ".import_linter_cache")


def surroundings(**variables):
    """The environment of a start: this one's, without what speaks to the site, and with ``variables``."""
    ours = (*settings_module.VARIABLES, "DJANGO_SETTINGS_MODULE")
    kept = {k: v for k, v in os.environ.items() if k not in ours and not k.startswith("DJANGO_SUPERUSER_")}
    return kept | variables


WRONG = [
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
]


@pytest.fixture
def read(monkeypatch):
    """A function that reads the settings anew, under an environment that says ``variables`` only: what they are then.

    The module runs beside the one that is in use, in 4 ms; a process of its own takes 200.
    """

    def read(**variables):
        monkeypatch.setattr(os, "environ", os.environ.copy())
        for name in settings_module.VARIABLES:
            os.environ.pop(name, None)
        os.environ.update(variables)
        found = runpy.run_path(settings_module.__file__)
        return {name: value for name, value in found.items() if name.isupper()}

    return read


@pytest.mark.parametrize(("variable", "value"), WRONG)
def test_a_wrong_value_ends_the_reading_of_the_settings_with_one_line_that_names_it(read, variable, value):
    with pytest.raises(SystemExit) as ended:
        read(**{variable: value})
    assert isinstance(ended.value.code, str)  # what Python writes to stderr, ending with 1: the next test
    assert len(ended.value.code.splitlines()) == 1, ended.value.code
    assert variable in ended.value.code


def test_what_ends_the_reading_of_the_settings_stops_the_start_with_that_line():
    variable, value = WRONG[0]
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(
        command, cwd=site.BASE_DIR, env=surroundings(**{variable: value}), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert variable in done.stderr


def test_an_empty_value_counts_as_not_set(read):
    """Under what is not set the clone below starts, and says nothing that it should not."""
    unset = read()
    assert len(unset) > len(settings_module.VARIABLES)
    assert read(**dict.fromkeys(settings_module.VARIABLES, "")) == unset
    assert read(**dict.fromkeys(settings_module.VARIABLES, " ")) == unset


def test_the_secret_key_is_made_once_and_is_the_owners_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(settings_module, "VAR", tmp_path / "var")
    key = settings_module.load_or_create_secret_key()
    assert len(key) >= 50
    assert settings_module.load_or_create_secret_key() == key
    kept = list((tmp_path / "var").iterdir())
    assert [path.name for path in kept] == ["secret_key"]
    assert stat.S_IMODE(kept[0].stat().st_mode) == 0o600


def test_an_empty_secret_key_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr(settings_module, "VAR", tmp_path)
    (tmp_path / "secret_key").touch()
    with pytest.raises(SystemExit, match="is empty"):
        settings_module.load_or_create_secret_key()


@pytest.fixture
def said(db, settings, tmp_path, monkeypatch):
    """What a start says, static files going to a directory of the test's own."""
    settings.STATIC_ROOT = tmp_path / "static"
    for name in ("USERNAME", "EMAIL", "PASSWORD"):
        monkeypatch.delenv(f"DJANGO_SUPERUSER_{name}", raising=False)
    return []


@pytest.fixture
def short(settings, tmp_path):
    """Fixtures of the same names with a department, the series and its episodes only, to be loaded in a 20th of 6 s.

    The clone below loads all that they hold.
    """
    kept = {"vocabulary": ["department"], "soundtrack": ["series", "season", "episode"], "roles": ["group"]}
    for name, models in kept.items():
        records = json.loads((site.BASE_DIR / "fixtures" / f"{name}.json").read_text(encoding="utf-8"))
        records = [record for record in records if record["model"].partition(".")[2] in models]
        for record in records:
            if record["model"] == "catalog.series":
                record["fields"] |= {"genres": [], "countries": [], "languages": []}
        (tmp_path / f"{name}.json").write_text(json.dumps(records), encoding="utf-8")
    settings.FIXTURE_DIRS = [tmp_path]


def test_a_first_start_fills_the_catalogue_and_a_second_has_nothing_to_say(said, short, capsys):
    call_command("setup")
    assert Department.objects.exists()
    assert Episode.objects.published().count() == 10
    assert len(capsys.readouterr().out.splitlines()) == 4
    call_command("setup")
    assert capsys.readouterr().out == ""


def test_a_start_undoes_no_correction_and_brings_nothing_deleted_back(said):
    series = factories.series("Soundtrack", premise="Corrected by an editor.")
    site_setup.prepare_site(said.append)
    series.refresh_from_db()
    assert series.premise == "Corrected by an editor."
    assert not Episode.objects.exists()


def test_one_person_is_enough_for_a_catalogue_not_to_be_empty(said):
    factories.person()
    site_setup.prepare_site(said.append)
    assert not Series.objects.exists()


def test_a_start_makes_the_groups_of_accounts_where_there_are_none_and_leaves_them_as_they_are(said):
    factories.person()  # a catalogue with something in it is not filled
    site_setup.prepare_site(said.append)
    assert set(Group.objects.values_list("name", flat=True)) == {"Contributor", "Editor", "Administrator"}
    Group.objects.exclude(name="Editor").delete()
    Group.objects.get().permissions.clear()
    site_setup.prepare_site(said.append)
    assert not Group.objects.get().permissions.exists()


def test_the_first_account_has_a_made_up_password_that_is_said(said, client):
    line = site_setup.create_first_admin()
    name, password = re.fullmatch(r"Admin account: (\S+), password: (\S+) \(shown once\)", line).groups()
    assert client.login(username=name, password=password)
    assert get_user_model().objects.get().is_superuser


def test_the_first_account_is_the_one_that_the_environment_names(said, client, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_USERNAME", "joan")
    monkeypatch.setenv("DJANGO_SUPERUSER_EMAIL", "joan@example.org")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a-secret-of-hers")
    assert site_setup.create_first_admin() == "Admin account: joan"
    assert client.login(username="joan", password="a-secret-of-hers")
    assert get_user_model().objects.get().email == "joan@example.org"


def test_no_account_is_made_where_there_is_an_admin_or_the_name_is_taken(said, editor, monkeypatch):
    assert site_setup.create_first_admin() == ""
    editor.is_superuser = False
    editor.save()
    monkeypatch.setenv("DJANGO_SUPERUSER_USERNAME", editor.username)
    assert "the account editor exists" in site_setup.create_first_admin()
    assert get_user_model().objects.count() == 1


def test_a_cache_that_does_not_answer_stops_the_start_with_one_line(said, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://-"}}
    caches.close_all()
    with pytest.raises(CommandError, match=r"^CACHE_URL: the cache does not answer: [^\n]+$"):
        site_setup.prepare_site(said.append)


def pins(name):
    """What a requirements file pins: version by name."""
    lines = (site.BASE_DIR / name).read_text(encoding="utf-8").splitlines()
    found = [Requirement(line.split("#")[0]) for line in lines if line.strip()]
    return {canonicalize_name(one.name): str(one.specifier) for one in found}


def pulled_in(wanted, seen):
    """``wanted`` and all that it needs on the Python that is required, by the metadata of what is installed."""
    environment = default_environment() | {"python_version": "3.11", "python_full_version": "3.11.0"}
    for one in wanted:
        name = canonicalize_name(one.name)
        if (name, *sorted(one.extras)) in seen:
            continue
        seen.add((name, *sorted(one.extras)))
        needs = [Requirement(text) for text in metadata.requires(name) or []]
        extras = ["", *one.extras]
        fit = [
            need
            for need in needs
            if not need.marker or any(need.marker.evaluate(environment | {"extra": extra}) for extra in extras)
        ]
        pulled_in(fit, seen)
    return {key[0] for key in seen}


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_package_that_is_pulled_in_is_pinned_to_the_version_installed(name):
    wanted = (site.BASE_DIR / "requirements.in").read_text(encoding="utf-8").splitlines()
    if name == "requirements-dev":
        wanted += (site.BASE_DIR / "requirements-dev.in").read_text(encoding="utf-8").splitlines()
    wanted = [Requirement(line) for line in wanted if line and not line.startswith(("#", "-r"))]
    pinned = pins(f"{name}.txt")
    assert set(pinned) == pulled_in(wanted, set())
    assert pinned == {package: f"=={metadata.version(package)}" for package in pinned}


class Clone:
    """A copy of the site as a fresh clone has it, with the packages of this environment."""

    def __init__(self, path):
        self.path = path / "clone"
        shutil.copytree(site.BASE_DIR, self.path, ignore=shutil.ignore_patterns(*LEFT_OUT))
        (self.path / ".venv").symlink_to(sys.prefix)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def get(self, path, **headers):
        """The answer at ``path``."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        return urllib.request.urlopen(request, timeout=30)

    def start(self):
        """``script/server`` in a session of its own, as a terminal gives it; waits until it serves."""
        self.log = self.path / "start.log"
        with self.log.open("w") as log:
            self.server = subprocess.Popen(
                [self.path / "script" / "server", "--port", str(self.port), "--workers", "2"],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env=surroundings(),
                start_new_session=True,
            )
        self.wait(True)
        return self.log.read_text()

    def wait(self, serving, seconds=120):
        """Until the port answers, or no longer does."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and (not serving or self.server.poll() is None):
            try:
                with self.get("/readyz"):
                    if serving:
                        return
            except OSError:
                if not serving:
                    return
            time.sleep(0.1)
        raise AssertionError(self.log.read_text())


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A site whose server is ended with the tests, whatever they came to."""
    clone = Clone(tmp_path_factory.mktemp("start"))
    yield clone
    if clone.server.poll() is None:
        clone.server.kill()
        clone.server.wait()


@pytest.mark.xdist_group("clone")
def test_one_command_serves_a_fresh_clone_ends_at_ctrl_c_and_starts_again(clone):
    first = clone.start()
    assert "password: " in first
    assert f"http://127.0.0.1:{clone.port}/" in first
    assert "WARNINGS" not in first  # of Django's checks
    assert_serves(clone)
    os.killpg(clone.server.pid, signal.SIGINT)  # Ctrl+C reaches every process of the terminal's group
    assert clone.server.wait(60) == 0
    second = clone.start()
    assert "password" not in second
    assert "loaded" not in second
    clone.server.kill()  # its workers must not hold the port for ever
    clone.wait(False)


def assert_serves(clone):
    """Pages, and static files compressed and for ever."""
    with clone.get("/episodes/?director=ti-west&director=joe-swanberg&writer=lauren-yee") as answer:
        page = answer.read().decode()
    assert 'data-total="2"' in page
    style = re.search(r'href="(/static/catalog/site\.[0-9a-f]{12}\.css)"', page)[1]
    with clone.get(style, **{"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "immutable" in answer.headers["Cache-Control"]
        assert b"@layer" in gzip.decompress(answer.read())
    with pytest.raises(urllib.error.HTTPError) as refused, clone.get("/", Host="elsewhere.example"):
        pass
    assert refused.value.code == 400


def test_a_port_in_use_and_a_wrong_option_end_the_start_with_one_line():
    script = Path(site.BASE_DIR) / "script" / "check_address.py"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run([sys.executable, script, "127.0.0.1", port], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"Port {port} on 127.0.0.1 cannot be used: another program serves there; choose another port with --port."
    ]
