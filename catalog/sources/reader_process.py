"""Run a reader in a process of its own with limits of time and memory."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from catalog.limited_process import BusyError, ProcessError, TimeLimitError, run_limited
from catalog.sources.series_claims import SourceError

MAX_SECONDS = 20
MAX_MEMORY = 1_000_000_000  # bytes of address space
UNREADABLE = "This text cannot be read: its markup is damaged, or no text of this kind."
Result = TypeVar("Result")


def read_in_process(reader: Callable[..., Result], *args: Any) -> Result:
    """Return ``reader(*args)``, computed in a new process; SourceError for what ends it.

    ``reader`` is a function of a module, and its arguments and result can be pickled.
    """
    try:
        result = run_limited(reader, *args, seconds=MAX_SECONDS, memory=MAX_MEMORY, error=SourceError)
    except TimeLimitError:
        raise SourceError(
            f"The text was not read within {MAX_SECONDS} seconds: its markup is too complicated."
        ) from None
    except BusyError:
        raise SourceError("Other files are being read: try again in a minute.") from None
    except ProcessError as error:
        raise SourceError(UNREADABLE) from error
    return cast(Result, result)
