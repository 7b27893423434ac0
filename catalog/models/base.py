"""What all records share: slugs and their redirects, publication, natural keys."""

import re
from functools import cache

from anyascii import anyascii
from django.db import models, transaction
from django.db.models import Q
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.text import slugify

from catalog.models import met

MAX_SLUG_LENGTH = 120


def exactly_one(*fields, name):
    """A check that exactly one of the nullable ``fields`` is set: the record belongs to one owner."""
    condition = Q()
    for chosen in fields:
        condition |= Q(**{f"{field}__isnull": field != chosen for field in fields})
    listed = ", ".join(field.replace("_", " ") for field in fields)
    return models.CheckConstraint(
        condition=condition, name=name, violation_error_message=f"Choose exactly one of: {listed}."
    )


def slug_from(text):
    """A slug of plain letters, digits and hyphens: transliterated, lower case, cut at a word.

    Empty when nothing of ``text`` can be written so.
    """
    slug = slugify(anyascii(text))
    if len(slug) > MAX_SLUG_LENGTH - 10:  # ten characters are kept for a year or a number behind it
        slug = slug[: MAX_SLUG_LENGTH - 10].rpartition("-")[0] or slug[: MAX_SLUG_LENGTH - 10]
    return slug


class NaturalKeyManager(models.Manager):
    """Finds a record by the fields its model names in ``natural_fields``.

    A field may look through a relation (``series__slug``); a missing one is given as ``None``.
    """

    def get_by_natural_key(self, *values):
        """The record with that key; DoesNotExist when there is none."""
        return met.found(self.model, values, self.db) or met.meet(self.get(self.model.natural_query(values)), values)


class AtomicSaveModel(models.Model):
    """A row, its entry in the change log and the redirects it leaves are saved together or not at all.

    Django sends ``post_save``, on which the log writes, after its own transaction: so this one goes round it.
    """

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
                value = None if value is None else met.attribute(value, part)
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


class FormerSlug(NaturalKey):
    """An address that a record had once, so that old links lead on.

    ``kind`` is the model's name; both slugs are as the addresses show them (``soundtrack``,
    ``soundtrack/s01e03``). Chains are kept one step long.
    """

    kind = models.CharField(max_length=30)
    old_slug = models.CharField(max_length=2 * MAX_SLUG_LENGTH)
    new_slug = models.CharField(max_length=2 * MAX_SLUG_LENGTH)

    natural_fields = ("kind", "old_slug")

    class Meta:
        ordering = ["kind", "old_slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "old_slug"],
                name="one_target_per_former_slug",
                violation_error_message="This former address leads somewhere already.",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.old_slug} → {self.new_slug}"

    @classmethod
    def add(cls, kind, old, new):
        """Lead ``old`` to ``new``, and all that led to ``old`` as well."""
        if not old or old == new:
            return
        cls.objects.filter(kind=kind, old_slug=new).delete()
        for earlier in cls.objects.filter(kind=kind, new_slug=old):  # each by itself: the change log is told
            earlier.new_slug = new
            earlier.save()
        cls.objects.update_or_create(kind=kind, old_slug=old, defaults={"new_slug": new})

    @classmethod
    def resolve(cls, kind, old):
        """The slug that ``old`` leads to today, or None."""
        return cls.objects.filter(kind=kind, old_slug=old).values_list("new_slug", flat=True).first()


@cache
def _url_template(name, numeric, prefix):
    """What writes the address ``name`` with its arguments in place; ``numeric`` says which of them are all digits."""
    stand_ins = [str(97 - place) if digits else f"-{place}-" for place, digits in enumerate(numeric)]
    written = reverse(name, args=stand_ins).replace("{", "{{").replace("}", "}}")
    for stand_in in stand_ins:
        written = written.replace(stand_in, "{}", 1)
    return written.format


def addresses(name, *like):
    """A function that gives the address ``name`` of arguments ``like`` these, for a page with many."""
    return _url_template(name, tuple([str(arg).isdecimal() for arg in like]), get_script_prefix())


def address(name, *args):
    """As ``reverse``, for slugs and numbers that fit the pattern, in a tenth of the time."""
    return addresses(name, *args)(*args)


class Sluggable(NaturalKey):
    """A model with a slug made from its name: unique, kept when the name changes, redirected when it does.

    ``slug_source`` names the field it is made from.
    """

    slug = models.SlugField(
        max_length=MAX_SLUG_LENGTH,
        unique=True,
        blank=True,
        help_text="Part of the address. Made from the name when left empty; keep it once it is public.",
    )

    slug_source = "name"

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db, field_names, values):
        """Remember the slug as it was read, to leave a redirect when it changes."""
        record = super().from_db(db, field_names, values)
        record._slug_read = record.__dict__.get("slug", "")
        return record

    def slug_candidates(self):
        """Slugs to try in order; the name with 2, 3, 4 … follow when all are taken."""
        yield slug_from(str(getattr(self, self.slug_source))) or self._meta.model_name

    def unique_slug(self):
        """The first candidate that no record of the kind has, now or formerly."""
        kind, base = self._meta.model_name, ""
        taken = type(self)._default_manager.exclude(pk=self.pk)
        for candidate in self.slug_candidates():
            base = base or candidate
            if not self._is_taken(candidate, taken, kind):
                return candidate
        number = 2
        while self._is_taken(f"{base}-{number}", taken, kind):
            number += 1
        return f"{base}-{number}"

    @classmethod
    def slug_contains(cls, word):
        """The condition that the slug holds ``word``, so that "jose" finds José; none for what is no word or a number.

        A number behind a slug tells namesakes apart and says nothing of them.
        """
        letters, plain = re.sub("[-'’]", "", word), slug_from(word)
        return Q(slug__contains=plain) if plain and letters.isalnum() and not letters.isdecimal() else Q()

    @staticmethod
    def _is_taken(slug, others, kind):
        return others.filter(slug=slug).exists() or FormerSlug.objects.filter(kind=kind, old_slug=slug).exists()

    def clean(self):
        """Fill in the slug, so that a duplicate is told in the form."""
        super().clean()
        self.slug = self.slug or self.unique_slug()

    def save(self, *args, **kwargs):
        """Make the slug when there is none."""
        made = not self.slug
        self.slug = self.slug or self.unique_slug()
        if made and kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {"slug", *kwargs["update_fields"]}
        super().save(*args, **kwargs)

    def create_redirects(self):
        """Lead on from the slug that was read, when it changed."""
        before = getattr(self, "_slug_read", "")
        if before and before != self.slug:
            FormerSlug.add(self._meta.model_name, before, self.slug)
        self._slug_read = self.slug


class RecordQuerySet(PublishedQuerySet):
    """Readings that every record with a page has."""

    def for_list(self):
        """All that a card in a list shows, and no more."""
        return self

    def for_page(self):
        """All that the record's page shows."""
        return self


RecordManager = NaturalKeyManager.from_queryset(RecordQuerySet)


class Record(Sluggable, Published):
    """A record with a page of its own: a slug, a moment of publication, a natural key."""

    class Meta:
        abstract = True

    def get_absolute_url(self):
        """The record's page."""
        return address(f"{self._meta.model_name}-detail", self.slug)
