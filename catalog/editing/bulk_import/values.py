"""Single values of IMDb's files, as the reader of one series takes them (``catalog.sources.imdb``)."""

from functools import lru_cache

from django.db import models

from catalog.editing.bulk_import.progress import Progress
from catalog.models import Series
from catalog.models.bounds import max_length
from catalog.models.slug import slug_from
from catalog.models.sort_key import sort_key_field
from catalog.partial_date import PartialDate
from catalog.sources.cell_values import parse_date, parse_minutes
from catalog.sources.document import plain_text
from catalog.sources.imdb import DATED_TITLE
from catalog.sources.title_words import is_placeholder_title
from catalog.sources.tsv_files import NULL

MAX_TITLE_LENGTH = max_length(Series, "title")
MIN_ID_LENGTH, MAX_ID_LENGTH = 9, 12  # tt0000001


def id_number(text: str, prefix: str) -> int | None:
    """The number of an IMDb id, None for another text."""
    digits = text[2:]
    is_id = text[:2] == prefix and MIN_ID_LENGTH <= len(text) <= MAX_ID_LENGTH
    return int(digits) if is_id and digits.isascii() and digits.isdigit() else None


def title_id(number: int) -> str:
    """The IMDb id of a title."""
    return f"tt{number:07d}"


def person_id(number: int) -> str:
    """The IMDb id of a person."""
    return f"nm{number:07d}"


@lru_cache(10_000)
def _date(text: str) -> PartialDate | None | ValueError:
    try:
        return parse_date(plain_text(text))
    except ValueError as error:
        return error


@lru_cache(10_000)
def _minutes(text: str) -> int | None | ValueError:
    try:
        return None if text in ("", "0") else parse_minutes(text)
    except ValueError as error:
        return error


def day_of_title(title: str) -> PartialDate | None:
    """The day of an episode that is called “Episode dated 3 May 1999”, else None."""
    date = _date(title[len(DATED_TITLE) :]) if title.casefold().startswith(DATED_TITLE) else None
    return None if isinstance(date, ValueError) else date


def is_doubtful_title(title: str) -> bool:
    """True for a title that names nothing but a number or a day."""
    return is_placeholder_title(title) or title.casefold().startswith(DATED_TITLE)


class ValueReader:
    """Parses values and counts those that are left out."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress

    def title(self, text: str, example: str) -> str:
        r"""A title that can be stored; empty for ``\N``."""
        title = "" if text == NULL else plain_text(text)
        if len(title) <= MAX_TITLE_LENGTH:
            return title
        self.progress.omit(f"Titles of more than {MAX_TITLE_LENGTH} characters", example)
        return ""

    def date(self, text: str, example: str) -> PartialDate | None:
        """A year."""
        date = _date(text)
        if isinstance(date, ValueError):
            self.progress.omit("Dates that are none", f"{example}: {text[:40]}")
            return None
        return date

    def period(self, begin: str, end: str, example: str) -> tuple[PartialDate | None, PartialDate | None]:
        """Two years; an end before the beginning is left out."""
        first, last = self.date(begin, example), self.date(end, example)
        if first and last and last < first[: len(last)]:
            self.progress.omit("Ends before the beginning", f"{example}: {first}–{last}")
            return first, None
        return first, last

    def minutes(self, text: str, example: str) -> int | None:
        """A running time."""
        minutes = _minutes(text)
        if isinstance(minutes, ValueError):
            self.progress.omit("Running times that are none", f"{example}: {text[:40]}")
            return None
        return minutes


class Slugs:
    """Gives records different slugs; all slugs are in memory, so it is for some hundred thousand records."""

    def __init__(self) -> None:
        self._used: set[str] = set()
        self._numbers: dict[str, int] = {}

    def add(self, *candidates: str) -> str:
        """The first of the candidates that is not used, else the first one with a number."""
        first = candidates[0]
        slug = next((candidate for candidate in candidates if candidate not in self._used), "")
        number = self._numbers.get(first, 1)
        while not slug:
            number += 1
            numbered = f"{first}-{number}"
            slug = "" if numbered in self._used else numbered
        self._numbers[first] = number
        self._used.add(slug)
        return slug


def slug_base(name: str, kind: str) -> str:
    """The slug of a name without a number."""
    return slug_from(name) or kind


def sort_key_of_row(model: type[models.Model], **columns: str) -> str:
    """The sort key of a row with these columns."""
    field = sort_key_field(model)
    return field.compute(columns) if field else ""
