"""Imports that are killed with kill -9 and resumed: the result equals that of an undisturbed one."""

import os
import random
import signal
import time

import pytest
from django.core.management import call_command
from django.db import connection

from catalog.editing.bulk_import import principals, run
from catalog.editing.bulk_import.completion import IMPORTED_MODELS
from catalog.editing.bulk_import.progress import Progress, load_progress
from catalog.models import Change, Edit, Person, Series, Source
from catalog.tests.editing.bulk_import.conftest import differences, rows_of_catalogue, schema


def child(target, seconds=None):
    """Run ``target`` in a process of its own that kills itself, or is killed after ``seconds``; return its status."""
    connection.close()
    pid = os.fork()
    if pid == 0:
        try:
            target()
        except BaseException:  # noqa: BLE001  (a child never returns)
            os._exit(1)
        os._exit(0)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]


@pytest.fixture
def committed_catalogue(transactional_db, imdb_files):
    """The vocabulary, committed, so that other processes see it; and what an undisturbed import makes of the files."""
    call_command("loaddata", "vocabulary", verbosity=0)
    before = rows_of_catalogue(), schema()
    run.import_files(imdb_files)
    undisturbed = rows_of_catalogue(), schema()
    empty()
    assert differences(before) == set()
    return undisturbed


def empty():
    """Delete what an import added."""
    with run.import_connection(), connection.cursor() as cursor:
        for model in (*reversed(IMPORTED_MODELS), Source, Change, Edit):
            model._base_manager.all()._raw_delete("default")
        for table in connection.introspection.table_names(cursor):
            if table.startswith("catalog_search_") and "_words" not in table:
                cursor.execute(f"DELETE FROM {table}")


def test_killed_at_each_commit_and_resumed(committed_catalogue, imdb_files, monkeypatch):
    """Each process gets one step further and is killed with kill -9 in the transaction of the next one."""
    save, saves = Progress.save, []

    def save_once(progress):
        save(progress)
        saves.append(1)
        if len(saves) > 1:
            os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(Progress, "save", save_once)
    monkeypatch.setattr(principals, "LINES_OF_A_PART", 4)
    monkeypatch.setattr("catalog.sources.tsv_files.BLOCK_SIZE", 100)
    kills = 0
    while child(lambda: run.import_files(imdb_files, resume=load_progress() is not None)) != 0:
        kills += 1
        assert kills < 200
    assert kills > 40
    assert differences(committed_catalogue) == set()


def test_killed_at_random_moments_and_resumed(committed_catalogue, imdb_files):
    start = time.monotonic()
    assert child(lambda: run.import_files(imdb_files)) == 0
    duration = time.monotonic() - start
    assert differences(committed_catalogue) == set()
    generator, statuses = random.Random(20), []
    for _ in range(5):
        empty()
        statuses.append(child(lambda: run.import_files(imdb_files), generator.uniform(0.1, 0.9) * duration))
        assert not Person.objects.published().exists() or load_progress() is None
        if load_progress() is not None:
            run.import_files(imdb_files, resume=True)
        elif not Series.objects.exists():
            run.import_files(imdb_files)
        assert differences(committed_catalogue) == set()
    assert signal.SIGKILL in statuses
