"""The slot for hashing a password at sign-in: one at a time in every worker process.

One PBKDF2 hash takes about 0.5 s of processor time and a worker process has four threads. Without the slot, a few
connections that send wrong passwords occupy all four, and visitors wait.
"""

import threading
from contextlib import contextmanager

hash_lock = threading.Lock()


class PasswordCheckBusy(Exception):
    """Another thread of this process is hashing a password."""


@contextmanager
def hash_slot():
    """Hold the slot. Raises PasswordCheckBusy at once if it is taken: a thread that waits cannot serve visitors."""
    if not hash_lock.acquire(blocking=False):
        raise PasswordCheckBusy
    try:
        yield
    finally:
        hash_lock.release()
