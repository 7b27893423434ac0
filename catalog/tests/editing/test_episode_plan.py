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


def test_only_users_who_may_publish_change_published_episodes(season):
    make.episode(season, 1)
    first, second = plan(season, publishes=False).rows
    assert first.errors == ["The episode is published: only users who may publish can change it."]
    assert second.errors == []
