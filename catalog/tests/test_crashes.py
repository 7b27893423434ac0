"""A process that is killed while it writes leaves none of its work or all of it."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.conf import settings
from django.db import connection

from bench.crash_databases import SQLiteFile
from bench.crashes import failures, kill_often, prepare
from catalog.tests.test_settings import environment_with

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def stored_database(_stored_fixtures, tmp_path_factory):
    """A file of SQLite with all tables and the vocabulary: a copy of the test database, if that is one of SQLite."""
    file = tmp_path_factory.mktemp("crashes") / "original.sqlite3"
    if connection.vendor != "sqlite":
        for arguments in (["migrate"], ["loaddata", "vocabulary"]):
            command = [sys.executable, "manage.py", *arguments, "--verbosity=0"]
            subprocess.run(
                command, cwd=settings.BASE_DIR, env=environment_with(DATABASE_URL=f"sqlite:///{file}"), check=True
            )
        return SQLiteFile(file)
    with (
        closing(sqlite3.connect(connection.settings_dict["NAME"])) as source,
        closing(sqlite3.connect(file)) as target,
    ):
        source.backup(target)
        names = [name for (name,) in target.execute("SELECT name FROM sqlite_master WHERE name LIKE 'stored_voc%'")]
        for stored in names:
            columns = ", ".join(f'"{row[1]}"' for row in target.execute(f"PRAGMA table_info({stored})"))
            table = stored.removeprefix("stored_vocabulary_")
            target.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {stored}")
        target.commit()
    return SQLiteFile(file)


@pytest.fixture
def database(stored_database, tmp_path):
    """A copy of it in the folder of the test."""
    copy = SQLiteFile(tmp_path / "original.sqlite3")
    with closing(sqlite3.connect(stored_database.path)) as source, closing(sqlite3.connect(copy.path)) as target:
        source.backup(target)
    return copy


@pytest.mark.parametrize("kind", ["import", "merge"])
def test_work_that_is_killed_is_written_in_whole_or_not_at_all(database, kind):
    prepare(kind, database, episodes=20)
    counts = kill_often(kind, database, kills=2, episodes=20)
    assert counts["before"] + counts["after"] == counts["kills"] == 2
    assert failures(counts) == {}


def test_a_half_written_catalogue_is_noticed(database):
    assert database.faults() == []
    before = database.table_rows()
    with closing(sqlite3.connect(database.path)) as half_written:
        half_written.execute(
            "INSERT INTO catalog_edit (id, at, by, kind, reason, subject) VALUES (1, '', '', '', '', '')"
        )
        half_written.execute("DELETE FROM catalog_department WHERE id = (SELECT MAX(department_id) FROM catalog_role)")
        half_written.commit()
    dangling, unfinished = database.faults()
    assert dangling.endswith(" references to nothing")
    assert unfinished == "1 edits without changes"
    assert database.table_rows() != before
