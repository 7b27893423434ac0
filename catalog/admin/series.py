"""Series, seasons, the companies of a series, and its availability."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html_join

from catalog.admin.alternative_title import TitleInline
from catalog.admin.base import MAIN_GROUP, PublishedAdmin, RecordAdmin
from catalog.admin.credit import CharacterInline, WholeCreditInline
from catalog.admin.event import EventInline
from catalog.admin.external_id import ExternalIdInline
from catalog.admin.filters import CountColumn, year_filter
from catalog.admin.inlines import RecordInline
from catalog.admin.review import ReviewInline
from catalog.admin.song import CueInline
from catalog.admin.source import CitationInline
from catalog.admin.source_import.links import ImportFromSourcesMixin
from catalog.admin.tools.paste_episodes import PasteEpisodesMixin
from catalog.admin.tools.type_credits import TypeCreditsMixin
from catalog.models import Availability, Character, Credit, Episode, Event, Season, Series, SeriesCompany


def changelist_links(record, lists):
    """Links to lists of what belongs to ``record``. Each of ``lists`` is (model, lookup, label)."""
    if record.pk is None:
        return "–"
    rows = (
        (reverse(f"admin:catalog_{model._meta.model_name}_changelist"), lookup, record.pk, label)
        for model, lookup, label in lists
    )
    return format_html_join(" · ", '<a href="{}?{}__id__exact={}">{}</a>', rows)


class SeasonInline(RecordInline):
    """Seasons in the form of a series."""

    model = Season
    fields = ("number", "title", "announced_episodes", "published_at")


class SeriesCompanyInline(RecordInline):
    """Companies in the form of a series."""

    model = SeriesCompany
    fields = ("part", "company", "position", "pilot_only", "note")
    folded = ("pilot_only", "note")
    related = ("company",)


class AvailabilityInline(RecordInline):
    """Platforms in the form of a series."""

    model = Availability
    fields = ("platform", "since", "until", "note")
    related = ("platform",)


class SeriesCreditInline(WholeCreditInline):
    """Credits in the form of a series."""

    verbose_name_plural = "credits of the series"
    classes = ("collapse",)


@admin.register(Series)
class SeriesAdmin(ImportFromSourcesMixin, PasteEpisodesMixin, TypeCreditsMixin, PublishedAdmin):
    """All series."""

    sidebar_group, sidebar_position = MAIN_GROUP, 1
    actions = ("publish", "publish_with_parts", "unpublish")
    list_display = (
        *("title", "status", "premiered", "ended"),
        *(CountColumn(Season, "series", "seasons"), CountColumn(Episode, "season__series", "episodes"), "is_published"),
    )
    list_filter = (
        "status",
        year_filter("premiered", "year of premiere"),
        *((name, admin.RelatedOnlyFieldListFilter) for name in ("genres", "countries", "languages")),
    )
    list_select_related = ("picture",)
    search_fields = ("title", "sort_title", "titles__title", "slug")
    readonly_fields = ("related_lists",)
    fieldsets = (
        (None, {"fields": ("title", "sort_title", "slug", "published_at", "related_lists")}),
        ("Facts", {"fields": ("status", ("premiered", "ended"), "genres", "countries", "languages")}),
        ("Episodes", {"fields": ("announced_episodes", ("runtime_min", "runtime_max"))}),
        ("Format", {"fields": ("camera_setup", "picture_format", "audio_format", "content_rating")}),
        ("For the page", {"fields": ("premise", "picture")}),
    )
    inlines = (
        *(SeasonInline, SeriesCompanyInline, AvailabilityInline),
        *(SeriesCreditInline, CharacterInline, EventInline, ReviewInline, TitleInline),
        *(CueInline, ExternalIdInline, CitationInline),
    )

    def save_related(self, request, form, formsets, change):
        """Save the rows; a guessed sort title follows the languages."""
        former_codes = form.instance.language_codes()
        super().save_related(request, form, formsets, change)
        form.instance.follow_languages(former_codes)

    @admin.display(description="lists")
    def related_lists(self, series):
        return changelist_links(
            series,
            [
                (Episode, "season__series", "Episodes"),
                (Character, "series", "Characters"),
                (Credit, "series", "Credits of the series"),
                (Event, "series", "Events"),
            ],
        )


@admin.register(Season)
class SeasonAdmin(PasteEpisodesMixin, TypeCreditsMixin, PublishedAdmin):
    """All seasons."""

    sidebar_group, sidebar_position = MAIN_GROUP, 2
    actions = ("publish", "publish_with_parts", "unpublish")
    list_display = ("name", "series", "title", CountColumn(Episode, "season", "episodes"), "is_published")
    list_select_related = ("series",)
    search_fields = ("series__title", "title")
    ordering = ("series__sort_key", "series", "number")
    readonly_fields = ("related_lists",)
    fieldsets = (
        (None, {"fields": ("series", "number", "title", "published_at", "related_lists")}),
        ("About it", {"fields": ("announced_episodes", "synopsis")}),
    )
    inlines = (WholeCreditInline, ReviewInline, ExternalIdInline, CitationInline)

    @admin.display(description="season", ordering="number")
    def name(self, season):
        """ "Season 1", or "Specials" for number 0."""
        return season.name

    @admin.display(description="lists")
    def related_lists(self, season):
        return changelist_links(season, [(Episode, "season", "Episodes"), (Credit, "season", "Credits of the season")])


@admin.register(SeriesCompany)
class SeriesCompanyAdmin(RecordAdmin):
    """All companies of series."""

    list_display = ("company", "part", "series", "pilot_only")
    list_filter = ("part", "pilot_only")
    list_select_related = ("company", "series")
    search_fields = ("company__name", "series__title")
    ordering = ("-pk",)
    fields = ("series", "company", "part", "position", "pilot_only", "note")


@admin.register(Availability)
class AvailabilityAdmin(RecordAdmin):
    """The availability of all series."""

    list_display = ("platform", "series", "since", "until")
    list_filter = (year_filter("since", "year"),)
    list_select_related = ("platform", "series")
    search_fields = ("platform__name", "series__title")
    fields = ("series", "platform", ("since", "until"), "note")
