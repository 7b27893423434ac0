"""Find the records that the rows of a spreadsheet refer to, in a few queries for all rows together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from catalog.formats.columns import OWNER_MODELS, Column, FieldColumn, ForeignKeyColumn, ManyToManyColumn, OwnerColumn
from catalog.formats.table_schema import TableSchema
from catalog.models import FormerSlug, Series
from catalog.models.base import NaturalKey
from catalog.models.compiled_query import batches
from catalog.models.slug import Sluggable
from catalog.search.index import INDEXED_MODELS
from catalog.search.names import ids_by_name_key
from catalog.search.tokenizer import name_key
from catalog.spreadsheet_files import cell_text

Cells = Mapping[str, object]  # cells by column name


def current_slugs(model: type[models.Model], slugs: Iterable[str]) -> dict[str, str]:
    """Map former slugs of a model's records to their current ones."""
    if not issubclass(model, Sluggable):
        return {}
    return {
        former: current
        for batch in batches(sorted(slugs))
        for former, current in FormerSlug.objects.filter(kind=model._meta.model_name, old_slug__in=batch).values_list(
            "old_slug", "new_slug"
        )
    }


def name_field(model: type[models.Model]) -> str:
    """The field with the name or title of a model's records; empty if they have none."""
    names = {field.name for field in model._meta.fields}
    candidates = (getattr(model, "slug_source", "name"), "title", "name")
    return next((name for name in candidates if name in names), "")


def records_by_name(model: type[NaturalKey], names: Iterable[str]) -> dict[str, list[NaturalKey]]:
    """The records of a model by name or title for each of ``names``; by alias where none has that name.

    Where none is written so, those are taken whose names are equal as the search folds them: case, accents, marks.
    """
    records: dict[str, list[NaturalKey]] = defaultdict(list)
    paths = [name_field(model), "aliases__name" if hasattr(model, "aliases") else ""]
    for path in filter(None, paths):
        for batch in batches(sorted(set(names) - records.keys())):
            for record in model._default_manager.annotate(matched=F(path)).filter(matched__in=batch).order_by("pk"):
                records[record.matched].append(record)
    unknown = {name: key for name in names if name not in records and (key := name_key(name))}
    by_key = _records_by_name_key(model, set(unknown.values())) if unknown and name_field(model) else {}
    return records | {name: by_key[key] for name, key in unknown.items() if key in by_key}


def _records_by_name_key(model: Any, keys: set[str]) -> dict[str, list[NaturalKey]]:
    """The records by folded name, by folded alias where none has that name. The search's index has the long tables."""
    field, kind, has_aliases = name_field(model), str(model._meta.model_name), hasattr(model, "aliases")
    queryset = model._default_manager.prefetch_related(*(["aliases"] if has_aliases else [])).order_by("pk")
    if kind in INDEXED_MODELS:
        ids = {pk for pks in ids_by_name_key(kind, keys).values() for pk in pks}
    else:
        ids = {pk for pk, name in queryset.values_list("pk", field).iterator() if name_key(name) in keys}
    named, also_named = defaultdict(list), defaultdict(list)
    for record in (record for batch in batches(sorted(ids)) for record in queryset.filter(pk__in=batch)):
        named[name_key(getattr(record, field))].append(record)
        for key in {name_key(alias.name) for alias in record.aliases.all()} if has_aliases else ():
            also_named[key].append(record)
    return {key: records for key in keys if (records := named.get(key) or also_named.get(key))}


def ambiguity_message(model: type[models.Model], key: str, name: str, choices: Iterable[str]) -> str:
    """The message for a name that several records have; ``choices`` are their slugs or codes."""
    return f"Several {model._meta.verbose_name_plural} are called “{name}”; give the {key}: {' or '.join(choices)}."


