"""The preview of a merge in words: what moves, what both records have, and where they differ."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst

from catalog.editing.fingerprint import fingerprint
from catalog.history.diff import format_value
from catalog.history.labels import RecordLabels, labels_for
from catalog.history.merge_records import Mergeable, MergePlan
from catalog.history.past_state import Model, current_rows
from catalog.models import Credit

MAX_LISTED = 5  # rows named per model
COLLISION_TEXT = "that both have: kept once; empty fields are filled, and where values differ the target’s stay"


@dataclass
class MergeChoice:
    """A field that is filled in both records: the editor chooses the value."""

    name: str  # of the radio buttons
    label: str
    target_value: str
    duplicate_value: str
    prefers_duplicate: bool


@dataclass
class MovedRows:
    """Rows of one model in the preview: “3 credits”, what happens to them, the first labels, the number of others."""

    count: str
    explanation: str
    labels: list[str]
    hidden: int


class MergePreview:
    """What merging one record into another would do, in words. ``data`` is the submitted form."""

    def __init__(self, plan: MergePlan, data: Mapping[str, str]) -> None:
        self.plan, self.duplicate = plan, plan.duplicate
        columns = {column.attname: column for column in plan.target._meta.concrete_fields}
        labels = RecordLabels()
        filled = {name: [value] for name, value in plan.filled_values.items()}
        for name, values in (plan.conflicting_values | filled).items():
            model = columns[name].related_model
            if model is not None:
                labels.request(model, values)

        def in_words(name: str, value: Any) -> str:
            model = columns[name].related_model
            return format_value(columns[name], value, labels(model, value) if model is not None else "")

        self.filled = [
            (columns[name].verbose_name, in_words(name, value)) for name, value in plan.filled_values.items()
        ]
        self.preferred = [name for name in plan.conflicting_values if data.get(self.choice_name(name)) == "1"]
        self.choices = [
            MergeChoice(
                self.choice_name(name),
                capfirst(str(columns[name].verbose_name)),
                in_words(name, target_value),
                in_words(name, duplicate_value),
                name in self.preferred,
            )
            for name, (target_value, duplicate_value) in plan.conflicting_values.items()
        ]

    def choice_name(self, column_name: str) -> str:
        """The name of a choice in the form: “take-12-born”."""
        return f"take-{self.duplicate.pk}-{column_name}"

    def moved_rows(self) -> Iterator[MovedRows]:
        """The rows that move to the target, by model."""
        for total, opts in self.plan.moved_counts():
            keys = [pk for model, pk in self.plan.moved_rows if model is opts.model]
            yield _moved_rows(opts.model, keys, total, "move")

    def colliding_rows(self) -> Iterator[MovedRows]:
        """The rows that both records have and that exist once afterwards, by model."""
        keys_by_model: dict[Model, list[int]] = {}
        for model, pk in self.plan.colliding_rows:
            keys_by_model.setdefault(model, []).append(pk)
        for model, keys in keys_by_model.items():
            yield _moved_rows(model, keys, len(keys), COLLISION_TEXT)

    def fingerprint_parts(self) -> list[Any]:
        """All that the merge depends on: the plan, and the current rows that collide."""
        plan = self.plan
        keys_by_model: dict[Model, set[int]] = {}
        for (model, pk), target_key in plan.colliding_rows.items():
            keys_by_model.setdefault(model, set()).update((pk, target_key))
        rows = {model: current_rows(model, keys) for model, keys in keys_by_model.items()}
        return [plan.moved_rows, plan.colliding_rows, plan.filled_values, plan.conflicting_values, plan.m2m, rows]


def _moved_rows(model: Model, keys: list[int], total: int, explanation: str) -> MovedRows:
    """Rows in words. A credit is named by its subject, since all of them are of one person."""
    if model is Credit:
        credits = Credit.objects.for_page().filter(pk__in=keys[:MAX_LISTED])
        labels = [f"{credit.role}: {credit.subject}" for credit in credits]
    else:
        label_of = labels_for(model, keys[:MAX_LISTED])
        labels = [label_of[pk] for pk in keys[:MAX_LISTED]]
    name = model._meta.verbose_name if total == 1 else model._meta.verbose_name_plural
    return MovedRows(f"{total:,} {name}", explanation, labels, max(0, total - MAX_LISTED))


def merge_fingerprint(previews: Iterable[MergePreview], target: Mergeable) -> str:
    """The fingerprint of what the page shows: the plans and the current rows of all records concerned."""
    previews = list(previews)
    keys = [target.pk, *(preview.duplicate.pk for preview in previews)]
    return fingerprint([preview.fingerprint_parts() for preview in previews], current_rows(type(target), keys))
