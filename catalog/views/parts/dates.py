"""Half-known dates in words: as much as is known, and no more."""

import calendar


def _written(date, months):
    year, *rest = str(date).split("-")
    month = months[int(rest[0])] if rest else ""
    day = str(int(rest[1])) if len(rest) > 1 else ""
    return " ".join(part for part in (day, month, year) if part)


def long_date(date):
    """``18 December 2019``, ``March 2018``, ``2018``."""
    return _written(date, calendar.month_name)


def short_date(date):
    """``18 Dec 2019``, ``Mar 2018``, ``2018``: for rows."""
    return _written(date, calendar.month_abbr)
