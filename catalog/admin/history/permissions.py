"""Who may take something back: whoever may do by hand what it would do."""

from django.contrib import admin

from catalog.editing.permissions import is_draft, may_publish
from catalog.history.past_state import model_of
from catalog.models import Change, FormerSlug
from catalog.models.base import Published

DOES = {Change.Action.ADDED: "add", Change.Action.CHANGED: "change", Change.Action.DELETED: "delete"}
KEPT = (FormerSlug,)  # written along with others; nobody has a right to them


def may_apply(request, entries):
    """Whether the user may do all of ``entries``, which are not in the log yet."""
    does = {(change.kind, change.action) for change in entries}
    for kind, action in does:
        model = model_of(kind)
        desk = admin.site.get_model_admin(model)
        if model not in KEPT and not getattr(desk, f"has_{DOES[action]}_permission")(request):
            return False
    if may_publish(request.user):
        return True
    coming = {f"{change.kind}:{change.record_id}" for change in entries if change.action == Change.Action.ADDED}
    return all(_is_draft(change, coming) for change in entries if model_of(change.kind) not in KEPT)


def may_undelete(request, deletion):
    """Whether it is worth while to offer what was deleted: without the right to publish, drafts only."""
    desk = admin.site.get_model_admin(model_of(deletion.kind))
    was_draft = "published_at" in (deletion.before or {}) and deletion.before["published_at"] is None
    return desk.has_add_permission(request) and (may_publish(request.user) or was_draft)


def _is_draft(change, coming):
    """Whether it is about a draft, and about one afterwards."""
    model, values = model_of(change.kind), change.after or {}
    if issubclass(model, Published) and values.get("published_at") is not None:
        return False
    if change.action == Change.Action.ADDED:
        return issubclass(model, Published) or change.belongs_to in coming or _belongs_to_a_draft(change.belongs_to)
    record = model._base_manager.filter(pk=change.record_id).first()
    return record is not None and is_draft(record) and all(map(_belongs_to_a_draft, _owners(change)))


def _owners(change):
    return [owner for owner in (change.belongs_to, change.belonged_to) if owner]


def _belongs_to_a_draft(reference):
    kind, _, pk = reference.partition(":")
    record = model_of(kind)._base_manager.filter(pk=pk).first() if kind else None
    return record is not None and is_draft(record)
