"""The one change log: what changed, from what to what, and when. Caches are versioned by it, feeds list it."""

from django.db import connections, models, transaction
from django.utils import timezone

from catalog.models.edit import Edit, current_edit

EVERYTHING = "catalogue"  # the kind of an entry that speaks of all records: they were written past the models


def owned_by(references):
    """The condition of what belongs to records or did; said so that the indexes of those that do are used."""
    condition = models.Q()
    for column in ("belongs_to", "belonged_to"):
        condition |= models.Q(**{f"{column}__in": references}) & ~models.Q(**{column: ""})
    return condition


class ChangeQuerySet(models.QuerySet):
    """Readings of the log."""

    def version(self):
        """The number of the last change: a different one after every change; 0 for an untouched catalogue."""
        with connections[self.db].cursor() as cursor:  # each request asks: 0.04 ms, through the ORM 0.25
            cursor.execute(f"SELECT MAX(id) FROM {self.model._meta.db_table}")
            return cursor.fetchone()[0] or 0

    def after(self, version):
        """Entries after ``version``, oldest first, without the values: those are for the history."""
        return self.filter(pk__gt=version).order_by("pk").defer("before", "after")

    def for_record(self, reference):
        """Entries about the record itself, and about what belongs to it or belonged to it."""
        kind, _, pk = reference.partition(":")
        return self.filter(models.Q(kind=kind, record_id=int(pk)) | owned_by([reference]))

    def for_parts(self, references):
        """Entries about what belongs to the records, or belonged to them."""
        return self.filter(owned_by(references))

    def bulk_create(self, entries, *args, **kwargs):
        """Entries of a writer that goes past the models; followers are told of them as of any other."""
        entries = list(entries)
        for entry in entries:
            entry.edit = entry.edit or current_edit(self.db)
        with transaction.atomic(using=self.db):
            written = super().bulk_create(entries, *args, **kwargs)
            self.model.notify(entries, self.db)
        return written


class Change(models.Model):
    """One record was added, changed or deleted, in the transaction that did it.

    Writers that go past the models (bulk inserts) add their own entries. ``fields`` names what changed, ``touches``
    the records it belongs to or belonged to before, as [kind, primary key]: a deleted credit says whose it was.
    Entries become visible in the order of their numbers, so whoever has read up to one has missed none before it.

    ``before`` and ``after`` hold the values by column as ``plain`` writes them: of an addition or deletion all of them,
    of a change those that changed; what a record is tied to stands there by the name of the table between, as a list
    of keys. None where a writer did not say. ``belongs_to`` is the record that this one goes with when it is deleted
    (a credit's episode), ``belonged_to`` the one before, when it moved.
    """

    class Action(models.TextChoices):
        """What happened to the record."""

        ADDED = "added", "Added"
        CHANGED = "changed", "Changed"
        DELETED = "deleted", "Deleted"

    at = models.DateTimeField(default=timezone.now, db_index=True)
    action = models.CharField(max_length=8, choices=Action)
    kind = models.CharField(max_length=30)
    record_id = models.BigIntegerField()
    label = models.CharField(max_length=250)
    fields = models.JSONField(default=list, blank=True)
    touches = models.JSONField(default=list, blank=True)
    edit = models.ForeignKey(Edit, null=True, blank=True, on_delete=models.PROTECT, related_name="changes")
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    belongs_to = models.CharField(max_length=40, blank=True)
    belonged_to = models.CharField(max_length=40, blank=True)

    objects = ChangeQuerySet.as_manager()
    subscribers = []  # what is kept beside the records is told of each entry, in the transaction that writes it

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["kind", "record_id"], name="change_of_a_record"),
            models.Index(fields=["belongs_to"], condition=~models.Q(belongs_to=""), name="change_of_a_part"),
            models.Index(fields=["belonged_to"], condition=~models.Q(belonged_to=""), name="change_of_a_former_part"),
        ]

    def __str__(self):
        return f"{self.kind} {self.label} {self.action}"

    def save(self, *args, **kwargs):
        """Write the entry and tell the followers, both or neither."""
        with transaction.atomic(using=kwargs.get("using"), savepoint=False):
            super().save(*args, **kwargs)
            self.notify([self], kwargs.get("using") or self._state.db)

    @classmethod
    def subscribe(cls, follower):
        """Have ``follower(entries, using)`` told of all entries from now on."""
        if follower not in cls.subscribers:
            cls.subscribers.append(follower)

    @classmethod
    def notify(cls, entries, using):
        """Tell the followers."""
        for follower in cls.subscribers:
            follower(entries, using)


def record_reference(model, pk):
    """A record as the log refers to it: ``episode:12``."""
    return f"{model._meta.model_name}:{pk}"
