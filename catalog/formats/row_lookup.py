"""Finds what a file's rows name: all of them together, not a query a row."""

from django.core.exceptions import ValidationError
from django.db.models import Q

from catalog.formats.columns import PLACES, ForeignKeyColumn, OwnerColumn, owner_key
from catalog.formats.spreadsheet_files import text_of
from catalog.models import FormerSlug
from catalog.models.slug import Sluggable

AT_ONCE = 500  # values of a query
READ = {"series": (), "season": ("series",), "episode": ("season__series",)}  # with what a place is read
NUMBERED = {"season": ("number",), "episode": ("season__number", "number")}


def read_related(columns, rows):
    """Tell the columns of relations what records the cells of ``rows`` name."""
    for column in columns:
        if isinstance(column, ForeignKeyColumn) and rows and column.column_name in rows[0]:
            words = {word for row in rows for word in column.words(row)}
            for some in in_batches(words):
                records = column.model._default_manager.filter(**{f"{column.key}__in": some})
                column.found |= {str(getattr(record, column.key)): record for record in records}
            column.former = former(column.model, words - column.found.keys())


def former(model, slugs):
    """Where former slugs lead now."""
    if not issubclass(model, Sluggable):
        return {}
    kind = model._meta.model_name
    return {
        old: new
        for some in in_batches(slugs)
        for old, new in FormerSlug.objects.filter(kind=kind, old_slug__in=some).values_list("old_slug", "new_slug")
    }


def in_batches(values):
    """Values, so many at once as a query may have."""
    values = sorted(values)
    return [values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE)]


class OwnerLookup:
    """The series, seasons and episodes that rows stand in."""

    def __init__(self, columns, rows):
        self.names = [name for name, column in columns.items() if isinstance(column, OwnerColumn)]
        self.owners = next((column.owners for column in columns.values() if isinstance(column, OwnerColumn)), [])
        self.found = {}
        asked = {said for row in rows if (said := self.said(row))}
        for kind in self.owners:
            wanted = [said for said in asked if len(said) == list(reversed(PLACES)).index(kind) + 1]
            for some in in_batches(wanted):
                self._read(kind, [said for said in some if all(part.isdecimal() for part in said[1:])])

    def said(self, row):
        """What a row says of its place, without the columns that say nothing."""
        parts = tuple(text_of(row.get(name)) for name in self.names)
        while parts and not parts[-1]:
            parts = parts[:-1]
        return parts

    def _read(self, kind, wanted):
        prefix = {"series": "slug", "season": "series__slug", "episode": "season__series__slug"}[kind]
        narrow = Q(**{f"{prefix}__in": {said[0] for said in wanted}})
        for place, path in enumerate(NUMBERED.get(kind, ()), 1):
            narrow &= Q(**{f"{path}__in": {int(said[place]) for said in wanted if len(said[place]) < 10}})
        for record in PLACES[kind]._default_manager.filter(narrow).select_related(*READ[kind]):
            self.found[tuple(map(str, owner_key(record).values()))] = record

    def of(self, row):
        """{relation: record or None}; ValidationError when there is no such place."""
        said = self.said(row)
        plain = tuple(str(int(part)) if place and part.isdecimal() else part for place, part in enumerate(said))
        record = self.found.get(plain)
        if said and record is None:
            words = ", ".join(f"{name} {part or '(empty)'}" for name, part in zip(self.names, said, strict=False))
            raise ValidationError({"series": f"There is no {words}."})
        return {name: record if isinstance(record, PLACES[name]) else None for name in self.owners}


class RowLookup:
    """The records of a list that rows are about, by what tells them from all others. An instance loader."""

    def __init__(self, resource, dataset):
        self.resource, self.model = resource, resource._meta.model
        self.columns = resource.fields
        rows = dataset.dict if dataset.headers else []
        read_related(self.columns.values(), rows)
        self.places = OwnerLookup(self.columns, rows)
        self.names = list(dict.fromkeys(name.partition("__")[0] for name in self.model.natural_fields))
        self.seen, keys = {}, []
        for row in rows:
            try:
                keys.append(self.key(row))
            except (ValidationError, ValueError):
                continue
        self.records = {}
        for start in range(0, len(keys), AT_ONCE):
            self._read(keys[start : start + AT_ONCE])
        self.moved = former(self.model, {key[0] for key in keys if key not in self.records and self.names == ["slug"]})

    def values(self, row):
        """What tells the record from all others: {field: value or record}; ValidationError where a cell is wrong."""
        placed = self.places.of(row)
        return {name: placed[name] if name in placed else self._clean(name, row) for name in self.names}

    def _clean(self, name, row):
        try:
            return self.columns[name].clean(row)
        except ValidationError as error:
            raise ValidationError({name: error.messages}) from error

    def key(self, row):
        """The same as a tuple of what the database holds."""
        return tuple(getattr(value, "pk", value) for value in self.values(row).values())

    def _read(self, keys):
        narrow, wanted = Q(), set(keys)
        for name, values in zip(self.names, map(set, zip(*keys, strict=True)), strict=True):
            column = self.model._meta.get_field(name).attname
            without = Q(**{f"{column}__isnull": True}) if None in values else Q()
            narrow &= Q(**{f"{column}__in": values - {None}}) | without
        attributes = [self.model._meta.get_field(name).attname for name in self.names]
        # Each column by itself is like one of the file's; that all are like those of one row is seen by the keys alone.
        near = self.model._default_manager.filter(narrow).order_by().values_list("pk", *attributes)
        found = {pk: key for pk, *values in near if (key := tuple(values)) in wanted}
        records = self.resource.get_queryset().in_bulk(found)
        self.records |= {key: records[pk] for pk, key in found.items()}

    def get_instance(self, row):
        """The record that a row is about; None for one to be added; ValidationError for a second row about it."""
        key = self.key(row)
        slug = key[0] if self.names == ["slug"] else None
        if slug in self.moved:
            raise ValidationError({"slug": f"“{slug}” is called “{self.moved[slug]}” now."})
        if key in self.seen and slug != "":
            raise ValidationError(f"Row {self.seen[key]} is about the same.")
        self.seen[key] = self.resource.row_number
        return self.records.get(key)
