"""The tables of a backup: read at one moment, and filled again."""

import datetime as dt
import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.db.migrations.loader import MigrationLoader

from catalog.editing.bulk_import.rows import FETCH_SIZE, chunked, execute
from catalog.formats.backup.archive import BackupError

Model = type[models.Model]
EXCLUDED_APPS = {"sessions", "axes"}  # sessions and locks of the sign-in are those of one site
FILLED_BY_MIGRATE: tuple[Model, ...] = (Permission, ContentType)
# Values that JSON has, and that the database takes as they are. The others are converted by their fields.
PLAIN_TYPES = {
    *("AutoField", "BigAutoField", "ForeignKey", "OneToOneField", "BooleanField"),
    *("CharField", "TextField", "SlugField", "FileField", "GenericIPAddressField"),
    *("IntegerField", "BigIntegerField", "SmallIntegerField"),
    *("PositiveIntegerField", "PositiveSmallIntegerField", "PositiveBigIntegerField"),
}


def backup_models() -> dict[str, Model]:
    """The models whose rows belong to a backup, by label. The search index has none: it is built from the rows."""
    return {
        model._meta.label: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.app_label not in EXCLUDED_APPS
    }


def stored_fields(model: Model) -> list[Any]:
    """The fields with a column that is written."""
    return [field for field in model._meta.concrete_fields if not field.generated]


def column_names(model: Model) -> list[str]:
    """The columns of ``stored_fields``."""
    return [field.column for field in stored_fields(model)]


def migrations() -> tuple[list[str], list[str]]:
    """(migrations of the code that the database has, those that it lacks)."""
    loader = MigrationLoader(connection)
    names = {key: ".".join(key) for key in sorted(loader.disk_migrations)}
    applied = [name for key, name in names.items() if key in loader.applied_migrations]
    return applied, [name for name in names.values() if name not in applied]


@contextmanager
def snapshot() -> Iterator[None]:
    """Let all queries of the block read the database as of one moment, while others write."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    execute("BEGIN DEFERRED")  # ``atomic`` takes the lock of a writer
    try:
        yield
    finally:
        execute("ROLLBACK")


def table_lines(model: Model) -> Iterator[list[bytes]]:
    """The rows of a table by primary key, each a line of JSON, in batches."""
    names = [field.attname for field in stored_fields(model)]
    rows = model._base_manager.order_by("pk").values_list(*names).iterator(FETCH_SIZE)
    encode = json.JSONEncoder(separators=(",", ":"), default=encode_value).encode
    for batch in chunked(rows, FETCH_SIZE):
        yield [encode(row).encode() + b"\n" for row in batch]


def encode_value(value: object) -> str:
    """A value that JSON does not have, as ``to_python`` of its field reads it."""
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return b64encode(value).decode()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"A backup cannot hold a {type(value).__name__}.")


def insert_rows(model: Model, rows: Iterable[list[object]]) -> int:
    """Insert rows without the model, so that nothing of them changes and nothing is logged; return how many."""
    columns = ", ".join(f'"{name}"' for name in column_names(model))
    converters = [converter_of(field) for field in stored_fields(model)]
    converted = ([convert(value) for convert, value in zip(converters, row, strict=True)] for row in rows)
    total = 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as copy:
                for row in converted:
                    copy.write_row(row)
                    total += 1
            return total
        marks = ", ".join(["%s"] * len(converters))
        statement = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({marks})'
        for batch in chunked(map(tuple, converted), FETCH_SIZE):
            cursor.executemany(statement, batch)
            total += len(batch)
    return total


def converter_of(field: Any) -> Callable[[Any], Any]:
    """The function that turns a value of JSON into one for the column."""
    if field.get_internal_type() in PLAIN_TYPES:
        return lambda value: value
    return lambda value: None if value is None else field.get_db_prep_save(field.to_python(value), connection)


def empty_tables_of_migrate() -> None:
    """Delete the rows that ``migrate`` writes, for those of the backup."""
    for model in FILLED_BY_MIGRATE:
        execute(f'DELETE FROM "{model._meta.db_table}"')


def last_ids() -> dict[str, int]:
    """The last key that each table gave out. A new record must not get the key of a deleted one, which has a history.

    On PostgreSQL it may be later than the snapshot.
    """
    values = {label: last_id(model) for label, model in backup_models().items() if model._meta.auto_field}
    return {label: value for label, value in values.items() if value}


def last_id(model: Model) -> int:
    """The last key that a table gave out, 0 for none."""
    table = model._meta.db_table
    if connection.vendor == "postgresql":
        statement = "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)"
        return execute(statement, [f'"{table}"', str(model._meta.pk.column)])[0][0] or 0
    rows = execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
    return rows[0][0] if rows else 0


def set_last_id(model: Model, value: int) -> None:
    """Let new records have keys above ``value`` and above those of all rows."""
    table, key = model._meta.db_table, str(model._meta.pk.column)
    value = max(value, execute(f'SELECT COALESCE(MAX("{key}"), 0) FROM "{table}"')[0][0])
    if not value:
        return
    if connection.vendor == "postgresql":
        execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [f'"{table}"', key, value])
        return
    execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
    execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, value])


def check_empty() -> None:
    """Raise BackupError if a table has rows that ``migrate`` did not write."""
    for label, model in backup_models().items():
        if model not in FILLED_BY_MIGRATE and model._base_manager.exists():
            raise BackupError(
                f"The site is not empty: there are rows of {label}. Name a new database in DATABASE_URL, and run "
                "manage.py migrate for it before it is served."
            )
