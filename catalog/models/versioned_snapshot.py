"""A value that is computed from the catalogue, held in this process and brought up to date after each edit."""

import datetime as dt
import logging
import threading
from typing import Generic, TypeVar

from django.db import connections
from django.utils import timezone

from catalog.models.change import Change

Value = TypeVar("Value")
log = logging.getLogger(__name__)


class VersionedSnapshot(Generic[Value]):
    """A value for one version of the change log; ``current()`` brings it up to date when the log has moved on.

    Subclasses implement ``build``. They may also override:

    - ``can_build_synchronously``: if False, a thread builds the first value, and ``current()`` returns None meanwhile;
    - ``load``: return a value that an earlier process has stored;
    - ``catch_up``: bring the held value up to date with less work than building it again;
    - ``expiry_after``: the time at which the value changes without an edit, such as the next scheduled publication.
    """

    label = "snapshot"  # in the name of the thread and in the log
    fallback = "it is built again when it is next needed"  # what happens while a build fails, for the log

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.reset()

    def reset(self) -> None:
        """Drop the value, and the result of a build in progress."""
        self.value: Value | None = None
        self.version: int | None = None  # of the change log
        self.as_of: dt.datetime | None = None
        self.expires_at: dt.datetime | None = None
        self.build_thread: threading.Thread | None = None
        self._built: tuple[Value, int, dt.datetime] | None = None  # by a thread, to be stored by ``current``

    def build(self) -> Value:
        """Compute the value from the database."""
        raise NotImplementedError

    def load(self) -> tuple[Value, int, dt.datetime] | None:
        """Return a stored value with its version of the log and its time, if there is one; this is quick."""
        return None

    def read(self) -> tuple[Value, int, dt.datetime]:
        """Build a value in a thread; return it with its version and time, after which edits are caught up with."""
        version, now = Change.objects.version(), timezone.now()
        return self.build(), version, now

    def can_build_synchronously(self) -> bool:
        """Whether the first value is built while its caller waits."""
        return True

    def catch_up(self, version: int, now: dt.datetime) -> None:
        """Bring the held value up to the log's ``version`` and the time ``now``, and ``store`` it."""
        self.store(self.build(), version, now)

    def expiry_after(self, as_of: dt.datetime) -> dt.datetime | None:
        """Return the first time after ``as_of`` at which the value changes without an edit, or None."""
        return None

    def current(self, version: int | None = None) -> Value | None:
        """Return the value as of the last commit, or None while a thread builds the first one.

        ``version`` is that of the change log, for callers who have just read it.
        """
        with self.lock:
            if self._built is not None:
                self.store(*self._built)
                self._built = self.build_thread = None
            if version is None:
                version = Change.objects.version()
            now = timezone.now()
            if self.version is not None and version < self.version:  # another database has replaced this one
                self.value = None
            if self.value is None:
                self.start_build(version, now)
            is_expired = self.expires_at is not None and now >= self.expires_at
            if self.value is not None and (version != self.version or is_expired):
                self.catch_up(version, now)
            return self.value

    def store(self, value: Value, version: int, as_of: dt.datetime) -> None:
        """Hold ``value``, which was read at or after the log's ``version`` and the time ``as_of``."""
        self.value, self.version, self.as_of = value, version, as_of
        self.expires_at = self.expiry_after(as_of)

    def start_build(self, version: int, now: dt.datetime) -> None:
        """Load a value, or build one: the first synchronously if that is quick, else in a thread."""
        if self.build_thread is not None:
            return
        if self.value is None and (stored := self.load()):
            self.store(*stored)
            return
        if self.value is None and self.can_build_synchronously():
            self.store(self.build(), version, now)
            return
        self.build_thread = threading.Thread(target=self._build_in_thread, name=self.label, daemon=True)
        self.build_thread.start()

    def _build_in_thread(self) -> None:
        try:
            built = self.read()
            if self.build_thread is threading.current_thread():  # else reset meanwhile
                self._built = built
        except Exception:  # the thread has no caller who could handle it
            log.exception("Could not build the %s; %s", self.label, self.fallback)
            if self.build_thread is threading.current_thread():
                self.build_thread = None
        finally:
            connections.close_all()
