"""People: everyone who is credited, by the name they are known by."""

from django.db import models

from catalog.models.base import NaturalKeyManager
from catalog.models.partial_date import PartialDateField, partial_date_check
from catalog.models.picture import Picture
from catalog.models.record import Record, RecordQuerySet
from catalog.text import NAME_SUFFIXES


def sort_name_of(name):
    """The name as an index lists it, family name first: ``West, Ti``; ``Downey Jr., Robert``.

    A guess by English custom: the last word is the family name. An editor may write it otherwise.
    """
    words = name.split()
    if len(words) < 2:
        return name
    tail = 2 if words[-1].lower() in NAME_SUFFIXES and len(words) > 2 else 1
    return f"{' '.join(words[-tail:])}, {' '.join(words[:-tail])}"


class PersonQuerySet(RecordQuerySet):
    """Readings of people."""

    def for_page(self):
        """A page: the portrait and all names."""
        return self.select_related("picture").prefetch_related("aliases")


class Person(Record):
    """Somebody with a credit. What is not known about them stays empty."""

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
                # Only the shorter of the two is compared: 1950 and 1950-03 may be one year.
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
        """Guess the sort name when there is none."""
        if not self.sort_name:
            self.sort_name = sort_name_of(self.name)
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {"sort_name", *kwargs["update_fields"]}
        super().save(*args, **kwargs)
