"""Run a reader in a process of its own with limits of time and memory, so that no text can stop the site.

Some parsers take ten seconds for 24 kB of hostile text, and some deeply nested text ends the interpreter.
"""

import contextlib
import importlib
import pickle
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from catalog.sources.series_claims import SourceError

MAX_SECONDS = 20
MAX_MEMORY = 1_000_000_000  # bytes of address space
ROOT = Path(__file__).parents[2]  # the folder of the package
UNREADABLE = "This text cannot be read: its markup is damaged, or no text of this kind."
Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def read_in_process(
    reader: Callable[Parameters, Result], *args: Parameters.args, **kwargs: Parameters.kwargs
) -> Result:
    """Return ``reader(*args, **kwargs)``, computed in a new process; SourceError for what ends it.

    ``reader`` is a function of a module, and its arguments and result can be pickled.
    """
    request = pickle.dumps((reader.__module__, reader.__qualname__, args, kwargs))
    command = [sys.executable, "-m", "catalog.sources.reader_process"]
    try:
        process = subprocess.run(command, input=request, capture_output=True, timeout=MAX_SECONDS, cwd=ROOT)
    except subprocess.TimeoutExpired:
        raise SourceError(
            f"The text was not read within {MAX_SECONDS} seconds: its markup is too complicated."
        ) from None
    if process.returncode:
        raise SourceError(UNREADABLE)
    result, error = pickle.loads(process.stdout)
    if error:
        raise SourceError(error)
    return cast(Result, result)


def _answer(request: bytes) -> tuple[Any, str]:
    """(result of the reader, sentence about why there is none)."""
    module, name, args, kwargs = pickle.loads(request)
    try:
        return getattr(importlib.import_module(module), name)(*args, **kwargs), ""
    except SourceError as error:
        return None, str(error)
    except Exception:  # noqa: BLE001  (whatever a damaged text does to a parser)
        return None, UNREADABLE


def main() -> None:
    """Answer the request on standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS + 1))
    with contextlib.redirect_stdout(sys.stderr):
        answer = _answer(sys.stdin.buffer.read())
    sys.stdout.buffer.write(pickle.dumps(answer))


if __name__ == "__main__":
    main()
