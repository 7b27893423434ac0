"""Changes of the log for readers: old and new value of each field in words, long texts compared word by word."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.db import models
from django.utils import dateformat, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from catalog.history.labels import RecordLabels
from catalog.history.past_state import Model, Values, deserialize_row, is_known_kind, model_of
from catalog.models import Change
from catalog.models.change import record_reference
from catalog.models.change_recorder import m2m_tables
from catalog.models.partial_date import PartialDateField
from catalog.partial_date import PartialDate

WORD_DIFF_MIN_LENGTH = 60  # characters; shorter texts are shown whole, old and new
WORD_DIFF_MAX_WORDS = 6000  # of both texts together; longer ones are shown one after the other
CONTEXT_WORDS = 12  # unchanged words shown before and after a difference
EMPTY_WORD = "nothing"
UNCHANGED, REMOVED, INSERTED = "unchanged", "removed", "inserted"
_WORDS = re.compile(r"\s+|[\w'’-]+|[^\w\s]")


@dataclass
class FieldDiff:
    """One field of one record: old and new value in words; for long texts also ``pieces`` as (status, text)."""

    name: str
    label: str
    old: str
    new: str
    pieces: list[tuple[str, str]] = field(default_factory=list)

    @property
    def marked_up(self) -> SafeString:
        """The pieces as HTML, with ``<del>`` and ``<ins>`` elements."""
        elements = {UNCHANGED: "{}", REMOVED: "<del>{}</del>", INSERTED: "<ins>{}</ins>"}
        return format_html_join("", "{}", ((format_html(elements[status], text),) for status, text in self.pieces))


@dataclass
class ChangeDiff:
    """One change in words: a list of field diffs, or for a part that was added or deleted its values in one text."""

    change: Change
    record_type: str
    field_diffs: list[FieldDiff]
    text: str = ""
    is_own: bool = False  # about the record of the history page, not about one of its parts

    @property
    def action_label(self) -> str:
        """“Credit added”."""
        return f"{capfirst(self.record_type)} {self.change.get_action_display().lower()}"


def changed_field_labels(change: Change) -> list[str]:
    """The labels of the fields that a change changed; the logged names if the catalogue no longer has them."""
    if not is_known_kind(change.kind):
        return list(change.fields)
    model = model_of(change.kind)
    labels = {column.attname: str(column.verbose_name) for column in model._meta.concrete_fields}
    labels |= {name: _m2m_label(model, table[0], table[3]) for name, table in m2m_tables(model).items()}
    return [labels.get(name, name) for name in change.fields]


def merge_changes_of_record(changes: Iterable[Change]) -> list[Change]:
    """Merge successive changes of one record in one act, oldest first: many-to-many links are logged one by one."""
    merged: list[Change] = []
    last_of_record: dict[tuple[str, int], Change] = {}
    for change in changes:
        earlier = last_of_record.get((change.kind, change.record_id))
        if earlier is None or {change.action, earlier.action} != {Change.Action.CHANGED}:
            earlier = last_of_record[change.kind, change.record_id] = copy(change)
            merged.append(earlier)
        else:
            earlier.before = (change.before or {}) | (earlier.before or {})
            earlier.after = (earlier.after or {}) | (change.after or {})
    return merged


def format_value(column: models.Field, value: Any, label: str = "") -> str:
    """A column's value in words; ``label`` is that of the record that a foreign key references."""
    if value is None or value == "" or value == []:
        return EMPTY_WORD
    if column.is_relation:
        return label
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return dateformat.format(timezone.localtime(value), "j F Y, H:i")
    if isinstance(column, PartialDateField):
        date = PartialDate(value)
        return dateformat.format(date.first_day, {"day": "j F Y", "month": "F Y", "year": "Y"}[date.precision])
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def word_diff(old: str, new: str) -> list[tuple[str, str]]:
    """Compare two texts word by word, as (status, text) pieces; long unchanged pieces are abridged."""
    old_words, new_words = _WORDS.findall(old), _WORDS.findall(new)
    if len(old_words) + len(new_words) > WORD_DIFF_MAX_WORDS:
        return [(REMOVED, old), (INSERTED, new)]
    pieces: list[tuple[str, list[str]]] = []
    matcher = SequenceMatcher(None, old_words, new_words, autojunk=False)
    for operation, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if operation == "equal":
            pieces.append((UNCHANGED, old_words[old_start:old_end]))
            continue
        if old_start < old_end:
            pieces.append((REMOVED, old_words[old_start:old_end]))
        if new_start < new_end:
            pieces.append((INSERTED, new_words[new_start:new_end]))
    last = len(pieces) - 1
    return [
        (status, _abridged(words, at_start=index == 0, at_end=index == last) if status == UNCHANGED else "".join(words))
        for index, (status, words) in enumerate(pieces)
    ]


