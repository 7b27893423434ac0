"""The slot for hashing a password at sign-in: one at a time in every worker process.

One PBKDF2 hash takes about 0.5 s of processor time and a worker process runs Python in one thread at a time. Without
the slot, a few connections that send wrong passwords take most of that time, and visitors wait.
"""

import threading
from contextlib import contextmanager

MAX_WAIT_SECONDS = 5
hash_lock = threading.Lock()
waiting_lock = threading.Lock()  # held by the one thread that waits for hash_lock


class PasswordCheckBusy(Exception):
    """Another thread of this process is hashing a password."""


def is_busy() -> bool:
    """Whether an attempt that may not wait would be refused."""
    return hash_lock.locked() or waiting_lock.locked()


@contextmanager
def hash_slot(may_wait: bool = False):
    """Hold the slot. Raises PasswordCheckBusy at once if it is taken: a thread that waits cannot serve visitors.

    One thread may wait, before all others: that of an editor who has signed in from the same address before, so that a
    flood of wrong passwords from other addresses does not keep them out.
    """
    if may_wait and waiting_lock.acquire(blocking=False):
        try:
            is_held = hash_lock.acquire(timeout=MAX_WAIT_SECONDS)
        finally:
            waiting_lock.release()
    else:
        is_held = not waiting_lock.locked() and hash_lock.acquire(blocking=False)
    if not is_held:
        raise PasswordCheckBusy
    try:
        yield
    finally:
        hash_lock.release()
