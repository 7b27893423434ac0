"""Roles of credits, and the departments to which they belong."""

from django.core.exceptions import ValidationError
from django.db import models

from catalog.models.bounds import SMALL
from catalog.models.slug import Sluggable
from catalog.models.sort_key import SortKeyField

# Every role is a parameter of lists, so its slug must not be another one of these.
RESERVED_SLUGS = frozenset(
    {
        *("artist", "as", "character", "company", "country", "crew", "decade", "department", "find", "genre"),
        *("initial", "language", "network", "page", "person", "q", "role", "runtime", "season", "series", "song"),
        *("sort", "status", "with", "year"),
    }
)


def check_words(value) -> None:
    """Raise ValidationError unless ``value`` is a list of non-empty text without NUL, which PostgreSQL rejects in JSON.

    Migration 0001 imports this function from ``catalog.models.credit``.
    """
    if not isinstance(value, list) or not all(isinstance(word, str) and word and "\x00" not in word for word in value):
        raise ValidationError('Write a list of words: ["Directed by", "Director"].')


class Department(Sluggable):
    """A department of a production; ``position`` is the industry's order."""

    name = models.CharField(max_length=60, unique=True)
    sort_key = SortKeyField("name")
    position = models.PositiveSmallIntegerField(default=0, validators=SMALL)

    class Meta:
        ordering = ["position", "sort_key", "name"]

    def __str__(self):
        return self.name


class Role(Sluggable):
    """A role: director, writer, guest star. ``synonyms`` are other names that sources use."""

    name = models.CharField(max_length=60, unique=True)
    sort_key = SortKeyField("name")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="roles")
    position = models.PositiveSmallIntegerField(default=0, validators=SMALL)
    synonyms = models.JSONField(
        default=list, blank=True, validators=[check_words], help_text='Other words for it, as a list: ["Directed by"].'
    )

    def clean(self):
        """Refuse a slug that is another parameter of a list, or has the underscores of a parameter's suffix."""
        super().clean()
        if self._is_reserved(self.slug):
            raise ValidationError(
                {"slug": f'"{self.slug}" is a parameter of lists. Choose another slug for this role.'}
            )

    @staticmethod
    def _is_reserved(slug: str) -> bool:
        return slug in RESERVED_SLUGS or "__" in slug

    def _is_in_use(self, slug: str) -> bool:
        """A role named Season gets another slug."""
        return self._is_reserved(slug) or super()._is_in_use(slug)

    class Meta:
        ordering = ["department__position", "position", "sort_key", "name"]

    def __str__(self):
        return self.name
