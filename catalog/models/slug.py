"""Slugs made from names, and redirects from the slugs that a record had before."""

import re
from collections.abc import Iterator
from typing import ClassVar

from anyascii import anyascii
from django.db import models
from django.db.models import Q
from django.utils.text import slugify

from catalog.models.base import NaturalKey

MAX_SLUG_LENGTH = 120
SUFFIX_LENGTH = 10  # left free at the end of a slug for a year or a number


def slug_from(text: str) -> str:
    """A slug of ``text``: transliterated to letters, digits and hyphens, in lower case, cut at a hyphen if too long.

    Empty when no character of ``text`` can be transliterated.
    """
    slug, limit = slugify(anyascii(text)), MAX_SLUG_LENGTH - SUFFIX_LENGTH
    if len(slug) > limit:
        slug = slug[:limit].rpartition("-")[0] or slug[:limit]
    return slug


class FormerSlug(NaturalKey):
    """A redirect from a slug that a record had before to the one it has now.

    ``kind`` is the model's name; both slugs are as in URLs (``soundtrack``, ``soundtrack/s01e03``).
    A redirect never points to another redirect.
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
    def add(cls, kind: str, old_slug: str, new_slug: str, is_public: bool = True) -> None:
        """Redirect ``old_slug``, and every slug that redirected to it, to ``new_slug``.

        Redirects of other records stay as they are if the record is a draft (``is_public`` is False): those who may
        not publish would otherwise end them.
        """
        if not old_slug or old_slug == new_slug:
            return
        if is_public:
            cls.objects.filter(kind=kind, old_slug=new_slug).delete()
        for redirect in cls.objects.filter(kind=kind, new_slug=old_slug):  # saved one by one, for the change log
            redirect.new_slug = new_slug
            redirect.save()
        if is_public or not cls.objects.filter(kind=kind, old_slug=old_slug).exists():
            cls.objects.update_or_create(kind=kind, old_slug=old_slug, defaults={"new_slug": new_slug})

    @classmethod
    def resolve(cls, kind: str, old_slug: str) -> str | None:
        """The slug to which ``old_slug`` redirects, or None."""
        return cls.objects.filter(kind=kind, old_slug=old_slug).values_list("new_slug", flat=True).first()


class Sluggable(NaturalKey):
    """A model with a unique slug, made from the field ``slug_source`` when left empty.

    The slug stays when the name changes. When the slug itself changes, the old one redirects to it.
    """

    slug = models.SlugField(
        max_length=MAX_SLUG_LENGTH,
        unique=True,
        blank=True,
        help_text="Part of the address. Made from the name when left empty; keep it once it is public.",
    )

    slug_source: ClassVar[str] = "name"

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db, field_names, values, **kwargs):
        """Remember the slug as loaded, to see when it changes."""
        record = super().from_db(db, field_names, values, **kwargs)
        record._loaded_slug = record.__dict__.get("slug", "")
        return record

    def slug_candidates(self) -> Iterator[str]:
        """Slugs to try in order. When all are in use, the first one gets a number: 2, 3, 4 …"""
        yield slug_from(str(getattr(self, self.slug_source))) or str(self._meta.model_name)

    def unique_slug(self) -> str:
        """The first candidate that no other record of the model has or had."""
        candidates = list(self.slug_candidates())
        for candidate in candidates:
            if not self._is_in_use(candidate):
                return candidate
        number = 2
        while self._is_in_use(f"{candidates[0]}-{number}"):
            number += 1
        return f"{candidates[0]}-{number}"

    @classmethod
    def slug_contains(cls, word: str) -> Q:
        """The condition that the slug contains ``word``: "jose" matches José.

        Empty for numbers and for text that is not a word: the number in a slug only distinguishes namesakes.
        """
        letters, slug = re.sub("[-'’]", "", word), slug_from(word)
        return Q(slug__contains=slug) if slug and letters.isalnum() and not letters.isdecimal() else Q()

    def _is_in_use(self, slug: str) -> bool:
        other_records = type(self)._default_manager.exclude(pk=self.pk)
        redirects = FormerSlug.objects.filter(kind=self._meta.model_name, old_slug=slug)
        return other_records.filter(slug=slug).exists() or redirects.exists()

    def clean(self):
        """Set a missing slug, so that the form reports a duplicate."""
        super().clean()
        self.slug = self.slug or self.unique_slug()

    def save(self, *args, **kwargs):
        """Set a missing slug, then save."""
        if not self.slug:
            self.slug = self.unique_slug()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {"slug", *kwargs["update_fields"]}
        super().save(*args, **kwargs)

    def create_redirects(self):
        """Redirect from the loaded slug when it has changed."""
        loaded_slug = getattr(self, "_loaded_slug", "")
        if loaded_slug and loaded_slug != self.slug:
            FormerSlug.add(str(self._meta.model_name), loaded_slug, self.slug, getattr(self, "is_published", True))
        self._loaded_slug = self.slug
