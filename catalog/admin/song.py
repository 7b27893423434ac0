"""Recording artists, songs, and the episodes and series in which they are heard."""

from django.contrib import admin

from catalog.admin.base import OWNER_RELATIONS, RecordAdmin
from catalog.admin.filters import CountColumn
from catalog.admin.inlines import FoldedInline
from catalog.admin.tools.merge_records import MergeRecordsMixin
from catalog.admin.widgets import NewRecordChoiceField, NewRecordSelect
from catalog.models import Artist, Cue, Song
from catalog.text import join_lines


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

    def new_record(self, request, term):
        """An unsaved artist of the typed name; None if there is one of that name, or the user may not add any."""
        name = join_lines(term).strip()[: Artist._meta.get_field("name").max_length]
        is_new = name and self.has_add_permission(request) and not Artist.objects.filter(name=name).exists()
        return Artist(name=name) if is_new else None

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

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """The form field; the autocomplete of artists offers to add one of the typed name."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name != "artist" or not request.user.has_perm("catalog.add_artist"):
            return field
        widget = NewRecordSelect(db_field, self.admin_site)
        return NewRecordChoiceField(field.queryset, required=False, label=field.label, widget=widget)

    def save_model(self, request, obj, form, change):
        """Save a new artist with the song, in one edit."""
        if obj.artist and obj.artist.pk is None:
            obj.artist.save()
        super().save_model(request, obj, form, change)

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
