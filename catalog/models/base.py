"""Base classes of the models: natural keys for fixtures, atomic saving, publication."""

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone


def exactly_one(*fields, name):
    """A check that exactly one of the nullable ``fields`` is set: the record belongs to one owner."""
    condition = Q()
    for chosen in fields:
        condition |= Q(**{f"{field}__isnull": field != chosen for field in fields})
    listed = ", ".join(field.replace("_", " ") for field in fields)
    return models.CheckConstraint(
        condition=condition, name=name, violation_error_message=f"Choose exactly one of: {listed}."
    )


class NaturalKeyManager(models.Manager):
    """Finds a record by the fields its model names in ``natural_fields``.

    A field may look through a relation (``series__slug``); a missing one is given as ``None``.
    """

    def get_by_natural_key(self, *values):
        """The record with that key; DoesNotExist when there is none."""
        return self.get(self.model.natural_query(values))


def with_label_relations(queryset):
    """``queryset`` with the related records that ``str(record)`` reads, so that labels cost no further query."""
    relations = queryset.model.label_relations
    return queryset.select_related(*relations) if relations else queryset


class AtomicSaveModel(models.Model):
    """Saves a row, its entry in the change log and its redirects in one transaction.

    Django sends ``post_save``, on which the change log is written, outside its own transaction; ``save`` therefore
    opens one around both.
    """

    label_relations: tuple[str, ...] = ()  # what ``str(record)`` reads from other tables, as select_related takes it

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """Save all of it in one transaction."""
        with transaction.atomic(using=kwargs.get("using"), savepoint=False):
            super().save(*args, **kwargs)
            self.create_redirects()

    def create_redirects(self):
        """Lead from where the record's page was to where it is; nothing for records without a page."""


class NaturalKey(AtomicSaveModel):
    """A model that fixtures may name without a primary key: ``natural_fields`` tell a record from all others."""

    natural_fields = ("slug",)

    objects = NaturalKeyManager()

    class Meta:
        abstract = True

    @classmethod
    def natural_query(cls, values):
        """The condition that finds the record with these key values."""
        query = Q()
        for field, value in zip(cls.natural_fields, values, strict=True):
            query &= Q(**({f"{field}__isnull": True} if value is None else {field: value}))
        return query

    def natural_key(self):
        """The values of ``natural_fields``, ``None`` where a relation is empty."""
        values = []
        for path in self.natural_fields:
            value = self
            for part in path.split("__"):
                value = None if value is None else getattr(value, part)
            values.append(value)
        return tuple(values)


class PublishedQuerySet(models.QuerySet):
    """Readings that hold for whatever has a moment of publication."""

    def published(self):
        """What visitors may see: published, and the moment is past."""
        return self.filter(published_at__lte=timezone.now())

    def drafts(self):
        """What visitors may not see yet."""
        return self.filter(Q(published_at__isnull=True) | Q(published_at__gt=timezone.now()))


class Published(models.Model):
    """Visible to visitors once ``published_at`` is set and past."""

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
    def is_published(self):
        """Whether visitors may see it now."""
        return self.published_at is not None and self.published_at <= timezone.now()
