"""A limit on the time that queries, and calculations that call ``check_time``, may take."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import OperationalError, connection, transaction

STEPS_BETWEEN_CHECKS = 20_000  # of SQLite's virtual machine: about 0.2 ms
_deadline: ContextVar[float] = ContextVar("deadline", default=math.inf)  # of the innermost block


class TimeLimitExceeded(Exception):
    """The queries would take longer than the limit."""


def check_time() -> None:
    """Raise ``TimeLimitExceeded`` if the time limit of the block that calls is over."""
    if time.monotonic() > _deadline.get():
        raise TimeLimitExceeded


@contextmanager
def time_limit(deadline: float) -> Iterator[None]:
    """Interrupt queries of this block that run past ``deadline``, a time of ``time.monotonic``."""
    milliseconds = int(1000 * (deadline - time.monotonic()))
    if milliseconds <= 0:
        raise TimeLimitExceeded
    connection.ensure_connection()
    limit = _postgresql_limit if connection.vendor == "postgresql" else _sqlite_limit
    token = _deadline.set(deadline)
    try:
        with limit(milliseconds, deadline):
            yield
    except OperationalError as error:
        if time.monotonic() < deadline:
            raise
        raise TimeLimitExceeded from error
    finally:
        _deadline.reset(token)


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
