"""Series, seasons, companies and availability."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from catalog.models import (
    Availability,
    Company,
    Country,
    Credit,
    Episode,
    FormerSlug,
    Genre,
    Language,
    Season,
    Series,
    SeriesCompany,
)
from catalog.models.series import episode_code, sort_title_of
from catalog.tests import factories as make


@pytest.mark.parametrize(
    ("title", "sort_title"),
    [
        ("The Office", "Office, The"),
        ("A Place", "Place, A"),
        ("An Hour", "Hour, An"),
        ("Theatre", "Theatre"),
        ("The", "The"),
        ("the x", "x, the"),
    ],
)
def test_sort_title_moves_an_english_article_to_the_end(title, sort_title, db):
    assert sort_title_of(title) == sort_title
    assert make.series(title).sort_title == sort_title


def test_existing_sort_title_is_not_overwritten(db):
    series = make.series("The Office", sort_title="The Office")
    series.save()
    assert Series.objects.get().sort_title == "The Office"


def test_season_needs_a_published_series_and_episode_both(db):
    episode = make.episode()
    season, series = episode.season, episode.series
    for draft in (series, season):
        type(draft).objects.filter(pk=draft.pk).update(published_at=None)
        assert Season.objects.published().exists() is False
        assert Episode.objects.published().exists() is False
        type(draft).objects.filter(pk=draft.pk).update(published_at=episode.published_at)
    assert Season.objects.published().get() == season
    assert Episode.objects.published().get() == episode
    Episode.objects.filter(pk=episode.pk).update(published_at=None)
    assert Season.objects.published().get() == season
    assert not Episode.objects.published().exists()


def test_season_0_is_named_specials(db):
    season = make.season(make.series("One"), number=0)
    assert (season.name, season.get_absolute_url()) == ("Specials", "/series/one/season-0/")
    assert make.episode(season, 1).get_absolute_url() == "/series/one/s00e01/"


@pytest.mark.parametrize(("position", "code"), [((1, 3), "s01e03"), ((12, 104), "s12e104"), ((2019, 1), "s2019e01")])
def test_episode_code_has_two_digits_or_more(position, code):
    assert episode_code(*position) == code


def save_with(season, **fields):
    """Load the season, set ``fields`` and save it, as the admin does."""
    season = Season.objects.get(pk=season.pk)
    for name, value in fields.items():
        setattr(season, name, value)
    season.save()
    return season


def test_changed_number_redirects_the_season_and_its_episodes(client, db):
    season = make.season(make.series("One"))
    make.episode(season, 3)
    save_with(season, number=2)
    assert client.get("/series/one/season-1/").headers["Location"] == "/series/one/season-2/"
    assert client.get("/series/one/s01e03/").headers["Location"] == "/series/one/s02e03/"
    assert client.get("/series/one/s1e3/").headers["Location"] == "/series/one/s02e03/"
    assert client.get("/series/one/s02e03/").status_code == 200
    save_with(season, number=3)
    assert set(FormerSlug.objects.values_list("new_slug", flat=True)) == {"one/season-3", "one/s03e03"}


def test_changed_series_redirects_the_season_and_its_episodes(client, db):
    season = make.season(make.series("One"))
    make.episode(season, 3)
    save_with(season, series=make.series("Two"))
    assert client.get("/series/one/season-1/").headers["Location"] == "/series/two/season-1/"
    assert client.get("/series/one/s01e03/").headers["Location"] == "/series/two/s01e03/"


def test_unchanged_position_creates_no_redirect(db):
    season = save_with(make.season(), title="Another")
    save_with(season, announced_episodes=3)
    assert not FormerSlug.objects.exists()


def test_all_pages_of_a_series_redirect_from_its_former_slugs(client, db):
    series = make.series("One")
    make.episode(make.season(series), 3)
    for slug in ("two", "three"):
        series = Series.objects.get()
        series.slug = slug
        series.save()
    for page in ("", "season-1/", "s01e03/", "s1e3/"):
        for old_slug in ("one", "two"):
            response = client.get(f"/series/{old_slug}/{page}", follow=True)
            assert response.status_code == 200
            assert response.redirect_chain[0] == (f"/series/three/{page}".replace("s1e3", "s01e03"), 301)
            assert len(response.redirect_chain) == 1


def test_redirects_of_an_episode_and_of_its_series_combine(client, db):
    series = make.series("One")
    episode = make.episode(make.season(series), 3)
    episode = Episode.objects.get(pk=episode.pk)
    episode.number = 4
    episode.save()
    series = Series.objects.get()
    series.slug = "two"
    series.save()
    for old_url in ("/series/one/s01e03/", "/series/one/s01e04/"):
        response = client.get(old_url, follow=True)
        assert response.status_code == 200
        assert response.redirect_chain[-1] == ("/series/two/s01e04/", 301)


def test_deleting_a_series_deletes_its_parts_but_no_people_or_companies(db):
    series, company = make.series(), make.company()
    make.series_company(series, company)
    credit = make.credit(make.episode(make.season(series)))
    make.event(series)
    series.delete()
    assert not any(model.objects.exists() for model in (Season, Episode, Credit, SeriesCompany))
    assert Company.objects.get() == company
    assert credit.person.pk


def test_company_with_a_part_or_availability_is_protected(db):
    series, network, platform = make.series(), make.company(), make.company()
    make.series_company(series, network)
    Availability.objects.create(series=series, platform=platform)
    for company in (network, platform):
        with pytest.raises(ProtectedError):
            company.delete()
    assert Company.objects.count() == 2


def test_company_that_only_an_event_names_can_be_deleted(db):
    company = make.company()
    make.event(make.series()).companies.add(company)
    company.delete()
    assert not Company.objects.exists()


def test_codes_of_countries_and_languages_are_checked(vocabulary):
    for model, valid, invalid in ((Country, "XX", "usa"), (Language, "qaa", "English")):
        model(code=valid, name="New").full_clean()
        with pytest.raises(ValidationError):
            model(code=invalid, name="New").full_clean()


def test_genre_names_are_unique(vocabulary):
    with pytest.raises(ValidationError):
        Genre(name="Drama").full_clean()


def test_until_before_since_is_rejected_at_the_lower_precision(db):
    entry = Availability(series=make.series(), platform=make.company(), since="2019-12-18", until="2019")
    entry.full_clean()
    entry.until = "2019-11"
    with pytest.raises(ValidationError, match="check the two dates"):
        entry.full_clean()


@pytest.mark.parametrize("queryset", [Series.objects.for_list, Series.objects.for_page])
def test_querysets_run_as_many_queries_for_ten_series_as_for_one(db, queryset):
    query_counts = []
    for _ in range(10):
        series = make.series()
        series.genres.add(make.genre())
        make.series_company(series)
        make.season(series)
        with CaptureQueriesContext(connection) as queries:
            for record in queryset():
                assert [genre.name for genre in record.genres.all()]
                assert [part.company.name for part in record.company_parts.all()]
        query_counts.append(len(queries))
    assert query_counts[0] == query_counts[-1]
