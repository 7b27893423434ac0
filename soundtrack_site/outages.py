"""Outages: errors that say that the database or the disk cannot be used for now, not that the code is wrong."""

import errno
import sqlite3

from django.db import OperationalError

LOCKED, READ_ONLY, FULL = "the database is locked", "the disk or the database is read-only", "the disk is full"
DAMAGED, AWAY = "the disk reports errors", "the database cannot be reached"
PRIMARY_CODE = 0xFF  # of SQLite's extended codes
SQLITE_REASONS = {
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_IOERR: DAMAGED,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_CANTOPEN: AWAY,
}
POSTGRESQL_REASONS = {  # by the first characters of SQLSTATE
    "08": AWAY,
    "25006": READ_ONLY,
    "53100": FULL,
    "53": "the database has no memory or connections left",
    "55P03": LOCKED,
    "57P": AWAY,  # it stops, starts, or has ended the session
    "58": DAMAGED,
}
DISK_REASONS = {errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EROFS: READ_ONLY, errno.EIO: DAMAGED}


def outage_reason(error: BaseException | None) -> str:
    """The outage behind an exception, in a few words for the log; "" if it is a fault of the code or of the request.

    The exceptions that led to it count, too: after an error of the database others follow while a transaction ends.
    """
    examined_ids: set[int] = set()  # two exceptions can each be the cause of the other
    while error is not None and id(error) not in examined_ids:
        if reason := _reason_of(error):
            return reason
        examined_ids.add(id(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return ""


def _reason_of(error):
    if isinstance(error, OSError):
        return DISK_REASONS.get(error.errno or 0, "")
    if isinstance(error, sqlite3.Error):
        return SQLITE_REASONS.get(getattr(error, "sqlite_errorcode", 0) & PRIMARY_CODE, "")
    state = getattr(error, "sqlstate", None)  # of an exception of psycopg
    if state is not None:
        return next((reason for start, reason in POSTGRESQL_REASONS.items() if state.startswith(start)), "")
    if isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", "") is None:
        return AWAY  # without an answer of the server: refused, lost, not in time
    return ""
