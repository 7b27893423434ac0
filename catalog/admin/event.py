"""Events in the history of a series."""

from django.contrib import admin

from catalog.admin.base import RecordAdmin
from catalog.admin.filters import year_filter
from catalog.admin.inlines import FoldedInline
from catalog.admin.source import CitationInline
from catalog.models import Event


class EventInline(FoldedInline):
    """Events in the form of a series; their people and companies are edited in their own form."""

    model = Event
    fields = ("date", "kind", "headline", "slug", "position")


@admin.register(Event)
class EventAdmin(RecordAdmin):
    """All events."""

    list_display = ("headline", "date", "kind", "series")
    list_filter = ("kind", year_filter("date", "year"))
    list_select_related = ("series",)
    search_fields = ("headline", "note", "series__title", "people__name", "companies__name")
    ordering = ("-date", "series", "position", "slug")
    fieldsets = (
        (None, {"fields": ("series", "kind", "headline", "slug", ("date", "position"), "note")}),
        ("Participants", {"fields": ("people", "companies")}),
    )
    inlines = (CitationInline,)

    def option_label(self, record):
        return f"{record.headline} ({record.series})"
