"""A process that is killed while it writes leaves none of its work or all of it."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.conf import settings
from django.db import connection

from bench.crashes import fault, kill_often, table_rows
from catalog.tests.test_settings import environment_with

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def database(_stored_fixtures, tmp_path_factory):
    """A file of SQLite with all tables and the vocabulary: a copy of the test database, if that is one of SQLite."""
    file = tmp_path_factory.mktemp("crashes") / "original.sqlite3"
    if connection.vendor != "sqlite":
        for arguments in (["migrate"], ["loaddata", "vocabulary"]):
            command = [sys.executable, "manage.py", *arguments, "--verbosity=0"]
            subprocess.run(
                command, cwd=settings.BASE_DIR, env=environment_with(DATABASE_URL=f"sqlite:///{file}"), check=True
            )
        return file
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
    return file


def test_an_import_that_is_killed_is_written_in_whole_or_not_at_all(database):
    counts = kill_often("import", database, kills=3, episodes=20)
    assert counts.total() == 3
    assert counts.keys() <= {"before", "after"}


def test_a_half_written_catalogue_is_noticed(database, tmp_path):
    database = shutil.copy(database, tmp_path)
    assert fault(database) == ""
    before = table_rows(database)
    with closing(sqlite3.connect(database)) as half_written:
        half_written.execute(
            "INSERT INTO catalog_edit (id, at, by, kind, reason, subject) VALUES (1, '', '', '', '', '')"
        )
        half_written.execute("DELETE FROM catalog_department WHERE id = (SELECT MAX(department_id) FROM catalog_role)")
        half_written.commit()
    assert "references to nothing" in fault(database)
    assert "1 edits without changes" in fault(database)
    assert table_rows(database) != before
