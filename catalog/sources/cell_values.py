"""Dates, running times and numbers as people paste them, into what the catalogue keeps. What may be two is refused."""

import re

from catalog.partial_date import PartialDate

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november")
MONTHS = {name[:3]: number for number, name in enumerate((*MONTHS, "december"), 1)}
UNKNOWN_VALUES = {"", "-", "–", "—", "?", "tba", "tbd", "tbc", "n/a", "unknown", "unaired", "none"}
ISO_BESIDE = re.compile(r"\((\d{4}-\d\d-\d\d)\)")  # what encyclopedias hide beside a date, copied along
WEEKDAY = re.compile(r"^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?\.?,?\s+", re.IGNORECASE)
ISO = re.compile(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?")
DAY_FIRST = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?\.?\s+)?([a-z]{3,9})\.?,?\s+(\d{4})", re.IGNORECASE)
MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", re.IGNORECASE)
SLASHES = re.compile(r"(\d{1,2})([/.])(\d{1,2})\2(\d{4})")
YEAR_FIRST = re.compile(r"(\d{4})[/.](\d\d?)[/.](\d\d?)")
MINUTES = re.compile(
    r"(?:(\d{1,2})\s*(?:h|hr|hrs|hours?)\.?,?\s*)?(?:(\d{1,4})\s*(?:m|min|mins|minutes?)?\.?)?", re.IGNORECASE
)


def parse_date(text):
    """A PartialDate, or None for what says that none is known. ValueError, in words, for all else."""
    text = " ".join(text.split())
    if beside := ISO_BESIDE.search(text):
        text = beside[1]
    text = WEEKDAY.sub("", text)
    if text.casefold() in UNKNOWN_VALUES:
        return None
    try:
        return PartialDate(
            "-".join(f"{int(part):0{4 if not place else 2}d}" for place, part in enumerate(_parts(text)))
        )
    except ValueError as error:
        told = str(error) if error.args and "could be" in str(error) else f"“{text[:40]}” is no date"
        raise ValueError(told) from error


def _parts(text):
    """Year, month, day, as many as are said."""
    if found := ISO.fullmatch(text) or YEAR_FIRST.fullmatch(text):
        return [part for part in found.groups() if part]
    if found := MONTH_FIRST.fullmatch(text):
        return [found[3], _month(found[1]), found[2]]
    if found := DAY_FIRST.fullmatch(text):
        return [found[3], _month(found[2]), *([found[1]] if found[1] else [])]
    if found := SLASHES.fullmatch(text):
        one, other = int(found[1]), int(found[3])
        if found[2] == "." or one > 12 or one == other:  # a point between day and month is written day first
            return [found[4], other, one]
        if other > 12:
            return [found[4], one, other]
        raise ValueError(f"“{text}” could be two days: write the month as a word")
    raise ValueError(text)


def _month(word):
    number = MONTHS.get(word[:3].casefold())
    if number is None:
        raise ValueError(word)
    return number


def parse_minutes(text):
    """A running time in whole minutes, or None for what says that none is known. ValueError, in words, for all else."""
    text = " ".join(text.split()).lstrip("~≈").strip()
    if text.casefold() in UNKNOWN_VALUES:
        return None
    found = MINUTES.fullmatch(text)
    total = 60 * int(found[1] or 0) + int(found[2] or 0) if found else 0
    if not 0 < total <= 32767:
        raise ValueError(f"“{text[:40]}” is no running time in minutes")
    return total


def strip_quotes(text):
    """A text without the quotation marks round it."""
    return text.strip('"“”„').strip()


def parse_whole_number(text):
    """A whole number, or None for nothing."""
    text = text.strip().lstrip("#")
    if not text:
        return None
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise ValueError(f"“{text[:40]}” is no whole number")
    return int(text)
