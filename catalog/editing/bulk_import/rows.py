"""Insert and read many rows without the models: ``executemany`` on SQLite, ``COPY`` on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from django.db import connection, models

CHUNK_SIZE = 20_000  # rows inserted by one statement
FETCH_SIZE = 2_000
GROUP_SIZE, MAX_VARIABLES = 50, 999  # of a statement on SQLite; 50 rows take half the time of 50 statements
NULL = r"\N"
COPY_FORMAT = r"""FORMAT csv, DELIMITER E'\t', QUOTE E'\x01', NULL '\N'"""  # quotation marks are letters like others


def execute(statement: str, parameters: Sequence[str | int] = ()) -> list[tuple[Any, ...]]:
    """Run a statement and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return cursor.fetchall() if cursor.description else []


def stream(statement: str, parameters: Sequence[str | int] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query without holding them all; within a transaction."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, parameters or None)
        while rows := cursor.fetchmany(FETCH_SIZE):
            yield from rows


def chunked(rows: Iterable[tuple[Any, ...]], size: int = CHUNK_SIZE) -> Iterator[list[tuple[Any, ...]]]:
    """Lists of ``size`` rows, the last one shorter."""
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk


def literal(value: object) -> str:
    """A default of a column in SQL."""
    if isinstance(value, bool):
        return str(value).upper()
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


class RowInserter:
    r"""Inserts rows of ``columns`` into a table. ``constants`` are the values of further columns.

    With ``has_null_text`` the text ``\N`` is NULL: the database replaces it faster than Python does.
    """

    def __init__(
        self,
        table: str,
        columns: Sequence[str],
        constants: dict[str, object] | None = None,
        *,
        has_null_text: bool = False,
    ) -> None:
        self.constants = constants or {}
        names = ", ".join(f'"{name}"' for name in (*columns, *self.constants))
        mark = f"NULLIF(?, '{NULL}')" if has_null_text else "?"
        values = ", ".join((mark,) * len(columns) + tuple(map(literal, self.constants.values())))
        self._insert = f'INSERT INTO "{table}" ({names}) VALUES ({values})'
        self._group = max(1, min(GROUP_SIZE, MAX_VARIABLES // len(columns)))
        self._insert_group = self._insert + f", ({values})" * (self._group - 1)
        self._copy = f'COPY "{table}" ({names}) FROM STDIN WITH ({COPY_FORMAT})'
        self._line_end = "".join(f"\t{value}" for value in self.constants.values()) + "\n"

    @classmethod
    def of(cls, model: type[models.Model], *columns: str, **constants: object) -> RowInserter:
        """For the table of ``model``; columns that are not named get their default."""
        for field in model._meta.concrete_fields:
            if field.attname not in columns and not field.primary_key and not field.null:
                constants.setdefault(field.attname, field.get_default())
        return cls(model._meta.db_table, columns, constants)

    def insert(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows. Text must have neither tabs nor line ends."""
        if not rows:
            return
        if connection.vendor == "sqlite":
            end = len(rows) - len(rows) % self._group
            groups = (rows[start : start + self._group] for start in range(0, end, self._group))
            connection.connection.executemany(
                self._insert_group, (list(chain.from_iterable(group)) for group in groups)
            )
            connection.connection.executemany(self._insert, rows[end:])
            return
        lines = ("\t".join([NULL if value is None else str(value) for value in row]) + self._line_end for row in rows)
        with connection.cursor() as cursor, cursor.copy(self._copy) as copy:
            copy.write("".join(lines))

    def insert_all(self, rows: Iterable[tuple[Any, ...]]) -> int:
        """Insert the rows of an iterator in chunks; return how many."""
        total = 0
        for chunk in chunked(rows):
            self.insert(chunk)
            total += len(chunk)
        return total
