"""Merging at the desk: which record stays, what moves to it, and where the two differ, before anything is done."""

import hashlib
import re
from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import capfirst

from catalog.admin.edits import edit_summary, record_request_edit
from catalog.admin.forms import PreloadedSelect
from catalog.editing.permissions import may_publish
from catalog.history.diff import format_value
from catalog.history.labels import RecordLabels, labels_for
from catalog.history.merge_records import merge_records, plan_merge
from catalog.history.past_state import current_rows
from catalog.history.write_rows import ChangeRefused
from catalog.models import Character, Company, Credit, Edit, Person, SeriesCompany
from catalog.models.change import record_reference

SEEN, KEEP, ALIAS, NO = "_seen", "_keep", "_alias", "0"
MOST = 10  # records made one at once
LISTED = 5  # of each kind that moves
CHANGED = "One of them was changed since you opened this page. Here is what would happen now."
# A field that leads to a record of the kind: its autocomplete chooses the other one.
LEADS_TO = {Person: (Credit, "person"), Company: (SeriesCompany, "company"), Character: (Credit, "character")}


@dataclass
class Choice:
    """A field in which both records say something."""

    name: str
    label: str
    mine: str
    other: str
    takes_other: bool


class MergePreview:
    """What merging one record into another would do, in words."""

    def __init__(self, made, taken):
        self.made, self.gone, self.names = made, made.gone, RecordLabels()
        columns = {column.attname: column for column in made.keep._meta.concrete_fields}
        for name, both in [*made.differing.items(), *((name, [value]) for name, value in made.filled.items())]:
            if columns[name].is_relation:
                self.names.want(columns[name].related_model, both)
        filled = [(columns[name], value) for name, value in made.filled.items()]
        self.filled = [(column.verbose_name, self._said(column, value)) for column, value in filled]
        self.choices = [
            Choice(
                self.field(name),
                capfirst(columns[name].verbose_name),
                *(self._said(columns[name], value) for value in both),
                self.field(name) in taken,
            )
            for name, both in made.differing.items()
        ]

    def field(self, column):
        """The name of the choice of a column in the form."""
        return f"take-{self.gone.pk}-{column}"

    def _said(self, column, value):
        return format_value(column, value, self.names(column.related_model, value) if column.is_relation else None)

    def taken(self, data):
        """The columns of which the editor chose the other's word."""
        return [name for name in self.made.differing if data.get(self.field(name)) == "1"]

    def moves(self):
        """(words, the first names, how many more) for each kind that moves."""
        for total, opts in self.made.counted():
            keys = [pk for model, pk in self.made.moved if model._meta is opts]
            yield counted(total, opts), listed(opts.model, keys), max(0, total - LISTED)

    def twins(self):
        """(words, the first names, how many more) of what both have and is there once afterwards."""
        found = {}
        for model, pk in self.made.twins:
            found.setdefault(model, []).append(pk)
        for model, keys in found.items():
            yield counted(len(keys), model._meta), listed(model, keys), max(0, len(keys) - LISTED)

    def fingerprint(self):
        """What it would do, as text, with what both records and the rows that are one hold now."""
        made, held = self.made, {}
        for model, pk in [*made.twins, *((model, twin) for (model, _), twin in made.twins.items())]:
            held.setdefault(model, set()).add(pk)
        rows = [sorted(current_rows(model, keys).items()) for model, keys in held.items()]
        told = [made.moved, made.twins, made.filled, made.differing, made.ties, rows]
        return repr([str(sorted(map(repr, part.items()))) if isinstance(part, dict) else repr(part) for part in told])


def listed(model, keys):
    """The first rows by name; a credit by what it is on, as all of them are of one person."""
    if model is Credit:
        return [f"{credit.role}: {credit.subject}" for credit in Credit.objects.for_page().filter(pk__in=keys[:LISTED])]
    names = labels_for(model, keys[:LISTED])
    return [names[pk] for pk in keys[:LISTED]]


def counted(total, opts):
    """“3 credits”."""
    return f"{total:,} {opts.verbose_name if total == 1 else opts.verbose_name_plural}"


