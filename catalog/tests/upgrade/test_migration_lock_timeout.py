"""On PostgreSQL a migration waits for the lock of a table for some seconds only."""

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext


def test_migrate_limits_its_waiting_and_not_that_of_others(db):
    with CaptureQueriesContext(connection) as queries:
        call_command("migrate", verbosity=0)
    statements = [query["sql"] for query in queries if "lock_timeout" in query["sql"]]
    if connection.vendor == "sqlite":
        assert statements == []
        return
    assert statements == ["SET lock_timeout = '5s'", "RESET lock_timeout"]
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)
