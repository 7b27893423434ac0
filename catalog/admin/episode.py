"""Episodes, with their credits in the same form."""

from django.contrib import admin

from catalog.admin.alternative_title import TitleInline
from catalog.admin.base import MAIN_GROUP, PublishedAdmin, RecordAdmin
from catalog.admin.credit import CreditInline
from catalog.admin.external_id import ExternalIdInline
from catalog.admin.filters import AutocompleteFilterMixin, CountColumn, autocomplete_filter, year_filter
from catalog.admin.inlines import FoldedInline
from catalog.admin.review import ReviewInline
from catalog.admin.song import CueInline
from catalog.admin.source import CitationInline
from catalog.admin.tools.copy_crew import CopyCrewMixin
from catalog.admin.tools.save_and_next import CHANGELIST_FILTERS
from catalog.admin.tools.type_credits import TypeCreditsMixin
from catalog.editing.copy_credits import next_episode
from catalog.models import Credit, Episode, FeaturedCharacter, Season


class FeatureInline(FoldedInline):
    """Featured characters in the form of an episode."""

    model = FeaturedCharacter
    fields = ("character", "named_as", "position")
    related = ("character__series",)
    verbose_name_plural = "featured characters"


@admin.register(Episode)
class EpisodeAdmin(AutocompleteFilterMixin, CopyCrewMixin, TypeCreditsMixin, PublishedAdmin):
    """Episodes of all series."""

    sidebar_group, sidebar_position = MAIN_GROUP, 3
    list_display = (
        *("name", "series_title", "code", "air_date", "runtime"),
        *(CountColumn(Credit, "episode", "credits"), "is_published"),
    )
    list_filter = (
        autocomplete_filter(Season._meta.get_field("series"), "season__series__id__exact"),
        autocomplete_filter(Episode._meta.get_field("season"), "season__id__exact"),
        year_filter("air_date", "year of air date"),
    )
    list_select_related = ("season__series", "picture")
    search_fields = ("title", "season__series__title", "production_code", "titles__title", "air_date")
    ordering = ("season__series__sort_key", "season__series", "season__number", "number")
    allowed_lookups = ("season__series__id__exact",)
    fieldsets = (
        (None, {"fields": ("season", ("number", "last_number", "overall_number"), "title", "published_at")}),
        ("Facts", {"fields": ("air_date", "runtime", "production_code")}),
        ("For the page", {"fields": ("synopsis", "picture")}),
    )
    inlines = (
        CreditInline,
        FeatureInline,
        CueInline,
        TitleInline,
        ReviewInline,
        ExternalIdInline,
        CitationInline,
    )

    def next_record(self, request, record):
        """The next episode of the series, or the next one in the list if the user came from a filtered list."""
        return super().next_record(request, record) if request.GET.get(CHANGELIST_FILTERS) else next_episode(record)

    @admin.display(description="title", ordering="sort_key")
    def name(self, episode):
        """The title, or the number of an episode without a title."""
        return episode.name

    @admin.display(description="series", ordering="season__series__sort_key")
    def series_title(self, episode):
        return episode.series.title

    @admin.display(description="code", ordering="number")
    def code(self, episode):
        """Season and number as in URLs: s01e03."""
        return episode.code


@admin.register(FeaturedCharacter)
class FeaturedCharacterAdmin(RecordAdmin):
    """All featured characters."""

    list_display = ("character", "named_as", "episode", "position")
    list_select_related = ("character__series", "episode__season__series")
    search_fields = ("character__name", "character__full_name", "named_as", "episode__title")
    ordering = ("-pk",)
    fields = ("episode", "character", "named_as", "position")
