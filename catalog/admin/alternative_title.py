"""Alternative titles of series and episodes."""

from django.contrib import admin

from catalog.admin.base import OWNER_RELATIONS, RecordAdmin
from catalog.admin.inlines import FoldedInline
from catalog.models import AlternativeTitle


class TitleInline(FoldedInline):
    """Alternative titles in the form of a series or episode."""

    model = AlternativeTitle
    fields = ("title", "kind", "language", "note")
    related = ("language",)


@admin.register(AlternativeTitle)
class AlternativeTitleAdmin(RecordAdmin):
    """All alternative titles."""

    list_display = ("title", "kind", "language", "owner_link")
    list_filter = ("kind", ("language", admin.RelatedOnlyFieldListFilter))
    list_select_related = (OWNER_RELATIONS[0], OWNER_RELATIONS[2], "language")
    search_fields = ("title", "series__title", "episode__title")
    fieldsets = (
        (None, {"fields": ("title", "kind", "language", "note")}),
        ("Of exactly one of these", {"fields": ("series", "episode")}),
    )
