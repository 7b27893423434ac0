"""Vocabularies that describe series: genres, countries, languages."""

from django.core.validators import RegexValidator
from django.db import models

from catalog.models.base import NaturalKey
from catalog.models.slug import Sluggable
from catalog.models.sort_key import SortKeyField


class Genre(Sluggable):
    """A genre of series: musical drama, sitcom."""

    name = models.CharField(max_length=80, unique=True)
    sort_key = SortKeyField("name")

    class Meta:
        ordering = ["sort_key", "name"]

    def __str__(self):
        return self.name


class Country(NaturalKey):
    """A country by its ISO 3166-1 alpha-2 code."""

    code = models.CharField(
        "ISO 3166-1 code", max_length=2, unique=True, validators=[RegexValidator(r"^[A-Z]{2}\Z", "Two capitals.")]
    )
    name = models.CharField(max_length=80, unique=True)
    sort_key = SortKeyField("name")

    natural_fields = ("code",)

    class Meta:
        ordering = ["sort_key", "name"]
        verbose_name_plural = "countries"

    def __str__(self):
        return self.name


# ISO 639-1 codes of the languages that are written in one other script than the Latin.
OTHER_SCRIPT_LANGUAGES = {
    *("am", "ar", "be", "bg", "bn", "bo", "dv", "dz", "el", "fa", "gu", "he", "hi", "hy", "ja", "ka", "km", "kn", "ko"),
    *("lo", "mk", "ml", "mr", "my", "ne", "or", "pa", "ps", "ru", "si", "ta", "te", "th", "ti", "uk", "ur", "yi", "zh"),
}


class Language(NaturalKey):
    """A language by its ISO 639-1 code, or its ISO 639-3 code if it has no two-letter one."""

    code = models.CharField(
        "ISO 639 code",
        max_length=3,
        unique=True,
        validators=[RegexValidator(r"^[a-z]{2,3}\Z", "Two or three small letters.")],
    )
    name = models.CharField(max_length=80, unique=True)
    sort_key = SortKeyField("name")

    natural_fields = ("code",)

    class Meta:
        ordering = ["sort_key", "name"]

    def __str__(self):
        return self.name
