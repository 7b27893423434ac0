"""Events and reviews: their order, their slugs, their scores."""

import pytest
from django.core.exceptions import ValidationError

from catalog.models import Event, Review
from catalog.tests import factories as make


def test_events_stand_by_date_with_half_known_ones_behind_and_undated_ones_last(db):
    series = make.series()
    for date in (None, "2018", "2018-05", "2018-05-11", "2018-07-02", "2019"):
        make.event(series, f"On {date}", date=date)
    ordered = [event.date for event in sorted(Event.objects.all(), key=lambda event: event.sort_key)]
    assert ordered == ["2018-05-11", "2018-05", "2018-07-02", "2018", "2019", None]


def test_events_of_one_day_stand_by_position(db):
    series = make.series()
    for position in (2, 1):
        make.event(series, f"At {position}", date="2018-07-02", position=position)
    assert [event.position for event in sorted(Event.objects.all(), key=lambda event: event.sort_key)] == [1, 2]


def test_a_slug_is_made_of_the_headline_and_stays(db):
    event = make.event(make.series(), "Fox orders a pilot")
    event.headline = "Another"
    event.save()
    assert Event.objects.get().slug == "fox-orders-a-pilot"


def test_a_second_event_of_a_headline_is_told_in_the_form(db):
    event = make.event(make.series(), "Casting")
    with pytest.raises(ValidationError, match="event with this slug already"):
        Event(series=event.series, headline="Casting", kind="casting").full_clean()
    make.event(make.series(), "Casting")
    assert Event.objects.count() == 2


def test_a_very_long_headline_still_makes_a_slug(db):
    assert len(make.event(make.series(), "word " * 40).slug) <= 120


@pytest.mark.parametrize(
    ("fields", "said"),
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
def test_a_score_lies_within_its_scale_or_the_form_says_so(db, fields, said):
    with pytest.raises(ValidationError, match=said):
        Review(series=make.series(), aggregator="One", **fields).full_clean()


@pytest.mark.parametrize("fields", [{"score": 0}, {"score": 100}, {"score": "4.5", "scale": 5, "average": None}])
def test_the_ends_of_a_scale_belong_to_it(db, fields):
    review = Review(series=make.series(), aggregator="One", **fields)
    review.full_clean()
    review.save()


def test_critics_and_audience_of_one_aggregator_are_two_scores(db):
    series = make.series()
    for kind in Review.Kind.values:
        Review.objects.create(series=series, aggregator="One", kind=kind, score=1)
    with pytest.raises(ValidationError, match="score of this aggregator already"):
        Review(series=series, aggregator="One", score=2).full_clean()
