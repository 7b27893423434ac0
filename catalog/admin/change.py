"""What the catalogue writes by itself: the change log, and where old addresses lead."""

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.urls import NoReverseMatch, path, reverse
from django.utils.html import format_html

from catalog.admin.base import ReadOnlyAdmin
from catalog.admin.history.deleted_records import deleted_records_view
from catalog.models import Change, FormerSlug


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    """What was added, changed and deleted, the latest first."""

    list_display = ("at", "action", "kind_name", "record", "changed_fields", "edited")
    list_select_related = ("edit",)
    allowed_lookups = ("edit__id__exact",)
    list_filter = ("at", "action", "kind")  # no hierarchy of dates: it reads the whole log
    search_fields = ("label", "kind")
    ordering = ("-pk",)
    fields = ("at", "action", "kind_name", "record", "changed_fields", "edited")

    def get_urls(self):
        """What was deleted besides."""
        view = self.admin_site.admin_view(self.deleted_view)
        return [path("deleted/", view, name="catalog_change_deleted"), *super().get_urls()]

    def deleted_view(self, request):
        """What can be recovered."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return deleted_records_view(request)

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

    @staticmethod
    def history_of(change):
        """The address of the history in which it is told: that of what the record belongs to, or belonged to."""
        kind, _, pk = (change.belongs_to or f"{change.kind}:{change.record_id}").partition(":")
        try:
            return reverse(f"admin:catalog_{kind}_history", args=[pk])
        except (NoReverseMatch, ImproperlyConfigured):
            return ""

    @admin.display(description="fields")
    def changed_fields(self, change):
        """The names of the fields that changed."""
        return ", ".join(map(str, change.fields)) or "–"

    @admin.display(description="edit")
    def edited(self, change):
        """Who and why, linked to all that was changed with it."""
        if change.edit is None:
            return "–"
        address = reverse("admin:catalog_edit_change", args=[change.edit_id])
        told = ": ".join(filter(None, (change.edit.by or change.edit.get_kind_display(), change.edit.reason)))
        return format_html('<a href="{}">{}</a>', address, told)


@admin.register(FormerSlug)
class FormerSlugAdmin(ReadOnlyAdmin):
    """Old addresses and where they lead now."""

    list_display = ("old_slug", "new_slug", "kind")
    list_filter = ("kind",)
    search_fields = ("old_slug", "new_slug")
    fields = ("kind", "old_slug", "new_slug")
