"""Dates, running times and numbers as people write them."""

import pytest

from catalog.sources.cell_values import AmbiguousDateError, parse_date, parse_minutes, parse_whole_number


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("December 18, 2019", "2019-12-18"),
        ("Dec. 18th, 2019", "2019-12-18"),
        ("18 December 2019", "2019-12-18"),
        ("Wednesday, 18 Dec 2019", "2019-12-18"),
        ("Sept 3, 2019", "2019-09-03"),
        ("December 18, 2019 (2019-12-18)", "2019-12-18"),
        ("2019-12-18", "2019-12-18"),
        ("2019/12/8", "2019-12-08"),
        ("18/12/2019", "2019-12-18"),
        ("12/18/2019", "2019-12-18"),
        ("5/5/2019", "2019-05-05"),
        ("5.6.2019", "2019-06-05"),
        ("December 2019", "2019-12"),
        ("2019", "2019"),
        ("TBA", None),
        (" ", None),
    ],
)
def test_dates_are_parsed_as_people_write_them(text, date):
    assert parse_date(text) == date


@pytest.mark.parametrize("text", ["30 February 2019", "18 Foo 2019", "13/13/2019", "x", "99999", "0000"])
def test_other_texts_are_not_a_date(text):
    with pytest.raises(ValueError, match=f"“{text}” is not a date"):
        parse_date(text)


def test_a_date_that_may_be_two_is_an_error():
    with pytest.raises(AmbiguousDateError, match="“5/6/2019” could be two dates: write the month as a word"):
        parse_date("5/6/2019")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("45", 45), ("45 min", 45), ("~45 minutes", 45), ("1h 5m", 65), ("1 hour", 60), ("–", None)],
)
def test_running_times_are_minutes(text, minutes):
    assert parse_minutes(text) == minutes


@pytest.mark.parametrize("text", ["0", "x", "1:05", "999 h", "33000"])
def test_other_texts_are_not_a_running_time(text):
    with pytest.raises(ValueError, match="is not a running time"):
        parse_minutes(text)


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("#7", 7), (" ", None)])
def test_whole_numbers(text, number):
    assert parse_whole_number(text) == number


@pytest.mark.parametrize("text", ["x", "7a", "1234567890", "٧"])
def test_other_texts_are_not_a_whole_number(text):
    with pytest.raises(ValueError, match="is not a whole number"):
        parse_whole_number(text)