class RelatedRecords:
    """The records that the cells of foreign key and many-to-many columns name.

    A cell holds the slug or code of a record, or its name or title if no other record has it.
    """

    def __init__(self, columns: Iterable[Column], rows: Sequence[Cells]) -> None:
        self._records: dict[str, dict[str, models.Model]] = {}
        self._namesakes: dict[str, dict[str, list[NaturalKey]]] = {}
        self._current_slugs: dict[str, dict[str, str]] = {}
        for column in columns:
            if isinstance(column, ForeignKeyColumn) and rows and column.name in rows[0]:
                self._read(column, {key for row in rows for key in column.keys(row[column.name])})

    def _read(self, column: ForeignKeyColumn, keys: set[str]) -> None:
        records: dict[str, models.Model] = {}
        for batch in batches(sorted(keys)):
            for record in column.model._default_manager.filter(**{f"{column.key}__in": batch}):
                records[str(getattr(record, column.key))] = record
        records |= _in_another_case(column, keys - records.keys())
        former = self._current_slugs[column.name] = current_slugs(column.model, keys - records.keys())
        by_name = records_by_name(column.model, keys - records.keys() - former.keys())
        self._namesakes[column.name] = {name: named for name, named in by_name.items() if len(named) > 1}
        records |= {name: named[0] for name, named in by_name.items() if len(named) == 1}
        self._records[column.name] = records

    def parse(self, column: FieldColumn, cell: object) -> Any:
        """The value for a cell: a field's value, a record or None, or a list of records; ValidationError if none."""
        if not isinstance(column, ForeignKeyColumn):
            return column.parse(cell)
        records = [self._record(column, key) for key in column.keys(cell)]
        return records if isinstance(column, ManyToManyColumn) else next(iter(records), None)

    def _record(self, column: ForeignKeyColumn, key: str) -> models.Model:
        try:
            return self._records[column.name][key]
        except KeyError:
            if namesakes := self._namesakes[column.name].get(key):
                choices = [str(getattr(record, column.key)) for record in namesakes]
                raise ValidationError(ambiguity_message(column.model, column.key, key, choices)) from None
            current = self._current_slugs[column.name].get(key)
            hint = f": it is called “{current}” now." if current else "."
            raise ValidationError(f"There is no {column.model._meta.verbose_name} “{key}”{hint}") from None


def _in_another_case(column: ForeignKeyColumn, keys: Iterable[str]) -> dict[str, models.Model]:
    """The records whose code or slug is one of ``keys`` in other capitals."""
    spellings = {spelling: key for key in keys for spelling in (key.upper(), key.lower()) if key.isascii()}
    return {
        spellings[str(getattr(record, column.key))]: record
        for batch in batches(sorted(spellings))
        for record in column.model._default_manager.filter(**{f"{column.key}__in": batch})
    }


class OwnerLookup:
    """The series, seasons and episodes that rows name in their owner columns, a series by its slug or its title."""

    def __init__(self, columns: Mapping[str, Column], rows: Sequence[Cells]) -> None:
        owner_columns = [column for column in columns.values() if isinstance(column, OwnerColumn)]
        self._names = [column.name for column in owner_columns]
        self._relations = owner_columns[0].relations if owner_columns else ()
        self._owners: dict[tuple[str, ...], models.Model] = {}
        self._slugs = self._series_slugs({cell_text(row.get("series")) for row in rows} if owner_columns else set())
        keys = {key for row in rows if (key := self._key(row)) and all(part.isdecimal() for part in key[1:])}
        for depth, relation in enumerate(OWNER_MODELS, 1):
            if relation in self._relations:
                for batch in batches(sorted(key for key in keys if len(key) == depth)):
                    self._read(OWNER_MODELS[relation], batch)

    @staticmethod
    def _series_slugs(texts: set[str]) -> dict[str, list[str]]:
        """The slugs of the series that have a text as title, for texts that are no slugs themselves."""
        texts = texts - {""}
        for batch in batches(sorted(texts)):
            texts -= set(Series.objects.filter(slug__in=batch).values_list("slug", flat=True))
        return {
            text: [str(*series.natural_key()) for series in named]
            for text, named in records_by_name(Series, texts).items()
        }

    def _key(self, row: Cells) -> tuple[str, ...]:
        """The texts of a row's owner columns, without empty ones at the end and with the slug of the series."""
        key = [cell_text(row.get(name)) for name in self._names]
        slugs = self._slugs.get(key[0], []) if key else []
        if len(slugs) == 1:
            key[0] = slugs[0]
        while key and not key[-1]:
            key.pop()
        return tuple(key)

    def _read(self, model: type[NaturalKey], keys: list[tuple[str, ...]]) -> None:
        paths: tuple[str, ...] = model.natural_fields
        condition = Q(**{f"{paths[0]}__in": {key[0] for key in keys}})
        for position, path in enumerate(paths[1:], 1):
            condition &= Q(**{f"{path}__in": {int(key[position]) for key in keys if len(key[position]) < 10}})
        for owner in model._default_manager.filter(condition).select_related(*model.label_relations):
            self._owners[tuple(map(str, owner.natural_key()))] = owner

    def find(self, row: Cells) -> dict[str, models.Model | None]:
        """The value of each owner relation of the row's record; ValidationError if there is no such owner."""
        key = self._key(row)
        if key and key[0] in self._slugs:
            raise ValidationError({"series": ambiguity_message(Series, "slug", key[0], self._slugs[key[0]])})
        owner = self._owners.get(
            tuple(str(int(part)) if i and part.isdecimal() else part for i, part in enumerate(key))
        )
        if key and owner is None:
            quoted = [f"“{part}”" if part else "(empty)" for part in key]
            parts = ", ".join(f"{name} {part}" for name, part in zip(self._names, quoted, strict=False))
            raise ValidationError({"series": f"There is no {parts}."})
        return {relation: owner if isinstance(owner, OWNER_MODELS[relation]) else None for relation in self._relations}


