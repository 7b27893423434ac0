"""Who may undo, revert and restore: users who may make each of the changes by hand."""

from collections.abc import Collection, Iterator

from django.contrib.auth.models import AnonymousUser, User

from catalog.editing.permissions import is_draft, may_publish
from catalog.history.past_state import model_of
from catalog.models import Change, FormerSlug
from catalog.models.base import Published

VERBS: dict[str, str] = {Change.Action.ADDED: "add", Change.Action.CHANGED: "change", Change.Action.DELETED: "delete"}
UNCHECKED_MODELS = (FormerSlug,)  # written along with other records; nobody has permissions for them


def may_apply(user: User | AnonymousUser, changes: Collection[Change]) -> bool:
    """True if the user may make all of the given changes, which are not logged yet.

    Users who may not publish may only change drafts, and only so that they remain drafts.
    """
    checked = [change for change in changes if model_of(change.kind) not in UNCHECKED_MODELS]
    permissions = {f"catalog.{VERBS[change.action]}_{change.kind}" for change in checked}
    if not user.has_perms(permissions):
        return False
    if may_publish(user):
        return True
    added = {f"{change.kind}:{change.record_id}" for change in changes if change.action == Change.Action.ADDED}
    return all(_concerns_draft(change, added) for change in checked)


def may_undelete(user: User | AnonymousUser, deletion: Change) -> bool:
    """True if restoring the record may be offered: users who may not publish restore drafts only."""
    if model_of(deletion.kind) in UNCHECKED_MODELS:
        return False  # it is restored with the record that it belonged to
    was_draft = (deletion.before or {}).get("published_at", "") is None
    return user.has_perm(f"catalog.add_{deletion.kind}") and (may_publish(user) or was_draft)


def _concerns_draft(change: Change, added: set[str]) -> bool:
    """True if the record is a draft before and after the change, or part of one; ``added`` are new records."""
    model, values = model_of(change.kind), change.after or {}
    if issubclass(model, Published) and values.get("published_at") is not None:
        return False
    if change.action == Change.Action.ADDED:
        return issubclass(model, Published) or change.belongs_to in added or _is_draft_reference(change.belongs_to)
    record = model._base_manager.filter(pk=change.record_id).first()
    return record is not None and is_draft(record) and all(map(_is_draft_reference, _owners(change)))


def _owners(change: Change) -> Iterator[str]:
    return filter(None, (change.belongs_to, change.belonged_to))


def _is_draft_reference(reference: str) -> bool:
    kind, _, pk = reference.partition(":")
    record = model_of(kind)._base_manager.filter(pk=pk).first() if kind else None
    return record is not None and is_draft(record)