class MergeRecordsMixin:
    """Part of a desk: records of it that are one are made one."""

    def get_urls(self):
        """The page besides."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_merge"
        return [path("merge/", self.admin_site.admin_view(self.merge_view), name=name), *super().get_urls()]

    def tool_links(self, request, record):
        """The form leads to it."""
        links = [(f"{self._merge_page()}?ids={record.pk}", "Merge with another")] if self._may_merge(request) else []
        return [*super().tool_links(request, record), *links]

    def _merge_page(self):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_merge")

    def _may_merge(self, request):
        return may_publish(request.user) and self.has_change_permission(request) and self.has_delete_permission(request)

    def has_merge_permission(self, request):
        """Who decides what visitors see."""
        return self._may_merge(request)

    @admin.action(description="Merge the selected %(verbose_name_plural)s", permissions=["merge"])
    def merge_selected(self, request, queryset):
        """To the page that shows what would happen."""
        keys = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
        if not 2 <= len(keys) <= MOST:
            self.message_user(request, f"Choose 2 to {MOST} of them to merge.", messages.WARNING)
            return None
        return HttpResponseRedirect(f"{self._merge_page()}?ids={','.join(map(str, keys))}")

    def merge_view(self, request):
        """Shows what would happen, and does it."""
        if not self._may_merge(request):
            raise PermissionDenied
        records = self._chosen(request)
        if len(records) < 2:
            return self._ask_which(request, records[0])
        stays = request.POST.get(KEEP) or request.GET.get(KEEP)
        keep = next((record for record in records if str(record.pk) == stays), None) or self._best(records)
        if request.method == "POST":
            return self._merge(request, records, keep)
        return self._show(request, records, keep)

    def _chosen(self, request):
        keys = ",".join(request.GET.getlist("ids")).split(",")
        keys = list(dict.fromkeys(int(key) for key in keys if re.fullmatch("[0-9]{1,18}", key, re.ASCII)))
        records = list(self.model._default_manager.filter(pk__in=keys[:MOST]).order_by("pk"))
        if not records:
            raise Http404
        return records

    def _best(self, records):
        """The one to keep unless the editor says otherwise: published before draft, then that with most credits."""

        def rank(record):
            return bool(getattr(record, "is_published", True)), self._weight(record), -record.pk

        return max(records, key=rank)

    @staticmethod
    def _weight(record):
        kind = "series_parts" if isinstance(record, Company) else "credits"
        return getattr(record, kind).count()

    def _previews(self, request, records, keep):
        """(previews, reasons against it)."""
        try:
            taken = {name for name, value in request.POST.items() if name.startswith("take-") and value != NO}
            return [MergePreview(plan_merge(keep, record), taken) for record in records if record.pk != keep.pk], []
        except ChangeRefused as refusal:
            return [], refusal.reasons

    def _merge(self, request, records, keep):
        reasons, warnings, status = [], [], 409
        try:
            with record_request_edit(request, Edit.Kind.MERGE, subject=record_reference(self.model, keep.pk)) as edit:
                keep = self._there(keep)
                previews, reasons = self._previews(request, records, keep)
                if not reasons and request.POST.get(SEEN) == seen(previews, keep):
                    for preview in previews:
                        merge_records(keep, preview.gone, preview.taken(request.POST), request.POST.get(ALIAS) == "1")
                    return self._done(request, records, keep, edit)
                transaction.set_rollback(True)
            warnings = [] if reasons else [CHANGED]
        except ChangeRefused as refusal:
            reasons = refusal.reasons
        except ValidationError as error:
            warnings = error.messages
        return self._show(request, records, self._there(keep), reasons, warnings, status)

    def _there(self, record):
        """The record as it is now; Http404 when it went since the page was asked for."""
        return get_object_or_404(self.model, pk=record.pk)

    def _done(self, request, records, keep, edit):
        names = ", ".join(f"“{record}”" for record in records if record.pk != keep.pk)
        undo = reverse("admin:catalog_edit_undo", args=[edit.pk])
        told = format_html('{} merged into “{}”. <a href="{}">Undo</a>', names, keep, undo)
        messages.success(request, told)
        return HttpResponseRedirect(reverse(f"admin:catalog_{self.opts.model_name}_change", args=[keep.pk]))

    def _show(self, request, records, keep, reasons=(), warnings=(), status=200):
        previews, against = self._previews(request, records, keep)
        context = self.admin_site.each_context(request) | {
            "title": f"Merge {self.opts.verbose_name_plural}",
            "opts": self.opts,
            "records": [(record, self._weight(record)) for record in records],
            "keep": keep,
            "previews": previews,
            "reasons": [*reasons, *(reason for reason in against if reason not in reasons)],
            "warnings": warnings,
            "seen": seen(previews, keep),
            "ids": ",".join(str(record.pk) for record in records),
            "has_aliases": self.model is not Company,
            "keeps_alias": request.method != "POST" or request.POST.get(ALIAS) == "1",
            "edit_summary": edit_summary(request),
        }
        return TemplateResponse(request, "admin/catalog/merge/page.html", context, status=status)

    def _ask_which(self, request, record):
        model, name = LEADS_TO[self.model]
        form = forms.Form()
        widget = PreloadedSelect(model._meta.get_field(name), self.admin_site)
        form.fields["ids"] = forms.ModelChoiceField(
            self.model._default_manager.none(), label=f"The other {self.opts.verbose_name}", widget=widget
        )
        context = self.admin_site.each_context(request) | {
            "title": f"Merge “{record}” with another",
            "opts": self.opts,
            "record": record,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/catalog/merge/choose_record.html", context)


def seen(previews, keep):
    """A fingerprint of what would be done."""
    keys = [keep.pk, *(preview.gone.pk for preview in previews)]
    told = "".join(preview.fingerprint() for preview in previews) + repr(sorted(current_rows(type(keep), keys).items()))
    return hashlib.sha256(told.encode()).hexdigest()[:32]
