"""Partial dates: parsing, sorting, storing."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st

from catalog.models import PartialDateField, Person, Series
from catalog.partial_date import PartialDate
from catalog.tests import factories as make

SIMILAR_TO_DATES = st.from_regex(r"\A\s?[0-9٣]{3,5}(-[0-9]{1,2}){0,3}\s?\Z")


@given(st.text() | SIMILAR_TO_DATES | st.dates().map(str))
@example("2018-02-29")
@example("2020-02-29")
@example("0000")
@example("２０１８")
def test_any_text_is_rejected_or_a_date_with_the_same_text(text):
    try:
        date = PartialDate(text)
    except ValueError:
        with pytest.raises(ValidationError):
            PartialDateField(null=False).to_python(text or "x")
        return
    assert str(date) == text.strip()
    assert PartialDate(str(date)) == date
    assert date.year == date.first_day.year
    assert str(date.first_day).startswith(str(date))
    assert {"year": 4, "month": 7, "day": 10}[date.precision] == len(date)


@given(st.lists(st.dates(), min_size=2, max_size=8))
def test_sort_key_puts_a_partial_date_after_the_days_of_its_period(days):
    days = sorted(days)
    dates = [PartialDate(day.isoformat()) for day in days]
    assert sorted(dates, key=lambda date: date.sort_key) == dates
    for day, date in zip(days, dates, strict=True):
        month, year = PartialDate(f"{day:%Y-%m}".zfill(7)), PartialDate(f"{day.year:04}")
        assert date.sort_key < month.sort_key < year.sort_key
        if day.year < dt.MAXYEAR:
            assert year.sort_key < PartialDate(f"{day.year + 1:04}-01-01").sort_key


@pytest.mark.parametrize("text", ["2018-13", "2018-02-30", "0000", "18", "2018-1", "2018/03", "2018-03-15T00:00", "x"])
def test_invalid_date_is_rejected_by_form_and_by_save(text, db):
    with pytest.raises(ValidationError, match="as much of it as is known"):
        Person(name="One", born=text).full_clean()
    with pytest.raises(ValidationError):
        Person.objects.create(name="One", born=text)


def test_date_is_read_from_the_database_as_partial_date(db):
    person = make.person(born="1950-03", died="")
    person.refresh_from_db()
    assert (person.born.precision, person.born.first_day, person.died) == ("month", dt.date(1950, 3, 1), None)
    assert Person.objects.filter(born__startswith="1950").get() == person


def test_both_databases_sort_partial_dates_as_text(db):
    for date in ("2018-03", "2018", "2018-03-15", "2017-12-31", None):
        make.series("One", premiered=date)
    ordered = Series.objects.exclude(premiered=None).order_by("premiered").values_list("premiered", flat=True)
    assert list(ordered) == ["2017-12-31", "2018", "2018-03", "2018-03-15"], connection.vendor
