"""The change log and the redirects from former addresses, both written by the catalogue itself."""

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.urls import NoReverseMatch, path, reverse
from django.utils.html import format_html

from catalog.admin.base import LOG_GROUP, ReadOnlyAdmin
from catalog.admin.history.deleted_records import deleted_records_view
from catalog.history.diff import changed_field_labels
from catalog.models import Change, FormerSlug


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    """The change log, the latest first, and the list of deleted records. The menu has only the edits that group it."""

    list_display = ("at", "action", "kind_name", "record", "changed_fields", "edited")
    list_select_related = ("edit",)
    allowed_lookups = ("edit__id__exact",)
    list_filter = ("at", "action", "kind")  # a date hierarchy would read the whole log
    search_fields = ("label", "kind")
    ordering = ("-pk",)
    fields = ("at", "action", "kind_name", "record", "changed_fields", "edited")

    def has_module_permission(self, request):
        return False

    def get_urls(self):
        """Add the list of deleted records."""
        view = self.admin_site.admin_view(self.deleted_view)
        return [path("deleted/", view, name="catalog_change_deleted"), *super().get_urls()]

    def deleted_view(self, request):
        """List the records that can be restored."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return deleted_records_view(request)

    @admin.display(description="kind", ordering="kind")
    def kind_name(self, change):
        """The record type in words; the logged kind if the catalogue no longer has such a model."""
        try:
            return apps.get_model("catalog", change.kind)._meta.verbose_name
        except LookupError:
            return change.kind

    @admin.display(description="record", ordering="label")
    def record(self, change):
        """The label, linked to the record's form unless it was deleted."""
        try:
            form_url = reverse(f"admin:catalog_{change.kind}_change", args=[change.record_id])
        except (NoReverseMatch, ImproperlyConfigured):
            form_url = ""
        if not form_url or change.action == Change.Action.DELETED:
            return change.label
        return format_html('<a href="{}">{}</a>', form_url, change.label)

    @admin.display(description="fields")
    def changed_fields(self, change):
        """The labels of the fields that changed."""
        return ", ".join(changed_field_labels(change)) or "–"

    @admin.display(description="edit")
    def edited(self, change):
        """User and summary of the edit, linked to its page."""
        if change.edit is None:
            return "–"
        edit_url = reverse("admin:catalog_edit_change", args=[change.edit_id])
        parts = filter(None, (change.edit.by or change.edit.get_kind_display(), change.edit.reason))
        return format_html('<a href="{}">{}</a>', edit_url, ": ".join(parts))


@admin.register(FormerSlug)
class FormerSlugAdmin(ReadOnlyAdmin):
    """Former addresses and their redirect targets."""

    sidebar_group = LOG_GROUP
    list_display = ("old_slug", "new_slug", "kind")
    list_filter = ("kind",)
    search_fields = ("old_slug", "new_slug")
    fields = ("kind", "old_slug", "new_slug")