def _abridged(words: list[str], at_start: bool, at_end: bool) -> str:
    """Unchanged words without the middle; at the start or end of the text, only those next to a difference."""
    head = [] if at_start else words[:CONTEXT_WORDS]
    tail = [] if at_end else words[len(words) - CONTEXT_WORDS :]
    return "".join(words) if len(head) + len(tail) >= len(words) else "".join([*head, " … ", *tail])


class DiffBuilder:
    """Builds the diffs of many changes, with a few queries for the labels of all records that they reference.

    Records are called as they were when the change was made; in a preview, as they are now.
    ``subject`` refers to the record whose history is shown; its changes are shown in full, also additions.
    """

    def __init__(self, changes: Iterable[Change], subject: str = "", using: str = "default") -> None:
        self.labels, self.subject = RecordLabels(using), subject
        self.changes = [change for change in changes if is_known_kind(change.kind)]
        for change in self.changes:
            for stored in filter(None, (change.before, change.after)):
                self._request_labels(model_of(change.kind), stored)

    def _request_labels(self, model: Model, stored: Values) -> None:
        columns = {column.attname: column for column in model._meta.concrete_fields}
        for name, value in stored.items():
            column = columns.get(name)
            if column is not None and column.related_model is not None:
                self.labels.request(column.related_model, [value])
            elif column is None and isinstance(value, list) and name in m2m_tables(model):
                self.labels.request(m2m_tables(model)[name][3], value)

    def diffs(self) -> list[ChangeDiff]:
        """A diff for each change, in their order; changes of unknown kinds are left out."""
        return [self._diff(change) for change in self.changes]

    def _diff(self, change: Change) -> ChangeDiff:
        model = model_of(change.kind)
        is_own = record_reference(model, change.record_id) == self.subject
        field_diffs = [diff for diff in self._field_diffs(model, change) if diff.old != diff.new]
        record_type = str(model._meta.verbose_name)
        if change.action == Change.Action.CHANGED or is_own:
            return ChangeDiff(change, record_type, field_diffs, is_own=is_own)
        return ChangeDiff(change, record_type, [], self._values_in_words(change, field_diffs))

    def _values_in_words(self, change: Change, field_diffs: Iterable[FieldDiff]) -> str:
        """The values of an added or deleted part that its label does not show, without its owner."""
        side = "new" if change.action == Change.Action.ADDED else "old"
        owner_kind = change.belongs_to.partition(":")[0] if change.belongs_to == self.subject else ""
        values = [
            (diff.label.lower(), getattr(diff, side))
            for diff in field_diffs
            if diff.name not in (f"{owner_kind}_id", "slug")
        ]
        return ", ".join(f"{label} {value}" for label, value in values if not _is_redundant(value, change.label))

    def _field_diffs(self, model: Model, change: Change) -> Iterator[FieldDiff]:
        before, after = change.before or {}, change.after or {}
        old_row, new_row = deserialize_row(model, before), deserialize_row(model, after)
        for column in model._meta.concrete_fields:
            name = column.attname
            if (name in old_row or name in new_row) and not column.primary_key:
                old, new = (self._format(column, row.get(name), change.pk) for row in (old_row, new_row))
                pieces = word_diff(old, new) if _is_long_text(column, old, new) else []
                yield FieldDiff(name, capfirst(str(column.verbose_name)), old, new, pieces)
        for name in dict.fromkeys([*before, *after]):
            if name in m2m_tables(model):
                through, _, _, target = m2m_tables(model)[name]
                old, new = (self._format_m2m(target, values.get(name), change.pk) for values in (before, after))
                yield FieldDiff(name, capfirst(_m2m_label(model, through, target)), old, new)

    def _format(self, column: models.Field, value: Any, version: int | None) -> str:
        target = column.related_model if value is not None else None
        return format_value(column, value, self.labels(target, value, version) if target is not None else "")

    def _format_m2m(self, target: Model, keys: Iterable[int] | None, version: int | None) -> str:
        return ", ".join(sorted(self.labels(target, key, version) for key in keys or ())) or EMPTY_WORD


def _is_long_text(column: models.Field, old: str, new: str) -> bool:
    is_text = isinstance(column, models.CharField | models.TextField) and not column.choices
    return is_text and EMPTY_WORD not in (old, new) and max(len(old), len(new)) > WORD_DIFF_MIN_LENGTH


def _is_redundant(value: str, label: str) -> bool:
    """True for the usual value “no”, and for a value that is part of the record's label."""
    return value == "no" or (len(value) > 3 and value in label)


def _m2m_label(model: Model, through: Model, target: Model) -> str:
    """The field's name on its own side (“genres” of a series), the other model's plural on the other side."""
    for m2m_field in model._meta.many_to_many:
        if m2m_field.remote_field.through is through:
            return str(m2m_field.verbose_name)
    return str(target._meta.verbose_name_plural)
