"""Each worker process has an index of its own, and none answers with data older than the last commit."""

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

QUERIES = (
    "episode?",
    "episode?crew=bob&sort=title",
    "episode?person=ann",
    "series?cast=ann",
    "person?",
    "person?role=director&with=bob",
)
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
    """Return the URL of the test database, for another process."""
    options = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{options['NAME']}"
    host = quote(options["HOST"] or options["OPTIONS"].get("host", ""), safe="")
    port = f"&port={options['PORT']}" if options["PORT"] else ""
    return f"postgresql://{options['USER']}:{quote(options['PASSWORD'])}@/{options['NAME']}?host={host}{port}"


@contextlib.contextmanager
def start_workers(count, module="catalog.tests.facets.worker_process"):
    """Start worker processes that answer the lines written to them; give them as a list."""
    environment = os.environ | {"DATABASE_URL": database_url(), "SECRET_KEY": settings.SECRET_KEY}
    command = [sys.executable, "-m", module]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [
        subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment | {"DJANGO_SETTINGS_MODULE": "soundtrack_site.settings"},
            **pipes,
        )
        for _ in range(count)
    ]
    try:
        yield processes
    finally:
        for process in processes:
            process.communicate(timeout=30)


def ask_worker(process, query):
    """Return one worker's answer."""
    process.stdin.write(f"{query}\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


@pytest.mark.django_db(transaction=True)
def test_every_worker_answers_as_sql_does_after_each_commit_of_another_process():
    create_catalogue()
    with start_workers(2) as processes, ThreadPoolExecutor(len(processes)) as pool:
        for edit in [lambda: None, *EDITS]:
            edit()
            for line in QUERIES:
                kind, _, query = line.partition("?")
                expected = answer(LISTS[kind], query, SqlEngine)
                assert list(pool.map(ask_worker, processes, [line] * len(processes))) == [expected] * len(processes), (
                    line
                )
