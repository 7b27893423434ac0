"""Credited people."""

from django.db import models

from catalog.models.base import NaturalKeyManager
from catalog.models.partial_date import PartialDateField, date_order_check, partial_date_check
from catalog.models.picture import Picture
from catalog.models.record import Record, RecordQuerySet
from catalog.models.sort_guess import GuessedSortText
from catalog.models.sort_key import SortKeyField, sort_name_key
from catalog.models.sort_name import sort_name_of


class PersonQuerySet(RecordQuerySet):
    """Querysets of people."""

    def for_page(self):
        """With portrait, aliases and external ids."""
        return self.select_related("picture").prefetch_related("aliases", "external_ids")


def person_sort_key(sort_name: str, name: str) -> str:
    """The sort key of a person; a row from elsewhere may have no sort name yet."""
    return sort_name_key(sort_name or sort_name_of(name))


class Person(GuessedSortText, Record):
    """A credited person. Unknown facts stay empty."""

    name = models.CharField(max_length=160, help_text="As they are best known.")
    sort_name = models.CharField(max_length=180, blank=True, help_text="Family name first. Guessed when left empty.")
    sort_key = SortKeyField("sort_name", "name", compute=person_sort_key)
    born = PartialDateField()
    died = PartialDateField()
    biography = models.TextField(blank=True)
    picture = models.ForeignKey(
        Picture, null=True, blank=True, on_delete=models.SET_NULL, related_name="people", verbose_name="portrait"
    )

    guess_from, guess_into = "name", "sort_name"
    objects = NaturalKeyManager.from_queryset(PersonQuerySet)()

    class Meta:
        ordering = ["sort_key", "slug"]
        verbose_name_plural = "people"
        indexes = [models.Index(fields=["sort_key"], name="person_sort_key")]
        constraints = [
            partial_date_check("born", "person_born_is_a_date"),
            partial_date_check("died", "person_died_is_a_date"),
            date_order_check(
                *("born", "died", "person_born_before_died"),
                "Nobody dies before being born: check the two dates.",
            ),
        ]

    def __str__(self):
        return self.name

    def guess_sort_text(self, text: str) -> str:
        """The sort name of somebody called ``text``."""
        return sort_name_of(text)
