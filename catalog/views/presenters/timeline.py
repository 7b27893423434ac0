"""The production of a series on a line: where each event stands between the first and the last."""

import datetime as dt
from dataclasses import dataclass

DAYS_APART = 0.03  # of the whole span: numbers nearer than this to the last one would overlap


@dataclass(frozen=True)
class Point:
    """An event: its number in the list, its place in percent, and whether the number fits above it."""

    number: int
    x: float
    exact: bool
    shows_number: bool


@dataclass(frozen=True)
class Timeline:
    """Points, the years that begin within the span as (year, place), and spans of availability as (from, width)."""

    points: list
    years: list
    spans: list
    first: object
    last: object


def _middle(date):
    """The day that stands for a date: the middle of what it may be, so that marks do not pile up on the first."""
    day = date.first_day.toordinal()
    return day + {"day": 0, "month": 14, "year": 182}[date.precision]


def timeline(events, availability=()):
    """The line for dated ``events``; None when fewer than three are dated."""
    dated = [(number, event) for number, event in enumerate(events, start=1) if event.date]
    if len(dated) < 3:
        return None
    days = [_middle(event.date) for _, event in dated]
    low, high = min(days), max(days)
    width = max(high - low, 1)

    def x(day):
        return 2 + 96 * (min(max(day, low), high) - low) / width

    points, last = [], -1.0
    for number, event in dated:
        place = x(_middle(event.date))
        fits = place - last >= 100 * DAYS_APART
        last = place if fits else last
        points.append(Point(number, round(place, 2), event.date.precision == "day", fits))
    dates = [event.date for _, event in dated]
    years = [
        (year, round(x(dt.date(year, 1, 1).toordinal()), 2))
        for year in range(min(d.year for d in dates), max(d.year for d in dates) + 1)
    ]
    spans = [
        (round(x(_middle(a.since)), 2), round(x(_middle(a.until)) - x(_middle(a.since)), 2))
        for a in availability
        if a.since and a.until
    ]
    in_time = sorted(dates, key=lambda date: date.sort_key)
    return Timeline(points, years, spans, in_time[0], in_time[-1])
