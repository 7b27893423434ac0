"""What the quick tools share: pages of their own beside a record's form, and links to them from the form."""

from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse

from catalog.admin.edits import edit_summary


class RecordToolsMixin:
    """Part of a desk: tools that have an address below the record's, ``<pk>/<word>/``.

    A tool adds itself to ``quick_views`` and to ``tool_links``.
    """

    def tool_views(self):
        """{word: view}: each view takes the request and the record's key."""
        return {}

    def tool_links(self, request, record):
        """[(address, words)]: the links of the form of a record that the user may change."""
        return []

    def get_urls(self):
        """The views under names like those of the desk's own pages: ``season_paste``."""
        found = [
            path(
                f"<path:object_id>/{word}/",
                self.admin_site.admin_view(view),
                name=f"{self.opts.app_label}_{self.opts.model_name}_{word}",
            )
            for word, view in self.tool_views().items()
        ]
        return found + super().get_urls()

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """With the links."""
        may = obj is not None and obj.pk and self.has_change_permission(request, obj)
        context["tool_links"] = self.tool_links(request, obj) if may else []
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def get_changeable(self, request, object_id):
        """The record with that key, when the user may change it: else 404, or 403."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        return record

    def page(self, request, template, title, original=None, **context):
        """A page in the desk's frame; ``original`` is the record that it is about."""
        frame = self.admin_site.each_context(request) | {"title": title, "opts": self.opts, "original": original}
        frame |= {"media": self.media, "edit_summary": edit_summary(request)}
        return TemplateResponse(request, f"admin/catalog/tools/{template}.html", frame | context)


def tool_url(record, word):
    """The address of a tool of a record."""
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{word}", args=[quote(record.pk)])
