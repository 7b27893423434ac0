"""A limit on the time that queries may take."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection

STEPS_BETWEEN_CHECKS = 20_000  # of SQLite's virtual machine: about 0.2 ms


class TimeLimitExceeded(Exception):
    """The answer would take longer than the limit."""


@contextmanager
def time_limit(deadline: float) -> Iterator[None]:
    """Interrupt queries of this block that run past ``deadline``, a time of ``time.monotonic``."""
    milliseconds = int(1000 * (deadline - time.monotonic()))
    if milliseconds <= 0:
        raise TimeLimitExceeded
    connection.ensure_connection()
    is_postgresql = connection.vendor == "postgresql"
    if is_postgresql:
        with connection.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = {milliseconds}")
    else:
        connection.connection.set_progress_handler(lambda: time.monotonic() > deadline, STEPS_BETWEEN_CHECKS)
    try:
        yield
    except OperationalError as error:
        if time.monotonic() < deadline:
            raise
        raise TimeLimitExceeded from error
    finally:
        if is_postgresql:
            with connection.cursor() as cursor:
                cursor.execute("RESET statement_timeout")
        else:
            connection.connection.set_progress_handler(None, 0)
