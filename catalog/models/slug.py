"""Slugs made from names, and redirects from the slugs that a record had before."""

import re

from anyascii import anyascii
from django.db import models
from django.db.models import Q
from django.utils.text import slugify

from catalog.models.base import NaturalKey

MAX_SLUG_LENGTH = 120


def slug_from(text):
    """A slug of plain letters, digits and hyphens: transliterated, lower case, cut at a word.

    Empty when nothing of ``text`` can be written so.
    """
    slug = slugify(anyascii(text))
    if len(slug) > MAX_SLUG_LENGTH - 10:  # ten characters are kept for a year or a number behind it
        slug = slug[: MAX_SLUG_LENGTH - 10].rpartition("-")[0] or slug[: MAX_SLUG_LENGTH - 10]
    return slug


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
