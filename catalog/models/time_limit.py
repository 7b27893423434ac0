"""A limit on the time that queries may take."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

STEPS_BETWEEN_CHECKS = 20_000  # of SQLite's virtual machine: about 0.2 ms


class TimeLimitExceeded(Exception):
    """The queries would take longer than the limit."""


@contextmanager
def time_limit(deadline: float) -> Iterator[None]:
    """Interrupt queries of this block that run past ``deadline``, a time of ``time.monotonic``."""
    milliseconds = int(1000 * (deadline - time.monotonic()))
    if milliseconds <= 0:
        raise TimeLimitExceeded
    connection.ensure_connection()
    limit = _postgresql_limit if connection.vendor == "postgresql" else _sqlite_limit
    try:
        with limit(milliseconds, deadline):
            yield
    except OperationalError as error:
        if time.monotonic() < deadline:
            raise
        raise TimeLimitExceeded from error


@contextmanager
def _postgresql_limit(milliseconds, deadline):
    with transaction.atomic(), connection.cursor() as cursor:  # rolled back to here if a statement is interrupted
        cursor.execute(f"SET LOCAL statement_timeout = {milliseconds}")
        yield
        cursor.execute("SET LOCAL statement_timeout = DEFAULT")


@contextmanager
def _sqlite_limit(milliseconds, deadline):
    connection.connection.set_progress_handler(lambda: time.monotonic() > deadline, STEPS_BETWEEN_CHECKS)
    try:
        yield
    finally:
        connection.connection.set_progress_handler(None, 0)
