"""Parse dates, running times and numbers as people write them. An ambiguous date is an error, not a guess."""

import re

from catalog.partial_date import PartialDate

MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MONTH_NUMBERS = {name[:3]: number for number, name in enumerate(MONTH_NAMES, 1)}
# Words that are a title as well. Compared without points and repeated marks: “T.B.A.”, “n.a.”, “???”
POSSIBLE_TITLES = {"?", "unknown", "unaired", "none", "various"}
POSSIBLE_TITLES |= {"to be announced", "to be determined", "to be confirmed"}
PLACEHOLDERS = POSSIBLE_TITLES | {"", "-", "–", "—", "tba", "tbd", "tbc", "n/a", "na"}
REPEATED_MARK = re.compile(r"([-–—?])\1+")
MAX_MINUTES = 1440  # a day
QUOTATION_MARKS = (('"', '"'), ("“", "”"), ("„", "“"), ("„", "”"), ("«", "»"))
HIDDEN_ISO_DATE = re.compile(r"\((\d{4}-\d\d-\d\d)\)")  # Wikipedia hides one beside each date; it is copied along
WEEKDAY = re.compile(r"^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?\.?,?\s+", re.IGNORECASE)
ISO = re.compile(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?")
DAY_FIRST = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?\.?[\s-]+)?([a-z]{3,9})\.?,?[\s-]+(\d{4})", re.IGNORECASE)
SHORT_YEAR = re.compile(r"(\d{1,2})[\s-]([a-z]{3,9})\.?[\s-](\d\d)", re.IGNORECASE)  # 22 Sep 04
FIRST_SHORT_YEAR = 69  # as in POSIX: 69 is 1969, 68 is 2068
TIME_OF_DAY = re.compile(r"(?<=\d)[T\s]\d{1,2}:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$")
NETWORK = re.compile(r"(?<=\S)\s*\([^()]*\)$")  # December 18, 2019 (Netflix)
# “[3]”, copied along with the text of a page: only behind the text or a name in it.
FOOTNOTE_MARK = re.compile(
    r"(?<=\S)\s?\[(?:[a-z]|\d{1,3}|(?:note|nb|n) \d{1,3}|[a-z]+(?: [a-z]+)? needed)\]"
    r"(?=\s*(?:$|[,;&/|(\[]|and\b|(?:story|teleplay|screenplay) by\b))"
)
MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", re.IGNORECASE)
NUMERIC = re.compile(r"(\d{1,2})([/.])(\d{1,2})\2(\d{4})")
YEAR_FIRST = re.compile(r"(\d{4})[/.](\d\d?)[/.](\d\d?)")
DURATION = re.compile(
    r"(?:(\d{1,2})\s*(?:h|hr|hrs|hours?)\.?,?\s*)?(?:(\d{1,4})\s*(?:m|min|mins|minutes?)?\.?)?", re.IGNORECASE
)
CLOCK_DURATION = re.compile(r"(?:(\d{1,2}):(\d\d)|(\d\d)):([0-5]\d)")  # 1:02:03, 45:12
DURATION_RANGE = re.compile(r"\d{1,4}\s*(?:[-–—]|to)\s*\d{1,4}\s*(?:m|min|mins|minutes?)?\.?", re.IGNORECASE)
WHOLE_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


class AmbiguousDateError(ValueError):
    """The text can be read as two dates, such as 5/6/2019."""


class IgnoredValueError(ValueError):
    """The text has no single value, which is no reason to refuse the row: the field is left empty."""


def is_placeholder(text: str) -> bool:
    """True for an empty text and for texts that mean “not known”, such as TBA, N/A or a dash."""
    return REPEATED_MARK.sub(r"\1", text.strip().casefold().replace(".", "")) in PLACEHOLDERS


def is_date(text: str) -> bool:
    """True if the text is a date, ambiguous ones included."""
    try:
        return parse_date(text) is not None
    except AmbiguousDateError:
        return True
    except ValueError:
        return False


