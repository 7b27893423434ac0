"""Queries that take longer than a limit are interrupted, and the connection can be used afterwards."""

import time

import pytest
from django.db import DatabaseError, connection, transaction

from catalog.models import Genre
from catalog.models.time_limit import TimeLimitExceeded, check_time, time_limit
from catalog.quality.similar_names import similar
from catalog.tests import factories as make

pytestmark = pytest.mark.django_db

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"


def run(statement):
    """The rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def test_a_query_past_the_limit_is_interrupted_and_the_next_is_not():
    start, genre = time.monotonic(), make.genre()
    with pytest.raises(TimeLimitExceeded), time_limit(start + 0.1):
        run(ENDLESS)
    assert 0.1 <= time.monotonic() - start < 2
    with pytest.raises(TimeLimitExceeded), time_limit(start):
        pytest.fail("no time is left")
    with time_limit(time.monotonic() + 0.1):
        time.sleep(0.1)
    assert Genre.objects.get() == genre, "what was written before stays"


def test_a_calculation_ends_at_the_limit_of_its_block():
    check_time()
    with pytest.raises(TimeLimitExceeded), time_limit(time.monotonic() + 0.05):
        similar([(1, "Ann Bell")] * 1_000_000)
    check_time()


def test_the_limit_ends_with_the_block():
    with time_limit(time.monotonic() + 60):
        assert run("SELECT 1") == [(1,)]
    if connection.vendor == "postgresql":
        assert run("SHOW statement_timeout") == [("0",)]


def test_an_error_within_the_limit_is_not_taken_for_its_end():
    with pytest.raises(DatabaseError), transaction.atomic(), time_limit(time.monotonic() + 60):
        run("SELECT * FROM no_such_table")
    assert run("SELECT 1") == [(1,)]
