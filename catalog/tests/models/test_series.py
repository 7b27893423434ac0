"""Series, seasons, companies' parts and availability."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from catalog.models import Availability, Company, Credit, Episode, FormerSlug, Genre, Season, Series, SeriesCompany
from catalog.models.series import episode_code, sort_title_of
from catalog.tests import factories as make


@pytest.mark.parametrize(
    ("title", "sorted_as"),
    [
        ("The Office", "Office, The"),
        ("A Place", "Place, A"),
        ("An Hour", "Hour, An"),
        ("Theatre", "Theatre"),
        ("The", "The"),
        ("the x", "x, the"),
    ],
)
def test_an_english_article_goes_behind_the_title(title, sorted_as, db):
    assert sort_title_of(title) == sorted_as
    assert make.series(title).sort_title == sorted_as


def test_a_sort_title_that_an_editor_wrote_is_kept(db):
    series = make.series("The Office", sort_title="The Office")
    series.save()
    assert Series.objects.get().sort_title == "The Office"


def test_a_season_is_seen_with_its_series_and_an_episode_with_both(db):
    episode = make.episode()
    season, series = episode.season, episode.series
    for hidden in (series, season):
        type(hidden).objects.filter(pk=hidden.pk).update(published_at=None)
        assert Season.objects.published().exists() is False
        assert Episode.objects.published().exists() is False
        type(hidden).objects.filter(pk=hidden.pk).update(published_at=episode.published_at)
    assert Season.objects.published().get() == season
    assert Episode.objects.published().get() == episode
    Episode.objects.filter(pk=episode.pk).update(published_at=None)
    assert Season.objects.published().get() == season
    assert not Episode.objects.published().exists()


def test_specials_are_season_0_by_name_and_address(db):
    season = make.season(make.series("One"), number=0)
    assert (season.name, season.get_absolute_url()) == ("Specials", "/series/one/season-0/")
    assert make.episode(season, 1).get_absolute_url() == "/series/one/s00e01/"


@pytest.mark.parametrize(("place", "code"), [((1, 3), "s01e03"), ((12, 104), "s12e104"), ((2019, 1), "s2019e01")])
def test_an_episode_code_has_two_digits_or_as_many_as_it_needs(place, code):
    assert episode_code(*place) == code


def renumbered(season, **fields):
    """The season with other fields, as the desk saves it."""
    season = Season.objects.get(pk=season.pk)
    for name, value in fields.items():
        setattr(season, name, value)
    season.save()
    return season


def test_a_season_with_another_number_leaves_redirects_for_itself_and_its_episodes(client, db):
    season = make.season(make.series("One"))
    make.episode(season, 3)
    renumbered(season, number=2)
    assert client.get("/series/one/season-1/").headers["Location"] == "/series/one/season-2/"
    assert client.get("/series/one/s01e03/").headers["Location"] == "/series/one/s02e03/"
    assert client.get("/series/one/s1e3/").headers["Location"] == "/series/one/s02e03/"
    assert client.get("/series/one/s02e03/").status_code == 200
    renumbered(season, number=3)
    assert set(FormerSlug.objects.values_list("new_slug", flat=True)) == {"one/season-3", "one/s03e03"}


def test_a_season_that_moves_to_another_series_leaves_redirects_too(client, db):
    season = make.season(make.series("One"))
    make.episode(season, 3)
    renumbered(season, series=make.series("Two"))
    assert client.get("/series/one/season-1/").headers["Location"] == "/series/two/season-1/"
    assert client.get("/series/one/s01e03/").headers["Location"] == "/series/two/s01e03/"


def test_a_season_saved_in_its_place_leaves_none(db):
    season = renumbered(make.season(), title="Another")
    renumbered(season, announced_episodes=3)
    assert not FormerSlug.objects.exists()


def test_all_pages_of_a_series_are_found_under_its_former_slugs(client, db):
    series = make.series("One")
    make.episode(make.season(series), 3)
    for slug in ("two", "three"):
        series = Series.objects.get()
        series.slug = slug
        series.save()
    for page in ("", "season-1/", "s01e03/", "s1e3/"):
        for old in ("one", "two"):
            response = client.get(f"/series/{old}/{page}", follow=True)
            assert response.status_code == 200
            assert response.redirect_chain[0] == (f"/series/three/{page}".replace("s1e3", "s01e03"), 301)
            assert len(response.redirect_chain) == 1


def test_an_episode_that_moved_before_its_series_did_is_found_under_both_old_addresses(client, db):
    series = make.series("One")
    episode = make.episode(make.season(series), 3)
    episode = Episode.objects.get(pk=episode.pk)
    episode.number = 4
    episode.save()
    series = Series.objects.get()
    series.slug = "two"
    series.save()
    for old in ("/series/one/s01e03/", "/series/one/s01e04/"):
        response = client.get(old, follow=True)
        assert response.status_code == 200
        assert response.redirect_chain[-1] == ("/series/two/s01e04/", 301)


def test_deleting_a_series_takes_what_is_its_own_and_leaves_people_and_companies(db):
    series, company = make.series(), make.company()
    make.series_company(series, company)
    credit = make.credit(make.episode(make.season(series)))
    make.event(series)
    series.delete()
    assert not any(model.objects.exists() for model in (Season, Episode, Credit, SeriesCompany))
    assert Company.objects.get() == company
    assert credit.person.pk


def test_a_company_with_a_part_or_a_platform_is_protected(db):
    series, network, platform = make.series(), make.company(), make.company()
    make.series_company(series, network)
    Availability.objects.create(series=series, platform=platform)
    for company in (network, platform):
        with pytest.raises(ProtectedError):
            company.delete()
    assert Company.objects.count() == 2


def test_a_company_that_is_named_in_an_event_only_may_go(db):
    company = make.company()
    make.event(make.series()).companies.add(company)
    company.delete()
    assert not Company.objects.exists()


def test_a_country_and_a_language_are_written_by_their_codes(vocabulary):
    for model, good, bad in (("country", "XX", "usa"), ("language", "qaa", "English")):
        cls = Series._meta.get_field({"country": "countries", "language": "languages"}[model]).related_model
        cls(code=good, name="New").full_clean()
        with pytest.raises(ValidationError):
            cls(code=bad, name="New").full_clean()


def test_a_genre_is_there_once(vocabulary):
    with pytest.raises(ValidationError):
        Genre(name="Drama").full_clean()


def test_a_platform_leaves_after_it_came_as_far_as_the_dates_tell(db):
    entry = Availability(series=make.series(), platform=make.company(), since="2019-12-18", until="2019")
    entry.full_clean()
    entry.until = "2019-11"
    with pytest.raises(ValidationError, match="check the two dates"):
        entry.full_clean()


@pytest.mark.parametrize("reading", [Series.objects.for_list, Series.objects.for_page])
def test_readings_for_a_card_and_a_page_ask_no_more_for_ten_series_than_for_one(db, reading):
    asked = []
    for _ in range(10):
        series = make.series()
        series.genres.add(make.genre())
        make.series_company(series)
        make.season(series)
        with CaptureQueriesContext(connection) as queries:
            for read in reading():
                assert [genre.name for genre in read.genres.all()]
                assert [part.company.name for part in read.company_parts.all()]
        asked.append(len(queries))
    assert asked[0] == asked[-1]
