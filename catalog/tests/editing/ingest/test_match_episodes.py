"""Which episode each statement is about: double episodes, specials, no numbers, other numbers."""

import pytest

from catalog.models import ExternalId
from catalog.tests import factories as make
from catalog.tests.editing.ingest.statements import cells, compare, credit, episode, fact, statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def season(vocabulary):
    return make.season(make.series("Firefly"))


def firefly(*episodes, **more):
    return statement(*episodes, title="Firefly", **more)


def keys(plan):
    return [planned.key for planned in plan.records if not planned.key.startswith("person")]


def notes(plan, key):
    return next(planned.notes for planned in plan.records if planned.key == key)


def test_an_episode_of_the_same_number_is_the_same(season):
    make.episode(season, 1, title="Serenity")
    plan = compare(firefly(episode(1, title="Serenity"), episode(2, title="Bushwhacked")), series=season.series)
    assert keys(plan) == ["series", "s01", "s01e01", "s01e02"]
    assert [planned.is_new for planned in plan.records] == [False, False, False, True]


def test_an_external_id_wins_over_the_number(season):
    recorded = make.episode(season, 11, title="Serenity")
    ExternalId.objects.create(episode=recorded, scheme="imdb", value="tt0579539")
    claims = firefly(episode(1, title="Serenity", runtime=86, ids=[("imdb", "tt0579539")]))
    plan = compare(claims, series=season.series)
    assert keys(plan) == ["series", "s01", "s01e11"]
    assert notes(plan, "s01e11") == ["TVmaze numbers it s01e01."]
    assert cells(plan, "s01e11.runtime") == [("86", "new", True)]


def test_an_id_that_two_sources_state_matches_their_episodes(vocabulary):
    plan = compare(
        firefly(episode(11, ids=[("imdb", "tt0579539")])),
        firefly(episode(1, ids=[("imdb", "tt0579539")], runtime=86), publisher="TMDB"),
    )
    assert keys(plan) == ["series", "s01", "s01e11"]


def test_the_number_behind_a_recorded_double_episode_is_left_out(season):
    make.episode(season, 1, last_number=2, title="Serenity")
    claims = firefly(episode(1, title="Serenity (1)"), episode(2, title="Serenity (2)"), episode(3, title="Train Job"))
    plan = compare(claims, series=season.series)
    assert keys(plan) == ["series", "s01", "s01e01", "s01e03"]
    assert plan.unmapped == [(0, "“Serenity (2)” of season 1 is left out: its number is part of s01e01.")]


def test_the_number_behind_another_sources_double_episode_is_left_out(vocabulary):
    plan = compare(
        firefly(episode(1, last_number=2)), firefly(episode(1), episode(2, title="Serenity (2)"), publisher="TMDB")
    )
    assert keys(plan) == ["series", "s01", "s01e01"]
    assert cells(plan, "s01e01.last_number") == [("2", "new", True)]
    assert plan.unmapped == [(1, "“Serenity (2)” of season 1 is left out: its number is part of s01e01.")]


@pytest.mark.parametrize("order", [1, -1])
def test_a_last_number_cannot_be_that_of_an_episode_of_its_own(season, order):
    make.episode(season, 2)
    plan = compare(*[firefly(episode(1, last_number=2)), firefly(episode(2))][::order], series=season.series)
    (cell,) = fact(plan, "s01e01.last_number").cells
    assert (cell.may_tick, cell.is_ticked, cell.note) == (False, False, "s01e02 is an episode of its own.")


@pytest.mark.parametrize("last", [1, 3])
def test_a_last_number_comes_behind_the_first(vocabulary, last):
    (cell,) = fact(compare(firefly(episode(3, last_number=last))), "s01e03.last_number").cells
    assert (cell.may_tick, cell.note) == (False, "The last number of a double episode comes after its first.")


def test_specials_are_season_0(vocabulary):
    plan = compare(firefly(episode(1, season=0, title="Here's How It Was"), episode(0, title="Pilot")))
    assert keys(plan) == ["series", "s00", "s00e01", "s01", "s01e00"]
    assert plan.records[1].label == "Specials"


def test_an_episode_without_a_number_is_found_by_its_title_or_date(season):
    make.episode(season, 1, title="Serenity", air_date="2002-12-20")
    make.episode(season, 2, title="The Train Job", air_date="2002-09-20")
    for claim in (
        episode(None, title="The train job!", runtime=43),
        episode(None, title="Train", air_date="2002-09-20", runtime=43),
    ):
        plan = compare(firefly(claim), series=season.series)
        assert cells(plan, "s01e02.runtime") == [("43", "new", True)]


def test_an_episode_without_a_number_is_found_by_the_title_of_another_source(vocabulary):
    plan = compare(firefly(episode(None, title="Serenity", runtime=86)), firefly(episode(11, title="Serenity")))
    assert cells(plan, "s01e11.runtime") == [("86", "new", True)]


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        (episode(None, title="Unaired"), "“Unaired” of season 1 is left out: it has no number."),
        (episode(None), "An episode of season 1 is left out: it has no number."),
        (episode(None, title="Twice"), "“Twice” of season 1 is left out: it has no number."),
        (episode(None, air_date="2002"), "An episode of season 1 is left out: it has no number."),
        (episode(40_000, title="Far"), "“Far” of season 1 is left out: its number is too high."),
        (episode(1, season=10_000, title="Far"), "“Far” of season 10000 is left out: its number is too high."),
    ],
)
def test_an_episode_that_cannot_be_placed_is_left_out(season, claim, sentence):
    for number in (1, 2):
        make.episode(season, number, title="Twice", air_date="2002")
    plan = compare(firefly(claim), series=season.series)
    assert plan.unmapped == [(0, sentence)]
    assert keys(plan) in (["series"], ["series", "s01"])


def test_an_episode_that_is_stated_twice_is_taken_once(vocabulary):
    plan = compare(firefly(episode(1, title="Serenity"), episode(1, title="Again")))
    assert cells(plan, "s01e01.title") == [("Serenity", "new", True)]
    assert plan.unmapped == [(0, "“Again” of season 1 is left out: s01e01 is stated twice.")]


def test_a_source_that_numbers_otherwise_is_noted_and_not_ticked(season):
    make.episode(season, 1, title="Serenity")
    make.episode(season, 2, title="The Train Job")
    claims = firefly(episode(1, credit("director", "Joss Whedon"), title="The Train Job", air_date="2002-09-20"))
    plan = compare(claims, series=season.series)
    note = "TVmaze numbers otherwise: it has here the title of s01e02."
    assert notes(plan, "s01e01") == [note]
    assert cells(plan, "s01e01.air_date") == [("2002-09-20", "unsure", False)]
    assert cells(plan, "s01e01.director") == [("Joss Whedon", "unsure", False)]
    (title,) = (cell for cell in plan.cells() if cell.tick.startswith("s01e01.title"))
    assert (title.may_tick, title.note) == (False, f"{note} Set by an editor.")
    assert {cell.note for cell in plan.cells() if "s01e01" in cell.tick and cell is not title} == {note}


def test_another_title_that_no_episode_has_is_only_different(season):
    make.episode(season, 1, title="Serenity")
    plan = compare(firefly(episode(1, title="Pilot", runtime=86)), series=season.series)
    assert notes(plan, "s01e01") == []
    assert cells(plan, "s01e01.runtime") == [("86", "new", True)]


def test_a_season_without_episodes_is_planned(vocabulary):
    assert keys(compare(firefly(seasons=[2, 1]))) == ["series", "s01", "s02"]
