"""Songs, and the episodes and series in which they are heard."""

from django.contrib import admin

from catalog.admin.base import OWNER_RELATIONS, RecordAdmin
from catalog.admin.filters import CountColumn
from catalog.admin.inlines import FoldedInline
from catalog.models import Cue, Song


class CueInline(FoldedInline):
    """Songs heard, in the form of an episode or series."""

    model = Cue
    fields = ("position", "song", "performers", "medley", "note")
    folded = ("medley", "note")
    related = ("song",)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("performers__series")


@admin.register(Song)
class SongAdmin(RecordAdmin):
    """All recordings."""

    list_display = ("__str__", "title", "artist", CountColumn(Cue, "song", "times heard"))
    search_fields = ("title", "artist", "note")
    fields = ("title", "artist", "note", "slug")

    def option_label(self, record):
        """Title, artist and the note that distinguishes recordings."""
        return f"{record} ({record.note})" if record.note else str(record)


@admin.register(Cue)
class CueAdmin(RecordAdmin):
    """All songs heard."""

    list_display = ("song", "owner_link", "position", "medley")
    list_select_related = ("song", OWNER_RELATIONS[0], OWNER_RELATIONS[2])
    search_fields = ("song__title", "song__artist", "series__title", "episode__title", "performers__name")
    ordering = ("-pk",)
    fieldsets = (
        (None, {"fields": ("song", "performers", ("position", "medley"), "note")}),
        ("Heard in exactly one of these", {"fields": ("series", "episode")}),
    )

    def option_label(self, record):
        return f"{record}: {record.episode or record.series}"
