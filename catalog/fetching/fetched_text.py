"""What fetching returns: texts of a service with their origin, or one sentence about why there are none."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

UNSAFE_IN_NAME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
MAX_NAME_LENGTH = 120


class FetchError(ValueError):
    """A text that cannot be fetched. The message is a complete sentence for editors."""


class NotFoundError(FetchError):
    """The service has no such page or record."""


class RefusedError(FetchError):
    """The service does not answer this site or this key."""


def today() -> date:
    """The date on which a text is fetched."""
    return datetime.now(UTC).date()


@dataclass(frozen=True)
class FetchedText:
    """One text as the service sent it; a reader of ``catalog.sources`` reads it as it is."""

    kind: str  # key in ``READERS``
    name: str  # a file name for humans
    content: bytes
    url: str  # of the page for humans
    revision: str = ""  # number or time of the last change, if the service states one
    retrieved: date = field(default_factory=today)


@dataclass
class FetchResult:
    """The texts about one series, the series itself first, and sentences about what was not fetched."""

    texts: list[FetchedText]
    notes: list[str] = field(default_factory=list)


def file_name(title: str, suffix: str) -> str:
    """A name for a file, which no system takes for a path."""
    name = UNSAFE_IN_NAME.sub("_", title).strip(" ._")[:MAX_NAME_LENGTH]
    return f"{name or 'untitled'}{suffix}"
