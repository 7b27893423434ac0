"""The history of a record: every act, with the ways back."""

import re

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import dateformat, timezone
from django.utils.text import capfirst

from catalog.admin.history.confirmation import ConfirmedAction
from catalog.admin.history.deleted_records import KINDS
from catalog.admin.history.permissions import may_undelete
from catalog.editing.permissions import may_publish
from catalog.history.past_state import merged_into
from catalog.history.record_history import PAGE_SIZE, history_entries, with_changes
from catalog.history.revert import plan_revert, revert_to_version
from catalog.history.undelete import find_deletion, plan_undelete, undelete
from catalog.history.write_rows import preview_rows
from catalog.models import Change, Edit
from catalog.models.change import record_reference

PAGE = "p"


class RecordHistoryMixin:
    """Part of a desk: the history in the place of Django's, for records that are gone as well."""

    def get_urls(self):
        """The confirmations besides."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            ("<int:pk>/history/bring-back/", self.bring_back_view, "bring_back"),
            ("<int:pk>/history/recover/", self.recover_view, "recover"),
        ]
        urls = [path(route, self.admin_site.admin_view(view), name=f"{name}_{end}") for route, view, end in own]
        return urls + super().get_urls()

    def changelist_view(self, request, extra_context=None):
        """The list leads to what was deleted of it."""
        kind = self.opts.model_name
        return super().changelist_view(request, {"deleted_kind": kind if kind in KINDS else ""} | (extra_context or {}))

    def history_view(self, request, object_id, extra_context=None):
        """The page."""
        record = self.get_object(request, object_id)
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        is_key = re.fullmatch("[0-9]{1,18}", object_id, re.ASCII)
        pk = record.pk if record else int(object_id) if is_key else 0
        acts = history_entries(self.model, pk)
        if record is None and not acts:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        page = Paginator(acts, PAGE_SIZE).get_page(request.GET.get(PAGE))
        with_changes(page.object_list, record_reference(self.model, pk))
        context = self._context(request, record, pk, page) | (extra_context or {})
        return TemplateResponse(request, "admin/catalog/history/page.html", context)

    def _context(self, request, record, pk, page):
        deletion = None if record else find_deletion(self.opts.model_name, pk)
        merged = merged_into(self.opts.model_name, pk) if deletion else None
        name = str(record) if record else deletion.label if deletion else f"number {pk}"
        return self.admin_site.each_context(request) | {
            "title": f"History of {name}",
            "opts": self.opts,
            "record": record,
            "pk": pk,
            "page": page,
            "pages": page.paginator.get_elided_page_range(page.number),
            "deletion": deletion,
            "merged": merged and self.model._default_manager.filter(pk=merged).first(),
            "may_change": record is not None and self.has_change_permission(request, record),
            "may_undo": may_publish(request.user)
            or (record is not None and self.has_change_permission(request, record)),
            "may_recover": deletion is not None and may_undelete(request, deletion),
            "address": self._page(pk),
        }

    def _page(self, pk):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_history", args=[pk])

    def bring_back_view(self, request, pk):
        """Make it what it was at a version, whole or in one column."""
        record = self.model._base_manager.filter(pk=pk).first()
        version = request.GET.get("version", "")
        if record is None or not re.fullmatch("[0-9]{1,18}", version, re.ASCII):
            raise Http404
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        version, name = int(version), request.GET.get("only", "")
        only = {name} if name else None

        def plan():
            _, wanted, tied, labels, reasons = plan_revert(self.model._base_manager.get(pk=pk), version, only)
            return preview_rows(wanted, tied, labels), reasons

        moment, what = version_time(version), f": {self._label(name)}" if only else ", whole"
        deed = ConfirmedAction(
            title=f"Bring back {record}{what}",
            lead=f"As it was {moment}, everything below will be as it was then."
            if not only
            else f"It will be what it was {moment}; everything else stays.",
            button="Bring it back",
            done=f"{capfirst(self.opts.verbose_name)} “{record}” is what it was {moment}.",
            kind=Edit.Kind.RESTORE,
            plan=plan,
            do=lambda: revert_to_version(self.model._base_manager.get(pk=pk), version, only),
            back=self._page(pk),
            itself=record_reference(self.model, pk),
        )
        return deed.respond(request, self.opts)

    def _label(self, name):
        """What a column or a table between is called; 404 for what there is not."""
        for field in (*self.opts.concrete_fields, *self.opts.many_to_many):
            through = getattr(field.remote_field, "through", None)
            if name in (getattr(field, "attname", None), through and through._meta.model_name):
                return field.verbose_name
        raise Http404

    def recover_view(self, request, pk):
        """Recover it after it was deleted."""
        deletion = find_deletion(self.opts.model_name, pk)
        if deletion is None:
            raise Http404
        if not self.has_add_permission(request):
            raise PermissionDenied

        def plan():
            wanted, tied, labels, reasons = plan_undelete(deletion)
            return preview_rows(wanted, tied, labels), reasons

        deed = ConfirmedAction(
            title=f"Recover {self.opts.verbose_name} “{deletion.label}”",
            lead="It comes back with everything that went with it, under the same address.",
            button="Recover it",
            done=f"{capfirst(self.opts.verbose_name)} “{deletion.label}” is back.",
            kind=Edit.Kind.RESTORE,
            plan=plan,
            do=lambda: undelete(deletion),
            back=self._page(pk),
            itself=record_reference(self.model, pk),
        )
        return deed.respond(request, self.opts)


def version_time(version):
    """When the catalogue was at a version of the log, in words."""
    last = Change.objects.filter(pk__lte=version).order_by("-pk").values_list("at", flat=True).first()
    if last is None:
        return "at the beginning"
    return f"on {dateformat.format(timezone.localtime(last), 'j F Y, H:i')}"
