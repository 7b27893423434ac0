"""The records that recent edits and scheduled publications may have changed, read from the change log."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from catalog.models import Change, Credit
from catalog.models.change import EVERYTHING
from catalog.models.publication import PUBLISHED_MODELS

# After a change to one of these the index is built again: a role that moves to another department moves all of its
# credits, which the log does not name. It is rare, as they are vocabulary.
REBUILD_KINDS = {"role", "department", EVERYTHING}
# The fields by which a record becomes visible, is hidden, or moves to another parent with all of its credits.
VISIBILITY_FIELDS = {"published_at", "season_id", "series_id"}
# A change to one of these affects the records that it belongs to. Genres, countries and languages are among them
# because series can be linked to them from their side.
KINDS_WITH_OWNERS = {"credit", "featuredcharacter", "seriescompany", "genre", "country", "language"}
KINDS_WITH_OWNERS |= {"cue", "song"}
KINDS_WITH_PARENTS = {"season", "episode"}
# No index holds these fields, so a change of nothing else leaves it as it is.
UNREAD_FIELDS = {"synopsis", "premise", "biography", "description", "picture_id"}


def _key_sets() -> dict[str, set[int]]:
    return defaultdict(set)


@dataclass
class AffectedRecords:
    """Primary keys by kind of the records that changes concern.

    ``owners`` are what a changed credit is on, and the person it credits; ``parents`` are the season and series of
    changed episodes and seasons; ``visibility_changed`` may have become visible or hidden.
    """

    everything: bool = False
    changed: dict[str, set[int]] = field(default_factory=_key_sets)
    visibility_changed: dict[str, set[int]] = field(default_factory=_key_sets)
    owners: dict[str, set[int]] = field(default_factory=_key_sets)
    parents: dict[str, set[int]] = field(default_factory=_key_sets)

    def __bool__(self) -> bool:
        return self.everything or bool(self.changed)

    def add(self, kind: str, pk: int, references: Iterable[tuple[str, int]], visibility_changed: bool) -> None:
        """Add one change; ``references`` are the (kind, key) of the records that the changed one belongs to."""
        self.everything |= kind in REBUILD_KINDS
        self.changed[kind].add(pk)
        if visibility_changed:
            self.visibility_changed[kind].add(pk)
        if kind in KINDS_WITH_OWNERS or kind in KINDS_WITH_PARENTS:
            keys = self.owners if kind in KINDS_WITH_OWNERS else self.parents
            for owner_kind, owner_key in references:
                keys[owner_kind].add(owner_key)

    def credited_subjects(self) -> dict[str, set[int]]:
        """Return the keys by kind of what people who became visible or were hidden are credited on.

        Their roles and the characters that they play count only while they are visible.
        """
        kinds, people = ("series", "season", "episode"), self.visibility_changed["person"]
        rows = Credit.objects.filter(person__in=people).order_by().values_list(*kinds) if people else []
        columns = zip(*rows, strict=True) if rows else [[], [], []]
        return {kind: {key for key in keys if key} for kind, keys in zip(kinds, columns, strict=True)}


def affected_after(version: int) -> tuple[int, AffectedRecords]:
    """Return (the present version of the change log, the records that changed after ``version``)."""
    records = AffectedRecords()
    for change in Change.objects.after(version).iterator():
        version = change.pk
        is_changed = change.action == Change.Action.CHANGED
        if is_changed and change.fields and UNREAD_FIELDS.issuperset(change.fields):
            continue
        visibility_changed = not is_changed or not VISIBILITY_FIELDS.isdisjoint(change.fields)
        records.add(change.kind, change.record_id, change.touches, visibility_changed)
    return version, records


def add_published(start: dt.datetime, end: dt.datetime, records: AffectedRecords) -> None:
    """Add the records whose scheduled publication fell due after ``start`` and until ``end``."""
    model: Any
    for kind, model in PUBLISHED_MODELS.items():
        published = model._base_manager.filter(published_at__gt=start, published_at__lte=end)
        for pk in published.values_list("pk", flat=True):
            records.add(kind, pk, (), True)
