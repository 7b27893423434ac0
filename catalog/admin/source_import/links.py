"""Who may import from sources, and the links that lead there."""

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, User
from django.urls import reverse

from catalog.admin.tools.base import RecordToolsMixin

# Of what every import writes. People, companies and other rows are added or left as the user may.
PERMISSIONS = [
    *("catalog.add_sourceimport", "catalog.change_series", "catalog.add_season", "catalog.add_episode"),
    *("catalog.add_credit", "catalog.add_source", "catalog.add_citation"),
]
LABEL = "Import from sources"


def may_import(user: User | AnonymousUser) -> bool:
    """True if the user may import from sources: drafts only, unless they may publish."""
    return user.has_perms(PERMISSIONS)


def import_url(**parameters: object) -> str:
    """The URL of the form that begins an import."""
    return reverse("admin:catalog_sourceimport_add", query=parameters)


class ImportFromSourcesMixin(RecordToolsMixin, admin.ModelAdmin):
    """Links to the import in the list and the forms of series."""

    def tool_links(self, request, record):
        """Add the import into this series."""
        links = super().tool_links(request, record)
        return [*links, (import_url(series=record.pk), LABEL)] if may_import(request.user) else links

    def changelist_view(self, request, extra_context=None):
        """The list with a link to the import of a new series."""
        links = [(import_url(), LABEL)] if may_import(request.user) else []
        return super().changelist_view(request, {"list_links": links} | (extra_context or {}))
