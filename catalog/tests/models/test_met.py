"""What is remembered of records while many rows are read, and that it is forgotten afterwards."""

import pytest

from catalog.models import Episode, Season, Series
from catalog.models.met import remembered
from catalog.tests import factories as make

pytestmark = pytest.mark.django_db


def test_a_record_is_asked_for_once_and_afterwards_anew(django_assert_num_queries):
    key = make.series("Gold").natural_key()
    with remembered():
        with pytest.raises(Series.DoesNotExist):
            Series.objects.get_by_natural_key("silver")
        make.series("Silver")  # what was not there is not remembered
        assert Series.objects.get_by_natural_key("silver").title == "Silver"
        first = Series.objects.get_by_natural_key(*key)
        with django_assert_num_queries(0):
            assert Series.objects.get_by_natural_key(*key) is first
    with django_assert_num_queries(1):
        assert Series.objects.get_by_natural_key(*key) == first


def test_a_foreign_key_leads_to_what_was_found_and_the_key_is_the_same(django_assert_num_queries):
    episode = make.episode(title="Pilot")
    key, season = episode.natural_key(), episode.season.natural_key()
    with remembered():
        Season.objects.get_by_natural_key(*season)
        Series.objects.get_by_natural_key(season[0])
        again = Episode.objects.get_by_natural_key(*key)
        with django_assert_num_queries(0):
            assert again.natural_key() == key
    again = Episode.objects.get(pk=episode.pk)
    with django_assert_num_queries(2):
        assert again.natural_key() == key
