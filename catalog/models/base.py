"""Base classes of the models: atomic saving, natural keys for fixtures, publication."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, TypeVar

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from catalog.models.compiled_query import query_time
from catalog.models.sort_key import sort_key_field
from catalog.text import join_lines, remove_invisible

RecordT = TypeVar("RecordT", bound="NaturalKey")


def exactly_one(*fields: str, name: str) -> models.CheckConstraint:
    """A check that exactly one of the nullable ``fields`` is set: the record has one owner."""
    condition = Q()
    for owner in fields:
        condition |= Q(**{f"{field}__isnull": field != owner for field in fields})
    names = ", ".join(field.replace("_", " ") for field in fields)
    return models.CheckConstraint(
        condition=condition, name=name, violation_error_message=f"Choose exactly one of: {names}."
    )


def is_owner_key(field: models.Field) -> bool:
    """True for the foreign key to the record with which this one would be deleted."""
    return getattr(field.remote_field, "on_delete", None) is models.CASCADE


def with_label_relations(queryset: models.QuerySet) -> models.QuerySet:
    """``queryset`` with the related records that ``str(record)`` reads, so that labels need no further query."""
    relations = queryset.model.label_relations
    return queryset.select_related(*relations) if relations else queryset


@cache
def text_columns(model: type[models.Model]) -> tuple[tuple[str, bool], ...]:
    """(column, whether its text is one line) of the columns of ``model`` that hold text or a list of texts."""
    kinds = models.CharField, models.TextField, models.JSONField
    return tuple(
        (field.attname, isinstance(field, models.CharField))
        for field in model._meta.concrete_fields
        if isinstance(field, kinds)
    )


class AtomicSaveModel(models.Model):
    """Saves a row, its change log entry and its redirects in one transaction; removes invisible characters from text.

    Django sends ``post_save``, on which the change log is written, outside its own transaction; ``save`` therefore
    opens one around both.
    """

    label_relations: ClassVar[tuple[str, ...]] = ()  # what ``str(record)`` reads of other tables, for select_related

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row, log the change and create redirects, all or nothing."""
        self.remove_invisible_characters()
        self._set_sort_key(kwargs)
        with transaction.atomic(using=kwargs.get("using"), savepoint=False):
            super().save(*args, **kwargs)
            self.create_redirects()

    def _set_sort_key(self, kwargs: dict[str, Any]) -> None:
        """Save the sort key with the columns of which it is made, also if only those were loaded or are saved."""
        field, update_fields = sort_key_field(type(self)), kwargs.get("update_fields")
        saved = self.__dict__ if update_fields is None else update_fields
        if field and not set(field.sources).isdisjoint(saved):
            setattr(self, field.attname, getattr(self, field.attname))
            if update_fields is not None:
                kwargs["update_fields"] = {field.name, *update_fields}

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Validate the fields without the invisible characters in their text."""
        self.remove_invisible_characters()
        super().clean_fields(exclude=exclude)

    def remove_invisible_characters(self) -> None:
        """Remove invisible characters, and line ends unless a text may have them, from the loaded text fields."""
        for column, is_one_line in text_columns(type(self)):
            value = self.__dict__.get(column)
            if isinstance(value, list):
                self.__dict__[column] = [remove_invisible(item) if isinstance(item, str) else item for item in value]
            elif isinstance(value, str) and not (value.isascii() and value.isprintable()):
                self.__dict__[column] = join_lines(value) if is_one_line else remove_invisible(value)

    def create_redirects(self) -> None:
        """Redirect from the former URL of the record's page. Does nothing for models without a page."""


# The records of a block of ``cached_natural_keys``, by (model, natural key) and by (model, primary key).
_cached_records: ContextVar[dict[tuple, Any] | None] = ContextVar("cached_records", default=None)


@contextmanager
def cached_natural_keys() -> Iterator[None]:
    """Query each record once that natural keys reference, while fixtures are loaded.

    Within the block no record may be deleted or get another natural key.
    """
    token = _cached_records.set({})
    try:
        yield
    finally:
        _cached_records.reset(token)


