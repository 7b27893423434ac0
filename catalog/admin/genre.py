"""The desk's vocabularies: genres, countries, languages. Roles and departments are with the credits."""

from django.contrib import admin

from catalog.admin.base import VOCABULARY, RecordAdmin
from catalog.admin.filters import Total
from catalog.models import Country, Genre, Language, Series


@admin.register(Genre)
class GenreAdmin(RecordAdmin):
    """Genres, with how many series each has."""

    desk_group = VOCABULARY
    list_display = ("name", Total(Series, "genres", "series"), "slug")
    search_fields = ("name", "slug")
    fields = ("name", "slug")


@admin.register(Country)
class CountryAdmin(RecordAdmin):
    """Countries by their ISO code."""

    desk_group = VOCABULARY
    list_display = ("name", "code", Total(Series, "countries", "series"))
    search_fields = ("name", "code")
    fields = ("code", "name")


@admin.register(Language)
class LanguageAdmin(RecordAdmin):
    """Languages by their ISO code."""

    desk_group = VOCABULARY
    list_display = ("name", "code", Total(Series, "languages", "series"))
    search_fields = ("name", "code")
    fields = ("code", "name")