def parse_date(text: str, order: str = "") -> PartialDate | None:
    """Parse a date that may lack its day or month; None for “TBA” and the like.

    ``order`` says whether “day” or “month” is first in dates like 5/6/2019. A time of day and a network in brackets
    behind the date are ignored. Raises ValueError with a message for editors.
    """
    text = " ".join(text.split())
    if hidden := HIDDEN_ISO_DATE.search(text):
        text = hidden[1]
    date_text = WEEKDAY.sub("", TIME_OF_DAY.sub("", FOOTNOTE_MARK.sub("", NETWORK.sub("", text))))
    if is_placeholder(date_text):
        return None
    try:
        year, *month_and_day = map(int, _date_parts(date_text, order))
        return PartialDate("-".join([f"{year:04d}", *(f"{number:02d}" for number in month_and_day)]))
    except AmbiguousDateError:
        raise
    except ValueError as error:
        raise ValueError(f"“{text[:40]}” is not a date") from error


def _date_parts(text: str, order: str) -> list[str | int]:
    """Year, month and day, as far as the text has them."""
    if match := ISO.fullmatch(text) or YEAR_FIRST.fullmatch(text):
        return [part for part in match.groups() if part]
    if match := MONTH_FIRST.fullmatch(text):
        return [match[3], _month_number(match[1]), match[2]]
    if match := DAY_FIRST.fullmatch(text):
        return [match[3], _month_number(match[2]), *([match[1]] if match[1] else [])]
    if match := SHORT_YEAR.fullmatch(text):
        century = 1900 if int(match[3]) >= FIRST_SHORT_YEAR else 2000
        return [century + int(match[3]), _month_number(match[2]), match[1]]
    if match := NUMERIC.fullmatch(text):
        if match[2] == "/" and order:
            return [match[4], *((match[3], match[1]) if order == "day" else (match[1], match[3]))]
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
    """Parse a running time in minutes, seconds rounded; None for “TBA” and the like.

    Raises IgnoredValueError for a range such as 44–47, otherwise ValueError with a message for editors.
    """
    text = " ".join(text.split()).lstrip("~≈").strip()
    if is_placeholder(text):
        return None
    if DURATION_RANGE.fullmatch(text):
        raise IgnoredValueError(f"“{text[:40]}” is left empty: one running time is needed")
    if clock := CLOCK_DURATION.fullmatch(text):
        hours, minutes, seconds = int(clock[1] or 0), int(clock[2] or clock[3]), int(clock[4])
        text = str(60 * hours + minutes + (seconds >= 30))
    match = DURATION.fullmatch(text)
    total = 60 * int(match[1] or 0) + int(match[2] or 0) if match else 0
    if not 0 < total <= MAX_MINUTES:
        raise ValueError(f"“{text[:40]}” is not a running time in minutes")
    return total


def strip_quotes(text: str) -> str:
    """Remove one pair of quotation marks that encloses the whole title, or each line of it. Marks inside stay."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    title = " ".join(lines)
    stripped = _strip_pair(title)
    return stripped if stripped != title else " ".join(map(_strip_pair, lines))


def _strip_pair(text: str) -> str:
    for opening, closing in QUOTATION_MARKS:
        inner = text[1:-1]
        if len(text) > 1 and text[0] == opening and text[-1] == closing:
            is_nested = inner.startswith(opening) or inner.endswith(closing)
            return inner.strip() if is_nested or not {opening, closing} & {*inner} else text
    return text


def parse_code(text: str) -> str:
    """Parse a production code; empty for “TBA” and the like."""
    return "" if is_placeholder(text) else strip_quotes(text)


def parse_whole_number(text: str) -> int | None:
    """Parse a number of at most nine digits, with or without “#”; None for “TBA” and the like."""
    text = text.strip().lstrip("#")
    if is_placeholder(text):
        return None
    if not WHOLE_NUMBER.fullmatch(text):
        raise ValueError(f"“{text[:40]}” is not a whole number")
    return int(text)
