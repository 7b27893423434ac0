"""The plan of a pasted table, without pages and forms."""

import pytest

from catalog.editing.episode_plan import EpisodePlan, PlanAnswers, plan_episodes
from catalog.models import Edit, record_edit
from catalog.sources.episode_table import parse_episode_table
from catalog.tests import factories as make

TEXT = "No\tTitle\tMinutes\tDirector\n1\tOne\t45\tTi West\n2\tTwo\t46\tTi West"


@pytest.fixture
def season(vocabulary):
    make.person("Ti West")
    return make.season()


def plan(season, text=TEXT, publishes=True, **answers) -> EpisodePlan:
    table = parse_episode_table(text)
    return plan_episodes(season, table, PlanAnswers(**answers), publishes=publishes, may_add_people=True)


def write(episode_plan):
    with record_edit(user=None, kind=Edit.Kind.PASTE):
        return episode_plan.write()


def test_a_plan_is_written_as_it_lists(season):
    assert write(plan(season)) == ["2 episodes added as drafts.", "Credits added: Ti West, Director."]
    repeated = plan(season)
    assert [(row.is_new, row.changes, row.people) for row in repeated.rows] == [
        (False, [], [("Director", "Ti West", "exists")])
    ] * 2
    assert write(repeated) == ["No episode changed.", "Existing credits: Ti West, Director."]


def test_an_existing_value_is_overwritten_only_if_ticked(season):
    make.episode(season, 1, title="Old", runtime=None)
    assert write(plan(season, left_out={"2"})) == ["1 changed.", "Credits added: Ti West, Director."]
    episode = season.episodes.get()
    assert (episode.title, episode.runtime) == ("Old", 45)
    write(plan(season, left_out={"2"}, overwrites={"1-title"}))
    episode.refresh_from_db()
    assert episode.title == "One"


def test_the_fingerprint_depends_on_the_season_and_the_table_and_not_on_the_answers(season):
    before = plan(season).fingerprint
    assert plan(season, left_out={"2"}, overwrites={"1-title"}).fingerprint == before
    assert plan(season, TEXT.replace("Two", "Three")).fingerprint != before
    make.episode(season, 1, title="One", runtime=44)
    assert plan(season).fingerprint != before


@pytest.mark.parametrize("name", ["New Body", "Ti Wst", "Ti West"])
def test_the_fingerprint_does_not_depend_on_the_names_of_a_row_that_is_left_out(season, name):
    text = f"No\tTitle\tDirector\n1\tOne\tKaren Gaviola\n2\tTwo\t{name}"
    before = plan(season, text)
    left_out = plan(season, text, left_out={"2"})
    assert left_out.fingerprint == before.fingerprint
    assert (left_out.errors, left_out.questions) == ([], [])
    assert write(left_out)[:2] == ["1 episode added as drafts.", "Credits added: Karen Gaviola, Director."]


def test_a_row_with_an_error_says_that_its_person_is_new(season):
    (row,) = plan(season, "No\tTitle\tDirector\tDate\n1\tOne\tNew Body\t3/4/2019").rows
    assert row.errors
    assert row.people == [("Director", "New Body", "new person")]


def test_errors_of_rows_and_names_stop_a_plan(season):
    make.person("Ti West")
    assert plan(season).errors == ["Choose who “Ti West” is."]
    assert not plan(season).can_apply
    text = "No\tTitle\n3\tThree\n3\tAgain\n5-4\tFive"
    assert [row.errors for row in plan(season, text).rows] == [
        [],
        ["Episode 3 is in a row above."],
        ["The last number of a double episode must be greater than its first."],
    ]
    assert plan(season, text, left_out={"2", "3"}).can_apply
    assert not plan(season, text, left_out={"1", "2", "3"}).can_apply


@pytest.mark.parametrize(
    ("stored", "numbers", "errors"),
    [
        ([], ["1-2", "2"], [[], ["Episode 2 is in a row above."]]),
        ([], ["2", "1-3"], [[], ["Episode 2 is in a row above."]]),
        ([(1, 2)], ["2", "3"], [["Episode 2 is part of episodes 1–2."], []]),
        ([(1, None), (2, None)], ["1-2"], [["Episode 2 exists by itself."]]),
        ([(1, None), (2, None)], ["1-2", "2"], [[], ["Episode 2 is in a row above."]]),
        ([(1, 2)], ["1-3", "3"], [[], []]),  # the new last number is not ticked
        ([(1, 2)], ["1", "3-4", "5"], [[], [], []]),
        ([(5, 6)], ["4-5"], [["Episode 5 is part of episodes 5–6."]]),
    ],
)
def test_rows_that_cover_the_number_of_another_episode_are_errors(season, stored, numbers, errors):
    for first, last in stored:
        make.episode(season, first, last_number=last)
    text = "No\tTitle\n" + "\n".join(f"{number}\tTitle" for number in numbers)
    assert [row.errors for row in plan(season, text).rows] == errors


