"""Every name and every word of the names, in this process, as of the last commit: for what is mistyped or cut short.

Up to AT_ONCE records are read when they are first asked for, more in the background; until then nothing is near. What
an edit touched is read again beside the rest. A name that is gone does no harm: what is found by it is asked of the
index, which has nothing there.
"""

import logging
import threading
from dataclasses import dataclass, field

from django.db import connections

from catalog.models import Change
from catalog.models.change import EVERYTHING
from catalog.packed_strings import PackedStrings
from catalog.search.index import INDEXED_MODELS, Index
from catalog.search.indexing import affected_records
from catalog.search.tokenizer import NAME_MARK, token_mark

MAX_SYNC_BUILD_ROWS = 20_000
REBUILD_AFTER_ROWS = 2_000  # touched records, after which all are read anew
log = logging.getLogger(__name__)


@dataclass
class NameSegment:
    """The whole names and the words of a kind."""

    keys: PackedStrings
    words: PackedStrings

    @classmethod
    def of(cls, terms):
        """From tokens."""
        return cls(
            PackedStrings([term[1:] for term in terms if term[0] == NAME_MARK]),
            PackedStrings([term for term in terms if token_mark(term) == ""]),
        )


@dataclass
class Held:
    """What is known, and of which version of the log."""

    version: int = -1
    names: dict = field(default_factory=dict)  # kind: [Names, and what was added since]
    again: dict = field(default_factory=dict)  # kind: keys of the records that were touched since
    lock: threading.RLock = field(default_factory=threading.RLock)
    building: threading.Thread | None = None
    ready: tuple | None = None

    def current(self):
        """{kind: [Names …]} of this moment; empty while they are being read."""
        with self.lock:
            if self.ready is not None:
                self.version, self.names = self.ready
                self.ready, self.building, self.again = None, None, {}
            version = Change.objects.version()
            if version == self.version:
                return self.names
            small = _size() <= MAX_SYNC_BUILD_ROWS
            if version < self.version or (not self.names and small):
                self.version, self.names, self.again = version, {}, {}
            if small:
                self.names, self.version = load_names(), version
            elif self.names:
                self.update(version)
            else:
                self.start()
            return self.names

    def start(self):
        """Read everything in the background."""
        if self.building is None:
            self.building = threading.Thread(target=self._build, name="names", daemon=True)
            self.building.start()

    def _build(self):
        try:
            version = Change.objects.version()
            self.ready = version, load_names()
        except Exception:  # a thread has nobody above it who could be told
            log.exception("The list of names could not be read; typing errors are not forgiven")
            self.building = None
        finally:
            connections.close_all()

    def update(self, version):
        """Read the touched records again, beside the rest."""
        changes = list(Change.objects.after(self.version).filter(pk__lte=version))
        for kind, keys in affected_records(changes, "default").items():
            self.again.setdefault(kind, set()).update(keys)
            rows = Index(kind).tokens_by_record(sorted(self.again[kind])[:REBUILD_AFTER_ROWS])
            terms = {term for tokens in rows.values() for term in tokens.split()}
            self.names[kind] = [self.names[kind][0], NameSegment.of(sorted(terms))]
        self.version = version
        anew = any(change.kind == EVERYTHING for change in changes)
        if anew or sum(map(len, self.again.values())) > REBUILD_AFTER_ROWS:
            self.start()


def _size():
    """Roughly how many records there are: by the highest key of each kind."""
    return sum(Index(kind).highest_record_id() for kind in INDEXED_MODELS)


def load_names():
    """The names of all kinds as the index has them."""
    return {kind: [NameSegment.of(Index(kind).name_terms())] for kind in INDEXED_MODELS}


_held = Held()


def current():
    """{kind: [Names …]} as of the last commit; empty while a large catalogue is being read."""
    return _held.current()


def reset():
    """Let go of everything, as a new process begins."""
    global _held
    _held = Held()
