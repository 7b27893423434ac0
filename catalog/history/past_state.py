"""Earlier values of records, reconstructed by walking the change log back from the current rows."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models

from catalog.models import Change, Edit
from catalog.models.base import Published
from catalog.models.change import record_reference
from catalog.models.change_recorder import Values, is_recorded, logged_columns
from catalog.models.compiled_query import batches

Model = type[models.Model]
M2MKeys = dict[str, list[int]]  # keys of related records, by the model name of the through table
RecordRef = tuple[str, int]  # kind and primary key

# Changes without an edit (commands, imports) that follow each other this closely count as one act.
SAME_ACT_WINDOW = dt.timedelta(seconds=2)


def model_of(kind: str) -> Model:
    """The model of a kind; LookupError if the catalogue has no such kind (any more)."""
    return apps.get_model("catalog", kind)


def kind_of(model: Model | models.Model) -> str:
    """The kind of a model or record, as the change log uses it: “episode”."""
    return str(model._meta.model_name)


def is_known_kind(kind: str) -> bool:
    """True if the catalogue has a model of that kind; the change log may outlive a model."""
    return kind in apps.get_app_config("catalog").models


def deserialize_row(model: Model, stored: Values) -> Values:
    """Turn logged values (see ``change.serialize_row``) into database values; columns that no longer exist are dropped.

    Many-to-many keys are dropped too: see ``deserialize_m2m``.
    """
    columns = {column.attname: column for column in model._meta.concrete_fields}
    return {name: _to_python(columns[name], value) for name, value in stored.items() if name in columns}


def deserialize_m2m(model: Model, stored: Values) -> M2MKeys:
    """The many-to-many keys among logged values, by through table."""
    columns = {column.attname for column in model._meta.concrete_fields}
    return {name: keys for name, keys in stored.items() if name not in columns and isinstance(keys, list)}


def _to_python(column: models.Field, value: Any) -> Any:
    logged_as_text = isinstance(column, models.DateField | models.DecimalField) and isinstance(value, str)
    return column.to_python(value) if logged_as_text else value


def current_rows(model: Model, keys: Iterable[int], using: str = "default") -> dict[int, Values]:
    """The rows of existing records, by primary key; missing keys are left out."""
    rows = {}
    for batch in batches(keys):
        for row in model._base_manager.using(using).filter(pk__in=batch).values(*logged_columns(model)):
            rows[row[model._meta.pk.attname]] = row
    return rows


@dataclass
class PastRow:
    """One record with its changes since some version of the log, oldest first.

    ``now`` are its current values, None if it was deleted.
    """

    model: Model
    pk: int
    now: Values | None
    changes: list[Change] = field(default_factory=list)

    @property
    def before(self) -> Values | None:
        """The values at the version; None if the record did not exist then."""
        values = None if self.now is None else dict(self.now)
        for change in reversed(self.changes):
            if change.action == Change.Action.ADDED:
                values = None
            elif change.before is not None:
                values = (values or {}) | deserialize_row(self.model, change.before)
        return values

    def m2m_before(self, current: M2MKeys) -> M2MKeys:
        """The many-to-many keys at the version; ``current`` are the current ones."""
        keys = dict(current)
        for change in reversed(self.changes):
            keys |= deserialize_m2m(self.model, change.before or {})
        return keys

    def last_change(self, name: str) -> Change | None:
        """The latest change of the column or through table ``name``, or that added or deleted the record."""
        whole_record = (Change.Action.ADDED, Change.Action.DELETED)
        matches = (change for change in self.changes[::-1] if name in change.fields or change.action in whole_record)
        return next(matches, None)

    def values_since(self, name: str) -> list[Any]:
        """All former values of a column or through table since the version, oldest first."""
        stored = [change.before for change in self.changes if change.before and name in change.before]
        return [(deserialize_row(self.model, row) | deserialize_m2m(self.model, row))[name] for row in stored]


def last_labels(rows: Iterable[PastRow]) -> dict[tuple[Model, int], str]:
    """The labels that the log used last for the records, by (model, key)."""
    return {(row.model, row.pk): row.changes[-1].label for row in rows}


def rows_since(
    version: int, reference: str, keys: Iterable[RecordRef] = (), using: str = "default"
) -> dict[RecordRef, PastRow]:
    """Rows that changed after ``version``: of a record, of its parts, and of the records ``keys``.

    Two queries if nothing changed.
    """
    log = Change.objects.using(using).filter(pk__gt=version)
    condition = models.Q(pk__in=Change.objects.using(using).for_record(reference).filter(pk__gt=version).values("pk"))
    by_kind: dict[str, list[int]] = {}
    for kind, key in keys:
        by_kind.setdefault(kind, []).append(key)
    for kind, record_ids in by_kind.items():
        condition |= models.Q(kind=kind, record_id__in=set(record_ids))
    return rows_from_changes(log.filter(condition).select_related("edit").order_by("pk"), using)


def rows_from_changes(changes: Iterable[Change], using: str = "default") -> dict[RecordRef, PastRow]:
    """Group changes (oldest first) by record, and read the current rows. Unknown kinds are ignored."""
    by_record: dict[RecordRef, list[Change]] = {}
    by_kind: dict[str, set[int]] = {}
    for change in changes:
        if is_known_kind(change.kind):
            by_record.setdefault((change.kind, change.record_id), []).append(change)
            by_kind.setdefault(change.kind, set()).add(change.record_id)
    current = {kind: current_rows(model_of(kind), keys, using) for kind, keys in by_kind.items()}
    return {
        (kind, pk): PastRow(model_of(kind), pk, current[kind].get(pk), record_changes)
        for (kind, pk), record_changes in by_record.items()
    }


def owned_keys(model: Model, keys: Collection[int], using: str = "default") -> Iterator[tuple[Model, set[int]]]:
    """Keys of the rows that are deleted together with records of ``model``, per owned model.

    Models that are published by themselves (the seasons of a series) are left out.
    """
    for relation in model._meta.related_objects:
        part, cascades = relation.related_model, getattr(relation, "on_delete", None) is models.CASCADE
        if cascades and is_recorded(part) and not issubclass(part, Published):
            part_keys: set[int] = set()
            for batch in batches(keys):
                rows = part._base_manager.using(using).filter(**{f"{relation.field.attname}__in": batch})
                part_keys |= set(rows.values_list("pk", flat=True))
            yield part, part_keys


def record_and_parts(model: Model, pk: int, version: int = 0, using: str = "default") -> set[RecordRef]:
    """A record, its current parts and its former parts since ``version``, with their parts."""
    references: set[RecordRef] = set()
    level = {(kind_of(model), pk)}
    while level:
        references |= level
        parts: set[RecordRef] = set()
        for kind in {kind for kind, _ in level}:
            keys = [key for level_kind, key in level if level_kind == kind]
            for part, part_keys in owned_keys(model_of(kind), keys, using):
                parts |= {(kind_of(part), key) for key in part_keys}
        for batch in batches(record_reference(model_of(kind), key) for kind, key in level):
            former = Change.objects.using(using).for_parts(batch).filter(pk__gt=version).order_by()
            parts |= {
                (kind, key)
                for kind, key in former.values_list("kind", "record_id")
                if is_known_kind(kind) and not issubclass(model_of(kind), Published)
            }
        level = parts - references
    return references


def merged_into(kind: str, pk: int, using: str = "default") -> int | None:
    """The key of the record into which a record was merged, the last after several merges; None if not merged."""
    target, visited = None, set()
    while pk not in visited:
        visited.add(pk)
        log = Change.objects.using(using).filter(kind=kind, record_id=pk)
        merges = log.filter(edit__kind=Edit.Kind.MERGE, action=Change.Action.DELETED)
        merge = merges.select_related("edit").order_by("-pk").first()
        if merge is None or merge.edit is None or not merge.edit.subject.startswith(f"{kind}:"):
            return target
        if log.filter(action=Change.Action.ADDED, pk__gt=merge.pk).exists():
            return target  # the merge was undone
        target = pk = int(merge.edit.subject.partition(":")[2])
    return target
