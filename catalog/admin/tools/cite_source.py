"""Cite a source for several facts at once: of one record, or of all records selected in a changelist."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import Truncator, capfirst

from catalog.admin.edits import record_request_edit
from catalog.admin.tools.base import RecordToolsMixin, tool_url
from catalog.editing.citations import WHOLE_RECORD, add_citations, recorded_facts
from catalog.models import Citation
from catalog.models.citation import KIND_BY_MODEL
from catalog.models.edit import Edit

MAX_BULK_RECORDS = 500
MAX_VALUE_LENGTH = 80  # characters of a value beside the name of its fact
CITE_PERMISSION = "catalog.add_citation"


class CiteForm(forms.Form):
    """The source and the facts it supports, with the fields of a citation. ``facts`` are (field name, label)."""

    def __init__(self, data: Any, facts: list[tuple[str, str]], request: HttpRequest) -> None:
        super().__init__(data)
        citation_admin = admin.site.get_model_admin(Citation)
        model_fields: Any = {field.name: field for field in Citation._meta.fields}
        citation_fields: dict[str, Any] = {
            name: citation_admin.formfield_for_dbfield(model_fields[name], request)
            for name in ("source", "locator", "certainty", "claim", "note")
        }
        self.fields["source"] = citation_fields.pop("source")
        self.fields["facts"] = forms.MultipleChoiceField(
            choices=[(WHOLE_RECORD, "The whole record"), *facts],
            widget=forms.CheckboxSelectMultiple,
            label="Facts that it supports",
        )
        self.fields |= citation_fields


def in_form_order(model_admin: admin.ModelAdmin, request: HttpRequest, names: Collection[str]) -> list[str]:
    """Names of fields in the order of the form of ``model_admin``; those that it does not have come last."""
    form_names = flatten_fieldsets(model_admin.get_fieldsets(request))
    return [name for name in form_names if name in names] + [name for name in names if name not in form_names]


class CiteSourceMixin(RecordToolsMixin):
    """Adds the page and the changelist action, for models that can be cited."""

    def tool_links(self, request, record):
        links = super().tool_links(request, record)
        if self._may_cite(request):
            links.append((tool_url(record, "cite"), "Cite a source for several facts"))
        return links

    def tool_views(self):
        return super().tool_views() | ({"cite": self.cite_view} if self.model in KIND_BY_MODEL else {})

    def get_actions(self, request):
        actions = super().get_actions(request)
        if self._may_cite(request) and IS_POPUP_VAR not in request.GET:
            actions["cite"] = self.get_action("cite")
        return actions

    @admin.action(description="Cite a source for the selected %(verbose_name_plural)s")
    def cite(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Show the form; cite the source for all selected records or, after an error, for none."""
        records = list(queryset[: MAX_BULK_RECORDS + 1])
        if len(records) > MAX_BULK_RECORDS:
            self.message_user(request, f"At most {MAX_BULK_RECORDS} at once: nothing was cited.", messages.ERROR)
            return None
        selected = [record.pk for record in records]
        return self._cite_page(request, records, request.get_full_path(), action="cite", selected=selected)

    def cite_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page for one record."""
        record = self.get_changeable(request, object_id)
        change_url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk])
        return self._cite_page(request, [record], change_url, record=record)

    def _may_cite(self, request: HttpRequest) -> bool:
        return self.model in KIND_BY_MODEL and request.user.has_perm(CITE_PERMISSION)

    def _fact_choices(self, request: HttpRequest, records: list[Any]) -> list[tuple[str, str]]:
        """The facts that one of the records has, in the order of the form; of a single record with their values."""
        facts = recorded_facts(records) if records else {}
        choices = []
        for name in in_form_order(self, request, list(facts)):
            label, values = facts[name]
            value = f": {Truncator(values[0]).chars(MAX_VALUE_LENGTH)}" if len(records) == 1 else ""
            choices.append((name, capfirst(label) + value))
        return choices

    def _cite_page(
        self, request: HttpRequest, records: list[Any], back_url: str, record: Any = None, **context: Any
    ) -> HttpResponse:
        may_change_all = all(self.has_change_permission(request, record) for record in records)
        if not request.user.has_perm(CITE_PERMISSION) or not may_change_all:
            raise PermissionDenied
        facts = self._fact_choices(request, records)
        form = CiteForm(request.POST if "facts_sent" in request.POST else None, facts, request)
        if form.is_valid():
            values = dict(form.cleaned_data)
            with record_request_edit(request, Edit.Kind.BULK, default_summary="Cited a source for several facts"):
                counts = add_citations(records, values.pop("facts"), values)
            message = f"{counts.added} citation{'' if counts.added == 1 else 's'} added."
            message += f" {counts.existing} existed already." if counts.existing else ""
            message += f" {counts.empty} not added: nothing is recorded there." if counts.empty else ""
            self.message_user(request, message, messages.SUCCESS if counts.added else messages.WARNING)
            return HttpResponseRedirect(back_url)
        subject = records[0] if len(records) == 1 else f"{len(records)} {self.opts.verbose_name_plural}"
        context |= {"form": form, "records": records, "media": self.media + form.media}
        return self.render_tool(request, "cite_source", f"Cite a source for {subject}", record, **context)
