"""Partial dates in words: to the day, the month or the year."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.partial_date import PartialDate
from catalog.views.presenters.dates import long_date, short_date


@pytest.mark.parametrize(
    ("date", "long", "short"),
    [
        ("2018", "2018", "2018"),
        ("0987", "0987", "0987"),
        ("2018-05", "May 2018", "May 2018"),
        ("2018-09", "September 2018", "Sep 2018"),
        ("2018-12-01", "1 December 2018", "1 Dec 2018"),
        ("2020-02-29", "29 February 2020", "29 Feb 2020"),
    ],
)
def test_a_date_is_written_to_its_own_precision(date, long, short):
    assert long_date(PartialDate(date)) == long
    assert short_date(PartialDate(date)) == short


@given(st.dates(), st.sampled_from([4, 7, 10]))
def test_a_date_has_as_many_words_as_parts(day, length):
    date = PartialDate(day.isoformat()[:length])
    for words in (long_date(date), short_date(date)):
        assert len(words.split()) == len(date.split("-"))
        assert words.endswith(date[:4])
