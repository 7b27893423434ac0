"""Fixtures for tests of pages."""

import pytest
from django.db import OperationalError, connection


@pytest.fixture
def down(db):
    """A database that fails on every query, as if its server was down."""

    def fail(execute, sql, params, is_many, context):
        raise OperationalError("no connection to 10.0.0.7 for user liner, password secret")

    with connection.execute_wrapper(fail):
        yield
