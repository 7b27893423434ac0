"""Partial dates in words, to the day, the month or the year."""

import calendar
from functools import lru_cache

from catalog.partial_date import PartialDate

# Copied, because ``calendar`` formats a name each time one is read.
MONTHS, SHORT_MONTHS = tuple(calendar.month_name), tuple(calendar.month_abbr)


def _format(date, months):
    year, *month_and_day = str(date).split("-")
    month = months[int(month_and_day[0])] if month_and_day else ""
    day = str(int(month_and_day[1])) if len(month_and_day) > 1 else ""
    return " ".join(part for part in (day, month, year) if part)


def long_date(date: PartialDate) -> str:
    """``18 December 2019``, ``March 2018``, ``2018``."""
    return _format(date, MONTHS)


@lru_cache(maxsize=10_000)
def short_date(date: PartialDate) -> str:
    """``18 Dec 2019``, ``Mar 2018``, ``2018``: for rows."""
    return _format(date, SHORT_MONTHS)
