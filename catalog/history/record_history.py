"""The history of a record: every act that changed it or its parts, the newest first, in pages."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Count

from catalog.history.diff import DiffBuilder, merge_changes_of_record
from catalog.history.past_state import chunks, record_and_parts
from catalog.models import Change, Edit
from catalog.models.change import record_reference

PAGE_SIZE = 20  # acts on a page
MAX_CHANGES_PER_ENTRY = 60  # entries of one act; the act has a page of its own with more
SAME_ACT_WINDOW = dt.timedelta(seconds=2)  # changes without an edit that follow so closely are shown as one act


@dataclass
class HistoryEntry:
    """What one editor did at one time, as far as it concerns the record; ``edit`` is None for commands."""

    edit: Edit | None
    at: dt.datetime
    keys: list = field(default_factory=list)  # of the entries, newest first
    entries: list = field(default_factory=list)
    others: int = 0  # entries that are not shown here
    undone_by: Edit | None = None

    @property
    def before(self):
        """The log's version before it."""
        return self.keys[-1] - 1 if self.keys else None

    @property
    def after(self):
        """The log's version after it."""
        return self.keys[0] if self.keys else None

    @property
    def author(self):
        """By whom."""
        return (self.edit.by or "somebody unknown") if self.edit else "a command or an import"

    @property
    def told(self):
        """What sort of act."""
        return self.edit.get_kind_display() if self.edit else "Changed"

    @property
    def is_beginning(self):
        """Whether the record itself was added: before that there is no state to bring back."""
        return any(entry.is_itself and entry.change.action == Change.Action.ADDED for entry in self.entries)

    @property
    def columns(self):
        """(column, label) of what it changed in the record itself and can be brought back by itself."""
        own = [entry for entry in self.entries if entry.is_itself and entry.change.action == Change.Action.CHANGED]
        return [(line.name, line.label) for entry in own for line in entry.lines]


def history_entries(model, pk, using="default"):
    """All acts about a record and its parts, the newest first, without their entries."""
    references = [record_reference(model, pk)]
    for kind, key in record_and_parts(model, pk, using=using):
        references.append(f"{kind}:{key}")
    log, found = Change.objects.using(using).order_by(), {}
    for change in log.for_record(references[0]).values_list("pk", "edit", "at"):
        found[change[0]] = change
    for some in chunks(references):
        found |= {change[0]: change for change in log.for_parts(some).values_list("pk", "edit", "at")}
    acts, by_edit = [], {}
    for key in sorted(found, reverse=True):
        _, edit, at = found[key]
        last = acts[-1] if acts else None
        if edit is not None and edit in by_edit:
            by_edit[edit].keys.append(key)
        elif edit is None and last and last.edit is None and last.at - at < SAME_ACT_WINDOW:
            last.keys.append(key)
        else:
            acts.append(HistoryEntry(edit, at, [key]))
            by_edit[edit] = acts[-1]
    subject = Edit.objects.using(using).filter(subject=references[0]).exclude(pk__in=filter(None, by_edit))
    acts += [HistoryEntry(edit, at) for edit, at in subject.values_list("pk", "at")]
    return sorted(acts, key=lambda act: act.at, reverse=True)


def with_changes(acts, itself="", using="default"):
    """``acts`` with their edits and what each changed: as many queries for one as for a page of them."""
    edits = Edit.objects.using(using).in_bulk([act.edit for act in acts if act.edit])
    undone = {edit.undone_id: edit for edit in Edit.objects.using(using).filter(undone__in=edits, undoings=None)}
    log = Change.objects.using(using)
    changes = log.in_bulk([key for act in acts for key in act.keys[:MAX_CHANGES_PER_ENTRY]])
    totals = Edit.objects.using(using).filter(pk__in=edits).annotate(total=Count("changes"))
    totals = dict(totals.values_list("pk", "total"))
    of_act = [
        merge_changes_of_record([changes[key] for key in sorted(act.keys[:MAX_CHANGES_PER_ENTRY])]) for act in acts
    ]
    entries = DiffBuilder([change for some in of_act for change in some], itself, using).entries()
    entries = {entry.change.pk: entry for entry in entries}
    for act, some in zip(acts, of_act, strict=True):
        act.edit, key = edits.get(act.edit), act.edit
        act.undone_by = undone.get(key)
        act.entries = [entries[change.pk] for change in some if change.pk in entries]
        act.entries = [entry for entry in act.entries if entry.lines or entry.change.action != Change.Action.CHANGED]
        act.entries.sort(key=lambda entry: not entry.is_itself)
        act.others = totals.get(key, len(act.keys)) - len(act.keys[:MAX_CHANGES_PER_ENTRY])
    return acts
