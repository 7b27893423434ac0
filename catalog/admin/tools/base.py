"""Shared by all tools: pages below a record's form, and links to them from the form."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse

from catalog.admin.edits import edit_summary

ToolView = Callable[[HttpRequest, str], HttpResponse]


class RecordToolsMixin(admin.ModelAdmin):
    """Adds tools at ``<pk>/<name>/`` to a ModelAdmin. A tool extends ``tool_views`` and ``tool_links``."""

    def tool_views(self) -> dict[str, ToolView]:
        """Views by tool name; a view takes the request and the record's quoted primary key."""
        return {}

    def tool_links(self, request: HttpRequest, record: Model) -> list[tuple[str, str]]:
        """(URL, label) of the links on the form of a record that the user may change."""
        return []

    def get_urls(self):
        """Add the tools, with URL names such as ``catalog_season_paste``."""
        tool_urls = [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(view),
                name=f"{self.opts.app_label}_{self.opts.model_name}_{name}",
            )
            for name, view in self.tool_views().items()
        ]
        return tool_urls + super().get_urls()

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Add the links of the tools to the form."""
        may_change = obj is not None and obj.pk and self.has_change_permission(request, obj)
        context["tool_links"] = self.tool_links(request, obj) if may_change else []
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_changeable(self, request: HttpRequest, object_id: str) -> Any:
        """The record that a tool works on. Raises Http404 or PermissionDenied."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        return record

    def render_tool(
        self, request: HttpRequest, template: str, title: str, record: Model | None = None, **context: Any
    ) -> TemplateResponse:
        """Render a template of ``admin/catalog/tools/``. The page is below the form of ``record``."""
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "original": record,
            "media": self.media,
            "edit_summary": edit_summary(request),
            **context,
        }
        return TemplateResponse(request, f"admin/catalog/tools/{template}.html", context)


def tool_url(record: Model, name: str) -> str:
    """The URL of a tool for a record."""
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{name}", args=[quote(record.pk)])
