"""Labels for many records, now or at a version of the log; deleted ones use their last logged label."""

from collections.abc import Iterable

from django.db.models import Max

from catalog.history.past_state import Model, kind_of
from catalog.models import Change
from catalog.models.base import with_label_relations
from catalog.models.compiled_query import batches


def labels_for(model: Model, keys: Iterable[int], using: str = "default") -> dict[int, str]:
    """Labels by primary key, with two queries per batch; records unknown to the log are left out."""
    keys = set(keys)
    labels: dict[int, str] = {}
    for batch in batches(keys):
        records = with_label_relations(model._base_manager.using(using).filter(pk__in=batch))
        labels |= {record.pk: str(record) for record in records}
    for batch in batches(keys - labels.keys()):
        log = Change.objects.using(using).filter(kind=kind_of(model), record_id__in=batch).order_by()
        last = log.values("record_id").annotate(last=Max("pk")).values("last")
        labels |= dict(Change.objects.using(using).filter(pk__in=last).values_list("record_id", "label"))
    return labels


def logged_labels(model: Model, keys: Iterable[int], using: str = "default") -> dict[int, list[tuple[int, str]]]:
    """By primary key the labels in the log, oldest first, each with the version from which on it was used.

    The first counts from version 0 on: as a label before it, the name that a first change replaced.
    """
    labels: dict[int, list[tuple[int, str]]] = {}
    columns = "record_id", "pk", "label", "action", "before"
    for batch in batches(keys):
        log = Change.objects.using(using).filter(kind=kind_of(model), record_id__in=batch).order_by("pk")
        for record_id, version, label, action, before in log.values_list(*columns):
            if record_id not in labels:
                former = (before or {}).get("name") or (before or {}).get("title")
                first = former if former and action == Change.Action.CHANGED else label
                labels[record_id] = [(0, first)]
            labels[record_id].append((version, label))
    return labels


class RecordLabels:
    """Labels of records of several models: request all of them first, then each model is read at once."""

    def __init__(self, using: str = "default") -> None:
        self.using = using
        self._requested: dict[str, set[int]] = {}
        self._labels: dict[str, dict[int, str]] = {}
        self._logged: dict[str, dict[int, list[tuple[int, str]]]] = {}

    def request(self, model: Model, keys: Iterable[int | None]) -> None:
        """Add keys to what the next query reads; None is ignored."""
        self._requested.setdefault(kind_of(model), set()).update(key for key in keys if key is not None)

    def __call__(self, model: Model, key: int, version: int | None = None) -> str:
        """The label of one record, “number 7” if neither the catalogue nor the log has it.

        With a ``version`` of the log, as the record was called then, if the log has it.
        """
        kind = kind_of(model)
        if keys := self._requested.pop(kind, None):
            self._labels.setdefault(kind, {}).update(labels_for(model, keys, self.using))
            self._logged.setdefault(kind, {}).update(logged_labels(model, keys, self.using))
        logged = self._logged.get(kind, {}).get(key, []) if version is not None else []
        if logged:
            return next(label for since, label in reversed(logged) if since <= (version or 0))
        return self._labels.get(kind, {}).get(key) or f"number {key}"
