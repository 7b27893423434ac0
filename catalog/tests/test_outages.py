"""Which errors are outages, and that SQLite writes again after one without a restart."""

import errno
import os
import sqlite3

import psycopg
import pytest
from django.conf import settings
from django.db import (
    DataError,
    IntegrityError,
    InternalError,
    OperationalError,
    ProgrammingError,
    close_old_connections,
)
from django.db import connection as django_connection
from psycopg import errors

from catalog.models import Person
from catalog.tests.outages import sqlite_error, wrapped
from soundtrack_site.outages import AWAY, DAMAGED, FULL, LOCKED, READ_ONLY, outage_reason

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


def test_no_error_of_a_real_statement_is_an_outage(db):
    with pytest.raises(Exception, match="catalog_nothing") as raised, django_connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM catalog_nothing")
    assert outage_reason(raised.value) == ""


def add_person(name):
    """Save a person, as a request does."""
    close_old_connections()
    return Person.objects.create(name=name)


on_sqlite = pytest.mark.skipif(not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"), reason="for SQLite")


@on_sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("pragma", "reason"), [("query_only = ON", READ_ONLY), ("max_page_count = 1", FULL)], ids=["read-only", "full"]
)
def test_a_connection_that_could_not_write_is_closed_and_the_next_one_writes(pragma, reason):
    add_person("Ann")
    with django_connection.cursor() as cursor:
        cursor.execute("VACUUM")  # no free pages, which former tests leave
        cursor.execute(f"PRAGMA {pragma}")
    opened = django_connection.connection
    with pytest.raises(OperationalError) as raised:
        Person.objects.bulk_create([Person(name="B", slug=f"b-{number}") for number in range(5000)])
    assert outage_reason(raised.value) == reason
    assert add_person("Cleo").pk
    assert django_connection.connection is not opened
    assert Person.objects.filter(name__in=["Ann", "Cleo"]).count() == 2


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_connection_to_a_read_only_file_ends_with_its_request(monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    django_connection.close()
    assert Person.objects.count() == 0
    opened = django_connection.connection
    monkeypatch.undo()
    add_person("Ann")
    assert django_connection.connection is not opened
    opened = django_connection.connection
    add_person("Bea")
    assert django_connection.connection is opened, "one that can write is held"
