"""The history of a record: one entry per edit that changed it or its parts, the newest first."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Count

from catalog.history.diff import ChangeDiff, DiffBuilder, merge_changes_of_record
from catalog.history.past_state import SAME_ACT_WINDOW, Model, record_and_parts
from catalog.models import Change, Edit
from catalog.models.change import record_reference
from catalog.models.compiled_query import batches

PAGE_SIZE = 20  # entries per page
MAX_CHANGES_PER_ENTRY = 60  # the page of the edit shows more


@dataclass
class HistoryEntry:
    """What one edit changed in a record and its parts. Changes by commands have no edit."""

    edit_id: int | None
    at: dt.datetime
    change_ids: list[int] = field(default_factory=list)  # newest first
    edit: Edit | None = None
    diffs: list[ChangeDiff] = field(default_factory=list)
    hidden_changes: int = 0  # changes of the edit that are not in ``diffs``
    undone_by: Edit | None = None

    @property
    def version_before(self) -> int | None:
        """The version of the log before the entry."""
        return self.change_ids[-1] - 1 if self.change_ids else None

    @property
    def version_after(self) -> int | None:
        """The version of the log after the entry."""
        return self.change_ids[0] if self.change_ids else None

    @property
    def author(self) -> str:
        """The user's name, or a phrase if there is none."""
        return (self.edit.by or "an unknown user") if self.edit else "a command or an import"

    @property
    def action_label(self) -> str:
        """“Edited”, “Merged”."""
        return self.edit.get_kind_display() if self.edit else "Changed"

    @property
    def adds_record(self) -> bool:
        """True if the record itself was added: there is no earlier version to restore."""
        return any(diff.is_own and diff.change.action == Change.Action.ADDED for diff in self.diffs)

    @property
    def restorable_fields(self) -> list[tuple[str, str]]:
        """(column, label) of each changed field of the record itself; each can be restored alone."""
        own_diffs = [diff for diff in self.diffs if diff.is_own and diff.change.action == Change.Action.CHANGED]
        return [(field_diff.name, field_diff.label) for diff in own_diffs for field_diff in diff.field_diffs]


def history_entries(model: Model, pk: int, using: str = "default") -> list[HistoryEntry]:
    """All entries of a record and its parts, the newest first, without edits and diffs: see ``with_changes``."""
    reference = record_reference(model, pk)
    references = [reference]
    references += [f"{kind}:{key}" for kind, key in record_and_parts(model, pk, using=using)]
    log = Change.objects.using(using).order_by()
    changes = set(log.for_record(reference).values_list("pk", "edit", "at"))
    for batch in batches(references):
        changes |= set(log.for_parts(batch).values_list("pk", "edit", "at"))
    entries: list[HistoryEntry] = []
    by_edit: dict[int | None, HistoryEntry] = {}
    for change_id, edit_id, at in sorted(changes, reverse=True):
        last = entries[-1] if entries else None
        if edit_id is not None and edit_id in by_edit:
            by_edit[edit_id].change_ids.append(change_id)
        elif edit_id is None and last and last.edit_id is None and last.at - at < SAME_ACT_WINDOW:
            last.change_ids.append(change_id)
        else:
            entries.append(HistoryEntry(edit_id, at, [change_id]))
            by_edit[edit_id] = entries[-1]
    about_record = Edit.objects.using(using).filter(subject=reference).exclude(pk__in=filter(None, by_edit))
    entries += [HistoryEntry(edit_id, at) for edit_id, at in about_record.values_list("pk", "at")]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def with_changes(
    entries: Collection[HistoryEntry], subject: str = "", using: str = "default"
) -> Collection[HistoryEntry]:
    """Fill in edits and diffs, for all entries of a page with as many queries as for one.

    ``subject`` refers to the record of the history.
    """
    edits = Edit.objects.using(using).in_bulk([entry.edit_id for entry in entries if entry.edit_id])
    undone_by = {edit.undone_id: edit for edit in Edit.objects.using(using).filter(undone__in=edits, undoings=None)}
    changes = Change.objects.using(using).in_bulk(
        [change_id for entry in entries for change_id in entry.change_ids[:MAX_CHANGES_PER_ENTRY]]
    )
    with_totals = Edit.objects.using(using).filter(pk__in=edits).annotate(total=Count("changes"))
    totals = dict(with_totals.values_list("pk", "total"))
    changes_of_entries = [
        merge_changes_of_record([changes[pk] for pk in sorted(entry.change_ids[:MAX_CHANGES_PER_ENTRY])])
        for entry in entries
    ]
    builder = DiffBuilder([change for batch in changes_of_entries for change in batch], subject, using)
    diffs = {diff.change.pk: diff for diff in builder.diffs()}
    for entry, entry_changes in zip(entries, changes_of_entries, strict=True):
        entry.edit = edits.get(entry.edit_id)
        entry.undone_by = undone_by.get(entry.edit_id)
        entry_diffs = [diffs[change.pk] for change in entry_changes if change.pk in diffs]
        entry_diffs = [diff for diff in entry_diffs if diff.field_diffs or diff.change.action != Change.Action.CHANGED]
        entry.diffs = sorted(entry_diffs, key=lambda diff: not diff.is_own)
        visible_total = len(entry.change_ids[:MAX_CHANGES_PER_ENTRY])
        entry.hidden_changes = totals.get(entry.edit_id or 0, len(entry.change_ids)) - visible_total
    return entries