class RowLookup:
    """The records that rows are about, found by natural key. ``new_names`` are the names of rows without a record."""

    def __init__(self, schema: TableSchema, rows: Sequence[Cells]) -> None:
        self.schema = schema
        self.related = RelatedRecords(schema.columns.values(), rows)
        self._owners = OwnerLookup(schema.columns, rows)
        self._row_numbers: dict[tuple[object, ...], int] = {}
        self._records: dict[tuple[object, ...], NaturalKey] = {}
        keyed_rows = []
        for row in rows:
            try:
                keyed_rows.append((self._key(row), row))
            except (ValidationError, ValueError):
                continue  # ``find`` raises it again, for the row
        for batch in batches([key for key, _ in keyed_rows]):
            self._read(batch)
        new_rows = [(key, row) for key, row in keyed_rows if key not in self._records]
        self.new_names = {cell_text(row.get(name_field(schema.model))) for _, row in new_rows}
        missing_slugs = {str(key[0]) for key, _ in new_rows} if self._is_by_slug else set()
        self._current_slugs = current_slugs(schema.model, missing_slugs)

    @property
    def _is_by_slug(self) -> bool:
        return self.schema.natural_names == ["slug"]

    def natural_values(self, row: Cells) -> dict[str, Any]:
        """The values of the natural key's fields, to create a record with; ValidationError if a cell is wrong."""
        owners = self._owners.find(row)
        return {name: owners[name] if name in owners else self._parse(name, row) for name in self.schema.natural_names}

    def _parse(self, name: str, row: Cells) -> object:
        column = self.schema.columns[name]
        assert isinstance(column, FieldColumn)
        try:
            value = self.related.parse(column, row[name])
            if isinstance(column.field, models.IntegerField):
                column.field.run_validators(value)  # a query with a larger number than the database can hold fails
            return value
        except ValidationError as error:
            raise ValidationError({name: error.messages}) from error

    def _key(self, row: Cells) -> tuple[object, ...]:
        """The natural key as the database holds it, with primary keys for related records."""
        return tuple(getattr(value, "pk", value) for value in self.natural_values(row).values())

    def _read(self, keys: list[tuple[object, ...]]) -> None:
        model, condition = self.schema.model, Q()
        fields = (model._meta.get_field(name) for name in self.schema.natural_names)
        columns = [field.attname for field in fields if isinstance(field, models.Field)]
        for column, values in zip(columns, map(set, zip(*keys, strict=True)), strict=True):
            is_null = Q(**{f"{column}__isnull": True}) if None in values else Q()
            condition &= Q(**{f"{column}__in": values - {None}}) | is_null
        # The condition also matches records that mix values of different rows; comparing whole keys sorts them out.
        matches = model._default_manager.filter(condition).order_by().values_list("pk", *columns)
        key_set = set(keys)
        keys_by_pk = {pk: tuple(values) for pk, *values in matches if tuple(values) in key_set}
        records = self.schema.queryset().in_bulk(list(keys_by_pk))
        self._records |= {key: records[pk] for pk, key in keys_by_pk.items()}

    def find(self, row: Cells, number: int) -> NaturalKey | None:
        """The record that row ``number`` is about, None if it adds one.

        ValidationError if the natural key is wrong, the record got another slug or an earlier row is about it.
        """
        key = self._key(row)
        if self._is_by_slug and key[0] in self._current_slugs:
            raise ValidationError({"slug": f"“{key[0]}” is called “{self._current_slugs[str(key[0])]}” now."})
        if key in self._row_numbers and not (self._is_by_slug and key == ("",)):
            raise ValidationError(f"Row {self._row_numbers[key]} is about the same record.")
        self._row_numbers[key] = number
        return self._records.get(key)
