"""Which columns a spreadsheet of records has, and which of them identify a record."""

import re
from collections.abc import Iterator, Sequence

from django.db import models
from django.db.models import QuerySet

from catalog.formats.columns import (
    OWNER_MODELS,
    Column,
    FieldColumn,
    ForeignKeyColumn,
    ManyToManyColumn,
    OwnerColumn,
)
from catalog.models.base import NaturalKey
from catalog.models.sort_key import SortKeyField
from catalog.spreadsheet_files import Table, read_file
from catalog.spreadsheet_rows import FileError

QUERY_CHUNK_SIZE = 1_000  # records


def fold_header(header: str) -> str:
    """A header in lower case, with underscores between its words."""
    return "_".join(re.findall(r"[^\W_]+", header.casefold()))


class TableSchema:
    """The columns of a model. ``columns`` are by name, those that identify a record first.

    ``natural_names`` are the model's own fields in its natural key, ``key_names`` the columns that a file must have.
    """

    def __init__(self, model: type[NaturalKey]) -> None:
        self.model = model
        self.natural_names = list(dict.fromkeys(path.partition("__")[0] for path in model.natural_fields))
        columns = _columns(model)
        self.key_names = [
            name for name, column in columns.items() if name in self.natural_names or isinstance(column, OwnerColumn)
        ]
        self.columns = {name: columns[name] for name in sorted(columns, key=lambda name: name not in self.key_names)}

    def read(self, content: bytes) -> Table:
        """Return the table in a file, with the names of its columns as headers; FileError if it cannot be read."""
        table = read_file(content)
        return Table(self.column_names(table.headers), table.rows)

    def column_names(self, headers: Sequence[str]) -> list[str]:
        """The names of the columns that headers name; FileError if any are duplicate, unknown or missing.

        A header is the name or the label of a column, in any case, with spaces, hyphens or underscores.
        """
        by_header = {fold_header(column.label): name for name, column in self.columns.items()}
        by_header |= {fold_header(name): name for name in self.columns}
        names = [by_header.get(fold_header(header)) for header in headers]
        problems = {
            "Duplicate": [
                header for header, name in zip(headers, names, strict=True) if name and names.count(name) > 1
            ],
            "Unknown": [header for header, name in zip(headers, names, strict=True) if name is None],
            "Missing": [name for name in self.key_names if name not in names],
        }
        if any(problems.values()):
            sentences = [
                f"{problem} columns: {', '.join(f'“{header}”' for header in dict.fromkeys(problem_headers))}."
                for problem, problem_headers in problems.items()
                if problem_headers
            ]
            raise FileError(f"{' '.join(sentences)} The list has {', '.join(self.columns)}.")
        return [name for name in names if name is not None]

    def queryset(self) -> QuerySet[NaturalKey]:
        """The records of the model with all related records that their cells read."""
        paths = []
        for field in self.model._meta.fields:
            if field.remote_field:
                parents = OWNER_MODELS[field.name].label_relations if field.name in OWNER_MODELS else ()
                paths.append("__".join([field.name, *parents]))
        m2m = [name for name, column in self.columns.items() if isinstance(column, ManyToManyColumn)]
        return self.model._default_manager.select_related(*paths).prefetch_related(*m2m)

    def export_rows(self, records: QuerySet[NaturalKey]) -> Iterator[Sequence[object]]:
        """Yield the headers, then a row per record. ``records`` is narrowed or sorted from ``queryset``."""
        yield list(self.columns)
        for record in records.iterator(chunk_size=QUERY_CHUNK_SIZE):
            yield [column.cell(record) for column in self.columns.values()]


def schema_for(model: type[models.Model]) -> TableSchema | None:
    """The schema of a model; None if its records have no natural key or hold files."""
    holds_files = any(isinstance(field, models.FileField) for field in model._meta.get_fields())
    return TableSchema(model) if issubclass(model, NaturalKey) and not holds_files else None


def _columns(model: type[models.Model]) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    relations = [name for name in reversed(OWNER_MODELS) if any(name == field.name for field in model._meta.fields)]
    if relations == ["series"]:
        relations = []  # the foreign key column ``series`` is the same
    if relations:
        for name in OWNER_MODELS:
            columns[name] = OwnerColumn(name, relations)
            if name == relations[0]:
                break
    for field in (*model._meta.fields, *model._meta.many_to_many):
        is_derived = field.primary_key or field.generated or isinstance(field, SortKeyField)
        if is_derived or field.name in relations:
            continue
        if isinstance(field, models.ManyToManyField):
            through = field.remote_field.through
            if through is not None and through._meta.auto_created:
                columns[field.name] = ManyToManyColumn(field)
        else:
            columns[field.name] = ForeignKeyColumn(field) if field.remote_field else FieldColumn(field)
    return columns
