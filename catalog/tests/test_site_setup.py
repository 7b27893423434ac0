"""Setup: settings are checked, a fresh catalogue is filled, a later setup changes nothing."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

import pytest
from django.conf import settings as site
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from catalog.management import site_setup
from catalog.models import Department, Episode, Series
from catalog.tests import factories


@pytest.fixture
def output_lines(db, settings, tmp_path, monkeypatch):
    """Return a list for the output of a setup, which collects static files into a directory of the test."""
    settings.STATIC_ROOT = tmp_path / "static"
    for name in ("USERNAME", "EMAIL", "PASSWORD"):
        monkeypatch.delenv(f"DJANGO_SUPERUSER_{name}", raising=False)
    return []


@pytest.fixture
def short_fixtures(settings, tmp_path):
    """Replace the fixtures by parts of them, which load in a 20th of 6 s. The clone below loads all of them."""
    models_by_fixture = {
        "vocabulary": ["department"],
        "soundtrack": ["series", "season", "episode"],
        "roles": ["group"],
    }
    for name, models in models_by_fixture.items():
        records = json.loads((site.BASE_DIR / "fixtures" / f"{name}.json").read_text(encoding="utf-8"))
        records = [record for record in records if record["model"].partition(".")[2] in models]
        for record in records:
            if record["model"] == "catalog.series":
                record["fields"] |= {"genres": [], "countries": [], "languages": []}
        (tmp_path / f"{name}.json").write_text(json.dumps(records), encoding="utf-8")
    settings.FIXTURE_DIRS = [tmp_path]


def test_static_files_of_a_killed_setup_are_collected_again(settings, tmp_path, monkeypatch):
    """collectstatic takes a half-written file for an unmodified one, as it is younger than its source."""
    settings.STATIC_ROOT = tmp_path / "static"
    style, stamp = settings.STATIC_ROOT / "catalog/site.css", settings.STATIC_ROOT / ".collected"
    assert site_setup.collect_static_if_stale()
    content = style.read_bytes()
    stamp.write_text("of an earlier version", encoding="utf-8")

    def be_killed(*arguments, **options):
        style.write_bytes(content[:100])
        raise KeyboardInterrupt

    monkeypatch.setattr(site_setup, "call_command", be_killed)
    with pytest.raises(KeyboardInterrupt):
        site_setup.collect_static_if_stale()
    monkeypatch.undo()
    assert site_setup.collect_static_if_stale()
    assert style.read_bytes() == content
    assert not site_setup.collect_static_if_stale()


def test_a_first_setup_fills_the_catalogue_and_a_second_prints_nothing(output_lines, short_fixtures, capsys):
    call_command("setup")
    assert Department.objects.exists()
    assert Episode.objects.published().count() == 10
    assert len(capsys.readouterr().out.splitlines()) == 4
    call_command("setup")
    assert capsys.readouterr().out == ""


def test_a_setup_undoes_no_correction_and_restores_nothing_deleted(output_lines):
    series = factories.series("Soundtrack", premise="Corrected by an editor.")
    site_setup.prepare_site(output_lines.append)
    series.refresh_from_db()
    assert series.premise == "Corrected by an editor."
    assert not Episode.objects.exists()


def test_a_catalogue_with_one_person_is_not_empty(output_lines):
    factories.person()
    site_setup.prepare_site(output_lines.append)
    assert not Series.objects.exists()


def test_a_setup_creates_the_groups_once_and_does_not_change_them(output_lines):
    factories.person()  # a catalogue that is not empty gets no fixtures
    site_setup.prepare_site(output_lines.append)
    assert set(Group.objects.values_list("name", flat=True)) == {"Contributor", "Editor", "Administrator"}
    Group.objects.exclude(name="Editor").delete()
    Group.objects.get().permissions.clear()
    site_setup.prepare_site(output_lines.append)
    assert not Group.objects.get().permissions.exists()


@pytest.mark.parametrize(
    ("secure", "proxies", "warns"), [(True, [], True), (True, ["127.0.0.1"], False), (False, [], False)]
)
def test_a_start_warns_of_a_proxy_that_is_not_named(output_lines, short_fixtures, settings, secure, proxies, warns):
    settings.SECURE, settings.TRUSTED_PROXIES = secure, proxies
    site_setup.prepare_site(output_lines.append)
    assert (site_setup.NO_PROXY_NAMED in output_lines) == warns


def test_the_first_admin_gets_a_generated_password_which_is_printed(output_lines, client):
    message = site_setup.create_first_admin()
    name, password = re.fullmatch(r"Admin account: (\S+), password: (\S+) \(shown once\)", message).groups()
    assert client.login(username=name, password=password)
    assert get_user_model().objects.get().is_superuser


def test_the_first_admin_is_the_one_in_the_environment(output_lines, client, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_USERNAME", "joan")
    monkeypatch.setenv("DJANGO_SUPERUSER_EMAIL", "joan@example.org")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a-secret-of-hers")
    assert site_setup.create_first_admin() == "Admin account: joan"
    assert client.login(username="joan", password="a-secret-of-hers")
    assert get_user_model().objects.get().email == "joan@example.org"


def test_no_admin_is_created_if_there_is_one_or_the_name_is_taken(output_lines, editor, monkeypatch):
    assert site_setup.create_first_admin() == ""
    editor.is_superuser = False
    editor.save()
    monkeypatch.setenv("DJANGO_SUPERUSER_USERNAME", editor.username)
    assert "the account editor exists" in site_setup.create_first_admin()
    assert get_user_model().objects.count() == 1


def test_an_unreachable_cache_stops_the_setup_with_one_line(output_lines, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://-"}}
    caches.close_all()
    with pytest.raises(CommandError, match=r"^CACHE_URL: the cache does not answer: [^\n]+$"):
        site_setup.prepare_site(output_lines.append)


def test_a_setup_that_migrates_a_database_in_use_advises_a_backup(output_lines, monkeypatch):
    assert site_setup.describe_upgrade() == ""
    applied = MigrationRecorder.Migration.objects
    applied.filter(app="sessions").delete()
    assert "applying 1 migration. Make a backup" in site_setup.describe_upgrade()
    applied.filter(app="axes").order_by("-pk").first().delete()
    factories.person()
    monkeypatch.setattr(site_setup, "call_command", lambda *args, **options: None)  # the tables exist
    monkeypatch.setattr(site_setup, "collect_static_if_stale", bool)
    site_setup.prepare_site(output_lines.append)
    assert "applying 2 migrations. Make a backup" in output_lines[0]
    applied.all().delete()  # a first start
    assert site_setup.describe_upgrade() == ""


def test_a_setup_without_write_permission_stops_with_one_line(output_lines, settings, monkeypatch):
    folder = Path(settings.STATIC_ROOT).parent
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != folder)
    with pytest.raises(CommandError, match=rf"^No permission to write to {re.escape(str(folder))}: [^\n]+$"):
        site_setup.prepare_site(output_lines.append)


@pytest.fixture
def script_folder():
    """A folder with script/common that every user may read, and a Python that cannot create environments."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    (folder / "script").mkdir()
    shutil.copy(site.BASE_DIR / "script" / "common", folder / "script")
    python = folder / "python"
    python.write_text('#!/bin/sh\n[ "$2" != venv ] || exit 1\nexec python3 "$@"\n')
    python.chmod(0o755)
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def create_environment(folder, *prefix):
    """Run ``environment`` of script/common, which fails as its Python does; returns the lines of its output."""
    command = [*prefix, "bash", "-c", "source script/common; environment requirements.txt"]
    environment = os.environ | {"PYTHON": str(folder / "python")}
    process = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert process.returncode == 1
    return process.stdout.splitlines() + process.stderr.splitlines()


