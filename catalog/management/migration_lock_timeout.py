"""A limit on how long a migration waits for the lock of a table on PostgreSQL.

While it waits, everybody who wants to read the table waits behind it.
"""

from typing import Any

from django.apps import apps
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

LOCK_TIMEOUT_SECONDS = 5


def set_lock_timeout(using: str, **signal: Any) -> None:
    """Set it for the connection that migrates."""
    run_on_postgresql(using, f"SET lock_timeout = '{LOCK_TIMEOUT_SECONDS}s'")


def reset_lock_timeout(using: str, **signal: Any) -> None:
    """Reset it; tests go on with the connection that migrated their database."""
    run_on_postgresql(using, "RESET lock_timeout")


def run_on_postgresql(using: str, statement: str) -> None:
    """Run a statement if the database is one of PostgreSQL."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(statement)


catalog = apps.get_app_config("catalog")  # Django sends both signals once for each app
pre_migrate.connect(set_lock_timeout, sender=catalog)
post_migrate.connect(reset_lock_timeout, sender=catalog)
