"""The one change log: what changed and when. Caches are versioned by it, feeds list it."""

from django.db import models
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.utils import timezone


class ChangeQuerySet(models.QuerySet):
    """Readings of the log."""

    def version(self):
        """The number of the last change: a different one after every change; 0 for an untouched catalogue."""
        return self.order_by("-pk").values_list("pk", flat=True).first() or 0


class Change(models.Model):
    """One record was added, changed or deleted, in the transaction that did it.

    Writers that go past the models (bulk inserts) add their own entries. ``fields`` names what changed.
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

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "record_id"], name="change_of_a_record")]

    def __str__(self):
        return f"{self.kind} {self.label} {self.action}"


def is_recorded(model):
    """Whether the log keeps changes of ``model``: every table of the catalogue but the log itself."""
    return model._meta.app_label == "catalog" and model is not Change and not model._meta.auto_created


def record(action, instance, fields=(), using=None):
    """Write one entry into the database that the change went to."""
    Change.objects.using(using).create(
        action=action,
        kind=instance._meta.model_name,
        record_id=instance.pk,
        label=str(instance)[:250],
        fields=sorted(fields),
    )


def _before_save(sender, instance, using, **_):
    """Read what the row holds now, to know afterwards which fields changed: one query for a save."""
    if is_recorded(sender) and instance.pk is not None:
        instance._row_before = sender._base_manager.using(using).filter(pk=instance.pk).values().first()


def _after_save(sender, instance, created, using, **_):
    """Log an addition, or a change of at least one field; saving what is there already changes nothing."""
    if not is_recorded(sender):
        return
    before = instance.__dict__.pop("_row_before", None)
    if created or before is None:
        record(Change.Action.ADDED, instance, using=using)
        return
    now = sender._base_manager.using(using).filter(pk=instance.pk).values().first() or {}
    changed = [field for field, value in now.items() if before.get(field) != value]
    if changed:
        record(Change.Action.CHANGED, instance, changed, using=using)


def _after_delete(sender, instance, using, **_):
    if is_recorded(sender):
        record(Change.Action.DELETED, instance, using=using)


def _after_m2m(sender, instance, action, pk_set, using, **_):
    """Log a change of what a record is tied to; ``pk_set`` is what really changed."""
    happened = action in ("post_add", "post_remove") and pk_set or action == "post_clear"
    if happened and is_recorded(type(instance)):
        record(Change.Action.CHANGED, instance, [sender._meta.model_name], using=using)


pre_save.connect(_before_save, dispatch_uid="catalog.change.before_save")
post_save.connect(_after_save, dispatch_uid="catalog.change.after_save")
post_delete.connect(_after_delete, dispatch_uid="catalog.change.after_delete")
m2m_changed.connect(_after_m2m, dispatch_uid="catalog.change.after_m2m")
