"""Columns of a spreadsheet: each converts one field of a record to a cell and a cell to a value.

A column has the name of its field. A relation is written as the slug or code of its record. Records that belong to a
season or an episode have the columns ``series``, ``season`` and ``episode`` instead, which together name their owner.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, TypeAlias, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from catalog.models import Episode, Season, Series
from catalog.models.base import NaturalKey
from catalog.spreadsheet_files import cell_text

# The natural key of a season or episode is that of its owner and its own number.
OWNER_MODELS: dict[str, type[NaturalKey]] = {"series": Series, "season": Season, "episode": Episode}
ModelField: TypeAlias = "models.Field[Any, Any] | models.ManyToManyField[Any, Any]"
TRUE_WORDS, FALSE_WORDS = {"true", "yes", "1", "x"}, {"false", "no", "0"}


class Column:
    """A column of a spreadsheet. Its header is ``name``, or ``label`` in a file that an editor made."""

    def __init__(self, name: str, label: str = "") -> None:
        self.name, self.label = name, label or name

    def value(self, record: models.Model) -> object:
        """The value that the column shows of a record."""
        raise NotImplementedError

    def cell(self, record: models.Model) -> str | int:
        """The value as it is written into a cell: a number, a boolean or text; empty for None."""
        value = self.value(record)
        if value is None or isinstance(value, bool | int):
            return "" if value is None else value
        if isinstance(value, list):
            return "\n".join(map(str, value))
        if isinstance(value, dt.datetime):
            return value.astimezone(dt.UTC).isoformat(sep=" ")
        return str(value)


class FieldColumn(Column):
    """The column of a field that holds a value."""

    def __init__(self, field: ModelField) -> None:
        super().__init__(field.name, str(field.verbose_name))
        self.field = field

    def value(self, record: models.Model) -> object:
        return getattr(record, self.field.attname)

    def parse(self, cell: object) -> object:
        """The field's value for a cell, the field's default for an empty one; ValidationError if it is not valid."""
        text = cell_text(cell)
        if not text:
            return self.field.get_default()
        if isinstance(self.field, models.JSONField):
            return [line.strip() for line in text.splitlines() if line.strip()]
        if isinstance(self.field, models.BooleanField):
            if text.lower() not in TRUE_WORDS | FALSE_WORDS:
                raise ValidationError(f"“{text}” is neither TRUE nor FALSE.")
            return text.lower() in TRUE_WORDS
        for choice, label in self.field.choices or ():
            if text.lower() in (str(choice).lower(), str(label).lower()):
                return choice
        value = self.field.to_python(text)
        naive = isinstance(value, dt.datetime) and timezone.is_naive(value)
        return timezone.make_aware(value) if naive else value


class ForeignKeyColumn(FieldColumn):
    """The column of a relation to one record, written as the first field of its natural key: a slug or a code.

    A cell is resolved by ``row_lookup.RelatedRecords``, for all rows of a file together.
    """

    def __init__(self, field: ModelField) -> None:
        super().__init__(field)
        self.model = cast(type[NaturalKey], field.related_model)
        self.key: str = self.model.natural_fields[0]

    def value(self, record: models.Model) -> object:
        if getattr(record, self.field.attname) is None:
            return None  # a new record: reading a required relation of it is an error
        return str(getattr(getattr(record, self.field.name), self.key))

    def keys(self, cell: object) -> list[str]:
        """The slugs or codes in a cell."""
        text = cell_text(cell)
        return [text] if text else []


class ManyToManyColumn(ForeignKeyColumn):
    """The column of a relation to several records, written as their slugs or codes, separated by commas."""

    def value(self, record: models.Model) -> object:
        related_records = getattr(record, self.field.name).all() if record.pk else ()
        return ", ".join(sorted(str(getattr(related, self.key)) for related in related_records))

    def keys(self, cell: object) -> list[str]:
        return sorted({key.strip() for key in cell_text(cell).split(",") if key.strip()})


class OwnerColumn(Column):
    """One of the columns that together name the series, season or episode that a record belongs to.

    ``relations`` are the model's relations to them, the innermost first.
    """

    def __init__(self, name: str, relations: Sequence[str]) -> None:
        super().__init__(name)
        self.relations = relations

    def value(self, record: models.Model) -> object:
        for relation in self.relations:
            if getattr(record, f"{relation}_id") is not None:
                owner: NaturalKey = getattr(record, relation)
                return dict(zip(OWNER_MODELS, owner.natural_key(), strict=False)).get(self.name)
        return None
