"""Identifiers of records in other catalogues."""

from django.contrib import admin

from catalog.admin.base import OWNER_RELATIONS, RecordAdmin
from catalog.admin.inlines import FoldedInline
from catalog.models import ExternalId
from catalog.models.external_id import OWNER_FIELDS


class ExternalIdInline(FoldedInline):
    """Identifiers in the form of a record."""

    model = ExternalId
    fields = ("scheme", "value")


@admin.register(ExternalId)
class ExternalIdAdmin(RecordAdmin):
    """All identifiers."""

    list_display = ("value", "scheme", "owner_link")
    list_filter = ("scheme",)
    list_select_related = (*OWNER_RELATIONS, "person", "company")
    search_fields = ("value", "series__title", "episode__title", "person__name", "company__name")
    fieldsets = ((None, {"fields": (("scheme", "value"),)}), ("Of exactly one of these", {"fields": OWNER_FIELDS}))
