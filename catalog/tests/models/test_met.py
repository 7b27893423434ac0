"""What is remembered of records while many rows are read, and that it is forgotten afterwards."""

import json

import pytest
from django.core.management import call_command

from catalog.models import Episode, Season, Series
from catalog.models.met import remembered, saved
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


def test_what_is_named_otherwise_once_it_was_saved_is_forgotten_with_all_that_it_names(django_assert_num_queries):
    season = make.season(make.series("Gold"))
    with remembered():
        series = Series.objects.get_by_natural_key("gold")
        Season.objects.get_by_natural_key(*season.natural_key())
        saved(series)
        with django_assert_num_queries(0):
            Season.objects.get_by_natural_key("gold", 1)
        series.slug = "silver"
        series.save()
        saved(series)
        with pytest.raises(Season.DoesNotExist):
            Season.objects.get_by_natural_key("gold", 1)
        assert Season.objects.get_by_natural_key("silver", 1) == season


def test_a_fixture_in_which_a_slug_moves_on_to_another_record_names_the_other(tmp_path):
    def series(pk, slug):
        return {"model": "catalog.series", "pk": pk, "fields": {"title": slug, "slug": slug}}

    def season(number):
        return {"model": "catalog.season", "fields": {"series": ["one"], "number": number}}

    path = tmp_path / "moved.json"
    path.write_text(json.dumps([series(901, "one"), season(1), series(901, "two"), series(902, "one"), season(2)]))
    call_command("loaddata", str(path), verbosity=0)
    assert list(Season.objects.order_by("number").values_list("series", flat=True)) == [901, 902]


def test_a_list_in_a_natural_key_is_no_error_of_its_own():
    with remembered(), pytest.raises(Series.DoesNotExist):
        Series.objects.get_by_natural_key(["gold"])