def test_a_broken_environment_is_reported_before_it_is_removed(script_folder):
    broken = "The virtual environment .venv does not work: it is removed and made anew."
    missing = "Python's venv module does not work; on Debian: apt-get install python3-venv."
    assert create_environment(script_folder) == [missing]
    (script_folder / ".venv" / "bin").mkdir(parents=True)
    assert create_environment(script_folder) == [broken, missing]
    assert not (script_folder / ".venv").exists()
    (script_folder / ".venv").symlink_to("nowhere")
    assert create_environment(script_folder) == [broken, missing]


def test_a_start_in_a_folder_without_write_permission_says_so(script_folder):
    (script_folder / ".venv").mkdir()
    script_folder.chmod(0o555)
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    line = f"No permission to write to {script_folder}: run this as its owner, or in a folder of yours."
    assert create_environment(script_folder, *nobody) == [line]
    assert (script_folder / ".venv").is_dir()


def pinned_versions(name):
    """Return {package: version} of a requirements file."""
    lines = (site.BASE_DIR / name).read_text(encoding="utf-8").splitlines()
    requirements = [Requirement(line.split("#")[0]) for line in lines if line.strip()]
    return {canonicalize_name(requirement.name): str(requirement.specifier) for requirement in requirements}


def add_dependencies(requirements, packages):
    """Add to the set ``packages`` all packages that requirements need on Python 3.11, by the installed metadata.

    Each is (name, extra …). Returns their names.
    """
    environment = default_environment() | {"python_version": "3.11", "python_full_version": "3.11.0"}
    for requirement in requirements:
        name = canonicalize_name(requirement.name)
        if (name, *sorted(requirement.extras)) in packages:
            continue
        packages.add((name, *sorted(requirement.extras)))
        dependencies = [Requirement(text) for text in metadata.requires(name) or []]
        extras = ["", *requirement.extras]
        applicable = [
            dependency
            for dependency in dependencies
            if not dependency.marker
            or any(dependency.marker.evaluate(environment | {"extra": extra}) for extra in extras)
        ]
        add_dependencies(applicable, packages)
    return {name for name, *_ in packages}


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_dependency_is_pinned_to_the_installed_version(name):
    lines = (site.BASE_DIR / "requirements.in").read_text(encoding="utf-8").splitlines()
    if name == "requirements-dev":
        lines += (site.BASE_DIR / "requirements-dev.in").read_text(encoding="utf-8").splitlines()
    requirements = [Requirement(line) for line in lines if line and not line.startswith(("#", "-r"))]
    pinned = pinned_versions(f"{name}.txt")
    assert set(pinned) == add_dependencies(requirements, set())
    assert pinned == {package: f"=={metadata.version(package)}" for package in pinned}


def test_a_port_in_use_stops_the_start_with_one_line():
    script = Path(site.BASE_DIR) / "script" / "check_address.py"
    with socket.socket() as occupied:
        occupied.bind(("127.0.0.1", 0))
        occupied.listen()
        port = str(occupied.getsockname()[1])
        process = subprocess.run(
            [sys.executable, script, "127.0.0.1", port], capture_output=True, text=True, check=False
        )
    assert process.returncode == 1
    assert process.stderr.splitlines() == [
        f"Port {port} on 127.0.0.1 cannot be used: another program serves there; choose another port with --port."
    ]
