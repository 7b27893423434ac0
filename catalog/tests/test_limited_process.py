"""A function in a process of its own: its result, its errors, what ends it, and what happens if others run."""

import operator
import os
import threading
import time

import pytest

from catalog import limited_process
from catalog.limited_process import BusyError, ProcessError, TimeLimitError, run_limited

LIMITS = {"seconds": 10, "memory": 400_000_000}


def test_a_result_and_an_expected_error_come_back(new_processes):
    assert run_limited(operator.truediv, 6, 3, error=ZeroDivisionError, **LIMITS) == 2
    with pytest.raises(ZeroDivisionError, match="division by zero"):
        run_limited(operator.truediv, 6, 0, error=ZeroDivisionError, **LIMITS)


@pytest.mark.parametrize(
    ("function", "args", "reason"),
    [
        (operator.truediv, (6, 0), "ZeroDivisionError"),
        (operator.mul, (b"x", LIMITS["memory"]), "MemoryError"),
        (os.abort, (), "^$"),
        (os._exit, (0,), "^$"),
    ],
)
def test_what_ends_a_process_is_one_error(new_processes, function, args, reason):
    with pytest.raises(ProcessError, match=reason):
        run_limited(function, *args, error=ValueError, **LIMITS)


def test_a_function_that_takes_too_long_is_ended(new_processes):
    start = time.monotonic()
    with pytest.raises(TimeLimitError):
        run_limited(time.sleep, 30, error=ValueError, seconds=0.3, memory=LIMITS["memory"])
    assert time.monotonic() - start < 10


def test_one_thread_computes_one_waits_and_a_third_is_refused(monkeypatch):
    """Each thread that waits cannot serve visitors."""
    is_running, may_end, results = threading.Event(), threading.Event(), []

    def compute(*args):
        is_running.set()
        may_end.wait(10)
        return len(results)

    monkeypatch.setattr(limited_process, "call_in_new_process", compute)
    threads = [
        threading.Thread(target=lambda: results.append(run_limited(len, "", error=ValueError, **LIMITS)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    assert is_running.wait(10)
    while limited_process._calls._value:  # until the second one waits
        time.sleep(0.001)
    with pytest.raises(BusyError):
        run_limited(len, "", error=ValueError, **LIMITS)
    may_end.set()
    for thread in threads:
        thread.join(10)
    assert results == [0, 1]
    assert run_limited(len, "", error=ValueError, **LIMITS) == 2
