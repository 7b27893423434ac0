"""Drop the secondary indexes of tables before many rows are inserted, and create the same ones afterwards.

On PostgreSQL unique constraints, exclusion constraints and foreign keys are dropped too: they cost more than indexes.
SQLite keeps what is part of CREATE TABLE. The statements come from the database, so that nothing can be forgotten.
"""

from collections.abc import Iterable

from django.db import connection

from catalog.editing.bulk_import.rows import execute

SQLITE_INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOTNULL AND tbl_name = %s"
POSTGRESQL_INDEXES = """
SELECT format('%%I', c.relname), pg_get_indexdef(i.indexrelid)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = %s::regclass AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.indexrelid)
ORDER BY c.relname
"""
POSTGRESQL_CONSTRAINTS = """
SELECT format('%%I', conname), pg_get_constraintdef(oid)
FROM pg_constraint WHERE conrelid = %s::regclass AND contype = %s ORDER BY conname
"""
Statements = list[tuple[str, str]]  # (to drop, to create)


def index_statements(tables: Iterable[str]) -> Statements:
    """The statements for all indexes and constraints of ``tables`` that can be dropped, in the order of creation."""
    statements: Statements = []
    foreign_keys: Statements = []
    for table in tables:
        if connection.vendor == "sqlite":
            statements += [(f'DROP INDEX "{name}"', sql) for name, sql in execute(SQLITE_INDEXES, [table])]
            continue
        statements += [(f"DROP INDEX {name}", sql) for name, sql in execute(POSTGRESQL_INDEXES, [table])]
        for kind, target in (("u", statements), ("x", statements), ("f", foreign_keys)):
            target += [
                (f'ALTER TABLE "{table}" DROP CONSTRAINT {name}', f'ALTER TABLE "{table}" ADD CONSTRAINT {name} {sql}')
                for name, sql in execute(POSTGRESQL_CONSTRAINTS, [table, kind])
            ]
    return statements + foreign_keys
