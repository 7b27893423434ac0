"""What was deleted and can be recovered, the latest first."""

from django.apps import apps
from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Max, Q
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst

from catalog.admin.history.permissions import may_undelete
from catalog.models import Change, Edit

AT_ONCE = 50
# Records that an editor would look for by themselves; what belongs to one is in its history.
KINDS = ("series", "season", "episode", "person", "company", "character", "event", "source", "song", "picture")
KINDS += ("genre", "role", "department", "country", "language")


def deletions(kind=""):
    """The log's entries of deleted records."""
    kinds = [kind] if kind in KINDS else KINDS
    return Change.objects.filter(action=Change.Action.DELETED, kind__in=kinds).select_related("edit").order_by("-pk")


def lines(entries, request):
    """What the list says of each entry: whether it went with another, is back, or was merged."""
    together = Change.objects.filter(edit__in={entry.edit_id for entry in entries if entry.edit_id})
    together = together.filter(action=Change.Action.DELETED, kind__in=KINDS)
    gone = {(edit, f"{kind}:{pk}") for edit, kind, pk in together.values_list("edit", "kind", "record_id")}
    ours = Q(pk__in=[])
    for kind in {entry.kind for entry in entries}:
        ours |= Q(kind=kind, record_id__in=[entry.record_id for entry in entries if entry.kind == kind])
    last = Change.objects.filter(ours).order_by().values("kind", "record_id").annotate(last=Max("pk"))
    last = {(row["kind"], row["record_id"]): row["last"] for row in last}
    for entry in entries:
        opts = apps.get_model("catalog", entry.kind)._meta
        yield {
            "entry": entry,
            "kind": capfirst(opts.verbose_name),
            "history": reverse(f"admin:catalog_{entry.kind}_history", args=[entry.record_id]),
            "recover": reverse(f"admin:catalog_{entry.kind}_recover", args=[entry.record_id]),
            "may_recover": may_undelete(request, entry),
            "with_another": entry.edit_id is not None and (entry.edit_id, entry.belongs_to) in gone,
            "is_back": last[entry.kind, entry.record_id] != entry.pk,
            "merged": entry.edit is not None and entry.edit.kind == Edit.Kind.MERGE,
        }


def deleted_records_view(request):
    """The page."""
    kind = request.GET.get("kind", "")
    page = Paginator(deletions(kind), AT_ONCE).get_page(request.GET.get("p"))
    models = [apps.get_model("catalog", name)._meta for name in KINDS]
    context = admin.site.each_context(request) | {
        "title": "Deleted records",
        "opts": Change._meta,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "lines": list(lines(list(page.object_list), request)),
        "kind": kind,
        "query": f"kind={kind}&" if kind in KINDS else "",
        "kinds": [(opts.model_name, capfirst(opts.verbose_name_plural)) for opts in models],
    }
    return TemplateResponse(request, "admin/catalog/history/deleted_records.html", context)