def test_a_shorter_double_episode_frees_its_number_for_a_new_one(season):
    double = make.episode(season, 1, last_number=3)
    text = "No\tTitle\n3\tThree\n1-2\tOne"
    assert [row.errors for row in plan(season, text).rows] == [[], ["Episode 3 is in a row above."]]
    season_plan = plan(season, text, overwrites={"2-last_number"})
    assert [row.errors for row in season_plan.rows] == [[], []]
    write(season_plan)
    double.refresh_from_db()
    assert (double.last_number, season.episodes.count()) == (2, 2)


def test_a_row_is_called_by_the_numbers_that_it_will_cover(season):
    make.episode(season, 1, last_number=3)
    text = "No\tTitle\n1-2\tOne\n5–6\tFive\n8-7\tEight\n9\tNine"
    assert [row.number_range for row in plan(season, text).rows] == ["1–3", "5–6", "8", "9"]
    ticked = plan(season, text, overwrites={"1-last_number"})
    assert ticked.rows[0].number_range == "1–2"


@pytest.mark.parametrize(
    ("header", "cell", "error"),
    [
        ("No", "1-40000", "Last number: Ensure this value is less than or equal to 32767."),
        ("Minutes", "1441", "“1441” is not a running time in minutes."),
        ("Minutes", "25 h", "“25 h” is not a running time in minutes."),
    ],
)
def test_impossible_numbers_are_errors(season, header, cell, error):
    text = f"{header}\tTitle\n{cell}\tOne"
    assert plan(season, text).rows[0].errors == [error]


def test_only_users_who_may_publish_change_published_episodes(season):
    make.episode(season, 1)
    first, second = plan(season, publishes=False).rows
    assert first.errors == ["The episode is published: only users who may publish can change it."]
    assert second.errors == []


def test_a_season_column_chooses_the_rows_of_the_season(season):
    text = "Season,Episode,Title\n1,1,One\n2,1,Other\n1,2,Two\n3,1,Third"
    season_plan = plan(season, text)
    assert [(row.number, row.episode.number, row.cells[-1]) for row in season_plan.rows] == [
        (1, 1, "One"),
        (3, 2, "Two"),
    ]
    assert season_plan.other_season_count == 2
    write(season_plan)
    assert list(season.episodes.order_by("number").values_list("number", "title")) == [(1, "One"), (2, "Two")]


def test_rows_without_numbers_count_within_their_season(season):
    assert [row.episode.number for row in plan(season, "Season\tTitle\n2\tA\n1\tB\n2\tC\n1\tD").rows] == [1, 2]


def test_a_table_of_other_seasons_cannot_be_written(season):
    season_plan = plan(season, "Season,Episode,Title\n2,1,A")
    assert (season_plan.rows, season_plan.other_season_count, season_plan.can_apply) == ([], 1, False)


def test_an_overall_number_beside_the_number_in_the_season_is_written(season):
    write(plan(season, "No.\tNo. in season\tTitle\n47\t1\tA"))
    assert list(season.episodes.values_list("number", "overall_number")) == [(1, 47)]


@pytest.mark.parametrize("title", ["Unknown", "None", "?"])
def test_a_title_that_may_be_a_placeholder_is_written_only_if_ticked(season, title):
    text = f"No\tTitle\n1\t{title}"
    season_plan = plan(season, text)
    assert season_plan.can_apply
    write(season_plan)
    assert season.episodes.get().title == ""
    write(plan(season, text, overwrites={"1-title"}))
    assert season.episodes.get().title == title


def test_notes_of_a_row_do_not_stop_a_plan(season):
    season_plan = plan(season, "No\tTitle\tMinutes\n1\tOne\t44–47 minutes")
    assert season_plan.rows[0].notes == ["“44–47 minutes” is left empty: one running time is needed."]
    assert season_plan.can_apply
    write(season_plan)
    assert season.episodes.get().runtime is None


@pytest.mark.parametrize("name", ["TBA", "N/A", "Unknown", "—"])
def test_placeholders_become_neither_people_nor_titles(season, name):
    season_plan = plan(season, f"No\tTitle\tDirector\tWriter\n1\tOne\t{name}\t{name}")
    assert season_plan.can_apply
    assert season_plan.questions == []
    write(season_plan)
    assert not season.episodes.get().credits.exists()


def test_a_couple_is_asked_about_once(season):
    season_plan = plan(season, "No\tTitle\tDirector\n1\tOne\tMr. & Mrs. Smith")
    assert [question.person_name for question in season_plan.questions] == ["Mr. & Mrs. Smith"]
