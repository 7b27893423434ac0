"""Dates of which only the year or the month may be known."""

import datetime as dt
import re

DAY, MONTH, YEAR = "day", "month", "year"
_PARTIAL = re.compile(r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d))?)?", re.ASCII)


class PartialDate(str):
    """A date of which the year, the month or the day is known: ``2018``, ``2018-03``, ``2018-03-15``.

    The form is that of ISO 8601 with reduced precision (EDTF level 0). As text it sorts by time; where a
    half-known date meets a fully known one of the same period, ``sort_key`` puts it after.
    Raises ValueError for anything that is no such date (``2018-13``, ``2018-02-30``, year ``0000``).
    """

    __slots__ = ()

    def __new__(cls, text):
        text = str(text).strip()
        found = _PARTIAL.fullmatch(text)
        if not found:
            raise ValueError(f"{text!r} is no date: write 2018, 2018-03 or 2018-03-15")
        year, month, day = (int(found[part] or 1) for part in ("year", "month", "day"))
        dt.date(year, month, day)
        return super().__new__(cls, text)

    @property
    def precision(self):
        """``"year"``, ``"month"`` or ``"day"``: how much is known."""
        return {4: YEAR, 7: MONTH, 10: DAY}[len(self)]

    @property
    def year(self):
        """The year, a whole number."""
        return int(self[:4])

    @property
    def first_day(self):
        """The earliest ``datetime.date`` that this can be."""
        return dt.date.fromisoformat((self + "-01-01")[:10])

    @property
    def sort_key(self):
        """Text to sort by: a half-known date comes after the known days of its month or year."""
        return self + "~"
