"""Dates of which only the year or the month may be known."""

import datetime as dt
import re

DAY, MONTH, YEAR = "day", "month", "year"
_PARTIAL_DATE = re.compile(r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d))?)?", re.ASCII)


class PartialDate(str):
    """A date known to the year, the month or the day: ``2018``, ``2018-03``, ``2018-03-15``.

    The format is ISO 8601 with reduced precision (EDTF level 0). As text it sorts by time, a partial date before the
    days of its period; ``sort_key`` sorts it after them.
    Raises ValueError for anything else (``2018-13``, ``2018-02-30``, year ``0000``).
    """

    __slots__ = ()

    def __new__(cls, text: object) -> "PartialDate":
        text = str(text).strip()
        match = _PARTIAL_DATE.fullmatch(text)
        if not match:
            raise ValueError(f"{text!r} is not a date: write 2018, 2018-03 or 2018-03-15")
        year, month, day = (int(match[part] or 1) for part in (YEAR, MONTH, DAY))
        dt.date(year, month, day)
        return super().__new__(cls, text)

    @property
    def precision(self) -> str:
        """The smallest known part: ``YEAR``, ``MONTH`` or ``DAY``."""
        return {4: YEAR, 7: MONTH, 10: DAY}[len(self)]

    @property
    def year(self) -> int:
        """The year."""
        return int(self[:4])

    @property
    def first_day(self) -> dt.date:
        """The earliest day that this date can be."""
        return dt.date.fromisoformat((self + "-01-01")[:10])

    @property
    def sort_key(self) -> str:
        """Text to sort by: a partial date comes after the known days of its month or year."""
        return self + "~"
