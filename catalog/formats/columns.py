"""The columns of a list: each says how a field of a record is written into a cell and read from it.

A column is called as the field is. A relation is written as what tells its record from all others: a slug, a code, or
for what stands in a series the three columns ``series``, ``season`` and ``episode``.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from import_export.fields import Field

from catalog.formats.spreadsheet_files import Formula, text_of
from catalog.models import Episode, Season, Series

PLACES = {"episode": Episode, "season": Season, "series": Series}  # the most exact first
YES, NO = {"true", "yes", "1", "x"}, {"false", "no", "0"}


class FieldColumn(Field):
    """A field that holds a value. An empty cell empties it, or gives it its default."""

    def __init__(self, field):
        super().__init__(attribute=field.name, column_name=field.name)
        self.field = field

    def get_value(self, instance):
        """What the record has."""
        return getattr(instance, self.field.attname)

    def export(self, instance, **kwargs):
        """What a cell says of it."""
        value = self.get_value(instance)
        if value is None or isinstance(value, bool | int):
            return "" if value is None else value
        if isinstance(value, list):
            return "\n".join(map(str, value))
        if isinstance(value, dt.datetime):
            return value.astimezone(dt.UTC).isoformat(sep=" ")
        return str(value)

    def clean(self, row, **kwargs):
        """The value that a cell means; ValidationError when it means none."""
        cell = row[self.column_name]
        if isinstance(cell, Formula) or text_of(cell).startswith("#N/A"):
            raise ValidationError("A formula stands here: put its value in its place.")
        text = text_of(cell)
        if not text:
            return self.field.get_default()
        return self.meant(text)

    def meant(self, text):
        """The value that a text means."""
        if isinstance(self.field, models.JSONField):
            return [line.strip() for line in text.splitlines() if line.strip()]
        if isinstance(self.field, models.BooleanField):
            if text.lower() not in YES | NO:
                raise ValidationError(f"“{text}” is neither TRUE nor FALSE.")
            return text.lower() in YES
        for value, label in self.field.choices or ():
            if text.lower() in (str(value).lower(), str(label).lower()):
                return value
        value = self.field.to_python(text)
        naive = isinstance(value, dt.datetime) and timezone.is_naive(value)
        return timezone.make_aware(value) if naive else value

    def save(self, instance, row, is_m2m=False, **kwargs):
        """Give the record what the cell means."""
        setattr(instance, self.field.name, self.clean(row))


class ForeignKeyColumn(FieldColumn):
    """A relation to one record, written as its slug or code. ``found`` is what the file's cells name."""

    def __init__(self, field):
        super().__init__(field)
        self.model = field.related_model
        self.key = self.model.natural_fields[0]
        self.found, self.former = {}, {}

    def get_value(self, instance):
        """The slug of the record's other."""
        other = getattr(instance, self.field.name)
        return None if other is None else str(getattr(other, self.key))

    def words(self, row):
        """What the cell names."""
        text = text_of(row[self.column_name])
        return [text] if text else []

    def known(self, text):
        """The record that ``text`` names; ValidationError when there is none."""
        if text not in self.found:
            moved = f" It is called “{self.former[text]}” now." if text in self.former else ""
            raise ValidationError(f"There is no {self.model._meta.verbose_name} “{text}”.{moved}")
        return self.found[text]

    def clean(self, row, **kwargs):
        """The record that the cell names, or None."""
        return next((self.known(text) for text in self.words(row)), None)


class ManyToManyColumn(ForeignKeyColumn):
    """A relation to several records, their slugs divided by commas."""

    def get_value(self, instance):
        """The slugs, in order."""
        others = getattr(instance, self.field.name).all() if instance.pk else ()
        return ", ".join(sorted(str(getattr(other, self.key)) for other in others))

    def words(self, row):
        """What the cell names."""
        return sorted({word.strip() for word in text_of(row[self.column_name]).split(",") if word.strip()})

    def clean(self, row, **kwargs):
        """The records that the cell names."""
        return [self.known(text) for text in self.words(row)]


class OwnerColumn(FieldColumn):
    """One of the columns that together say in which series, season or episode a record stands.

    ``owners`` are the relations of the model, the most exact first; ``found`` are the records that the file names.
    """

    def __init__(self, model, name, owners):
        super().__init__(model._meta.get_field(owners[0]))
        self.column_name, self.owners, self.found = name, owners, {}

    def get_value(self, instance):
        """What this column says of the place."""
        for name in self.owners:
            owner = getattr(instance, name) if getattr(instance, f"{name}_id") is not None else None
            if owner is not None:
                return owner_key(owner).get(self.column_name)
        return None


def owner_key(owner):
    """What the columns say of a series, a season or an episode."""
    if isinstance(owner, Series):
        return {"series": owner.slug}
    if isinstance(owner, Season):
        return {"series": owner.series.slug, "season": owner.number}
    return owner_key(owner.season) | {"episode": owner.number}


def columns_of(model):
    """The columns of ``model`` by name, those by which a record is known first."""
    owners = [name for name in PLACES if any(field.name == name for field in model._meta.fields)]
    placed = owners if owners != ["series"] else []
    found = {}
    if placed:
        exact = list(PLACES).index(placed[0])
        for name in reversed(list(PLACES)[exact:]):
            found[name] = OwnerColumn(model, name, placed)
    for field in (*model._meta.fields, *model._meta.many_to_many):
        if field.name in placed or field.primary_key or field.generated:
            continue
        if field.many_to_many:
            if field.remote_field.through._meta.auto_created:
                found[field.name] = ManyToManyColumn(field)
        else:
            found[field.name] = ForeignKeyColumn(field) if field.remote_field else FieldColumn(field)
    key = {name.partition("__")[0] for name in model.natural_fields}
    return dict(sorted(found.items(), key=lambda pair: pair[0] not in key and not isinstance(pair[1], OwnerColumn)))
