"""The history page of a record, and the pages that revert it to a version or restore it after a deletion."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import dateformat, timezone
from django.utils.text import capfirst

from catalog.admin.history.confirmation import ConfirmedAction
from catalog.admin.history.deleted_records import LISTED_KINDS
from catalog.admin.history.permissions import may_undelete
from catalog.admin.widgets import KEY_PATTERN
from catalog.editing.permissions import may_publish
from catalog.history.past_state import kind_of, merged_into
from catalog.history.record_history import PAGE_SIZE, history_entries, with_changes
from catalog.history.revert import plan_revert
from catalog.history.undelete import find_deletion, plan_undelete
from catalog.models import Change, Edit
from catalog.models.change import record_reference

PAGE_PARAMETER = "p"


class RecordHistoryMixin(admin.ModelAdmin):
    """Replaces Django's history page of a ModelAdmin; deleted records have one too."""

    def get_urls(self):
        """Add the pages that revert and restore a record."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        revert_view, undelete_view = map(self.admin_site.admin_view, (self.revert_view, self.undelete_view))
        return [
            path("<int:pk>/history/bring-back/", revert_view, name=f"{name}_bring_back"),
            path("<int:pk>/history/recover/", undelete_view, name=f"{name}_recover"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        """Link to the deleted records of this kind."""
        kind = self.opts.model_name
        context = {"deleted_kind": kind if kind in LISTED_KINDS else ""}
        return super().changelist_view(request, context | (extra_context or {}))

    def history_view(self, request, object_id, extra_context=None):
        """List the edits of the record and its parts, the newest first."""
        record = self.get_object(request, object_id)
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        pk = record.pk if record else int(object_id) if KEY_PATTERN.fullmatch(object_id) else 0
        entries = history_entries(self.model, pk)
        if record is None and not entries:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        page = Paginator(entries, PAGE_SIZE).get_page(request.GET.get(PAGE_PARAMETER))
        with_changes(list(page.object_list), record_reference(self.model, pk))
        context = self._history_context(request, record, pk, page) | (extra_context or {})
        return TemplateResponse(request, "admin/catalog/history/page.html", context)

    def _history_context(
        self, request: HttpRequest, record: models.Model | None, pk: int, page: Page
    ) -> dict[str, Any]:
        deletion = None if record else find_deletion(kind_of(self.model), pk)
        target_key = merged_into(kind_of(self.model), pk) if deletion else None
        label = str(record) if record else deletion.label if deletion else f"number {pk}"
        may_change = record is not None and self.has_change_permission(request, record)
        return self.admin_site.each_context(request) | {
            "title": f"History of {label}",
            "opts": self.opts,
            "record": record,
            "pk": pk,
            "page": page,
            "page_numbers": page.paginator.get_elided_page_range(page.number),
            "deletion": deletion,
            "deletion_text": _deletion_in_words(deletion) if deletion else "",
            "merge_target": target_key and self.model._default_manager.filter(pk=target_key).first(),
            "may_change": may_change,
            "may_undo": may_publish(request.user) or may_change,
            "may_undelete": deletion is not None and may_undelete(request.user, deletion),
        }

    def _history_url(self, pk: int) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_history", args=[pk])

    def revert_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Revert the record to the version ``?version=``, or with ``?only=`` one field of it."""
        record = self.model._base_manager.filter(pk=pk).first()
        version_number = request.GET.get("version", "")
        if record is None or not KEY_PATTERN.fullmatch(version_number):
            raise Http404
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        version, field_name = int(version_number), request.GET.get("only", "")
        time = version_time(version)
        if field_name:
            title = f"Restore {self._field_label(field_name)} of {record}"
            description = f"The field gets the value that it had {time}. Everything else stays as it is."
        else:
            title = f"Restore an earlier version of {record}"
            description = f"The record and everything that belongs to it will be as they were {time}."
        action = ConfirmedAction(
            title=title,
            description=description,
            button="Restore",
            success_message=f"{capfirst(self.opts.verbose_name)} “{record}” was restored as it was {time}.",
            kind=Edit.Kind.RESTORE,
            make_plan=lambda: plan_revert(
                self.model._base_manager.get(pk=pk), version, {field_name} if field_name else None
            ),
            back_url=self._history_url(pk),
            subject=record_reference(self.model, pk),
        )
        return action.respond(request)

    def _field_label(self, name: str) -> str:
        """The verbose name of a column or through table; Http404 if there is none."""
        for field in (*self.opts.concrete_fields, *self.opts.many_to_many):
            through = getattr(field.remote_field, "through", None)
            if name in (getattr(field, "attname", None), through and through._meta.model_name):
                return str(field.verbose_name)
        raise Http404

    def undelete_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Restore the deleted record."""
        deletion = find_deletion(kind_of(self.model), pk)
        if deletion is None:
            raise Http404
        if not self.has_add_permission(request):
            raise PermissionDenied
        action = ConfirmedAction(
            title=f"Restore {self.opts.verbose_name} “{deletion.label}”",
            description="The record is restored with everything that was deleted with it, at the same address.",
            button="Restore",
            success_message=f"{capfirst(self.opts.verbose_name)} “{deletion.label}” was restored.",
            kind=Edit.Kind.RESTORE,
            make_plan=lambda: plan_undelete(deletion),
            back_url=self._history_url(pk),
            subject=record_reference(self.model, pk),
        )
        return action.respond(request)


def _deletion_in_words(deletion: Change) -> str:
    """The end of “It was deleted by ann, 5 May 2020, 10:00: a duplicate.”"""
    author = f"by {deletion.edit.by}," if deletion.edit and deletion.edit.by else "on"
    summary = f": {deletion.edit.reason}" if deletion.edit and deletion.edit.reason else ""
    return f"{author} {dateformat.format(timezone.localtime(deletion.at), 'j F Y, H:i')}{summary}."


def version_time(version: int) -> str:
    """The time of a version of the log, in words."""
    last = Change.objects.filter(pk__lte=version).order_by("-pk").values_list("at", flat=True).first()
    if last is None:
        return "at the beginning"
    return f"on {dateformat.format(timezone.localtime(last), 'j F Y, H:i')}"
