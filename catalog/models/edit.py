"""Edits: who changed something, when and why. One edit groups all changes that were made together."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from catalog.text import remove_invisible

CHANGE_LOG_LOCK_ID = 4_715_208_839  # an arbitrary number: PostgreSQL's advisory lock on the end of the change log


class Edit(models.Model):
    """A saved form, a merge, an import: changes of one user that were committed together.

    ``by`` is the user's name, which stays when the account is deleted. ``subject`` is a ``record_reference``, for edits
    whose changes do not tell what they are about: of a merge, the record that remains.
    """

    class Kind(models.TextChoices):
        """What the user did."""

        FORM = "form", "Edited"
        DELETE = "delete", "Deleted"
        BULK = "bulk", "Edited several"
        MERGE = "merge", "Merged"
        RESTORE = "restore", "Restored"
        UNDO = "undo", "Undone"
        PASTE = "paste", "Pasted"
        IMPORT = "import", "Imported"
        SOURCE = "source", "Imported from sources"

    at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, editable=False)
    by = models.CharField(max_length=150, blank=True)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.FORM)
    reason = models.CharField("edit summary", max_length=300, blank=True)
    subject = models.CharField(max_length=40, blank=True, db_index=True)
    undone = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="undoings")

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.get_kind_display()} by {self.by or 'an unknown user'}, {self.at:%Y-%m-%d %H:%M}"


_current_edit: ContextVar[Edit | None] = ContextVar("the edit to which changes belong now", default=None)


def current_edit(using: str) -> Edit | None:
    """The edit to which a change in the database ``using`` belongs now."""
    edit = _current_edit.get()
    return edit if edit is not None and edit._state.db == using else None


def lock_change_log(using: str) -> None:
    """Serialise writers from here to their commit, on PostgreSQL; SQLite has one writer at a time anyway.

    Without it a transaction could commit entry 10 after a reader has seen entry 11 and taken all before it as read.
    The lock is taken before that of the row, so that two writers never wait for each other.
    """
    connection = transaction.get_connection(using)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHANGE_LOG_LOCK_ID])


@contextmanager
def record_edit(
    user=None,
    reason: str = "",
    kind: str = Edit.Kind.FORM,
    subject: str = "",
    undone: Edit | None = None,
    using: str = "default",
) -> Iterator[Edit]:
    """Make all changes inside the block part of one edit and one transaction; yields the edit.

    Other writers wait from its beginning, so nobody saves between a comparison and the write that depends on it.
    Inside another edit the changes belong to that one. An edit without changes is deleted at the end.
    """
    outer_edit = _current_edit.get()
    if outer_edit is not None:
        yield outer_edit
        return
    with transaction.atomic(using=using):
        lock_change_log(using)
        edit = Edit.objects.using(using).create(
            user=user if user is not None and user.is_authenticated else None,
            by=user.get_username() if user is not None else "",
            kind=kind,
            reason=" ".join(remove_invisible(reason.replace("\x00", "")).split())[:300],
            subject=subject,
            undone=undone,
        )
        token = _current_edit.set(edit)
        try:
            yield edit
        finally:
            _current_edit.reset(token)
        if not transaction.get_connection(using).needs_rollback and not edit.changes.exists():
            edit.delete()
