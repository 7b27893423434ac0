"""Which errors are outages, and that SQLite writes again after one without a restart."""

import errno
import os
import sqlite3
from contextlib import suppress

import psycopg
import pytest
from django.db import (
    DataError,
    IntegrityError,
    InternalError,
    OperationalError,
    ProgrammingError,
    close_old_connections,
    connection,
    connections,
    transaction,
)
from psycopg import errors

from catalog.models import Person
from catalog.tests.outages import sqlite_error, wrapped
from soundtrack_site.outages import AWAY, DAMAGED, FULL, LOCKED, READ_ONLY, outage_reason
from soundtrack_site.workarounds.sqlite3.base import DatabaseWrapper

NOT_OUTAGES = [
    None,
    ValueError("database is locked"),
    OperationalError("database is locked"),  # raised by code, not by a driver
    wrapped(sqlite_error(sqlite3.SQLITE_ERROR, "no such table: catalog_person")),
    wrapped(sqlite_error(sqlite3.SQLITE_INTERRUPT, "interrupted")),
    wrapped(sqlite_error(sqlite3.SQLITE_LOCKED, "database table is locked")),
    wrapped(sqlite3.OperationalError("without a code")),
    wrapped(errors.QueryCanceled("canceling statement due to statement timeout")),
    wrapped(errors.DeadlockDetected("deadlock detected")),
    wrapped(errors.UndefinedTable("no such table")),
    FileNotFoundError(errno.ENOENT, "No such file"),
    PermissionError(errno.EACCES, "Permission denied"),
    ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"),
]
OUTAGES = [
    (wrapped(sqlite_error(sqlite3.SQLITE_BUSY)), LOCKED),
    (wrapped(sqlite_error(sqlite3.SQLITE_READONLY)), READ_ONLY),
    (wrapped(sqlite_error(sqlite3.SQLITE_READONLY | 4 << 8)), READ_ONLY),  # READONLY_DBMOVED
    (wrapped(sqlite_error(sqlite3.SQLITE_IOERR | 3 << 8)), DAMAGED),  # IOERR_WRITE
    (wrapped(sqlite_error(sqlite3.SQLITE_FULL)), FULL),
    (wrapped(sqlite_error(sqlite3.SQLITE_CANTOPEN)), AWAY),
    (wrapped(psycopg.OperationalError("connection refused")), AWAY),
    (wrapped(errors.AdminShutdown("terminating connection")), AWAY),
    (wrapped(errors.CannotConnectNow("the database system is starting up")), AWAY),
    (wrapped(errors.ConnectionFailure("lost")), AWAY),
    (wrapped(errors.DiskFull("could not extend file")), FULL),
    (wrapped(errors.ReadOnlySqlTransaction("cannot execute INSERT")), READ_ONLY),
    (wrapped(errors.LockNotAvailable("canceling statement due to lock timeout")), LOCKED),
    (wrapped(errors.IoError("could not read block")), DAMAGED),
    (OSError(errno.ENOSPC, "No space left on device"), FULL),
    (OSError(errno.EROFS, "Read-only file system"), READ_ONLY),
]


@pytest.mark.parametrize("error", NOT_OUTAGES, ids=repr)
def test_faults_of_the_code_are_no_outages(error):
    assert outage_reason(error) == ""


@pytest.mark.parametrize(("error", "reason"), OUTAGES, ids=repr)
def test_outages_are_known_by_their_codes(error, reason):
    assert outage_reason(error) == reason


@pytest.mark.parametrize("kind", [ProgrammingError, InternalError, IntegrityError, DataError, KeyError])
def test_an_error_that_follows_from_an_outage_is_one(kind):
    error = kind("while the transaction ends")
    error.__context__ = OUTAGES[0][0]
    assert outage_reason(error) == LOCKED


def test_an_error_that_does_not_follow_from_an_outage_is_none():
    error = ValueError("about something else")
    error.__context__ = OUTAGES[0][0]
    error.__suppress_context__ = True  # raise … from None
    assert outage_reason(error) == ""


def test_two_errors_that_are_each_the_cause_of_the_other_are_looked_at_once():
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    assert outage_reason(first) == ""


def test_no_error_of_a_real_statement_is_an_outage(db):
    with pytest.raises(Exception, match="catalog_nothing") as raised, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM catalog_nothing")
    assert outage_reason(raised.value) == ""


BREAK_CONNECTION = {
    "sqlite": "PRAGMA query_only = ON",
    "postgresql": "SELECT pg_terminate_backend(pg_backend_pid())",  # as a restart of the server does
}


@pytest.mark.django_db(transaction=True)
def test_a_request_after_an_outage_saves_again():
    with suppress(OperationalError), connection.cursor() as cursor:
        cursor.execute(BREAK_CONNECTION[connection.vendor])
    with pytest.raises(OperationalError) as raised:
        Person.objects.create(name="Ann")
    assert outage_reason(raised.value)
    close_old_connections()  # at the begin of each request
    Person.objects.create(name="Bea")
    assert Person.objects.get().name == "Bea"


@pytest.fixture
def sqlite(tmp_path, django_db_blocker):
    """A connection of the site's back end to a file of its own, with a table."""
    database = connections.databases["default"] | {"NAME": str(tmp_path / "rows.sqlite3"), "OPTIONS": {}}
    connections["other"] = DatabaseWrapper(database, "other")
    with django_db_blocker.unblock():
        execute("CREATE TABLE names (name TEXT)")
        yield connections["other"]
        connections["other"].close()
    del connections["other"]


def execute(statement):
    """Execute a statement in a transaction of that connection."""
    with transaction.atomic(using="other"), connections["other"].cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(("pragma", "reason"), [("query_only = ON", READ_ONLY), ("max_page_count = 1", FULL)])
def test_a_connection_of_sqlite_that_could_not_write_is_closed(sqlite, pragma, reason):
    with sqlite.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
    insert = f"INSERT INTO names VALUES ('{'x' * 100_000}')"
    with pytest.raises(OperationalError) as raised:
        execute(insert)
    assert outage_reason(raised.value) == reason
    sqlite.close_if_unusable_or_obsolete()
    assert sqlite.connection is None
    execute(insert)
    opened = sqlite.connection
    sqlite.close_if_unusable_or_obsolete()
    assert sqlite.connection is opened, "one without an error is held"


def test_a_connection_of_sqlite_to_a_read_only_file_ends_with_its_request(sqlite, monkeypatch):
    sqlite.close()
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda *_: False)
        sqlite.ensure_connection()
    sqlite.close_if_unusable_or_obsolete()
    assert sqlite.connection is None
