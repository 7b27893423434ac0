"""Outages of the database for tests: queries fail with the errors that SQLite, PostgreSQL and the disk raise."""

import sqlite3
from contextlib import contextmanager

import psycopg
from django.db import OperationalError, connection

READS, WRITES = ("SELECT",), ("INSERT", "UPDATE", "DELETE")


def wrapped(cause):
    """The error that Django makes of one of the database driver."""
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


def sqlite_error(code, text="database is locked", kind=sqlite3.OperationalError):
    """An error of SQLite with its code."""
    error = kind(text)
    error.sqlite_errorcode = code
    return error


LOST = wrapped(psycopg.OperationalError("no connection to 10.0.0.7 for user liner, password secret"))
LOCKED = wrapped(sqlite_error(sqlite3.SQLITE_BUSY))
FULL = wrapped(sqlite_error(sqlite3.SQLITE_FULL, "database or disk is full"))


@contextmanager
def outage(error=LOST, statements=(*READS, *WRITES)):
    """Let all statements that begin with one of ``statements`` fail."""

    def fail(execute, sql, params, many, context):
        if sql.startswith(statements):
            raise error
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        yield


def raising(error):
    """A function that raises ``error``."""

    def fail(*args, **kwargs):
        raise error

    return fail
