"""The list of deleted records that can be restored, the latest first."""

from collections.abc import Collection, Iterator
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, User
from django.core.paginator import Paginator
from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst

from catalog.admin.history.permissions import may_undelete
from catalog.models import Change, Edit

PAGE_SIZE = 50
# Records that editors look for by themselves; a deleted part is in the history of its owner.
LISTED_KINDS = (
    *("series", "season", "episode", "person", "company", "character", "event", "source", "song", "artist"),
    "picture",
    *("genre", "role", "department", "country", "language"),
)


def deleted_records_view(request: HttpRequest) -> HttpResponse:
    """List the deleted records, of one kind with ``?kind=``."""
    kind = request.GET.get("kind", "")
    page = Paginator(list_deletions(kind), PAGE_SIZE).get_page(request.GET.get("p"))
    model_options = [apps.get_model("catalog", name)._meta for name in LISTED_KINDS]
    context = admin.site.each_context(request) | {
        "title": "Deleted records",
        "opts": Change._meta,
        "page": page,
        "page_numbers": page.paginator.get_elided_page_range(page.number),
        "rows": list(_table_rows(list(page.object_list), request.user)),
        "kind": kind,
        "query": f"kind={kind}&" if kind in LISTED_KINDS else "",
        "kinds": [(opts.model_name, capfirst(opts.verbose_name_plural)) for opts in model_options],
    }
    return TemplateResponse(request, "admin/catalog/history/deleted_records.html", context)


def list_deletions(kind: str = "") -> QuerySet[Change]:
    """The logged deletions of one kind, or of all listed kinds."""
    kinds = [kind] if kind in LISTED_KINDS else LISTED_KINDS
    return Change.objects.filter(action=Change.Action.DELETED, kind__in=kinds).select_related("edit").order_by("-pk")


def _table_rows(deletions: Collection[Change], user: User | AnonymousUser) -> Iterator[dict[str, Any]]:
    """A table row per deletion: with its state, whether it was merged, restored or deleted with its owner."""
    owners, last_changes = _deleted_in_edits(deletions), _last_change_ids(deletions)
    for deletion in deletions:
        opts = apps.get_model("catalog", deletion.kind)._meta
        yield {
            "deletion": deletion,
            "kind": capfirst(opts.verbose_name),
            "history_url": reverse(f"admin:catalog_{deletion.kind}_history", args=[deletion.record_id]),
            "undelete_url": reverse(f"admin:catalog_{deletion.kind}_recover", args=[deletion.record_id]),
            "may_undelete": may_undelete(user, deletion),
            "is_part": deletion.edit_id is not None and (deletion.edit_id, deletion.belongs_to) in owners,
            "is_restored": last_changes[deletion.kind, deletion.record_id] != deletion.pk,
            "is_merged": deletion.edit is not None and deletion.edit.kind == Edit.Kind.MERGE,
        }


def _deleted_in_edits(deletions: Collection[Change]) -> set[tuple[int, str]]:
    """(edit, reference) of all records that were deleted in the same edits."""
    same_edits = Change.objects.filter(edit__in={deletion.edit_id for deletion in deletions if deletion.edit_id})
    same_edits = same_edits.filter(action=Change.Action.DELETED, kind__in=LISTED_KINDS)
    return {(edit, f"{kind}:{pk}") for edit, kind, pk in same_edits.values_list("edit", "kind", "record_id")}


def _last_change_ids(deletions: Collection[Change]) -> dict[tuple[str, int], int]:
    """The key of the last change of each deleted record, by (kind, key)."""
    condition = Q(pk__in=[])
    for kind in {deletion.kind for deletion in deletions}:
        record_ids = [deletion.record_id for deletion in deletions if deletion.kind == kind]
        condition |= Q(kind=kind, record_id__in=record_ids)
    last = Change.objects.filter(condition).order_by().values("kind", "record_id").annotate(last=Max("pk"))
    return {(row["kind"], row["record_id"]): row["last"] for row in last}
