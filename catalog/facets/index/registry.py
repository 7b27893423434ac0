"""Holds one snapshot a list in this process, and keeps it as new as the last commit.

A list of up to AT_ONCE rows is read when it is first asked for; a longer one in the background, while SQL answers.
After an edit the few rows that it touched are read again into a small segment and masked out of the older ones. SEVERAL
segments are made one while they are small. When such rows are MANY, the list is read anew in the background; answers
stay exact meanwhile. The process that edits does all this as it commits, so that its next visitor need not wait.
"""

import ctypes
import logging
import threading
from dataclasses import dataclass, field, replace

import numpy as np
from django.db import connections, transaction
from django.utils import timezone

from catalog.facets.index import affected, building
from catalog.facets.index.snapshot import Snapshot
from catalog.facets.kinds import SlugFacet
from catalog.models import Change
from catalog.models.publication import next_publication

MAX_SYNC_BUILD_ROWS = 20_000  # rows; they take about a third of a second to read
REBUILD_AFTER_ROWS = 2_000
MAX_SEGMENTS = 8
COMPACT_BELOW_ROWS = 400  # rows of later segments that are read again as one, in about 20 ms
log = logging.getLogger(__name__)

BUILDERS = {"episode": building.episodes, "series": building.series, "person": building.people}
TOUCHED = {"episode": affected.episodes, "series": affected.series, "person": affected.people}


@dataclass
class ListIndex:
    """What is known of one list: its snapshot, the log's version and the moment that it stands for."""

    facet_set: type
    snapshot: Snapshot | None = None
    version: int = -1
    moment: object = None
    due: object = None  # the next moment for which something is planned to be published
    edited: int = 0  # rows read again since the base was built
    lock: threading.RLock = field(default_factory=threading.RLock)
    building: threading.Thread | None = None
    ready: tuple | None = None  # a new base that a thread has built: (snapshot, version, moment)

    @property
    def model(self):
        """What a row is."""
        return self.facet_set._meta.model

    def facets(self):
        """The facets whose values are counted, by name."""
        made = self.facet_set({}, queryset=self.model.objects.all())
        return {name: facet for name, facet in made.facets.items() if facet.lists_values}

    def current(self):
        """The snapshot of this very moment; None while there is none yet."""
        with self.lock:
            if self.ready is not None:
                self.snapshot, self.version, self.moment = self.ready
                self.ready, self.building, self.edited = None, None, 0
                self.due = next_publication(self.moment)
            version, now = Change.objects.version(), timezone.now()
            if version < self.version:  # another database was put in this one's place
                self.snapshot = None
            if self.snapshot is None:
                self.start_build()
            elif version != self.version or (self.due is not None and now >= self.due):
                self.catch_up(now)
            return self.snapshot

    def start_build(self):
        """Read the whole list: now when it is short, else in the background."""
        if self.building is not None:
            return
        if self.snapshot is None and self.model._base_manager.count() <= MAX_SYNC_BUILD_ROWS:
            self.snapshot, self.version, self.moment = self.read()
            self.edited, self.due = 0, next_publication(self.moment)
            return
        self.building = threading.Thread(target=self._build, name=f"index of {self.model.__name__}", daemon=True)
        self.building.start()

    def _build(self):
        try:
            self.ready = self.read()
        except Exception:  # a thread has nobody above it who could be told
            log.exception("The index of %s could not be built; SQL answers", self.model._meta.verbose_name_plural)
            self.building = None
        finally:
            connections.close_all()

    def read(self):
        """A snapshot of the whole list, with the version and the moment from before it was begun."""
        version, moment = Change.objects.version(), timezone.now()
        facets = self.facets()
        builder = BUILDERS[self.model._meta.model_name]
        segment, names = builder(facets, building.names_of(facets), self.model.objects.published(), True)
        _trim_heap()
        return Snapshot(((segment, None),), names), version, moment

    def catch_up(self, now):
        """Read again what was touched since; begin anew in the background when that has grown much."""
        version, touched = affected.since(self.version)
        if self.due is not None and now >= self.due:
            affected.published_between(self.moment, now, touched)
        if touched.everything:
            self.snapshot = None
            self.start_build()
            return
        if touched:
            self.apply_changes(touched)
        self.version, self.moment = version, now
        self.due = next_publication(now)
        if (
            len(self.snapshot.segments) > MAX_SEGMENTS
            and sum(len(one) for one, _ in self.snapshot.segments[1:]) <= COMPACT_BELOW_ROWS
        ):
            self.compact()
        if self.edited > REBUILD_AFTER_ROWS or len(self.snapshot.segments) > MAX_SEGMENTS:
            self.start_build()

    def apply_changes(self, touched):
        """Put a new snapshot in place: names as they are now, touched rows masked out and read again."""
        facets, names = self.facets(), self._renamed(touched)
        condition, keys = TOUCHED[self.model._meta.model_name](touched)
        if not any(keys.values()):
            self.snapshot = replace(self.snapshot, names=names, whole={})
            return
        segments = [(segment, _without(segment, alive, keys)) for segment, alive in self.snapshot.segments]
        queryset = self.model.objects.published().filter(condition)
        added, names = BUILDERS[self.model._meta.model_name](facets, names, queryset, False)
        self.edited += len(added)
        self.snapshot = Snapshot((*segments, (added, None)), names)

    def compact(self):
        """Put one segment in the place of all that came after the base."""
        base, *later = self.snapshot.segments
        pks = np.concatenate([one.pks if alive is None else one.pks[alive] for one, alive in later])
        queryset = self.model.objects.published().filter(pk__in=pks.tolist())
        builder = BUILDERS[self.model._meta.model_name]
        added, names = builder(self.facets(), self.snapshot.names, queryset, False)
        self.snapshot, self.edited = Snapshot((base, (added, None)), names), len(added)

    def _renamed(self, touched):
        """The names with what changed of them: each vocabulary once, however many facets share it."""
        patched, names = {}, dict(self.snapshot.names)
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
        before = held.snapshot
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
