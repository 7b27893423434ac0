"""Publication: drafts, scheduled records, and which of them visitors may see."""

import datetime as dt

import pytest
from django.utils import timezone

from catalog.models import Series
from catalog.models.publication import last_publication, next_publication
from catalog.tests import factories as make

NOW = timezone.now()


def hours(number):
    """A time before or after NOW."""
    return NOW + dt.timedelta(hours=number)


@pytest.mark.parametrize(("published_at", "is_published"), [(None, False), (hours(-1), True), (hours(1), False)])
def test_record_is_published_once_its_date_is_past(db, published_at, is_published):
    record = make.series(published_at=published_at)
    assert record.is_published is is_published
    assert Series.objects.published().exists() is is_published
    assert Series.objects.unpublished().exists() is not is_published
    assert Series.objects.drafts().exists() is (published_at is None)
    assert Series.objects.scheduled().exists() is (published_at == hours(1))


def test_catalogue_without_dates_has_no_publication(db):
    make.series(published_at=None)
    assert (next_publication(NOW), last_publication(NOW)) == (None, None)


def test_next_and_last_publication_are_the_nearest_of_all_models(db):
    series = make.series(published_at=hours(-5))
    season = make.season(series, published_at=hours(-2))
    make.episode(season, published_at=hours(3))
    make.person(published_at=hours(2))
    make.company(published_at=hours(4))
    assert last_publication(NOW) == hours(-2)
    assert next_publication(NOW) == hours(2)
    assert next_publication(hours(2)) == hours(3)
    assert next_publication(hours(4)) is None
    assert last_publication(hours(-6)) is None
