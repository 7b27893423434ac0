"""All names, and all words of names, held in this process as of the last commit: to correct typing errors.

A catalogue of up to MAX_SYNC_BUILD_ROWS records is loaded at the first search, and again after each edit. A larger one
is loaded in a thread, and nothing is corrected until it is there; after an edit only the affected records are read,
into a second segment. Names of deleted records stay until the next load: the index has no record for them.
"""

import datetime as dt
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from catalog.models import Change
from catalog.models.change import EVERYTHING
from catalog.models.versioned_snapshot import VersionedSnapshot
from catalog.packed_strings import PackedStrings
from catalog.search.index import INDEXED_MODELS, Index
from catalog.search.indexing import affected_records
from catalog.search.tokenizer import NAME_MARK, token_mark

MAX_SYNC_BUILD_ROWS = 20_000
REBUILD_AFTER_ROWS = 2_000  # affected records
BUILD_DELAY = 0.5  # seconds before a thread loads the names, which slows the request that starts it: 600 ms once


@dataclass
class NameSegment:
    """Names of one kind of record: ``keys`` of whole names (``tokenizer.name_key``) and ``words`` of names."""

    keys: PackedStrings
    words: PackedStrings

    @classmethod
    def from_terms(cls, terms: Iterable[str]) -> "NameSegment":
        """Pack indexed tokens; those of other texts are left out."""
        terms = list(terms)
        return cls(
            PackedStrings([term[1:] for term in terms if term[0] == NAME_MARK]),
            PackedStrings([term for term in terms if token_mark(term) == ""]),
        )


@dataclass
class NameSnapshot:
    """The segments of each kind: everything as last loaded, and the records read again since (``updated_ids``)."""

    segments: dict[str, list[NameSegment]]
    updated_ids: dict[str, set[int]] = field(default_factory=dict)


class NameCache(VersionedSnapshot[NameSnapshot]):
    """The names of all kinds."""

    label = "names for the correction of typing errors"
    fallback = "typing errors are not corrected"

    def build(self) -> NameSnapshot:
        """Load all names from the term table."""
        return NameSnapshot({kind: [NameSegment.from_terms(Index(kind).name_terms())] for kind in INDEXED_MODELS})

    def read(self) -> tuple[NameSnapshot, int, dt.datetime]:
        """Load all names in a thread, after the request that starts it."""
        time.sleep(BUILD_DELAY)
        return super().read()

    def can_build_synchronously(self) -> bool:
        """Estimate the number of records by their highest keys."""
        return sum(Index(kind).highest_record_id() for kind in INDEXED_MODELS) <= MAX_SYNC_BUILD_ROWS

    def catch_up(self, version: int, now: dt.datetime) -> None:
        """Load a small catalogue again; of a large one read the affected records, and load it in a thread if many."""
        if self.value is None or self.can_build_synchronously():
            self.store(self.build(), version, now)
            return
        changes = list(Change.objects.after(self.version or 0).filter(pk__lte=version))
        segments = dict(self.value.segments)
        updated_ids = {kind: set(record_ids) for kind, record_ids in self.value.updated_ids.items()}
        for kind, record_ids in affected_records(changes, "default").items():
            updated_ids[kind] = updated_ids.get(kind, set()) | record_ids
            rows = Index(kind).tokens_by_record(sorted(updated_ids[kind])[:REBUILD_AFTER_ROWS])
            terms = {term for tokens in rows.values() for term in tokens.split()}
            segments[kind] = [segments[kind][0], NameSegment.from_terms(sorted(terms))]
        self.store(NameSnapshot(segments, updated_ids), version, now)
        all_affected = any(change.kind == EVERYTHING for change in changes)
        if all_affected or sum(map(len, updated_ids.values())) > REBUILD_AFTER_ROWS:
            self.start_build(version, now)


_cache = NameCache()


def current() -> dict[str, list[NameSegment]]:
    """Return {kind: segments} as of the last commit; empty while a large catalogue is being loaded."""
    snapshot = _cache.current()
    return snapshot.segments if snapshot else {}


def prepare() -> bool:
    """Have the names loaded before a typing error needs them; return whether they are there."""
    return _cache.value is not None or bool(current())


def reset() -> None:
    """Drop all names, for a process or test that starts afresh."""
    _cache.reset()
