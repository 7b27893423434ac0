"""Companies, with links to their series."""

from django.contrib import admin
from django.utils.html import format_html, format_html_join

from catalog.admin.base import MAIN_GROUP, PublishedAdmin, admin_link
from catalog.admin.credit import AliasInline
from catalog.admin.external_id import ExternalIdInline
from catalog.admin.filters import CountColumn
from catalog.admin.source import CitationInline
from catalog.admin.tools.merge_records import MergeRecordsMixin
from catalog.models import Company, SeriesCompany

LISTED_SERIES = 100


class CompanyNameInline(AliasInline):
    """Former and other names in the form of a company."""

    verbose_name, verbose_name_plural = "former or other name", "former and other names"


@admin.register(Company)
class CompanyAdmin(MergeRecordsMixin, PublishedAdmin):
    """Networks, platforms, studios and distributors."""

    sidebar_group, sidebar_position = MAIN_GROUP, 6
    actions = (*PublishedAdmin.actions, "merge_selected")
    list_display = ("name", "country", CountColumn(SeriesCompany, "company", "series"), "is_published")
    list_filter = ("series_parts__part", ("country", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("country", "picture")
    search_fields = ("name", "aliases__name", "slug")
    readonly_fields = ("series_links",)
    fieldsets = (
        (None, {"fields": ("name", "slug", "published_at")}),
        ("About it", {"fields": ("country", "description", "picture")}),
        ("Series", {"fields": ("series_links",)}),
    )
    inlines = (CompanyNameInline, ExternalIdInline, CitationInline)

    @admin.display(description="role in series")
    def series_links(self, company):
        """Links to the series that the company made, broadcasts or distributes."""
        parts = company.series_parts.select_related("series")[:LISTED_SERIES] if company.pk else []
        availability = company.availability.select_related("series")[:LISTED_SERIES] if company.pk else []
        rows = [(part.get_part_display(), admin_link(part.series)) for part in parts]
        rows += [("Available", admin_link(entry.series)) for entry in availability]
        lines = format_html_join("", "<li>{}: {}</li>", rows)
        return format_html("<ul>{}</ul>", lines) if rows else "None yet."
