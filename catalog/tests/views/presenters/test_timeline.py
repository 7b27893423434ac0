"""The timeline: partial dates are in their middle, numbers do not overlap, all points lie within the line."""

import datetime as dt
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.partial_date import PartialDate
from catalog.views.presenters.timeline import timeline

DAYS = st.dates(dt.date(1890, 1, 1), dt.date(2110, 12, 31))
DATES = st.builds(lambda day, length: PartialDate(day.isoformat()[:length]), DAYS, st.sampled_from([4, 7, 10]))


def events(*dates):
    """Events with nothing but a date."""
    return [SimpleNamespace(date=date and PartialDate(date)) for date in dates]


def test_fewer_than_three_dates_have_no_timeline():
    assert timeline([]) is None
    assert timeline(events("2018", "2019", None, None)) is None
    assert timeline(events("2018", "2019", "2020")) is not None


def test_points_have_the_number_of_the_event_in_the_list_though_undated_events_have_no_point():
    line = timeline(events("2018-01-01", None, "2018-06-01", "2018-12-31"))
    assert [point.number for point in line.points] == [1, 3, 4]
    assert (line.points[0].x, line.points[-1].x) == (2, 98)


def test_a_partial_date_is_in_the_middle_of_its_period_and_is_not_exact():
    line = timeline(events("2018-01-01", "2018", "2018-07-02", "2018-12-31"))
    assert [point.is_exact for point in line.points] == [True, False, True, True]
    assert line.points[1].x == line.points[2].x
    assert not line.points[2].shows_number, "two numbers at one position cannot be read"
    assert line.points[1].shows_number


def test_the_first_and_the_last_date_are_written_to_their_own_precision():
    line = timeline(events("2018-03", "2018-03-09", "2017", "2019-01-01"))
    assert (line.first, line.last) == ("2017", "2019-01-01")
    line = timeline(events("2018-03", "2018-03-09", "2018-03-05"))
    assert (line.first, line.last) == ("2018-03-05", "2018-03")


def test_three_events_of_one_day_have_a_timeline():
    line = timeline(events("2018-03-05", "2018-03-05", "2018-03-05"))
    assert {point.x for point in line.points} == {2}
    assert [point.shows_number for point in line.points] == [True, False, False]


def test_availability_is_a_span_only_where_both_ends_are_known():
    spans = [("2018-02", "2018-08-01"), ("2018-02", None), (None, "2018-08"), ("2000", "2050")]
    entries = [SimpleNamespace(since=a and PartialDate(a), until=b and PartialDate(b)) for a, b in spans]
    line = timeline(events("2018-01-01", "2018-06-01", "2018-12-31"), entries)
    assert len(line.spans) == 2
    assert line.spans[1] == (2, 96), "what reaches beyond the events is cut at their ends"


@settings(max_examples=30, deadline=None)
@given(st.lists(DATES, min_size=3, max_size=20))
def test_every_mark_and_year_lies_within_the_line(dates):
    line = timeline(events(*dates))
    assert len(line.points) == len(dates)
    assert all(2 <= point.x <= 98 for point in line.points)
    assert all(2 <= x <= 98 for _, x in line.years)
