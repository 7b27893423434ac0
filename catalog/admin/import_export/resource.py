"""A list as the library imports and exports it, held to the rules of the desk."""

from django.core.exceptions import ValidationError
from django.db import DatabaseError, models
from import_export.resources import ModelResource

from catalog.editing.permissions import is_draft, may_publish, owner_of
from catalog.editing.validation import unique_fields, validate_changed
from catalog.formats.columns import ManyToManyColumn, OwnerColumn, columns_of
from catalog.formats.row_lookup import READ, RowLookup
from catalog.formats.spreadsheet_files import FileError, text_of
from catalog.models.base import NaturalKey, Published

REFUSED = "The database refused this row: it would break a rule together with another record."


class RecordResource(ModelResource):
    """Takes a row as what an editor would write in a form.

    A cell that says what the record has already is left alone, and so is a column that the file does not have; an
    empty cell empties the field. Only what changed is written.
    """

    row_number = 0

    class Meta:
        skip_diff = True  # of whole copies of records; each cell is compared as it is read
        report_skipped = True
        instance_loader_class = RowLookup

    def __init__(self, desk=None, request=None):
        super().__init__()
        self.desk, self.request = desk, request

    @classmethod
    def key_columns(cls):
        """The columns without which nobody knows which record a row is about."""
        key = {name.partition("__")[0] for name in cls._meta.model.natural_fields}
        return [name for name, column in cls.fields.items() if name in key or isinstance(column, OwnerColumn)]

    @classmethod
    def judge_headers(cls, headers):
        """Unreadable when columns are unknown, named twice, or missing."""
        twice = {name for name in headers if headers.count(name) > 1}
        unknown = [name for name in headers if name not in cls.fields]
        missing = [name for name in cls.key_columns() if name not in headers]
        told = [("named twice", sorted(twice)), ("not known", unknown), ("missing", missing)]
        words = [f"{what}: {', '.join(f'“{name}”' for name in names)}" for what, names in told if names]
        if words:
            raise FileError(f"Columns {'; '.join(words)}. The list has {', '.join(cls.fields)}.")

    def get_import_id_fields(self):
        """The file was judged before."""
        return []

    def get_instance(self, instance_loader, row):
        """By what tells it from all others."""
        self.loader = instance_loader
        return instance_loader.get_instance(row)

    def get_queryset(self):
        """The records with what their cells say."""
        related = [field.name for field in self._meta.model._meta.fields if field.remote_field]
        paths = ["__".join([name, *READ.get(name, ())]) for name in related]
        several = [name for name, column in self.fields.items() if isinstance(column, ManyToManyColumn)]
        return self._meta.model._default_manager.select_related(*paths).prefetch_related(*several)

    def init_instance(self, row=None):
        """A new record in its place."""
        return self._meta.model(**self.loader.values(row))

    def import_row(self, row, instance_loader, **kwargs):
        """The result says what changes and what is wrong, in words."""
        self.row_number = kwargs["row_number"] + 1  # the first names the columns
        self.changes, self.several, self.new = [], {}, False
        result = super().import_row(row, instance_loader, **kwargs)
        result.number, result.changes = self.row_number, self.changes
        result.named = result.object_repr or " · ".join(
            filter(None, (text_of(row.get(name)) for name in self.key_columns()))
        )
        result.told = list(self._told(result))
        return result

    def _told(self, result):
        if result.validation_error:
            error = result.validation_error
            lists = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
            for name, messages in lists.items():
                yield from ((name if name in self.fields else "", message) for message in messages)
        for error in result.errors:
            yield "", REFUSED if isinstance(error.error, DatabaseError) else str(error.error)

    def after_init_instance(self, instance, new, row, **kwargs):
        """What is there already must be open to the user before anything is changed in it."""
        self.new, self.row = new, row
        self.was_open = new or not self.request or self.desk.has_change_permission(self.request, instance)

    def import_instance(self, instance, row, **kwargs):
        """Take over each cell that says something else than the record."""
        errors, key = {}, self.key_columns()
        for name, column in self.fields.items():
            if column.column_name not in row or name in key and not (self.new and name not in self.loader.names):
                if self.new and name in key and (text := text_of(row[name])):
                    self.changes.append((name, "", text))
                continue
            try:
                self._take(instance, name, column, row)
            except ValidationError as error:
                errors[name] = ValidationError(error.messages)
            except (ValueError, ArithmeticError) as error:
                errors[name] = ValidationError(str(error))
        if errors:
            raise ValidationError(errors)

    def _take(self, instance, name, column, row):
        if isinstance(column, OwnerColumn):
            return
        old = text_of(column.export(instance))
        if text_of(row[column.column_name]) == old and not (self.new and old):
            return
        if isinstance(column, ManyToManyColumn):
            self.several[name] = column.clean(row)
            new = ", ".join(column.words(row))
        else:
            before = getattr(instance, column.field.attname)
            column.save(instance, row)
            if getattr(instance, column.field.attname) == before and not self.new:
                return
            new = text_of(column.export(instance))
        if new != old or self.new and new:
            self.changes.append((name, "" if self.new else old, new))

    def skip_row(self, instance, original, row, import_validation_errors=None):
        """A row that changes nothing is not saved."""
        return not self.new and not self.changes and not import_validation_errors

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """The rules of the model that what changed can break, told in their own words, and who may do what."""
        changed = {name for name, _, _ in self.changes}
        errors = dict(import_validation_errors or {})
        try:
            validate_changed(instance, None if self.new else changed, set(errors))
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)
        if self.request:
            self._judge_rights(instance)

    def _judge_rights(self, instance):
        kind = instance._meta.verbose_name_plural
        if self.new and not self.desk.has_add_permission(self.request):
            raise ValidationError(f"You may not add {kind}.")
        if not self.was_open:
            raise ValidationError("It is published, or not yours to change.")
        if may_publish(self.request.user):
            return
        if any(name == "published_at" for name, _, _ in self.changes):
            raise ValidationError({"published_at": "Only those who may publish set this."})
        owner = None if isinstance(instance, Published) else owner_of(instance)
        if owner is not None and not is_draft(owner):
            raise ValidationError(f"{owner} is published: only those who may publish can add to it.")

    def save_instance(self, instance, is_create, row, **kwargs):
        """Only what changed is written, so that nothing else is put back as it was read.

        A dry run writes only what another row could stand in the way of, and is undone: saving a thousand records
        takes seconds, in which other editors would wait.
        """
        changed = {name for name, _, _ in self.changes} - self.several.keys()
        if is_create:
            instance.save(force_insert=True)
        elif changed and not (kwargs.get("dry_run") and changed.isdisjoint(unique_fields(type(instance)))):
            instance.save(update_fields=changed)

    def save_m2m(self, instance, row, **kwargs):
        """Relations to several records."""
        for name, records in self.several.items():
            getattr(instance, name).set(records)


def resource_of(model):
    """The resource of a list; None for what is known by no natural key, or holds files."""
    fields = model._meta.get_fields()
    if not issubclass(model, NaturalKey) or any(isinstance(field, models.FileField) for field in fields):
        return None
    meta = type("Meta", (RecordResource.Meta,), {"model": model, "fields": ()})
    made = type(f"{model.__name__}Resource", (RecordResource,), {"Meta": meta})
    made.fields = columns_of(model)
    return made
