"""Imports that are killed with kill -9 and resumed: the result equals that of an undisturbed one."""

import os
import random
import signal
from functools import partial

import pytest
from django.core.management import call_command
from django.db import connection

from catalog.editing.bulk_import import principals, run
from catalog.editing.bulk_import.completion import IMPORTED_MODELS
from catalog.editing.bulk_import.progress import Progress, load_progress
from catalog.models import Change, Edit, Person, Source
from catalog.tests.editing.bulk_import.conftest import differences, rows_of_catalogue, schema


def child(target):
    """Run ``target`` in a process of its own, which may kill itself; return its status."""
    connection.close()
    pid = os.fork()
    if pid == 0:
        try:
            target()
        except BaseException:  # noqa: BLE001  (a child never returns)
            os._exit(1)
        os._exit(0)
    return os.waitpid(pid, 0)[1]


class KillAtStatement:
    """Counts statements, and kills the process before one of them; 0: never."""

    def __init__(self, number=0):
        self.number, self.count = number, 0

    def __call__(self, execute, sql, parameters, many, context):
        self.count += 1
        if self.count == self.number:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, parameters, many, context)


def import_until(files, wrapper):
    """Import with a wrapper of the statements."""
    with connection.execute_wrapper(wrapper):
        run.import_files(files)


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


def test_killed_at_random_statements_and_resumed(committed_catalogue, imdb_files):
    counter = KillAtStatement()
    import_until(imdb_files, counter)
    assert differences(committed_catalogue) == set()
    assert counter.count > 150
    for number in random.Random(20).sample(range(1, counter.count), 8):
        empty()
        assert child(partial(import_until, imdb_files, KillAtStatement(number))) == signal.SIGKILL
        assert not Person.objects.published().exists()
        run.import_files(imdb_files, resume=load_progress() is not None)
        assert differences(committed_catalogue) == set()
