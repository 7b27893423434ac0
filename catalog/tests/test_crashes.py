"""A process that is killed while it writes leaves none of its work or all of it."""

import sqlite3
from contextlib import closing

import pytest
from django.db import connection

from bench.crashes import fault, kill_often, table_rows


@pytest.fixture
def database(_stored_fixtures, db, tmp_path):
    """A file with the tables of the test database and the vocabulary."""
    if connection.vendor != "sqlite":
        pytest.skip("it kills processes on files of SQLite")
    file = tmp_path / "original.sqlite3"
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


def test_a_half_written_catalogue_is_noticed(database):
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
