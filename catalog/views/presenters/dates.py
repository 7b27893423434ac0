"""Half-known dates in words: as much as is known, and no more."""

import calendar
from functools import lru_cache

MONTHS, SHORT_MONTHS = tuple(calendar.month_name), tuple(calendar.month_abbr)  # they are made anew at each look


def _written(date, months):
    year, *rest = str(date).split("-")
    month = months[int(rest[0])] if rest else ""
    day = str(int(rest[1])) if len(rest) > 1 else ""
    return " ".join(part for part in (day, month, year) if part)


def long_date(date):
    """``18 December 2019``, ``March 2018``, ``2018``."""
    return _written(date, MONTHS)


@lru_cache(maxsize=10_000)
def short_date(date):
    """``18 Dec 2019``, ``Mar 2018``, ``2018``: for rows."""
    return _written(date, SHORT_MONTHS)
