"""Who changed something, when and why: one edit is one act of one editor, whatever it changes."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

CHANGE_LOG_LOCK_ID = 4_715_208_839  # any number of our own: PostgreSQL's advisory lock on the end of the change log
_now_editing = ContextVar("the edit that changes of this moment belong to", default=None)


class Edit(models.Model):
    """One act: a form that was saved, a merge, an import. All its changes were committed together.

    ``by`` keeps the user's name when the account is gone. ``subject`` is what it was about, as ``Change.reference``
    writes it, where the changes by themselves do not say so: a merge is about the record that stays.
    """

    class Kind(models.TextChoices):
        """What sort of act."""

        FORM = "form", "Edited"
        DELETE = "delete", "Deleted"
        BULK = "bulk", "Edited several"
        MERGE = "merge", "Merged"
        RESTORE = "restore", "Brought back"
        UNDO = "undo", "Undone"
        PASTE = "paste", "Pasted"
        IMPORT = "import", "Imported"

    at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, editable=False)
    by = models.CharField(max_length=150, blank=True)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.FORM)
    reason = models.CharField(max_length=300, blank=True)
    subject = models.CharField(max_length=40, blank=True, db_index=True)
    undone = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="undoings")

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.get_kind_display()} by {self.by or 'nobody known'}, {self.at:%Y-%m-%d %H:%M}"


def current_edit(using):
    """The edit that a change written to the database ``using`` belongs to at this moment, or None."""
    edit = _now_editing.get()
    return edit if edit is not None and edit._state.db == using else None


def lock_change_log(using):
    """Let writers take turns from here to their commit, on PostgreSQL; SQLite has one writer at a time anyway.

    Without it a transaction could commit entry 10 after a reader has seen entry 11 and taken all before it for read.
    It is taken before the row is, so that two writers never wait for each other.
    """
    connection = transaction.get_connection(using)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHANGE_LOG_LOCK_ID])


@contextmanager
def record_edit(user=None, reason="", kind=Edit.Kind.FORM, subject="", undone=None, using="default"):
    """Make all changes inside one edit and one transaction: all of it is committed, or nothing.

    Writers take turns from its beginning: nobody saves between what is compared inside and what is written then.
    Inside another edit it is part of that one. Yields the Edit; one in which nothing changed is not kept.
    """
    outer = _now_editing.get()
    if outer is not None:
        yield outer
        return
    with transaction.atomic(using=using):
        lock_change_log(using)
        edit = Edit.objects.using(using).create(
            user=user if user is not None and user.is_authenticated else None,
            by=user.get_username() if user is not None else "",
            kind=kind,
            reason=" ".join(reason.replace("\x00", "").split())[:300],
            subject=subject,
            undone=undone,
        )
        token = _now_editing.set(edit)
        try:
            yield edit
        finally:
            _now_editing.reset(token)
        if not transaction.get_connection(using).needs_rollback and not edit.changes.exists():
            edit.delete()
