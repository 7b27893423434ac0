"""Holds one snapshot a list in this process, and keeps it as new as the last commit.

A list of up to AT_ONCE rows is read when it is first asked for; a longer one in the background, while SQL answers.
After an edit the few rows that it touched are read again into a small segment and masked out of the older ones. SEVERAL
segments are made one while they are small. When such rows are MANY, the list is read anew in the background; answers
stay exact meanwhile. The process that edits does all this as it commits, so that its next visitor need not wait.
"""

import ctypes
from dataclasses import replace

import numpy as np
from django.db import connections, transaction

from catalog.facets.index import affected, building
from catalog.facets.index.snapshot import Snapshot
from catalog.facets.kinds import SlugFacet
from catalog.models import Change
from catalog.models.publication import next_publication
from catalog.models.versioned_snapshot import VersionedSnapshot

MAX_SYNC_BUILD_ROWS = 20_000  # rows; they take about a third of a second to read
REBUILD_AFTER_ROWS = 2_000
MAX_SEGMENTS = 8
COMPACT_BELOW_ROWS = 400  # rows of later segments that are read again as one, in about 20 ms

BUILDERS = {"episode": building.episodes, "series": building.series, "person": building.people}
AFFECTED = {"episode": affected.episodes, "series": affected.series, "person": affected.people}


class ListIndex(VersionedSnapshot[Snapshot]):
    """The snapshot of one list."""

    fallback = "SQL answers"

    def __init__(self, facet_set: type) -> None:
        self.facet_set = facet_set
        self.model = facet_set._meta.model
        self.kind = self.model._meta.model_name
        self.label = f"index of {self.model._meta.verbose_name_plural}"
        super().__init__()

    def facets(self):
        """The facets whose values are counted, by name."""
        facet_set = self.facet_set({}, queryset=self.model.objects.all())
        return {name: facet for name, facet in facet_set.facets.items() if facet.lists_values}

    def can_build_synchronously(self):
        """Short lists are quick to read."""
        return self.model._base_manager.count() <= MAX_SYNC_BUILD_ROWS

    def expiry_after(self, as_of):
        """Scheduled publications change the list."""
        return next_publication(as_of)

    def build(self):
        """Read the whole list."""
        facets = self.facets()
        vocabularies = building.names_of(facets)
        segment, vocabularies = BUILDERS[self.kind](facets, vocabularies, self.model.objects.published(), True)
        _trim_heap()
        return Snapshot(((segment, None),), vocabularies)

    def catch_up(self, version, now):
        """Read the affected rows again; rebuild in the background when there have been many."""
        version, records = affected.since(self.version)
        if self.expires_at is not None and now >= self.expires_at:
            affected.published_between(self.as_of, now, records)
        if records.everything:
            self.value = None
            self.start_build(version, now)
            return
        if records:
            self.apply_changes(records)
        self.store(self.value, version, now)
        if len(self.value.segments) > MAX_SEGMENTS and self.value.reread_rows <= COMPACT_BELOW_ROWS:
            self.compact()
        if self.value.reread_rows > REBUILD_AFTER_ROWS or len(self.value.segments) > MAX_SEGMENTS:
            self.start_build(version, now)

    def apply_changes(self, records):
        """Replace the snapshot: vocabularies as they are now, affected rows masked out and read again."""
        facets, vocabularies = self.facets(), self._renamed(records)
        condition, keys = AFFECTED[self.kind](records)
        if not any(keys.values()):
            self.value = replace(self.value, names=vocabularies, whole={})
            return
        segments = [(segment, _without(segment, alive, keys)) for segment, alive in self.value.segments]
        queryset = self.model.objects.published().filter(condition)
        added, vocabularies = BUILDERS[self.kind](facets, vocabularies, queryset, False)
        self.value = Snapshot((*segments, (added, None)), vocabularies)

    def compact(self):
        """Put one segment in the place of all that came after the base."""
        base, *later = self.value.segments
        pks = np.concatenate([one.pks if alive is None else one.pks[alive] for one, alive in later])
        queryset = self.model.objects.published().filter(pk__in=pks.tolist())
        added, vocabularies = BUILDERS[self.kind](self.facets(), self.value.names, queryset, False)
        self.value = Snapshot((base, (added, None)), vocabularies)

    def _renamed(self, touched):
        """The names with what changed of them: each vocabulary once, however many facets share it."""
        patched, names = {}, dict(self.value.names)
        for name, facet in self.facets().items():
            if not isinstance(facet, SlugFacet):
                continue
            keys = facet.affected_keys(touched)
            if not keys:
                continue
            before = names[name]
            if id(before) not in patched:
                rows = list(facet.vocabulary(keys))
                patched[id(before)] = before.with_changes(rows, keys - {row[0] for row in rows})
            names[name] = patched[id(before)]
        return names


def _without(segment, alive, keys):
    """The mask of a segment's rows that none of the touched ``keys`` by owner concern."""
    gone = np.zeros(len(segment), bool)
    for owner, touched in keys.items():
        if touched:
            gone |= np.isin(segment.pks if owner == "pk" else segment.owners[owner], list(touched))
    if not gone.any():
        return alive
    return ~gone if alive is None else alive & ~gone


def _trim_heap():
    """Return the memory that reading took to the system: glibc would keep it (M: 70 of 112 MB)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


_indexes = {}


def current_snapshot(facet_set):
    """The snapshot of a list as of the last commit; None while it is being read: then SQL has to answer."""
    return _indexes.setdefault(facet_set, ListIndex(facet_set)).current()


def refresh():
    """Bring what this process holds up to the last commit, with the tallies of whole lists that visitors asked for."""
    for held in list(_indexes.values()):
        before = held.value
        if before is not None and (now := held.current()) is not None and now is not before:
            whole = now.ask({})
            for facet in list(before.whole):  # others may be asking
                whole.tally(facet)


def refresh_on_commit(entries, using):
    """Refresh once the transaction that these entries of the log are part of is committed."""
    connection = connections[using]
    if _indexes and not any(planned is refresh for _, planned, *_ in connection.run_on_commit):
        transaction.on_commit(refresh, using=using, robust=True)


Change.subscribe(refresh_on_commit)


def reset():
    """Let go of everything, as a new process begins."""
    _indexes.clear()
