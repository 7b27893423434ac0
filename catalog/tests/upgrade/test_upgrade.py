"""Databases of every release are upgraded with their data. See docs/development/tests for what a release adds here."""

import hashlib
import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from catalog.tests.facets.test_processes import database_url

FOLDER = Path(__file__).parent
RELEASES = sorted(path.stem for path in FOLDER.glob("*.json"))


@contextmanager
def empty_database(tmp_path):
    """The URL of a new database on the server under test, dropped afterwards."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/upgrade.sqlite3"
        return
    name = f"upgrade_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        yield database_url().replace(f"/{connection.settings_dict['NAME']}?", f"/{name}?")
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("release", RELEASES)
def test_a_database_of_an_earlier_release_keeps_its_data(release, tmp_path):
    data = json.loads((FOLDER / f"{release}.json").read_text(encoding="utf-8"))
    with empty_database(tmp_path) as url:
        environment = os.environ | {
            "DATABASE_URL": url,
            "MEDIA_ROOT": str(tmp_path / "media"),
            "SECRET_KEY": settings.SECRET_KEY,
            "DJANGO_SETTINGS_MODULE": "soundtrack_site.settings",
        }
        command = [sys.executable, "-W", "ignore", "-m", "catalog.tests.upgrade.upgrade_process", release]
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    upgraded = json.loads(done.stdout)
    rows = upgraded.pop("rows")
    expected = data["counts"] | {"catalog.change": data["counts"]["catalog.change"] + len(upgraded["credits"])}
    assert {label: rows[label] for label in data["counts"]} == expected
    assert upgraded == {
        "pages": dict.fromkeys(upgraded["pages"], 200),
        "form": 200,
        "credits": [[True, "uncredited"]],
        "history": [200, True],
        "password": True,
    }


@pytest.mark.parametrize("release", RELEASES)
def test_migrations_of_a_release_are_never_edited(release):
    """Sites have applied them. A change of the tables is a new migration."""
    data = json.loads((FOLDER / f"{release}.json").read_text(encoding="utf-8"))
    folder = Path(settings.BASE_DIR) / "catalog/migrations"
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in data["digests"]}
    assert digests == data["digests"]