def natural_value(record: models.Model, name: str) -> Any:
    """The value of a field that natural keys use; a related record is taken from ``cached_natural_keys``."""
    field = record._meta.get_field(name)
    if isinstance(field, models.ForeignKey):
        _use_cached_relation(record, field)
    return getattr(record, name)


def _use_cached_relation(record: models.Model, field: models.ForeignKey) -> None:
    """Take the record to which a foreign key refers from ``cached_natural_keys``, if it is there."""
    records = _cached_records.get()
    related = records and records.get((field.related_model, getattr(record, field.attname)))
    if related and not field.is_cached(record):
        field.set_cached_value(record, related)


def use_cached_relations(record: models.Model) -> None:
    """Take all records to which ``record`` refers from ``cached_natural_keys``, as far as they are there."""
    for field in record._meta.concrete_fields if _cached_records.get() else ():
        if isinstance(field, models.ForeignKey):
            _use_cached_relation(record, field)


def cache_natural_key(record: models.Model) -> None:
    """Add a record that was just saved to ``cached_natural_keys``."""
    records = _cached_records.get()
    if records is not None and isinstance(record, NaturalKey):
        records[type(record), record.natural_key()] = records[type(record), record.pk] = record


class NaturalKeyManager(models.Manager[RecordT]):
    """Looks up records by the ``natural_fields`` of their model."""

    def get_by_natural_key(self, *values):
        """The record with these values of ``natural_fields``; raises DoesNotExist when there is none."""
        records = _cached_records.get()
        if records is not None and (self.model, values) in records:
            return records[self.model, values]
        record = self.get(self.model.natural_query(values))
        if records is not None:
            records[self.model, values] = records[self.model, record.pk] = record
        return record


class NaturalKey(AtomicSaveModel):
    """A model whose records fixtures reference by ``natural_fields`` instead of a primary key.

    A field may be a path through relations (``series__slug``).
    """

    natural_fields: ClassVar[tuple[str, ...]] = ("slug",)

    objects = NaturalKeyManager()

    class Meta:
        abstract = True

    @classmethod
    def natural_query(cls, values) -> Q:
        """The condition that selects the record with these values of ``natural_fields``; None stands for NULL.

        In dumps of earlier versions the last fields may be missing: they are NULL.
        """
        query = Q()
        missing = [None] * (len(cls.natural_fields) - len(values))
        for field, value in zip(cls.natural_fields, [*values, *missing], strict=True):
            query &= Q(**({f"{field}__isnull": True} if value is None else {field: value}))
        return query

    def natural_key(self) -> tuple:
        """The values of ``natural_fields``, None where a relation is empty."""
        values = []
        for path in self.natural_fields:
            value: Any = self
            for name in path.split("__"):
                value = None if value is None else natural_value(value, name)
            values.append(value)
        return tuple(values)


def publication_now() -> datetime:
    """The time of a publication now, in whole seconds: forms cannot hold microseconds and would change it."""
    return timezone.now().replace(microsecond=0)


class PublishedQuerySet(models.QuerySet):
    """Selects by publication."""

    def published(self):
        """Records that visitors may see: their date of publication is past."""
        return self.filter(published_at__lte=query_time())

    def drafts(self):
        """Records without a date of publication."""
        return self.filter(published_at=None)

    def scheduled(self):
        """Records with a date of publication in the future."""
        return self.filter(published_at__gt=query_time())

    def unpublished(self):
        """Drafts and scheduled records: those that visitors may not see yet."""
        return self.filter(Q(published_at__isnull=True) | Q(published_at__gt=query_time()))


class Published(models.Model):
    """A record that visitors see from ``published_at`` on."""

    published_at = models.DateTimeField(
        "published at",
        null=True,
        blank=True,
        db_index=True,
        help_text="Visitors see the record from this moment on. Empty: a draft.",
    )

    class Meta:
        abstract = True

    @property
    def is_published(self) -> bool:
        """True if the date of publication is past."""
        published_at: datetime | None = self.published_at
        return published_at is not None and published_at <= timezone.now()
