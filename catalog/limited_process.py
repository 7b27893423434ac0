"""Run a function in a process of its own with limits of time and memory, so that no uploaded file can stop the site.

Some parsers take ten seconds for 24 kB of hostile text, some files unpack to gigabytes, and some end the interpreter.
A worker runs one such process at a time, at a lower priority than its pages.
"""

import contextlib
import importlib
import os
import pickle
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]  # the folder of the package
NICENESS = 5
# A thread that waits cannot serve visitors, and a worker has four: one computes, one waits, others are refused.
MAX_CALLS = 2
_running = threading.Lock()
_calls = threading.BoundedSemaphore(MAX_CALLS)


class ProcessError(Exception):
    """The function has no result: the process was ended by its memory limit, crashed, or raised something else."""


class TimeLimitError(ProcessError):
    """The function took too long."""


class BusyError(ProcessError):
    """Other threads of this worker run such processes."""


def run_limited(function: Callable[..., Any], *args: Any, seconds: float, memory: int, error: type[Exception]) -> Any:
    """Return ``function(*args)``, computed in a new process; ``memory`` is its address space in bytes.

    Exceptions of the class ``error`` are raised as in this process, all others and limits as ProcessError.
    ``function`` belongs to a module, and its arguments, result and errors can be pickled.
    """
    with _one_at_a_time():
        return call_in_new_process(function, args, seconds, memory, error)


def call_in_new_process(
    function: Callable[..., Any], args: tuple[Any, ...], seconds: float, memory: int, error: type[Exception]
) -> Any:
    """``run_limited``, whatever other threads do."""
    request = pickle.dumps((function.__module__, function.__qualname__, args, seconds, memory, error))
    command = [sys.executable, "-m", "catalog.limited_process"]
    try:
        process = subprocess.run(command, input=request, capture_output=True, timeout=seconds, cwd=ROOT)
    except subprocess.TimeoutExpired:
        raise TimeLimitError from None
    if process.returncode or not process.stdout:
        raise ProcessError(process.stderr.decode("utf-8", "replace").rpartition("\n")[0][-500:])
    result, raised = pickle.loads(process.stdout)
    if raised is not None:
        raise raised
    return result


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    if not _calls.acquire(blocking=False):
        raise BusyError
    try:
        with _running:
            yield
    finally:
        _calls.release()


def _answer(request: bytes) -> tuple[Any, Exception | None]:
    """(result of the function, error to raise)."""
    module, name, args, seconds, memory, error = pickle.loads(request)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))  # should the site be killed meanwhile
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        return getattr(importlib.import_module(module), name)(*args), None
    except error as raised:
        return None, raised


def main() -> None:
    """Answer the request on standard input."""
    os.nice(NICENESS)
    with contextlib.redirect_stdout(sys.stderr):
        answer = _answer(sys.stdin.buffer.read())
    sys.stdout.buffer.write(pickle.dumps(answer))


if __name__ == "__main__":
    main()
