"""Fixtures for tests of pages."""

import psycopg
import pytest
from django.db import OperationalError, connection


@pytest.fixture
def down(db):
    """A database that fails on every query, as if its server was down."""

    def fail(execute, sql, params, is_many, context):
        text = "no connection to 10.0.0.7 for user liner, password secret"
        raise OperationalError(text) from psycopg.OperationalError(text)

    with connection.execute_wrapper(fail):
        yield
