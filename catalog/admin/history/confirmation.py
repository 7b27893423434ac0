"""What will change is shown, and why it shall is asked, before anything is written."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from catalog.admin.edits import edit_summary, record_request_edit
from catalog.admin.history.permissions import may_apply
from catalog.history.diff import DiffBuilder
from catalog.history.write_rows import ChangeRefused
from catalog.models import Edit

SEEN = "_seen"
SHOWN = 200  # entries; what more there is, is counted
CHANGED = "Something changed since you opened this page. Here is what would happen now."


@dataclass
class ConfirmedAction:
    """Something that an editor may confirm.

    ``plan`` says what it would write into the log and what stands in the way; ``do`` does it. ``itself`` is the
    record that it is about, ``back`` where to go afterwards.
    """

    title: str
    lead: str
    button: str
    done: str
    kind: Edit.Kind
    plan: Callable[[], tuple[list, list]]
    do: Callable[[], object]
    back: str
    itself: str = ""
    undone: Edit | None = None

    def respond(self, request, opts):
        """The page, or after its form was sent the deed."""
        if request.method == "POST":
            try:
                with record_request_edit(request, self.kind, subject=self.itself, undone=self.undone) as edit:
                    entries, reasons = self.plan()
                    self._allow(request, entries)
                    if not reasons and request.POST.get(SEEN) == seen(entries):
                        self.do()
                        return self._done(request, edit)
                    transaction.set_rollback(True)
                return self._page(request, opts, entries, reasons, [] if reasons else [CHANGED])
            except ChangeRefused as refusal:
                return self._page(request, opts, [], refusal.reasons, [])
            except ValidationError as error:
                return self._page(request, opts, [], error.messages, [])
        entries, reasons = self.plan()
        self._allow(request, entries)
        return self._page(request, opts, entries, reasons, [])

    @staticmethod
    def _allow(request, entries):
        if not may_apply(request, entries):
            raise PermissionDenied

    def _done(self, request, edit):
        address = reverse("admin:catalog_edit_change", args=[edit.pk])
        told = format_html('{} <a href="{}">See what was done, or undo it</a>.', self.done, address)
        messages.success(request, told)
        return HttpResponseRedirect(self.back)

    def _page(self, request, opts, entries, reasons, warnings):
        context = admin.site.each_context(request) | {
            "title": self.title,
            "opts": opts,
            "deed": self,
            "entries": DiffBuilder(entries[:SHOWN], self.itself).entries(),
            "others": max(0, len(entries) - SHOWN),
            "reasons": reasons,
            "warnings": warnings,
            "nothing": not entries and not reasons,
            "seen": seen(entries),
            "edit_summary": edit_summary(request),
        }
        status = 409 if warnings or (reasons and request.method == "POST") else 200
        return TemplateResponse(request, "admin/catalog/history/confirmation.html", context, status=status)


def seen(entries):
    """A fingerprint of what would change: a form that was sent is about just what its reader saw."""
    told = sorted([change.kind, change.record_id, change.action, change.before, change.after] for change in entries)
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()[:32]
