"""The page that merges people, companies, characters or artists, after a preview."""

import re
from collections.abc import Collection, Iterable

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from catalog.admin.edits import edit_summary, record_request_edit
from catalog.admin.history.confirmation import FINGERPRINT_FIELD
from catalog.admin.tools.base import RecordToolsMixin
from catalog.admin.tools.merge_preview import MergePreview, merge_fingerprint
from catalog.admin.widgets import PreloadedSelect
from catalog.editing.fingerprint import STALE_PREVIEW_MESSAGE
from catalog.editing.permissions import may_publish
from catalog.history.merge_records import Mergeable, merge_records, plan_merge
from catalog.history.write_rows import ChangeRefused
from catalog.models import Artist, Character, Company, Credit, Edit, Person, SeriesCompany, Song
from catalog.models.change import record_reference

TARGET_FIELD, ALIAS_FIELD = "_keep", "_alias"  # request parameters
MAX_MERGED = 10  # records at once
# A field that references each mergeable model: its autocomplete finds the other record.
REFERENCING_FIELDS = {
    Person: (Credit, "person"),
    Company: (SeriesCompany, "company"),
    Character: (Credit, "character"),
    Artist: (Song, "artist"),
}


class MergeRecordsMixin(RecordToolsMixin):
    """Adds merging to a ModelAdmin: a changelist action, a link on the form and the page."""

    def get_urls(self):
        """Add the page."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_merge"
        return [path("merge/", self.admin_site.admin_view(self.merge_view), name=name), *super().get_urls()]

    def tool_links(self, request, record):
        """Link to the page from the form."""
        links = [(f"{self._merge_url()}?ids={record.pk}", "Merge with another")] if self._may_merge(request) else []
        return [*super().tool_links(request, record), *links]

    def _merge_url(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_merge")

    def _may_merge(self, request: HttpRequest) -> bool:
        return may_publish(request.user) and self.has_change_permission(request) and self.has_delete_permission(request)

    def has_merge_permission(self, request: HttpRequest) -> bool:
        """Checked by Django for the action: merging changes what visitors see."""
        return self._may_merge(request)

    @admin.action(description="Merge the selected %(verbose_name_plural)s", permissions=["merge"])
    def merge_selected(self, request, queryset):
        """Go to the page with the selected records."""
        keys = list(queryset.order_by("pk").values_list("pk", flat=True)[: MAX_MERGED + 1])
        if not 2 <= len(keys) <= MAX_MERGED:
            self.message_user(request, f"Select 2 to {MAX_MERGED} records to merge.", messages.WARNING)
            return None
        return HttpResponseRedirect(f"{self._merge_url()}?ids={','.join(map(str, keys))}")

    def merge_view(self, request: HttpRequest) -> HttpResponse:
        """Preview the merge of the records ``?ids=``, and merge them on POST; a single one asks for the other."""
        if not self._may_merge(request):
            raise PermissionDenied
        records = self._requested_records(request)
        if len(records) < 2:
            return self._choose_record(request, records[0])
        target_key = request.POST.get(TARGET_FIELD) or request.GET.get(TARGET_FIELD)
        target = next((record for record in records if str(record.pk) == target_key), None)
        target = target or self._suggested_target(records)
        if request.method == "POST":
            return self._merge(request, records, target)
        return self._page(request, records, target)

    def _requested_records(self, request: HttpRequest) -> list[Mergeable]:
        """The records ``?ids=``; Http404 if there are none."""
        ids = ",".join(request.GET.getlist("ids")).split(",")
        keys = list(dict.fromkeys(int(key) for key in ids if re.fullmatch("[0-9]{1,18}", key, re.ASCII)))
        records = list(self.model._default_manager.filter(pk__in=keys[:MAX_MERGED]).order_by("pk"))
        if not records:
            raise Http404
        return records

    def _suggested_target(self, records: Collection[Mergeable]) -> Mergeable:
        """A published record before a draft, then the one with the most credits, then the oldest."""

        def rank(record):
            return bool(getattr(record, "is_published", True)), _credit_count(record), -record.pk

        return max(records, key=rank)

    def _previews(
        self, request: HttpRequest, records: Iterable[Mergeable], target: Mergeable
    ) -> tuple[list[MergePreview], list[str]]:
        """A preview per duplicate, and the reasons why they cannot be merged."""
        duplicates = [record for record in records if record.pk != target.pk]
        try:
            return [MergePreview(plan_merge(target, record), request.POST) for record in duplicates], []
        except ChangeRefused as refusal:
            return [], refusal.reasons

    def _merge(self, request: HttpRequest, records: Collection[Mergeable], target: Mergeable) -> HttpResponse:
        reasons: list[str] = []
        warnings: list[str] = []
        try:
            with record_request_edit(request, Edit.Kind.MERGE, subject=record_reference(self.model, target.pk)) as edit:
                target = self._reloaded(target)
                previews, reasons = self._previews(request, records, target)
                if not reasons and request.POST.get(FINGERPRINT_FIELD) == merge_fingerprint(previews, target):
                    add_alias = request.POST.get(ALIAS_FIELD) == "1"
                    for preview in previews:
                        merge_records(target, preview.duplicate, preview.preferred, add_alias)
                    return self._success(request, records, target, edit)
                transaction.set_rollback(True)
            warnings = [] if reasons else [STALE_PREVIEW_MESSAGE]
        except ChangeRefused as refusal:
            reasons = refusal.reasons
        except ValidationError as error:
            warnings = error.messages
        return self._page(request, records, self._reloaded(target), reasons, warnings, status=409)

    def _reloaded(self, record: Mergeable) -> Mergeable:
        """The record as stored now; Http404 if it was deleted since the request began."""
        return get_object_or_404(self.model, pk=record.pk)

    def _success(
        self, request: HttpRequest, records: Iterable[Mergeable], target: Mergeable, edit: Edit
    ) -> HttpResponse:
        names = ", ".join(f"“{record}”" for record in records if record.pk != target.pk)
        undo_url = reverse("admin:catalog_edit_undo", args=[edit.pk])
        messages.success(request, format_html('{} merged into “{}”. <a href="{}">Undo</a>', names, target, undo_url))
        return HttpResponseRedirect(reverse(f"admin:catalog_{self.opts.model_name}_change", args=[target.pk]))

    def _page(
        self,
        request: HttpRequest,
        records: Collection[Mergeable],
        target: Mergeable,
        reasons: Collection[str] = (),
        warnings: Iterable[str] = (),
        status: int = 200,
    ) -> HttpResponse:
        previews, refusals = self._previews(request, records, target)
        labels = self.option_labels(records)  # type: ignore[attr-defined]
        context = self.admin_site.each_context(request) | {
            "title": f"Merge {self.opts.verbose_name_plural}",
            "opts": self.opts,
            "records": [(record, labels[record.pk], _credit_count(record)) for record in records],
            "target": target,
            "previews": previews,
            "reasons": list(dict.fromkeys([*reasons, *refusals])),
            "warnings": warnings,
            "fingerprint": merge_fingerprint(previews, target),
            "ids": ",".join(str(record.pk) for record in records),
            "has_aliases": hasattr(self.model, "aliases"),
            "adds_alias": request.method != "POST" or request.POST.get(ALIAS_FIELD) == "1",
            "edit_summary": edit_summary(request),
        }
        return TemplateResponse(request, "admin/catalog/merge/page.html", context, status=status)

    def _choose_record(self, request: HttpRequest, record: Mergeable) -> HttpResponse:
        """Ask for the other record, with autocomplete."""
        model, name = REFERENCING_FIELDS[self.model]
        form = forms.Form()
        label = self.option_labels([record])[record.pk]  # type: ignore[attr-defined]
        widget = PreloadedSelect(model._meta.get_field(name), self.admin_site)
        form.fields["ids"] = forms.ModelChoiceField(
            self.model._default_manager.none(), label=f"The other {self.opts.verbose_name}", widget=widget
        )
        context = self.admin_site.each_context(request) | {
            "title": f"Merge “{label}” with another",
            "opts": self.opts,
            "record": record,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/catalog/merge/choose_record.html", context)


def _credit_count(record: Mergeable) -> int:
    """The number of its credits, for a company of its parts in series, for an artist of the songs."""
    if isinstance(record, Artist):
        return record.songs.count()
    return (record.series_parts if isinstance(record, Company) else record.credits).count()
