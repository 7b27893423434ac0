"""Labels for many records; deleted ones use their last logged label."""

from collections.abc import Iterable

from django.db.models import Max

from catalog.history.past_state import Model, kind_of, model_of
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


class RecordLabels:
    """Labels of records of several models: request all of them first, then each model is read at once."""

    def __init__(self, using: str = "default") -> None:
        self.using = using
        self._requested: dict[str, set[int]] = {}
        self._labels: dict[str, dict[int, str]] = {}

    def request(self, model: Model, keys: Iterable[int | None]) -> None:
        """Add keys to what the next query reads; None is ignored."""
        self._requested.setdefault(kind_of(model), set()).update(key for key in keys if key is not None)

    def __call__(self, model: Model, key: int) -> str:
        """The label of one record, “number 7” if neither the catalogue nor the log has it."""
        kind = kind_of(model)
        if self._requested.get(kind):
            self._labels.setdefault(kind, {}).update(labels_for(model_of(kind), self._requested.pop(kind), self.using))
        return self._labels.get(kind, {}).get(key) or f"number {key}"
