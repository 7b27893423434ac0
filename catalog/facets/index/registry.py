"""The indexes of this process: one snapshot for each list, as of the last commit.

A list of up to MAX_SYNC_BUILD_ROWS rows is read when it is first requested, if there are not more than
MAX_SYNC_BUILD_CREDITS credits; a longer one in the background, and pages do without counts meanwhile. After an edit the
few affected rows are read again into a small segment and masked out of the older ones. More than MAX_SEGMENTS small
segments are merged. After REBUILD_AFTER_ROWS of such rows the list is read again in the background; answers stay exact
meanwhile. The process that edits does this shortly after the commit, so that neither the editor nor the next visitor
has to wait.
"""

import ctypes
import datetime as dt
import logging
import threading
from dataclasses import replace

import numpy as np
from django.db import connections, transaction
from django.db.models import Q
from django_filters import FilterSet

from catalog.facets.credit_facets import CreditFacet
from catalog.facets.index import affected, building, episode, person, series, stored_arrays
from catalog.facets.index.segment import Segment
from catalog.facets.index.selection import Selection
from catalog.facets.index.snapshot import Snapshot
from catalog.facets.kinds import SlugFacet
from catalog.models import Change, Credit
from catalog.models.publication import next_publication
from catalog.models.versioned_snapshot import VersionedSnapshot

log = logging.getLogger(__name__)
MAX_SYNC_BUILD_ROWS = 20_000  # they take about a third of a second to read
MAX_SYNC_BUILD_CREDITS = 200_000
REBUILD_AFTER_ROWS = 2_000
MAX_SEGMENTS = 8
MAX_KEYS = 1_000
REFRESH_DELAY = 0.2  # seconds after a commit
COMPACT_BELOW_ROWS = 400  # so many rows of small segments take about 20 ms to read again as one

BUILDERS = {"episode": episode.build, "series": series.build, "person": person.build}
AFFECTED_ROWS = {"episode": episode.affected_rows, "series": series.affected_rows, "person": person.affected_rows}


class ListIndex(VersionedSnapshot[Snapshot]):
    """The snapshot of the list that a FacetSet class filters."""

    fallback = "lists are shown without counts"

    def __init__(self, facet_set: type[FilterSet]) -> None:
        self.facet_set = facet_set
        self.model = facet_set._meta.model
        self.kind = self.model._meta.model_name
        self.label = f"index of {self.model._meta.verbose_name_plural}"
        super().__init__()

    def facets(self) -> building.Facets:
        """Return the facets that the index answers, by name."""
        facet_set = self.facet_set({}, queryset=self.model.objects.all())
        return {name: facet for name, facet in facet_set.facets.items() if facet.is_indexed}

    def can_build_synchronously(self) -> bool:
        """Whether the list is short, and the credits, which each list reads, are few."""
        limits = ((self.model, MAX_SYNC_BUILD_ROWS), (Credit, MAX_SYNC_BUILD_CREDITS))
        return not any(model._base_manager.order_by()[limit : limit + 1].exists() for model, limit in limits)

    def expiry_after(self, as_of: dt.datetime) -> dt.datetime | None:
        """Return when the next scheduled record becomes visible."""
        return next_publication(as_of)

    def reset(self) -> None:
        """Drop the snapshot; any stored one may be loaded."""
        super().reset()
        self.outdated_version = 0

    def load(self) -> stored_arrays.Stored | None:
        """Map the arrays that a process has stored, unless they are of ``outdated_version`` or before."""
        stored = stored_arrays.load(self.kind, self.outdated_version)
        if stored:
            self.outdated_version = stored[1]
        return stored

    def read(self) -> stored_arrays.Stored:
        """Map the arrays that another process has stored meanwhile, or read the list, store its arrays and map them."""
        with stored_arrays.lock(self.kind):
            if stored := self.load():
                return stored
            built = super().read()
            self.count_all(built[0])
            stored_arrays.save(self.kind, *built)
            return self.load() or built

    def count_all(self, snapshot: Snapshot) -> None:
        """Count all values of the whole list, for the first visitors after a start."""
        unfiltered = Selection(snapshot)
        for name, facet in self.facets().items():
            if facet.lists_values:
                unfiltered.counts(name)

    def build(self) -> Snapshot:
        """Read the whole list."""
        facets = self.facets()
        vocabularies = building.record_vocabularies(facets)
        segment, vocabularies = BUILDERS[self.kind](facets, vocabularies, self.model.objects.published(), True)
        _trim_heap()
        return Snapshot(((segment, None),), vocabularies, _counted_roles(facets))

    def catch_up(self, version: int, now: dt.datetime) -> None:
        """Read the affected rows again; after many of them, read the list again in the background."""
        snapshot = self.value
        if snapshot is None or self.version is None or self.as_of is None:
            return
        version, records = affected.affected_after(self.version)
        if self.expires_at is not None and now >= self.expires_at:
            affected.add_published(self.as_of, now, records)
        if records.everything:
            self.value, self.outdated_version = None, version
            self.start_build(version, now)
            return
        if records:
            snapshot = self.apply_changes(snapshot, records)
        if len(snapshot.segments) > MAX_SEGMENTS and snapshot.reread_rows <= COMPACT_BELOW_ROWS:
            snapshot = self.compact(snapshot)
        self.store(snapshot, version, now)
        if snapshot.reread_rows > REBUILD_AFTER_ROWS or len(snapshot.segments) > MAX_SEGMENTS:
            self.start_build(version, now)

    def apply_changes(self, snapshot: Snapshot, records: affected.AffectedRecords) -> Snapshot:
        """Return a snapshot with present vocabularies, and the affected rows masked out and read again."""
        facets = self.facets()
        vocabularies = _changed_vocabularies(snapshot, facets, records)
        condition, keys = AFFECTED_ROWS[self.kind](records)
        if not any(keys.values()):
            return replace(snapshot, vocabularies=vocabularies, unfiltered_counts={})
        segments = [(segment, _mask_without(segment, alive, keys)) for segment, alive in snapshot.segments]
        for part in self.parts_of(condition, keys):
            queryset = self.model.objects.published().filter(part)
            added, vocabularies = BUILDERS[self.kind](facets, vocabularies, queryset, False)
            segments.append((added, None))
        return Snapshot(tuple(segments), vocabularies, snapshot.roles)

    def parts_of(self, condition: Q, keys: dict[str, set[int]]) -> list[Q]:
        """Return conditions for the affected rows, which ``condition`` selects, in parts that are read together.

        Many episodes are read MAX_KEYS at a time: with 5,000 keys SQLite reads the whole table for each of a dozen
        queries (10 s at size M, in parts 1.4 s).
        """
        if self.kind != "episode" or len(keys["pk"]) <= MAX_KEYS:
            return [condition]
        of_parents = Q(season__in=keys["season"]) | Q(season__series__in=keys["series"])
        rows = self.model._base_manager.filter(of_parents).values_list("pk", flat=True)
        pks = sorted(keys["pk"].union(rows))
        return [Q(pk__in=pks[start : start + MAX_KEYS]) for start in range(0, len(pks), MAX_KEYS)]

    def compact(self, snapshot: Snapshot) -> Snapshot:
        """Return a snapshot with one segment in place of all after the base."""
        base, *later = snapshot.segments
        pks = np.concatenate([segment.pks if alive is None else segment.pks[alive] for segment, alive in later])
        queryset = self.model.objects.published().filter(pk__in=pks.tolist())
        merged, vocabularies = BUILDERS[self.kind](self.facets(), snapshot.vocabularies, queryset, False)
        return Snapshot((base, (merged, None)), vocabularies, snapshot.roles)


