"""Identifiers of records in other catalogues."""

from django.contrib import admin

from catalog.admin.base import OWNER_RELATIONS, RecordAdmin
from catalog.admin.inlines import AutocompleteFieldsMixin, FoldedInline
from catalog.models import ExternalId
from catalog.models.external_id import MAX_ADDRESS_LENGTH, OWNER_FIELDS


class AddressAsValueMixin(AutocompleteFieldsMixin):
    """Forms whose field ``value`` has room for an address; the model takes the identifier out of it."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "value":
            kwargs["max_length"] = MAX_ADDRESS_LENGTH
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class ExternalIdInline(AddressAsValueMixin, FoldedInline):  # type: ignore[misc]
    """Identifiers in the form of a record."""

    model = ExternalId
    fields = ("scheme", "value")


@admin.register(ExternalId)
class ExternalIdAdmin(AddressAsValueMixin, RecordAdmin):
    """All identifiers."""

    list_display = ("value", "scheme", "owner_link")
    list_filter = ("scheme",)
    list_select_related = (*OWNER_RELATIONS, "person", "company")
    search_fields = ("value", "series__title", "episode__title", "person__name", "company__name")
    fieldsets = ((None, {"fields": (("scheme", "value"),)}), ("Of exactly one of these", {"fields": OWNER_FIELDS}))
