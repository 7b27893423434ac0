"""Dates, running times and numbers as people write them."""

import pytest

from catalog.sources.cell_values import (
    AmbiguousDateError,
    IgnoredValueError,
    is_placeholder,
    parse_code,
    parse_date,
    parse_minutes,
    parse_whole_number,
    strip_quotes,
)


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


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("22 Sep 04", "2004-09-22"),
        ("22-Sep-04", "2004-09-22"),
        ("3 Oct 71", "1971-10-03"),
        ("22-September-2004", "2004-09-22"),
        ("2019-12-18 00:00:00", "2019-12-18"),
        ("2019-12-18T20:00:00", "2019-12-18"),
        ("2019-12-18T20:00:00.000Z", "2019-12-18"),
        ("12/18/2019 20:00", "2019-12-18"),
        ("December 18, 2019 (Netflix)", "2019-12-18"),
        ("18 December 2019 (BBC Two)", "2019-12-18"),
        ("December 18, 2019[12] (Netflix)", "2019-12-18"),
        ("TBA (Netflix)", None),
    ],
)
def test_a_date_may_have_a_short_year_a_time_or_a_network(text, date):
    assert parse_date(text) == date


@pytest.mark.parametrize("text", ["22/09/04", "(2019)", "22 Sep 4", "31-Feb-04"])
def test_a_short_year_needs_the_month_as_a_word(text):
    with pytest.raises(ValueError, match="is not a date"):
        parse_date(text)


@pytest.mark.parametrize(
    ("text", "order", "date"),
    [
        ("03/04/2019", "day", "2019-04-03"),
        ("03/04/2019", "month", "2019-03-04"),
        ("18/12/2019", "day", "2019-12-18"),
        ("12/18/2019", "month", "2019-12-18"),
        ("May 2019", "month", "2019-05"),
    ],
)
def test_the_order_of_day_and_month_can_be_given(text, order, date):
    assert parse_date(text, order) == date


def test_a_date_against_the_given_order_is_an_error():
    with pytest.raises(ValueError, match="is not a date"):
        parse_date("18/12/2019", "month")


@pytest.mark.parametrize(("text", "minutes"), [("45:12", 45), ("45:48", 46), ("1:02:03", 62), ("00:45:12", 45)])
def test_running_times_may_have_seconds(text, minutes):
    assert parse_minutes(text) == minutes


@pytest.mark.parametrize("text", ["44–47 minutes", "44-47 min", "44 – 47", "44 to 47 minutes"])
def test_a_range_of_running_times_is_left_empty(text):
    with pytest.raises(IgnoredValueError, match="is left empty: one running time is needed"):
        parse_minutes(text)


@pytest.mark.parametrize(
    "text", ["TBA", "tbd", "T.B.A.", "N/A", "NA", "n.a.", "Unknown", "—", "–", "--", "?", "???", "none", "", " "]
)
def test_placeholders_mean_not_known(text):
    assert is_placeholder(text)
    assert parse_date(text) is None
    assert parse_minutes(text) is None
    assert parse_whole_number(text) is None
    assert parse_code(text) == ""


@pytest.mark.parametrize("text", ["Tabata", "Nona One", "The Unknown", "None of Us", "!!!", "0"])
def test_other_texts_are_no_placeholders(text):
    assert not is_placeholder(text)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('"Pilot"', "Pilot"),
        ("“Pilot”", "Pilot"),
        ("„Pilot“", "Pilot"),
        ("«Pilot»", "Pilot"),
        ('"Weird" Science', '"Weird" Science'),
        ('The Man Called "Flint"', 'The Man Called "Flint"'),
        ('"The Man Called "Flint""', 'The Man Called "Flint"'),
        ('"Yes" and "No"', '"Yes" and "No"'),
        ("“Yes” and “No”", "“Yes” and “No”"),
        ('"', '"'),
        ('"One', '"One'),
    ],
)
def test_one_pair_of_quotation_marks_around_the_whole_title_is_removed(text, title):
    assert strip_quotes(text) == title
