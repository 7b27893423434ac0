"""Recording artists, songs, and the episodes and series in which they are heard."""

from django.contrib import admin

from catalog.admin.base import OWNER_RELATIONS, RecordAdmin
from catalog.admin.filters import CountColumn
from catalog.admin.inlines import FoldedInline
from catalog.admin.tools.merge_records import MergeRecordsMixin
from catalog.models import Artist, Cue, Song


class CueInline(FoldedInline):
    """Songs heard, in the form of an episode or series."""

    model = Cue
    fields = ("position", "song", "performers", "medley", "note")
    folded = ("medley", "note")
    related = ("song__artist",)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("performers__series")


@admin.register(Artist)
class ArtistAdmin(MergeRecordsMixin, RecordAdmin):
    """All recording artists."""

    actions = ("merge_selected",)
    list_display = ("name", "note", CountColumn(Song, "artist", "songs"))
    search_fields = ("name", "note", "slug")
    fields = ("name", "note", "slug")

    def option_label(self, record):
        """The name, and what tells the artist from another one of that name."""
        return f"{record} ({record.note})" if record.note else str(record)


@admin.register(Song)
class SongAdmin(RecordAdmin):
    """All recordings."""

    list_display = ("__str__", "title", "artist", CountColumn(Cue, "song", "times heard"))
    list_select_related = ("artist",)
    search_fields = ("title", "artist__name", "note")
    fields = ("title", "artist", "note", "slug")

    def option_label(self, record):
        """Title, artist and the note that distinguishes recordings."""
        return f"{record} ({record.note})" if record.note else str(record)


@admin.register(Cue)
class CueAdmin(RecordAdmin):
    """All songs heard."""

    list_display = ("song", "owner_link", "position", "medley")
    list_select_related = ("song__artist", OWNER_RELATIONS[0], OWNER_RELATIONS[2])
    search_fields = ("song__title", "song__artist__name", "series__title", "episode__title", "performers__name")
    ordering = ("-pk",)
    fieldsets = (
        (None, {"fields": ("song", "performers", ("position", "medley"), "note")}),
        ("Heard in exactly one of these", {"fields": ("series", "episode")}),
    )

    def option_label(self, record):
        return f"{record}: {record.episode or record.series}"
