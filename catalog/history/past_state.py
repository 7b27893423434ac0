"""What a record was: values of an earlier moment, by walking the change log back from what is there now."""

from dataclasses import dataclass, field

from django.apps import apps
from django.db import models

from catalog.models import Change, Edit
from catalog.models.base import Published
from catalog.models.change import record_reference
from catalog.models.change_recorder import is_recorded

QUERY_BATCH_SIZE = 500  # keys in one query: SQLite takes 999 parameters at least


def model_of(kind):
    """The model of a kind; LookupError when the catalogue has no such kind (any more)."""
    return apps.get_model("catalog", kind)


def is_known_kind(kind):
    """Whether the catalogue has records of that kind: a log outlives its tables."""
    return kind in apps.get_app_config("catalog").models


def deserialize_row(model, stored):
    """What ``change.plain`` wrote, by column, as the database layer takes it; columns that are gone are left out."""
    columns = {field.attname: field for field in model._meta.concrete_fields}
    return {name: _value(columns[name], value) for name, value in stored.items() if name in columns}


def deserialize_m2m(stored, model):
    """Of what ``change.plain`` wrote, what the record was tied to: keys by the name of the table between."""
    columns = {field.attname for field in model._meta.concrete_fields}
    return {name: keys for name, keys in stored.items() if name not in columns and isinstance(keys, list)}


def _value(column, value):
    as_text = isinstance(column, (models.DateField, models.DecimalField)) and isinstance(value, str)
    return column.to_python(value) if as_text else value


def chunks(keys):
    """``keys`` in portions for one query each."""
    keys = list(keys)
    return (keys[start : start + QUERY_BATCH_SIZE] for start in range(0, len(keys), QUERY_BATCH_SIZE))


def current_rows(model, keys, using="default"):
    """The values by column of the records with those keys that are there, by key."""
    rows = {}
    for some in chunks(keys):
        rows |= {
            row[model._meta.pk.attname]: row for row in model._base_manager.using(using).filter(pk__in=some).values()
        }
    return rows


@dataclass
class PastRow:
    """One record and what happened to it since some version: ``changes`` oldest first.

    ``before`` are the values of that version (None: it was not there yet), ``now`` those of this moment (None: gone).
    """

    model: type
    pk: int
    now: dict | None
    changes: list = field(default_factory=list)

    @property
    def before(self):
        """The values at the version, or None."""
        values = None if self.now is None else dict(self.now)
        for change in reversed(self.changes):
            if change.action == Change.Action.ADDED:
                values = None
            elif change.before is not None:
                values = (values or {}) | deserialize_row(self.model, change.before)
        return values

    def m2m_before(self, now):
        """What it was tied to, by the name of the table between; ``now`` is what it is tied to."""
        found = dict(now)
        for change in reversed(self.changes):
            found |= deserialize_m2m(change.before or {}, self.model)
        return found

    def last_change(self, name):
        """The latest change of the column or tie ``name``, or of the record as a whole; None when there is none."""
        whole = (Change.Action.ADDED, Change.Action.DELETED)
        return next((one for one in reversed(self.changes) if name in one.fields or one.action in whole), None)

    def values_since(self, name):
        """All values that the column or tie ``name`` had since, the oldest first, without that of now."""
        stored = [(self.model, change.before) for change in self.changes if name in (change.before or {})]
        return [(deserialize_row(model, before) | deserialize_m2m(before, model))[name] for model, before in stored]


def last_labels(rows):
    """What the log called rows last, by (model, key)."""
    return {(row.model, row.pk): row.changes[-1].label for row in rows}


def rows_since(version, reference_, keys=(), using="default"):
    """What happened after ``version`` to a record, to what belongs to it, and to the rows ``keys`` (kind, key).

    Rows by (kind, key). Two queries when nothing happened.
    """
    log = Change.objects.using(using).filter(pk__gt=version)
    condition = models.Q(pk__in=Change.objects.using(using).for_record(reference_).filter(pk__gt=version).values("pk"))
    by_kind = {}
    for kind, key in keys:
        by_kind.setdefault(kind, set()).add(key)
    for kind, some in by_kind.items():
        condition |= models.Q(kind=kind, record_id__in=some)
    return rows_from_changes(log.filter(condition).select_related("edit").order_by("pk"), using)


def rows_from_changes(changes, using="default"):
    """Rows by (kind, key) of ``changes``, which come oldest first."""
    rows, by_model = {}, {}
    for change in changes:
        if is_known_kind(change.kind):
            rows.setdefault((change.kind, change.record_id), []).append(change)
            by_model.setdefault(change.kind, set()).add(change.record_id)
    now = {kind: current_rows(model_of(kind), keys, using) for kind, keys in by_model.items()}
    return {(kind, pk): PastRow(model_of(kind), pk, now[kind].get(pk), changes) for (kind, pk), changes in rows.items()}


def owned_keys(model, keys, using="default"):
    """What goes with records of ``model`` when they are deleted, and has no publication of its own: (model, keys)."""
    for relation in model._meta.related_objects:
        part, cascades = relation.related_model, getattr(relation, "on_delete", None) is models.CASCADE
        if cascades and is_recorded(part) and not issubclass(part, Published):
            found = set()
            for some in chunks(keys):
                rows = part._base_manager.using(using).filter(**{f"{relation.field.attname}__in": some})
                found |= set(rows.values_list("pk", flat=True))
            yield part, found


def record_and_parts(model, pk, version=0, using="default"):
    """References to a record and all its parts, those too that it had after ``version``; parts of parts as well."""
    found, fresh = set(), {(model._meta.model_name, pk)}
    while fresh:
        found |= fresh
        following = set()
        for kind in {kind for kind, _ in fresh}:
            keys = [key for other, key in fresh if other == kind]
            for part, there in owned_keys(model_of(kind), keys, using):
                following |= {(part._meta.model_name, key) for key in there}
        for some in chunks(record_reference(model_of(kind), key) for kind, key in fresh):
            gone = Change.objects.using(using).for_parts(some).filter(pk__gt=version).order_by()
            following |= {
                (kind, key)
                for kind, key in gone.values_list("kind", "record_id")
                if is_known_kind(kind) and not issubclass(model_of(kind), Published)
            }
        fresh = following - found
    return found


def merged_into(kind, pk, using="default"):
    """The record that one was merged into, and that one into …: its key; None when it was not merged away."""
    found, seen = None, set()
    while pk not in seen:
        seen.add(pk)
        gone = Change.objects.using(using).filter(kind=kind, record_id=pk, edit__kind=Edit.Kind.MERGE)
        last = gone.filter(action=Change.Action.DELETED).select_related("edit").order_by("-pk").first()
        if last is None or not last.edit.subject.startswith(f"{kind}:"):
            return found
        if Change.objects.using(using).filter(kind=kind, record_id=pk, action="added", pk__gt=last.pk).exists():
            return found  # brought back since
        found = pk = int(last.edit.subject.partition(":")[2])
    return found
