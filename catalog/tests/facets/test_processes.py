"""Workers hold an index each, and none ever answers older than the last commit."""

import contextlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from catalog.facets.sql_engine import SqlEngine
from catalog.models import Credit, Episode, Person, Season
from catalog.tests import factories as make
from catalog.tests.facets.test_index import create_catalogue
from catalog.tests.facets.worker_process import LISTS, answer

QUESTIONS = ("episode?", "episode?crew=ann&sort=title", "series?cast=ann", "person?", "person?role=director&with=bob")
EDITS = [
    lambda: Episode.objects.order_by("pk").first().delete(),
    lambda: make.credit(Episode.objects.order_by("pk").last(), Person.objects.get(slug="cid"), "writer"),
    lambda: Person.objects.filter(slug="ann").get().credits.first().delete(),
    lambda: make.episode(Season.objects.order_by("pk").first(), 7, air_date="2002"),
    lambda: Person.objects.create(name="Dee", slug="dee"),
    lambda: Season.objects.order_by("pk").last().delete(),
    lambda: Credit.objects.order_by("pk").last().delete(),
]


def database_url():
    """Where the test's records are, for another process."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    host = quote(given["HOST"] or given["OPTIONS"].get("host", ""), safe="")
    port = f"&port={given['PORT']}" if given["PORT"] else ""
    return f"postgresql://{given['USER']}:{quote(given['PASSWORD'])}@/{given['NAME']}?host={host}{port}"


@contextlib.contextmanager
def start_workers(number, module="catalog.tests.facets.worker_process"):
    """Processes that answer questions."""
    environment = os.environ | {"DATABASE_URL": database_url(), "SECRET_KEY": settings.SECRET_KEY}
    command = [sys.executable, "-m", module]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    started = [
        subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment | {"DJANGO_SETTINGS_MODULE": "soundtrack_site.settings"},
            **pipes,
        )
        for _ in range(number)
    ]
    try:
        yield started
    finally:
        for process in started:
            process.communicate(timeout=30)


def ask_worker(process, question):
    """What one worker answers."""
    process.stdin.write(f"{question}\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


@pytest.mark.django_db(transaction=True)
def test_every_worker_answers_as_sql_does_after_each_commit_of_another_process():
    create_catalogue()
    with start_workers(2) as asked, ThreadPoolExecutor(len(asked)) as pool:
        for edit in [lambda: None, *EDITS]:
            edit()
            for question in QUESTIONS:
                record_type, _, query = question.partition("?")
                right = answer(LISTS[record_type], query, SqlEngine)
                assert list(pool.map(ask_worker, asked, [question] * len(asked))) == [right] * len(asked), question
