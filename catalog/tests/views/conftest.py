"""What tests of pages share."""

import pytest
from django.db import OperationalError, connection


@pytest.fixture
def down(db):
    """A database that answers nothing, as when its server is gone."""

    def fail(execute, sql, params, many, context):
        raise OperationalError("no connection to 10.0.0.7 for user liner, password secret")

    with connection.execute_wrapper(fail):
        yield
