"""Credited people."""

from django.db import models

from catalog.models.base import NaturalKeyManager
from catalog.models.partial_date import PartialDateField, partial_date_check
from catalog.models.picture import Picture
from catalog.models.record import Record, RecordQuerySet
from catalog.text import NAME_SUFFIXES


def sort_name_of(name: str) -> str:
    """The name for an index, family name first: ``West, Ti``; ``Downey Jr., Robert``.

    A guess: the last word, with a suffix, is the family name.
    """
    words = name.split()
    if len(words) < 2:
        return name
    family_words = 2 if words[-1].lower() in NAME_SUFFIXES and len(words) > 2 else 1
    return f"{' '.join(words[-family_words:])}, {' '.join(words[:-family_words])}"


class PersonQuerySet(RecordQuerySet):
    """Querysets of people."""

    def for_page(self):
        """With portrait, aliases and external ids."""
        return self.select_related("picture").prefetch_related("aliases", "external_ids")


class Person(Record):
    """A credited person. Unknown facts stay empty."""

    name = models.CharField(max_length=160, help_text="As they are best known.")
    sort_name = models.CharField(
        max_length=180, blank=True, db_index=True, help_text="Family name first. Guessed when left empty."
    )
    born = PartialDateField()
    died = PartialDateField()
    biography = models.TextField(blank=True)
    picture = models.ForeignKey(
        Picture, null=True, blank=True, on_delete=models.SET_NULL, related_name="people", verbose_name="portrait"
    )

    objects = NaturalKeyManager.from_queryset(PersonQuerySet)()

    class Meta:
        ordering = ["sort_name", "slug"]
        verbose_name_plural = "people"
        constraints = [
            partial_date_check("born", "person_born_is_a_date"),
            partial_date_check("died", "person_died_is_a_date"),
            models.CheckConstraint(
                # Compared at the lower precision of the two: 1950 may be after 1950-03.
                condition=models.Q(born__isnull=True)
                | models.Q(died__isnull=True)
                | models.Q(died__gte=models.functions.Substr("born", 1, models.functions.Length("died"))),
                name="person_born_before_died",
                violation_error_message="Nobody dies before being born: check the two dates.",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        """Guess a missing sort name, then save."""
        if not self.sort_name:
            self.sort_name = sort_name_of(self.name)
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {"sort_name", *kwargs["update_fields"]}
        super().save(*args, **kwargs)
