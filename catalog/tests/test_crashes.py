"""A process that is killed while it writes leaves none of its work or all of it, and what was acknowledged stays."""

import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection

from bench.crash_checks import check_site
from bench.crash_databases import SQLiteFile
from bench.crash_editors import check_saves, check_uploads
from bench.crashes import failures, kill_often, kill_site, prepare
from catalog.models import Episode, Picture
from catalog.search.index import Index
from catalog.tests import factories as make
from catalog.tests.sample_images import uploaded_file
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


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="the bench finds the processes of a server on Linux")
def test_acknowledged_saves_and_uploads_survive_the_kill_of_the_server_and_of_a_worker(database):
    counts = kill_site(["saves", "uploads"], database, kills=2, seed=1)
    assert counts["kills"] == 2
    assert counts["acknowledged"] >= 8  # each of four editors wrote after each kill
    assert failures(counts) == {}


@pytest.fixture
def small_database(tmp_path):
    """A database with two whole saves of the episode 7, and an upload, in the columns that are checked."""
    database = SQLiteFile(tmp_path / "small.sqlite3")
    with closing(sqlite3.connect(database.path)) as connection:
        connection.executescript(
            """
            CREATE TABLE catalog_episode (id, title);
            CREATE TABLE catalog_citation (episode_id, locator);
            CREATE TABLE catalog_edit (id, reason);
            CREATE TABLE catalog_change (edit_id, kind, action, record_id, belongs_to);
            CREATE TABLE catalog_picture (id, alt_text);
            INSERT INTO catalog_episode VALUES (7, 'Save 2'), (8, 'Save 0');
            INSERT INTO catalog_citation VALUES (7, 'place 1'), (7, 'place 2');
            INSERT INTO catalog_edit VALUES (1, 'Save 1'), (2, 'Save 2');
            INSERT INTO catalog_change VALUES
                (1, 'episode', 'changed', 7, ''), (1, 'citation', 'added', 1, 'episode:7'),
                (2, 'citation', 'added', 2, 'episode:7'), (2, 'episode', 'changed', 7, '');
            """
        )
    return database


def change(database, statement):
    with closing(sqlite3.connect(database.path)) as connection:
        connection.execute(statement)
        connection.commit()


@pytest.mark.parametrize(
    ("statement", "lost_and_half_written"),
    [
        ("SELECT 1", (0, 0)),
        ("UPDATE catalog_episode SET title = 'Save 1' WHERE id = 7", (1, 1)),
        ("DELETE FROM catalog_citation WHERE locator = 'place 1'", (0, 1)),
        ("DELETE FROM catalog_change WHERE kind = 'citation' AND edit_id = 2", (0, 1)),
        ("DELETE FROM catalog_change WHERE edit_id = 2", (0, 1)),
        ("UPDATE catalog_episode SET title = 'Save 1' WHERE id = 8", (0, 1)),
    ],
)
def test_lost_and_half_written_saves_are_noticed(small_database, statement, lost_and_half_written):
    change(small_database, statement)
    assert check_saves(small_database, [SimpleNamespace(saves=Counter({7: 2}))]) == lost_and_half_written


def test_lost_and_half_written_uploads_are_noticed(small_database):
    editors = [SimpleNamespace(texts=["Upload 5 by 0"])]
    assert check_uploads(small_database, editors) == (1, 0)
    change(small_database, "INSERT INTO catalog_picture VALUES (3, 'Upload 5 by 0')")
    assert check_uploads(small_database, editors) == (0, 1)
    change(small_database, "INSERT INTO catalog_edit VALUES (3, 'Upload 5 by 0')")
    change(small_database, "INSERT INTO catalog_change VALUES (3, 'picture', 'added', 3, '')")
    assert check_uploads(small_database, editors) == (0, 0)


def test_a_check_of_the_site_finds_what_disagrees(db, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    episode = make.episode(title="Tide")
    picture = Picture.objects.create(file=uploaded_file(), alt_text="Two halves", credit="Somebody", licence="CC0")
    assert check_site() == {"broken": [], "orphans": [], "removed": 0}
    Episode.objects.update(title="Ebb")
    Index("person").execute("INSERT INTO catalog_search_term VALUES ('person', 'nobody')")
    missing, *_ = picture.file_names()
    (settings.MEDIA_ROOT / missing).unlink()
    (settings.MEDIA_ROOT / missing).with_name(".a.jpg.draft").write_bytes(b"half")
    (settings.MEDIA_ROOT / "outside.txt").write_bytes(b"of nothing")
    report = check_site()
    assert report["broken"][:2] == [f"{missing} is missing", "2 rows of the search of episode differ"]
    assert f"episode {episode.pk} differs from the log" in report["broken"]
    assert ("1 terms of the search of person differ" in report["broken"]) == (connection.vendor == "sqlite")
    assert report["orphans"] == ["outside.txt"]
    assert Picture.objects.count() == report["removed"] == 1


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
