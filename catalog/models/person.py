"""Credited people."""

from collections.abc import Collection

from django.db import models

from catalog.models.base import NaturalKeyManager
from catalog.models.partial_date import PartialDateField, date_order_check, partial_date_check
from catalog.models.picture import Picture
from catalog.models.record import Record, RecordQuerySet
from catalog.models.sort_name import sort_name_of


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

    _loaded_name: str | None = None  # of a person that was read or saved
    objects = NaturalKeyManager.from_queryset(PersonQuerySet)()

    class Meta:
        ordering = ["sort_name", "slug"]
        verbose_name_plural = "people"
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

    @classmethod
    def from_db(cls, db, field_names, values, **kwargs):
        """Remember the name as loaded, to see when it changes."""
        person = super().from_db(db, field_names, values, **kwargs)
        person._loaded_name = person.__dict__.get("name")
        return person

    def save(self, *args, **kwargs):
        """Guess a missing sort name, and one that was guessed from the former name; then save."""
        update_fields = kwargs.get("update_fields")
        former_name = self._former_name(update_fields)
        if not self.sort_name or (former_name is not None and self.sort_name == sort_name_of(former_name)):
            self.sort_name = sort_name_of(self.name)
            if update_fields is not None:
                kwargs["update_fields"] = {"sort_name", *update_fields}
        super().save(*args, **kwargs)
        self._loaded_name = self.__dict__.get("name")

    def _former_name(self, update_fields: Collection[str] | None) -> str | None:
        """The loaded name if a save of ``update_fields`` (None: all) changes it."""
        if self._loaded_name is None or (update_fields is not None and "name" not in update_fields):
            return None
        return None if self._loaded_name == self.name else self._loaded_name
