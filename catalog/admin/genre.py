"""Vocabularies: genres, countries, languages. Roles and departments are in ``credit``."""

from django.contrib import admin

from catalog.admin.base import VOCABULARY_GROUP, RecordAdmin
from catalog.admin.filters import CountColumn
from catalog.models import Country, Genre, Language, Series


@admin.register(Genre)
class GenreAdmin(RecordAdmin):
    """Genres with the number of their series."""

    sidebar_group = VOCABULARY_GROUP
    list_display = ("name", CountColumn(Series, "genres", "series"), "slug")
    search_fields = ("name", "slug")
    fields = ("name", "slug")


@admin.register(Country)
class CountryAdmin(RecordAdmin):
    """Countries by their ISO code."""

    sidebar_group = VOCABULARY_GROUP
    list_display = ("name", "code", CountColumn(Series, "countries", "series"))
    search_fields = ("name", "code")
    fields = ("code", "name")


@admin.register(Language)
class LanguageAdmin(RecordAdmin):
    """Languages by their ISO code."""

    sidebar_group = VOCABULARY_GROUP
    list_display = ("name", "code", CountColumn(Series, "languages", "series"))
    search_fields = ("name", "code")
    fields = ("code", "name")
