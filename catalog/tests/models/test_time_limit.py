"""Queries that take longer than a limit are interrupted, and the connection can be used afterwards."""

import pytest
from django.db import OperationalError, connection

from catalog.models import Genre
from catalog.models.time_limit import TimeLimitExceeded, time_limit
from catalog.tests import factories as make

pytestmark = pytest.mark.django_db

ENDLESS = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers) SELECT COUNT(*) FROM numbers"


def run(statement):
    """The rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def test_a_long_query_is_interrupted_and_what_was_written_before_stays():
    genre = make.genre()
    with pytest.raises(TimeLimitExceeded), time_limit(20):
        run(ENDLESS)
    assert Genre.objects.get() == genre


def test_the_limit_ends_with_the_block():
    with time_limit(10_000):
        assert run("SELECT 1") == [(1,)]
    if connection.vendor == "postgresql":
        assert run("SHOW statement_timeout") == [("0",)]


def test_other_errors_are_raised_as_they_are():
    with pytest.raises(OperationalError), time_limit(10_000):
        raise OperationalError("The disk is full.")
