"""What a change did, to be read: field by field, old and new, in words; prose word by word."""

import datetime as dt
import re
from copy import copy
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from django.db import models
from django.utils import dateformat, timezone
from django.utils.text import capfirst

from catalog.history.labels import RecordLabels
from catalog.history.past_state import deserialize_row, is_known_kind, model_of
from catalog.models import Change, PartialDateField
from catalog.models.change import record_reference
from catalog.models.change_recorder import m2m_tables
from catalog.partial_date import PartialDate

PROSE = 60  # characters; what is longer is compared word by word
TOO_LONG = 6000  # words of both texts; more are shown one after the other
AROUND = 12  # words that are left of what stayed the same, on either side of what did not
NOTHING = "nothing"
SAME, GONE, COME = "same", "del", "ins"
_WORDS = re.compile(r"\s+|[\w'’-]+|[^\w\s]")


@dataclass
class FieldDiff:
    """One field of one record: ``old`` and ``new`` in words, ``pieces`` of prose as (what became of it, text)."""

    name: str
    label: str
    old: str
    new: str
    pieces: list = field(default_factory=list)


@dataclass
class ChangeDiff:
    """One change: ``lines`` of what changed, or in one ``text`` what was added or deleted with it."""

    change: Change
    noun: str
    lines: list
    text: str = ""
    is_itself: bool = False  # about the record whose history is read, not about a part

    @property
    def told(self):
        """“Credit added”."""
        return f"{capfirst(self.noun)} {self.change.get_action_display().lower()}"

    @property
    def reference(self):
        """The record, as the log refers to it."""
        return f"{self.change.kind}:{self.change.record_id}"


def merge_changes_of_record(changes):
    """``changes`` of one act, oldest first, with all changes of one record in one: ties go and come one by one."""
    found, first = [], {}
    for change in changes:
        earlier = first.get((change.kind, change.record_id))
        if earlier is None or {change.action, earlier.action} != {Change.Action.CHANGED}:
            earlier = first[change.kind, change.record_id] = copy(change)
            found.append(earlier)
        else:
            earlier.before = (change.before or {}) | (earlier.before or {})
            earlier.after = (earlier.after or {}) | (change.after or {})
    return found


def format_value(column, value, name=None):
    """A value of a column as a reader has it; ``name`` is that of what it leads to."""
    if value is None or value == "" or value == []:
        return NOTHING
    if column.is_relation:
        return name
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return dateformat.format(timezone.localtime(value), "j F Y, H:i")
    if isinstance(column, PartialDateField):
        value = PartialDate(value)
        return dateformat.format(value.first_day, {"day": "j F Y", "month": "F Y", "year": "Y"}[value.precision])
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def word_diff(old, new):
    """Two texts word by word: pieces that stayed, went and came; long pieces that stayed are shortened."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) + len(after) > TOO_LONG:
        return [(GONE, old), (COME, new)]
    pieces = []
    for what, start, stop, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append((SAME, before[start:stop]))
            continue
        pieces += [(GONE, before[start:stop])] if start < stop else []
        pieces += [(COME, after[first:last])] if first < last else []
    return [(what, _text(what, some, place, len(pieces))) for place, (what, some) in enumerate(pieces)]


def _text(what, some, place, total):
    if what != SAME:
        return "".join(some)
    head = [] if place == 0 else some[:AROUND]
    tail = [] if place == total - 1 else some[len(some) - AROUND :]
    return "".join(some) if len(head) + len(tail) >= len(some) else "".join([*head, " … ", *tail])


class DiffBuilder:
    """Entries of many changes; what they lead to is named by a few queries for all of them."""

    def __init__(self, changes, itself="", using="default"):
        self.names, self.itself = RecordLabels(using), itself
        self.changes = [change for change in changes if is_known_kind(change.kind)]
        for change in self.changes:
            for stored in filter(None, (change.before, change.after)):
                self._want(model_of(change.kind), stored)

    def _want(self, model, stored):
        columns = {column.attname: column for column in model._meta.concrete_fields}
        for name, value in stored.items():
            column = columns.get(name)
            if column is not None and column.is_relation:
                self.names.want(column.related_model, [value])
            elif column is None and isinstance(value, list) and (found := m2m_tables(model).get(name)):
                self.names.want(found[3], value)

    def entries(self):
        """An entry for each change, in their order."""
        return [self.entry(change) for change in self.changes]

    def entry(self, change):
        """One change in words."""
        model = model_of(change.kind)
        is_itself = record_reference(model, change.record_id) == self.itself
        lines = [line for line in self._lines(model, change) if line.old != line.new]
        made = ChangeDiff(change, model._meta.verbose_name, lines, is_itself=is_itself)
        if change.action == Change.Action.CHANGED or is_itself:
            return made
        made.text, made.lines = self._told(change, lines), []
        return made

    def _told(self, change, lines):
        """What an added or deleted part held, besides what its name says and that it is a part of the record."""
        value = "new" if change.action == Change.Action.ADDED else "old"
        owner = change.belongs_to.partition(":")[0] if change.belongs_to == self.itself else ""
        left_out = {f"{owner}_id", "slug"}
        held = [(line.label.lower(), getattr(line, value)) for line in lines if line.name not in left_out]
        return ", ".join(f"{label} {said}" for label, said in held if not _is_said(said, change.label))

    def _lines(self, model, change):
        before, after = change.before or {}, change.after or {}
        old, new = deserialize_row(model, before), deserialize_row(model, after)
        for column in model._meta.concrete_fields:
            name = column.attname
            if (name in old or name in new) and not column.primary_key:
                said = [self._said(column, values.get(name)) for values in (old, new)]
                yield FieldDiff(name, capfirst(str(column.verbose_name)), *said, self._pieces(column, *said))
        for name in dict.fromkeys([*before, *after]):
            found = m2m_tables(model).get(name)
            if found:
                said = [self._listed(found[3], values.get(name)) for values in (before, after)]
                yield FieldDiff(name, capfirst(_tie_label(model, name, found)), *said)

    def _said(self, column, value):
        name = self.names(column.related_model, value) if column.is_relation and value is not None else None
        return format_value(column, value, name)

    def _listed(self, model, keys):
        return ", ".join(sorted(self.names(model, key) for key in keys or ())) or NOTHING

    @staticmethod
    def _pieces(column, old, new):
        is_text = isinstance(column, (models.CharField, models.TextField)) and not column.choices
        is_prose = is_text and NOTHING not in (old, new) and max(len(old), len(new)) > PROSE
        return word_diff(old, new) if is_prose else []


def _is_said(said, label):
    """Whether it goes without saying: it is what most are, or a part of the name."""
    return said == "no" or (len(said) > 3 and said in label)


def _tie_label(model, name, found):
    """What a table between is called from this side: genres; of a genre, series."""
    for many in model._meta.many_to_many:
        if many.remote_field.through is found[0]:
            return str(many.verbose_name)
    return str(found[3]._meta.verbose_name_plural)
