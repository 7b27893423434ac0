"""Credit matrices: a row for each person, a column for each episode or year."""

import pytest

from catalog.models import Credit
from catalog.tests import factories as make
from catalog.views.presenters.credit_matrix import (
    MAX_COLUMNS,
    MatrixRow,
    director_writer_matrix,
    person_matrix,
    year_matrix,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def episodes():
    """Three episodes of a season."""
    season = make.season()
    return [make.episode(season) for _ in range(3)]


def credits():
    """All credits, as pages read them."""
    return list(Credit.objects.for_list().in_order())


def rows(matrix):
    """The parts of a matrix: ``{name: [(label, columns), …]}``."""
    return {name: [(row.label, row.columns) for row in part] for name, _, part in matrix.parts}


def test_people_are_sorted_by_their_first_episode_and_then_by_billing(episodes):
    late, early = make.person("Late"), make.person("Early")
    make.credit(episodes[1], late, billing=1)
    make.credit(episodes[2], early, billing=1)
    make.credit(episodes[0], early, billing=2)
    make.credit(episodes[0], "Billed", billing=1)
    make.credit(episodes[2], late, "writer")
    assert rows(director_writer_matrix(episodes, credits())) == {
        "Directors": [("Billed", [0]), ("Early", [0, 2]), ("Late", [1])],
        "Writers": [("Late", [2])],
    }


def test_story_and_teleplay_of_one_person_are_one_mark_and_no_other_role_is_shown(episodes):
    person = make.person("Ann")
    for as_ in ("story", "teleplay", "executive-producer"):
        make.credit(episodes[1], person, as_)
    make.credit(episodes[0].series, "Creator", "creator")
    assert rows(director_writer_matrix(episodes, credits())) == {"Writers": [("Ann", [1])]}


def test_a_matrix_needs_credits_and_two_to_the_maximum_of_episodes(episodes):
    assert director_writer_matrix(episodes, []) is None
    make.credit(episodes[0], "Ann")
    assert director_writer_matrix(episodes[:1], credits()) is None
    assert director_writer_matrix(episodes[1:], credits()) is None, "credits of other episodes have no column"
    assert director_writer_matrix(episodes * (MAX_COLUMNS // 3), credits()) is not None
    assert director_writer_matrix(episodes * (MAX_COLUMNS // 3 + 1), credits()) is None
    assert person_matrix(episodes[:1], []) is None


def test_columns_are_evenly_spaced_within_the_width(episodes):
    make.credit(episodes[0], "Ann")
    matrix = director_writer_matrix(episodes, credits())
    assert [matrix.x(index) for index in range(3)] == ["16.67%", "50.00%", "83.33%"]
    assert matrix.columns_in_words(MatrixRow("", "", [0, 2])) == "1, 3"


def test_work_of_one_person_is_marked_where_it_was_done(episodes):
    pks = [episode.pk for episode in episodes]
    matrix = person_matrix(episodes, [("Director", "d", {pks[2], pks[0]}), ("Cast", "k", {pks[1], -1})])
    assert rows(matrix) == {"Director": [("Director", [0, 2])], "Cast": [("Cast", [1])]}


def test_work_of_several_years_has_a_matrix_by_year_with_numbers_of_episodes():
    matrix = year_matrix(
        [("New", "/new/", {2021: 3}), ("Old", "/old/", {2018: 1, 2019: 9}), ("Undated", "/undated/", {})]
    )
    assert [column.number for column in matrix.columns] == [2018, 2019, 2020, 2021]
    ((_, _, (new, old)),) = matrix.parts
    assert (new.columns, new.total, matrix.columns_in_words(new)) == ([3], 3, "2021")
    assert (old.columns, old.total, matrix.bars(old)) == ([0, 1], 10, [("0.00", "50.00")])


def test_work_of_one_year_or_of_too_many_years_has_no_matrix():
    assert year_matrix([]) is None
    assert year_matrix([("One", "/one/", {2019: 10})]) is None
    assert year_matrix([("Long", "/long/", {1950: 1, 1950 + MAX_COLUMNS: 1})]) is None


def test_column_labels_do_not_overlap(episodes):
    years = year_matrix([("Long", "/long/", {1980: 1, 2019: 1})])
    assert [text for _, text in years.column_labels()] == [str(year) for year in range(1980, 2020, 5)]
    matrix = person_matrix(episodes, [("Director", "d", set())])
    assert list(matrix.column_labels()) == [(0, "1"), (1, "2"), (2, "3")]
    long_matrix = person_matrix([make.episode(episodes[0].season) for _ in range(25)], [])
    assert [text for _, text in long_matrix.column_labels()] == ["4", "9", "14", "19", "24"]


def test_columns_of_several_seasons_are_labelled_by_season_and_named_by_code(episodes):
    season = make.season(episodes[0].season.series, number=2)
    both = [*episodes, make.episode(season), make.episode(season)]
    matrix = person_matrix(both, [("Director", "d", {both[0].pk, both[4].pk})])
    assert list(matrix.column_labels()) == [(0, "S1"), (3, "S2")]
    ((_, _, (row,)),) = matrix.parts
    assert matrix.columns_in_words(row) == "s01e01, s02e02"
