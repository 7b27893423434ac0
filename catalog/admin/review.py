"""Scores of review aggregators."""

from django.contrib import admin

from catalog.admin.base import OWNER_RELATIONS, RecordAdmin
from catalog.admin.inlines import FoldedInline
from catalog.models import Review

SCORE = ("score", "scale", "is_percentage")
AVERAGE = ("average", "average_scale", "count")


class ReviewInline(FoldedInline):
    """Scores in the form of a record."""

    model = Review
    fields = ("aggregator", "kind", *SCORE, "as_of", "label", *AVERAGE)
    folded = ("label", *AVERAGE)


@admin.register(Review)
class ReviewAdmin(RecordAdmin):
    """All scores."""

    list_display = ("aggregator", "kind", "owner_link", "score", "scale", "count", "as_of")
    list_filter = ("kind", "aggregator")
    list_select_related = OWNER_RELATIONS
    search_fields = ("aggregator", "label", "series__title", "season__series__title", "episode__title")
    fieldsets = (
        (None, {"fields": ("aggregator", "kind", "label", "as_of")}),
        ("Of exactly one of these", {"fields": ("series", "season", "episode")}),
        ("Score", {"fields": (SCORE, AVERAGE)}),
    )

    def option_label(self, record):
        return f"{record}: {record.episode or record.season or record.series}"
