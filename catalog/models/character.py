"""Characters, and alternative names of people and characters."""

from django.db import models

from catalog.models.base import NaturalKey, NaturalKeyManager, exactly_one
from catalog.models.person import Person
from catalog.models.series import Series
from catalog.models.slug import Sluggable


class CharacterQuerySet(models.QuerySet):
    """Querysets of characters."""

    def for_page(self):
        """With aliases, for the page of a series."""
        return self.prefetch_related("aliases")


class Character(Sluggable):
    """A character in a series; several people may play it."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="characters")
    name = models.CharField(max_length=120, help_text="The name used most: Nellie.")
    full_name = models.CharField(max_length=160, blank=True)
    description = models.CharField(max_length=250, blank=True)

    objects = NaturalKeyManager.from_queryset(CharacterQuerySet)()

    class Meta:
        ordering = ["name", "slug"]

    def __str__(self):
        return self.full_name or self.name


class Alias(NaturalKey):
    """Another name of a person or character."""

    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="aliases")
    character = models.ForeignKey(Character, null=True, blank=True, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=160)
    note = models.CharField(max_length=120, blank=True, help_text="Such as: given name, stage name.")

    natural_fields = ("person__slug", "character__slug", "name")

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "aliases"
        constraints = [
            exactly_one("person", "character", name="alias_of_a_person_or_a_character"),
            models.UniqueConstraint(
                fields=["person", "name"],
                name="one_alias_of_a_person",
                violation_error_message="The person has this alias already.",
            ),
            models.UniqueConstraint(
                fields=["character", "name"],
                name="one_alias_of_a_character",
                violation_error_message="The character has this alias already.",
            ),
        ]

    def __str__(self):
        return self.name
