"""The change log: what changed, from which values to which, and when. Caches use its last number as their version."""

import time
from collections.abc import Callable, Iterable
from typing import ClassVar

from django.apps import apps
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.utils import timezone

from catalog.models.edit import Edit, current_edit, lock_change_log
from catalog.models.publication import visibility_condition

EVERYTHING = "catalogue"  # the kind of an entry about all records, of a bulk writer that does not use the models


def record_reference(model: type[models.Model], pk) -> str:
    """A record as the change log refers to it: ``episode:12``."""
    return f"{model._meta.model_name}:{pk}"


def owned_by(references: Iterable[str]) -> models.Q:
    """The condition that an entry's record belongs, or belonged, to one of the records.

    ``~Q(column="")`` repeats the condition of the partial indexes, so that the database uses them.
    """
    condition = models.Q()
    for column in ("belongs_to", "belonged_to"):
        condition |= models.Q(**{f"{column}__in": references}) & ~models.Q(**{column: ""})
    return condition


class ChangeQuerySet(models.QuerySet):
    """Selects entries of the change log."""

    def version(self) -> int:
        """The number of the last entry: higher after every change, 0 for an empty log."""
        with connections[self.db].cursor() as cursor:  # read in each request: 0.04 ms, through the ORM 0.25 ms
            cursor.execute(f"SELECT MAX(id) FROM {self.model._meta.db_table}")
            return cursor.fetchone()[0] or 0

    def after(self, version: int):
        """Entries later than ``version``, oldest first, without the values, which only the history needs."""
        return self.filter(pk__gt=version).order_by("pk").defer("before", "after")

    def for_record(self, reference: str):
        """Entries about a record and about what belongs or belonged to it."""
        kind, _, pk = reference.partition(":")
        return self.filter(models.Q(kind=kind, record_id=int(pk)) | owned_by([reference]))

    def last_references(self, limit: int) -> list[tuple[str, int]]:
        """(kind, key) of the records of the last entries and of their owners, the latest first, each once."""
        references: dict[tuple[str, int], None] = {}
        for kind, record, owner in self.order_by("-pk").values_list("kind", "record_id", "belongs_to")[:limit]:
            owner_kind, _, owner_key = owner.partition(":")
            references |= {(kind, record): None} | ({(owner_kind, int(owner_key)): None} if owner else {})
        return list(references)

    def for_parts(self, references: Iterable[str]):
        """Entries about what belongs or belonged to the records."""
        return self.filter(owned_by(references))

    def visible(self):
        """Entries that visitors may see: about records that are published now, and about parts of those.

        Left out are deletions, all entries about records that are deleted or drafts by now, and records that have
        neither a date of publication nor an owner with one (sources, songs, the vocabulary).
        """
        condition = models.Q(pk__in=[])
        for model in apps.get_app_config("catalog").get_models():
            if (exists := visibility_condition(model, "record_id", timezone.now())) is not None:
                condition |= models.Q(exists, kind=model._meta.model_name)
        return self.exclude(action=Change.Action.DELETED).filter(condition)

    def renew(self, label: str) -> None:
        """Add an entry about everything, after which no cache and no visitor's copy of a page counts as current.

        Its number is the time in microseconds. So it is above all that the log has ever given out, those of edits that
        a restored backup lacks included, and later entries never get a number for the second time.
        """
        with transaction.atomic(using=self.db):
            lock_change_log(self.db)
            number = max(self.version() + 1, time.time_ns() // 1000)
            self.create(pk=number, action=Change.Action.CHANGED, kind=EVERYTHING, record_id=0, label=label)
            connection = connections[self.db]
            with connection.cursor() as cursor:
                for statement in connection.ops.sequence_reset_sql(no_style(), [Change]):
                    cursor.execute(statement)

    def bulk_create(self, objs, *args, **kwargs):
        """Add entries of a writer that does not use the models, and notify the subscribers."""
        entries = list(objs)
        for entry in entries:
            entry.edit = entry.edit or current_edit(self.db)
        with transaction.atomic(using=self.db):
            created = super().bulk_create(entries, *args, **kwargs)
            Change.notify(entries, self.db)
        return created


class Change(models.Model):
    """One record was added, changed or deleted. Written in the transaction of the change.

    ``fields`` names the columns that changed; ``touches`` lists the records that it references or referenced before,
    as [kind, primary key]. ``before`` and ``after`` hold values by column as ``serialize_row`` writes them: all of them
    for an addition or deletion, else those that changed; for a many-to-many table, by its name, a list of keys. They
    are None where the writer gives no values. ``belongs_to`` is the record with which this one would be deleted (the
    episode of a credit), ``belonged_to`` the one before, if that changed.

    Entries become visible in the order of their numbers: a reader of one entry has not missed an earlier one.
    Writers that do not use the models (bulk inserts) add their own entries.
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
    # Called with (entries, using) in the transaction that writes the entries.
    subscribers: ClassVar[list[Callable[[list["Change"], str], None]]] = []

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
        """Write the entry and notify the subscribers, both or neither."""
        with transaction.atomic(using=kwargs.get("using"), savepoint=False):
            super().save(*args, **kwargs)
            self.notify([self], kwargs.get("using") or self._state.db or DEFAULT_DB_ALIAS)

    @classmethod
    def subscribe(cls, subscriber: Callable[[list["Change"], str], None]) -> None:
        """Call ``subscriber(entries, using)`` for all entries from now on."""
        if subscriber not in cls.subscribers:
            cls.subscribers.append(subscriber)

    @classmethod
    def notify(cls, entries: list["Change"], using: str) -> None:
        """Call the subscribers."""
        for subscriber in cls.subscribers:
            subscriber(entries, using)
