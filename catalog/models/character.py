"""Characters, and alternative names of people, characters and companies."""

from django.db import models

from catalog.links import url_for
from catalog.models.base import NaturalKey, NaturalKeyManager, exactly_one
from catalog.models.company import Company
from catalog.models.compiled_query import query_time
from catalog.models.partial_date import PartialDateField, date_order_check, partial_date_check
from catalog.models.person import Person
from catalog.models.series import Series
from catalog.models.slug import Sluggable
from catalog.models.sort_key import SortKeyField


class CharacterQuerySet(models.QuerySet):
    """Querysets of characters."""

    def published(self):
        """Characters that visitors may see: of a published series."""
        return self.filter(series__published_at__lte=query_time())

    def for_page(self):
        """With series and aliases."""
        return self.select_related("series").prefetch_related("aliases", "series__languages", "series__titles")


class Character(Sluggable):
    """A character in a series; several people may play it."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="characters")
    name = models.CharField(max_length=120, help_text="The name used most: Nellie.")
    full_name = models.CharField(max_length=160, blank=True)
    sort_key = SortKeyField("name")
    description = models.CharField(max_length=250, blank=True)

    objects = NaturalKeyManager.from_queryset(CharacterQuerySet)()

    class Meta:
        ordering = ["sort_key", "slug"]
        indexes = [models.Index(fields=["sort_key"], name="character_sort_key")]

    def __str__(self):
        return self.full_name or self.name

    def get_absolute_url(self) -> str:
        """The URL of the character's page."""
        return url_for("character-detail", self.slug)


class Alias(NaturalKey):
    """Another name of a person, a character or a company, such as the former name of a studio."""

    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="aliases")
    character = models.ForeignKey(Character, null=True, blank=True, on_delete=models.CASCADE, related_name="aliases")
    company = models.ForeignKey(Company, null=True, blank=True, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=160)
    since = PartialDateField("from", help_text="When the name was taken, as far as known: 2018, 2018-03 or 2018-03-15.")
    until = PartialDateField(help_text="When it was given up. Empty: still used, or not known.")
    sort_key = SortKeyField("name")
    note = models.CharField(max_length=120, blank=True, help_text="Such as: given name, stage name.")

    natural_fields = ("person__slug", "character__slug", "name", "company__slug")

    class Meta:
        ordering = ["sort_key", "name"]
        verbose_name_plural = "aliases"
        constraints = [
            exactly_one("person", "character", "company", name="alias_of_exactly_one"),
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
            models.UniqueConstraint(
                fields=["company", "name"],
                name="one_alias_of_a_company",
                violation_error_message="The company has this name already.",
            ),
            partial_date_check("since", "alias_since_is_a_date"),
            partial_date_check("until", "alias_until_is_a_date"),
            date_order_check(
                *("since", "until", "alias_since_before_until"),
                "A name cannot be given up before it is taken: check the two dates.",
            ),
        ]

    def __str__(self):
        return self.name
