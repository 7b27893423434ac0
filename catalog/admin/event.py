"""What happened to productions."""

from django.contrib import admin

from catalog.admin.base import RecordAdmin
from catalog.admin.filters import year_filter
from catalog.admin.inlines import FoldedInline
from catalog.admin.source import CitationInline
from catalog.models import Event


class EventInline(FoldedInline):
    """Events of the series of the form; the people and companies of one are in its own form."""

    model = Event
    fields = ("date", "kind", "headline", "slug", "position")
    may_exceed_form = True


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
        ("Who took part", {"fields": ("people", "companies")}),
    )
    inlines = (CitationInline,)

    def option_label(self, record):
        """The headline and the series."""
        return f"{record.headline} ({record.series})"
