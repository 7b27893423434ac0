"""Inlines with too many rows for a form: a link to their own list instead."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst

from catalog.admin.request_state import request_state

MAX_INLINE_ROWS = 200  # 200 credits are 2,600 fields


def owner_field(inline: Any, model: Any) -> Any:
    """The foreign key from the inline's model to ``model``."""
    return next(field for field in inline.model._meta.fields if field.related_model is model)


class LongInlinesMixin(admin.ModelAdmin):
    """A ModelAdmin whose form leaves out inlines with more than MAX_INLINE_ROWS rows."""

    def get_inlines(self, request, obj):
        """The inlines of the form. A submitted form has those with which it was opened, whatever was added since."""
        if obj is None:
            return self.inlines
        if request.method == "POST":
            return [inline for inline in self.inlines if f"{self._prefix(inline)}-TOTAL_FORMS" in request.POST]
        return [inline for inline in self.inlines if inline not in self._long_inlines(request, obj)]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """The form, with a message for each inline that was left out."""
        inlines = self.get_inlines(request, obj)
        for inline in self.inlines:
            if inline not in inlines:
                url = reverse(f"admin:catalog_{inline.model._meta.model_name}_changelist")
                text = '{} are too many for this form: <a href="{}?{}__id__exact={}">edit them in their own list</a>.'
                label = capfirst(inline.model._meta.verbose_name_plural)
                messages.info(request, format_html(text, label, url, owner_field(inline, self.model).name, obj.pk))
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _prefix(self, inline):
        return owner_field(inline, self.model).remote_field.get_accessor_name()

    def _long_inlines(self, request, obj):
        """The inlines of which the record has too many rows: one query for all, once per request."""
        state = request_state(request)
        if state.long_inlines is None:
            rows = {f"has_more_{index}": self._has_more_rows(inline) for index, inline in enumerate(self.inlines)}
            stored = self.model._default_manager.order_by().filter(pk=obj.pk).annotate(**rows)
            flags = stored.values_list(*rows).first() if rows else ()
            state.long_inlines = [inline for inline, is_long in zip(self.inlines, flags or (), strict=False) if is_long]
        return state.long_inlines

    def _has_more_rows(self, inline):
        owner = {owner_field(inline, self.model).name: OuterRef("pk")}
        return Exists(inline.model._default_manager.filter(**owner).order_by()[MAX_INLINE_ROWS : MAX_INLINE_ROWS + 1])
