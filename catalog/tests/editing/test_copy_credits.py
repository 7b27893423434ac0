"""Copying credits to the next episode."""

from catalog.editing.copy_credits import copy_credits, next_episode
from catalog.tests import factories as make


def test_the_next_episode_is_in_the_same_season_or_the_first_of_the_next(db):
    series = make.series()
    season = make.season(series)
    first, second = make.episode(season), make.episode(season)
    later = make.episode(make.season(series, 2))
    assert next_episode(first) == second
    assert next_episode(second) == later
    assert next_episode(later) is None


def test_existing_credits_are_left_and_billing_and_teams_continue(db):
    season = make.season()
    source, target = make.episode(season), make.episode(season)
    yee = make.credit(source, "Lauren Yee", "writer", billing=1, team=1).person
    make.credit(source, "Matt Smith", "writer", billing=2, team=1)
    make.credit(target, yee, "writer", billing=3, team=2)
    assert copy_credits(list(source.credits.order_by("billing")), target) == 1
    rows = target.credits.order_by("billing").values_list("person__name", "billing", "team")
    assert list(rows) == [("Lauren Yee", 3, 2), ("Matt Smith", 5, 3)]
