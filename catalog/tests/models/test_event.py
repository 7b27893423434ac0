"""Sorting and slugs of events, scores of reviews."""

import pytest
from django.core.exceptions import ValidationError

from catalog.models import Event, Review
from catalog.tests import factories as make


def test_events_are_sorted_by_date_with_partial_dates_after_days_and_undated_last(db):
    series = make.series()
    for date in (None, "2018", "2018-05", "2018-05-11", "2018-07-02", "2019"):
        make.event(series, f"On {date}", date=date)
    ordered = [event.date for event in sorted(Event.objects.all(), key=lambda event: event.sort_key)]
    assert ordered == ["2018-05-11", "2018-05", "2018-07-02", "2018", "2019", None]


def test_events_of_one_day_are_sorted_by_position(db):
    series = make.series()
    for position in (2, 1):
        make.event(series, f"At {position}", date="2018-07-02", position=position)
    assert [event.position for event in sorted(Event.objects.all(), key=lambda event: event.sort_key)] == [1, 2]


def test_slug_is_made_from_the_headline_and_stays(db):
    event = make.event(make.series(), "Fox orders a pilot")
    event.headline = "Another"
    event.save()
    assert Event.objects.get().slug == "fox-orders-a-pilot"


def test_form_rejects_a_second_event_with_the_same_headline(db):
    event = make.event(make.series(), "Casting")
    with pytest.raises(ValidationError, match="event with this slug already"):
        Event(series=event.series, headline="Casting", kind="casting").full_clean()
    make.event(make.series(), "Casting")
    assert Event.objects.count() == 2


def test_slug_of_a_long_headline_is_cut(db):
    assert len(make.event(make.series(), "word " * 40).slug) <= 120


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"score": 101}, "lies between 0 and its scale"),
        ({"score": -1}, "greater than or equal to 0"),
        ({"score": 11, "scale": 10}, "lies between 0 and its scale"),
        ({"score": 5, "scale": 0}, "greater than or equal to 1"),
        ({"score": 5, "average": 5}, "must be given with it"),
        ({"score": 5, "average": 11, "average_scale": 10}, "must be given with it"),
        ({"score": "1.234"}, "2 decimal places"),
    ],
)
def test_form_rejects_a_score_outside_its_scale(db, fields, message):
    with pytest.raises(ValidationError, match=message):
        Review(series=make.series(), aggregator="One", **fields).full_clean()


@pytest.mark.parametrize("fields", [{"score": 0}, {"score": 100}, {"score": "4.5", "scale": 5, "average": None}])
def test_lowest_and_highest_scores_are_valid(db, fields):
    review = Review(series=make.series(), aggregator="One", **fields)
    review.full_clean()
    review.save()


def test_critics_and_audience_scores_of_an_aggregator_are_separate(db):
    series = make.series()
    for kind in Review.Kind.values:
        Review.objects.create(series=series, aggregator="One", kind=kind, score=1)
    with pytest.raises(ValidationError, match="score of this aggregator already"):
        Review(series=series, aggregator="One", score=2).full_clean()
