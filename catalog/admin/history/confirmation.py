"""A page that previews the changes of an undo, revert or restore, and makes them once they are confirmed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from catalog.admin.edits import edit_summary, record_request_edit
from catalog.admin.history.permissions import may_apply
from catalog.editing.fingerprint import STALE_PREVIEW_MESSAGE, fingerprint
from catalog.history.diff import DiffBuilder
from catalog.history.revert_plan import RevertPlan
from catalog.history.write_rows import ChangeRefused
from catalog.models import Change, Edit

FINGERPRINT_FIELD = "_fingerprint"  # POST field of the forms that confirm a preview
MAX_LISTED_CHANGES = 200


@dataclass
class ConfirmedAction:
    """An action of the history that the editor confirms after a preview.

    ``make_plan`` is called once per request: its preview is shown, checked against what the editor confirmed, and
    applied. ``subject`` refers to the record concerned; ``back_url`` is where the editor goes afterwards.
    """

    title: str
    description: str
    button: str
    success_message: str
    kind: Edit.Kind
    make_plan: Callable[[], RevertPlan]
    back_url: str
    subject: str = ""
    undone: Edit | None = None

    def respond(self, request: HttpRequest) -> HttpResponse:
        """Show the preview; on POST apply the plan, or show the preview again with the conflicts."""
        if request.method != "POST":
            plan = self.make_plan()
            changes = self._permitted_changes(request, plan)
            return self._page(request, changes, plan.conflicts)
        try:
            with record_request_edit(request, self.kind, subject=self.subject, undone=self.undone) as edit:
                plan = self.make_plan()
                changes = self._permitted_changes(request, plan)
                if not plan.conflicts and request.POST.get(FINGERPRINT_FIELD) == changes_fingerprint(changes):
                    plan.apply()
                    return self._success(request, edit)
                transaction.set_rollback(True)
        except ChangeRefused as refusal:
            return self._page(request, [], refusal.reasons)
        except ValidationError as error:
            return self._page(request, [], (), error.messages)
        return self._page(request, changes, plan.conflicts, () if plan.conflicts else [STALE_PREVIEW_MESSAGE])

    @staticmethod
    def _permitted_changes(request: HttpRequest, plan: RevertPlan) -> list[Change]:
        changes = plan.preview()
        if not may_apply(request.user, changes):
            raise PermissionDenied
        return changes

    def _success(self, request: HttpRequest, edit: Edit) -> HttpResponse:
        edit_url = reverse("admin:catalog_edit_change", args=[edit.pk])
        message = format_html('{} <a href="{}">See what changed, or undo it</a>.', self.success_message, edit_url)
        messages.success(request, message)
        return HttpResponseRedirect(self.back_url)

    def _page(
        self,
        request: HttpRequest,
        changes: list[Change],
        conflicts: Iterable[str],
        warnings: Iterable[str] = (),
    ) -> HttpResponse:
        context = admin.site.each_context(request) | {
            "title": self.title,
            "action": self,
            "diffs": DiffBuilder(changes[:MAX_LISTED_CHANGES], self.subject).diffs(),
            "hidden_changes": max(0, len(changes) - MAX_LISTED_CHANGES),
            "conflicts": conflicts,
            "warnings": warnings,
            "is_unchanged": not changes and not conflicts,
            "fingerprint": changes_fingerprint(changes),
            "edit_summary": edit_summary(request),
        }
        status = 409 if warnings or (conflicts and request.method == "POST") else 200
        return TemplateResponse(request, "admin/catalog/history/confirmation.html", context, status=status)


def changes_fingerprint(changes: Iterable[Change]) -> str:
    """The fingerprint of a preview: which records change, from which values to which."""
    return fingerprint(
        {(change.kind, change.record_id, change.action, repr((change.before, change.after))) for change in changes}
    )
