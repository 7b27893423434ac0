"""Episodes: their place, their redirects, the characters they put in front."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import RestrictedError

from catalog.models import Episode, FeaturedCharacter, FormerSlug
from catalog.tests import factories as make


def placed(episode, **fields):
    """The episode with other fields, as the desk saves it."""
    episode = Episode.objects.get(pk=episode.pk)
    for name, value in fields.items():
        setattr(episode, name, value)
    episode.save()
    return episode


def test_an_episode_without_a_title_goes_by_its_number(db):
    episode = make.episode(number=7, title="")
    assert episode.name == "Episode 7"
    assert str(episode).endswith("s01e07: Episode 7")


def test_an_episode_with_another_number_leaves_a_redirect_however_the_old_one_is_written(client, db):
    episode = make.episode(make.season(make.series("One")), 3)
    placed(episode, number=4)
    for old in ("s01e03", "s1e3", "s001e0003"):
        assert client.get(f"/series/one/{old}/").headers["Location"] == "/series/one/s01e04/"


def test_an_episode_that_moves_to_another_season_leaves_a_redirect(client, db):
    season = make.season(make.series("One"))
    episode = make.episode(season, 3)
    placed(episode, season=make.season(season.series, 2), number=1)
    assert client.get("/series/one/s01e03/").headers["Location"] == "/series/one/s02e01/"


def test_an_episode_that_takes_the_place_of_one_that_moved_is_shown_there(client, db):
    season = make.season(make.series("One"))
    first, second = make.episode(season, 1, title="First"), make.episode(season, 2, title="Second")
    for episode, number in ((first, 9), (second, 1), (first, 2)):
        placed(episode, number=number)
    assert "Second" in client.get("/series/one/s01e01/").content.decode()
    assert "First" in client.get("/series/one/s01e02/").content.decode()
    assert client.get("/series/one/s01e09/").headers["Location"] == "/series/one/s01e02/"
    assert list(FormerSlug.objects.values_list("old_slug", flat=True)) == ["one/s01e09"]


def test_an_episode_saved_in_its_place_leaves_no_redirect(db):
    episode = make.episode()
    placed(episode, title="Another")
    episode.save()
    assert not FormerSlug.objects.exists()


def test_the_readings_stand_in_the_order_of_the_series(db):
    series = make.series()
    second, specials, first = (make.season(series, number) for number in (2, 0, 1))
    made = [make.episode(season, number) for season in (second, specials, first) for number in (2, 1)]
    codes = [episode.code for episode in Episode.objects.filter(pk__in=[e.pk for e in made]).in_order()]
    assert codes == ["s00e01", "s00e02", "s01e01", "s01e02", "s02e01", "s02e02"]


def test_a_card_and_a_page_read_what_they_show_at_once(db, django_assert_num_queries):
    season = make.season()
    for _ in range(3):
        FeaturedCharacter.objects.create(episode=make.episode(season), character=make.character(season.series))
    with django_assert_num_queries(1):
        assert all(episode.series.title and not episode.picture for episode in Episode.objects.for_list())
    with django_assert_num_queries(4):
        assert all(episode.features.all()[0].character.name for episode in Episode.objects.for_page())


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"number": 32768}, "number"),
        ({"number": -1}, "number"),
        ({"runtime": 0}, "runtime"),
        ({"air_date": "2018-02-30"}, "air_date"),
        ({"title": "x" * 201}, "title"),
    ],
)
def test_a_form_names_the_field_that_is_wrong(db, fields, wrong):
    episode = Episode(season=make.season(), **{"number": 1} | fields)
    with pytest.raises(ValidationError) as refused:
        episode.full_clean()
    assert wrong in refused.value.message_dict


def test_a_character_that_is_featured_or_played_is_protected(db):
    episode = make.episode()
    featured, played = make.character(episode.series), make.character(episode.series)
    FeaturedCharacter.objects.create(episode=episode, character=featured)
    make.credit(episode, role_slug="cast", character=played)
    for character in (featured, played):
        with pytest.raises(RestrictedError):
            character.delete()


def test_a_series_with_featured_and_played_characters_can_be_deleted_as_a_whole(db):
    episode = make.episode()
    character = make.character(episode.series)
    FeaturedCharacter.objects.create(episode=episode, character=character)
    make.credit(episode.series, role_slug="cast", character=character)
    episode.series.delete()
    assert not Episode.objects.exists()
