"""Episodes: names, redirects, querysets, featured characters."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import RestrictedError

from catalog.models import Episode, FeaturedCharacter, FormerSlug
from catalog.tests import factories as make


def save_with(episode, **fields):
    """Load the episode, set ``fields`` and save it, as the admin does."""
    episode = Episode.objects.get(pk=episode.pk)
    for name, value in fields.items():
        setattr(episode, name, value)
    episode.save()
    return episode


def test_episode_without_title_is_named_by_its_number(db):
    episode = make.episode(number=7, title="")
    assert episode.name == "Episode 7"
    assert str(episode).endswith("s01e07: Episode 7")


def test_changed_number_redirects_from_every_spelling_of_the_old_code(client, db):
    episode = make.episode(make.season(make.series("One")), 3)
    save_with(episode, number=4)
    for old_code in ("s01e03", "s1e3", "s001e0003"):
        assert client.get(f"/series/one/{old_code}/").headers["Location"] == "/series/one/s01e04/"


def test_changed_season_creates_a_redirect(client, db):
    season = make.season(make.series("One"))
    episode = make.episode(season, 3)
    save_with(episode, season=make.season(season.series, 2), number=1)
    assert client.get("/series/one/s01e03/").headers["Location"] == "/series/one/s02e01/"


def test_episode_replaces_the_redirect_at_its_new_number(client, db):
    season = make.season(make.series("One"))
    first, second = make.episode(season, 1, title="First"), make.episode(season, 2, title="Second")
    for episode, number in ((first, 9), (second, 1), (first, 2)):
        save_with(episode, number=number)
    assert "Second" in client.get("/series/one/s01e01/").content.decode()
    assert "First" in client.get("/series/one/s01e02/").content.decode()
    assert client.get("/series/one/s01e09/").headers["Location"] == "/series/one/s01e02/"
    assert list(FormerSlug.objects.values_list("old_slug", flat=True)) == ["one/s01e09"]


def test_unchanged_position_creates_no_redirect(db):
    episode = make.episode()
    save_with(episode, title="Another")
    episode.save()
    assert not FormerSlug.objects.exists()


def test_in_order_sorts_by_season_and_number(db):
    series = make.series()
    second, specials, first = (make.season(series, number) for number in (2, 0, 1))
    episodes = [make.episode(season, number) for season in (second, specials, first) for number in (2, 1)]
    codes = [episode.code for episode in Episode.objects.filter(pk__in=[episode.pk for episode in episodes]).in_order()]
    assert codes == ["s00e01", "s00e02", "s01e01", "s01e02", "s02e01", "s02e02"]


def test_querysets_load_what_cards_and_pages_show(db, django_assert_num_queries):
    season = make.season()
    for _ in range(3):
        FeaturedCharacter.objects.create(episode=make.episode(season), character=make.character(season.series))
    with django_assert_num_queries(1):
        assert all(episode.series.title and not episode.picture for episode in Episode.objects.for_list())
    with django_assert_num_queries(6):  # the parts, and the languages and titles of the series
        assert all(episode.features.all()[0].character.name for episode in Episode.objects.for_page())


@pytest.mark.parametrize(
    ("fields", "invalid_field"),
    [
        ({"number": 32768}, "number"),
        ({"number": -1}, "number"),
        ({"runtime": 0}, "runtime"),
        ({"air_date": "2018-02-30"}, "air_date"),
        ({"title": "x" * 201}, "title"),
    ],
)
def test_form_reports_the_invalid_field(db, fields, invalid_field):
    episode = Episode(season=make.season(), **{"number": 1} | fields)
    with pytest.raises(ValidationError) as error:
        episode.full_clean()
    assert invalid_field in error.value.message_dict


def test_featured_or_played_character_is_protected(db):
    episode = make.episode()
    featured, played = make.character(episode.series), make.character(episode.series)
    FeaturedCharacter.objects.create(episode=episode, character=featured)
    make.credit(episode, role_slug="cast", character=played)
    for character in (featured, played):
        with pytest.raises(RestrictedError):
            character.delete()


def test_series_with_featured_and_played_characters_can_be_deleted(db):
    episode = make.episode()
    character = make.character(episode.series)
    FeaturedCharacter.objects.create(episode=episode, character=character)
    make.credit(episode.series, role_slug="cast", character=character)
    episode.series.delete()
    assert not Episode.objects.exists()
