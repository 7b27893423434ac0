"""What the catalogue writes by itself: the change log, and where old addresses lead."""

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html

from catalog.admin.base import ReadOnlyAdmin
from catalog.models import Change, FormerSlug


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    """What was added, changed and deleted, the latest first."""

    list_display = ("at", "action", "kind_name", "record", "changed_fields")
    list_filter = ("action", "kind")
    search_fields = ("label", "kind")
    date_hierarchy = "at"
    ordering = ("-pk",)
    fields = ("at", "action", "kind_name", "record", "changed_fields")

    @admin.display(description="kind", ordering="kind")
    def kind_name(self, change):
        """The kind in words; as it stands when the catalogue has no such kind any more."""
        try:
            return apps.get_model("catalog", change.kind)._meta.verbose_name
        except LookupError:
            return change.kind

    @admin.display(description="record", ordering="label")
    def record(self, change):
        """What changed, linked to its form unless it is gone."""
        try:
            address = reverse(f"admin:catalog_{change.kind}_change", args=[change.record_id])
        except (NoReverseMatch, ImproperlyConfigured):
            address = ""
        if not address or change.action == Change.Action.DELETED:
            return change.label
        return format_html('<a href="{}">{}</a>', address, change.label)

    @admin.display(description="fields")
    def changed_fields(self, change):
        """The names of the fields that changed."""
        return ", ".join(map(str, change.fields)) or "–"


@admin.register(FormerSlug)
class FormerSlugAdmin(ReadOnlyAdmin):
    """Old addresses and where they lead now."""

    list_display = ("old_slug", "new_slug", "kind")
    list_filter = ("kind",)
    search_fields = ("old_slug", "new_slug")
    fields = ("kind", "old_slug", "new_slug")
