"""The production history of a series on a line between its first and its last event."""

import datetime as dt
from dataclasses import dataclass

from catalog.partial_date import PartialDate

MIN_EVENTS = 3  # with a date: fewer make no line
MIN_LABEL_GAP = 3  # percent of the line: numbers nearer than this to the previous one would overlap


@dataclass(frozen=True)
class Point:
    """An event: its number in the list, its position in percent, and whether its number fits above it."""

    number: int
    x: float
    is_exact: bool
    shows_number: bool


@dataclass(frozen=True)
class Timeline:
    """Points, years as (year, position of 1 January), spans of availability as (start, width); all in percent."""

    points: list[Point]
    years: list[tuple[int, float]]
    spans: list[tuple[float, float]]
    first: PartialDate
    last: PartialDate


def _middle_day(date):
    """The day number (``toordinal``) in the middle of a partial date, so that marks do not pile up on 1 January."""
    day = date.first_day.toordinal()
    return day + {"day": 0, "month": 14, "year": 182}[date.precision]


def timeline(events, availability=()) -> Timeline | None:
    """The line of the ``events`` that have a date; None if there are fewer than MIN_EVENTS of them."""
    dated = [(number, event.date) for number, event in enumerate(events, start=1) if event.date]
    if len(dated) < MIN_EVENTS:
        return None
    dates = [date for _, date in dated]
    days = [_middle_day(date) for date in dates]
    first_day, last_day = min(days), max(days)
    length = max(last_day - first_day, 1)

    def x(day):
        """The position of a day in percent, with a margin of two at both ends."""
        return 2 + 96 * (min(max(day, first_day), last_day) - first_day) / length

    points, last_label = [], -1.0
    for number, date in dated:
        position = x(_middle_day(date))
        shows_number = position - last_label >= MIN_LABEL_GAP
        last_label = position if shows_number else last_label
        points.append(Point(number, round(position, 2), date.precision == "day", shows_number))
    years = [
        (year, round(x(dt.date(year, 1, 1).toordinal()), 2))
        for year in range(min(date.year for date in dates), max(date.year for date in dates) + 1)
    ]
    spans = []
    for period in availability:
        if period.since and period.until:
            start, end = x(_middle_day(period.since)), x(_middle_day(period.until))
            spans.append((round(start, 2), round(end - start, 2)))
    by_date = sorted(dates, key=lambda date: date.sort_key)
    return Timeline(points, years, spans, by_date[0], by_date[-1])
