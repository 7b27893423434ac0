"""Parse dates, running times and numbers as people write them. An ambiguous date is an error, not a guess."""

import re

from catalog.partial_date import PartialDate

MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MONTH_NUMBERS = {name[:3]: number for number, name in enumerate(MONTH_NAMES, 1)}
UNKNOWN_VALUES = {"", "-", "–", "—", "?", "tba", "tbd", "tbc", "n/a", "unknown", "unaired", "none"}
MAX_MINUTES = 32767  # a small integer of the database
HIDDEN_ISO_DATE = re.compile(r"\((\d{4}-\d\d-\d\d)\)")  # Wikipedia hides one beside each date; it is copied along
WEEKDAY = re.compile(r"^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?\.?,?\s+", re.IGNORECASE)
ISO = re.compile(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?")
DAY_FIRST = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?\.?\s+)?([a-z]{3,9})\.?,?\s+(\d{4})", re.IGNORECASE)
MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", re.IGNORECASE)
NUMERIC = re.compile(r"(\d{1,2})([/.])(\d{1,2})\2(\d{4})")
YEAR_FIRST = re.compile(r"(\d{4})[/.](\d\d?)[/.](\d\d?)")
DURATION = re.compile(
    r"(?:(\d{1,2})\s*(?:h|hr|hrs|hours?)\.?,?\s*)?(?:(\d{1,4})\s*(?:m|min|mins|minutes?)?\.?)?", re.IGNORECASE
)
WHOLE_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


class AmbiguousDateError(ValueError):
    """The text can be read as two dates, such as 5/6/2019."""


def parse_date(text: str) -> PartialDate | None:
    """Parse a date that may lack its day or month; None for “TBA” and the like.

    Raises ValueError with a message for editors.
    """
    text = " ".join(text.split())
    if hidden := HIDDEN_ISO_DATE.search(text):
        text = hidden[1]
    text = WEEKDAY.sub("", text)
    if text.casefold() in UNKNOWN_VALUES:
        return None
    try:
        year, *month_and_day = map(int, _date_parts(text))
        return PartialDate("-".join([f"{year:04d}", *(f"{number:02d}" for number in month_and_day)]))
    except AmbiguousDateError:
        raise
    except ValueError as error:
        raise ValueError(f"“{text[:40]}” is not a date") from error


def _date_parts(text: str) -> list[str | int]:
    """Year, month and day, as far as the text has them."""
    if match := ISO.fullmatch(text) or YEAR_FIRST.fullmatch(text):
        return [part for part in match.groups() if part]
    if match := MONTH_FIRST.fullmatch(text):
        return [match[3], _month_number(match[1]), match[2]]
    if match := DAY_FIRST.fullmatch(text):
        return [match[3], _month_number(match[2]), *([match[1]] if match[1] else [])]
    if match := NUMERIC.fullmatch(text):
        first, second = int(match[1]), int(match[3])
        if match[2] == "." or first > 12 or first == second:  # with points the day is always first: 5.6.2019
            return [match[4], second, first]
        if second > 12:
            return [match[4], first, second]
        raise AmbiguousDateError(f"“{text}” could be two dates: write the month as a word")
    raise ValueError(text)


def _month_number(word: str) -> int:
    try:
        return MONTH_NUMBERS[word[:3].casefold()]
    except KeyError:
        raise ValueError(word) from None


def parse_minutes(text: str) -> int | None:
    """Parse a running time in minutes; None for “TBA” and the like.

    Raises ValueError with a message for editors.
    """
    text = " ".join(text.split()).lstrip("~≈").strip()
    if text.casefold() in UNKNOWN_VALUES:
        return None
    match = DURATION.fullmatch(text)
    total = 60 * int(match[1] or 0) + int(match[2] or 0) if match else 0
    if not 0 < total <= MAX_MINUTES:
        raise ValueError(f"“{text[:40]}” is not a running time in minutes")
    return total


def strip_quotes(text: str) -> str:
    """Remove the quotation marks around a title."""
    return text.strip('"“”„').strip()


def parse_whole_number(text: str) -> int | None:
    """Parse a number of at most nine digits, with or without “#”; None for an empty text."""
    text = text.strip().lstrip("#")
    if not text:
        return None
    if not WHOLE_NUMBER.fullmatch(text):
        raise ValueError(f"“{text[:40]}” is not a whole number")
    return int(text)