def _counted_roles(facets: building.Facets) -> dict[str, tuple[int, ...]]:
    """Return the primary keys of the roles that each facet over people counts."""
    return {name: facet.counted_roles() for name, facet in facets.items() if isinstance(facet, CreditFacet)}


def _changed_vocabularies(
    snapshot: Snapshot, facets: building.Facets, records: affected.AffectedRecords
) -> building.Vocabularies:
    """Return the vocabularies with changed values; one that several facets share is changed once."""
    changed, vocabularies = {}, dict(snapshot.vocabularies)
    for name, facet in facets.items():
        if not isinstance(facet, SlugFacet):
            continue
        keys = facet.affected_keys(records)
        if not keys:
            continue
        previous = vocabularies[name]
        if id(previous) not in changed:
            rows = list(facet.vocabulary_rows(keys))
            changed[id(previous)] = previous.with_changes(rows, keys - {row[0] for row in rows})
        vocabularies[name] = changed[id(previous)]
    return vocabularies


def _mask_without(segment: Segment, alive: np.ndarray | None, keys: dict[str, set[int]]) -> np.ndarray | None:
    """Return the mask of a segment's rows in force, without those that belong to the affected ``keys``."""
    is_affected = np.zeros(len(segment), bool)
    for owner, affected_keys in keys.items():
        if affected_keys:
            is_affected |= np.isin(segment.pks if owner == "pk" else segment.owners[owner], list(affected_keys))
    if not is_affected.any():
        return alive
    return ~is_affected if alive is None else alive & ~is_affected


def _trim_heap() -> None:
    """Return freed memory to the system; glibc would keep what reading a list took (size M: 70 of 112 MB)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


_indexes: dict[type[FilterSet], ListIndex] = {}


def current_snapshot(facet_set: type[FilterSet]) -> Snapshot | None:
    """Return the snapshot of a list as of the last commit; None while it is being read."""
    return _indexes.setdefault(facet_set, ListIndex(facet_set)).current()


_timers: dict[str, threading.Timer] = {}  # "refresh": of the refresh after the last commit


def refresh() -> None:
    """Bring the indexes of this process up to date, with the counts of whole lists that visitors have requested."""
    for index in list(_indexes.values()):
        previous = index.value
        if previous is not None and (snapshot := index.current()) is not None and snapshot is not previous:
            unfiltered = Selection(snapshot)
            for facet in list(previous.unfiltered_counts):  # a copy, as other threads may be adding to it
                unfiltered.counts(facet)


def _refresh_in_thread() -> None:
    try:
        refresh()
    except Exception:  # the thread has no caller who could handle it
        log.exception("Could not refresh the indexes; the next request does")
    finally:
        connections.close_all()


def schedule_refresh() -> None:
    """Refresh in a thread once the answer to the editor has been sent. A request before that refreshes itself."""
    cancel_refresh()
    timer = threading.Timer(REFRESH_DELAY, _refresh_in_thread)
    timer.daemon = True
    _timers["refresh"] = timer
    timer.start()


def cancel_refresh() -> None:
    """Cancel a refresh that has not begun."""
    if timer := _timers.pop("refresh", None):
        timer.cancel()


def refresh_on_commit(entries, using: str) -> None:
    """Schedule a refresh when the transaction of these change log entries is committed."""
    connection = connections[using]
    if _indexes and not any(planned is schedule_refresh for _, planned, *_ in connection.run_on_commit):
        transaction.on_commit(schedule_refresh, using=using, robust=True)


Change.subscribe(refresh_on_commit)


def reset() -> None:
    """Drop all indexes, as in a new process."""
    cancel_refresh()
    _indexes.clear()
