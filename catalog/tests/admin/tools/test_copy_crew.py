"""The crew of an episode for the next one."""

import pytest
from django.urls import reverse

from catalog.editing.copy_credits import next_episode
from catalog.models import Credit, Edit
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import change_url, row_counts


def crew_page(episode):
    """The address of the page."""
    return reverse("admin:catalog_episode_crew", args=[episode.pk])


@pytest.fixture
def episodes(db):
    """Two episodes of a season, the first with a director, two writers as a team and a guest; and one later."""
    series = make.series()
    season = make.season(series)
    first, second = make.episode(season), make.episode(season)
    later = make.episode(make.season(series, 2))
    make.credit(first, "Ti West", "director")
    make.credit(first, "Lauren Yee", "writer", billing=1, team=1)
    make.credit(first, "Matt Smith", "writer", billing=2, team=1)
    make.credit(first, "Isabel May", "guest", kind="guest", character=make.character(series, "Sarah"))
    return first, second, later


def test_the_next_episode_is_the_next_of_the_season_else_the_first_of_the_next(episodes):
    first, second, later = episodes
    assert next_episode(first) == second
    assert next_episode(second) == later
    assert next_episode(later) is None


def test_crew_is_ticked_and_guests_are_not_and_the_next_episode_is_chosen(admin_client, episodes):
    first, second, _ = episodes
    text = admin_client.get(crew_page(first)).content.decode()
    assert crew_page(first) in admin_client.get(change_url(first)).content.decode()
    assert text.count('type="checkbox" name="credits"') == 4
    assert text.count(" checked>") == 3
    assert f'<option value="{second.pk}" selected' in text


def test_what_is_ticked_is_copied_but_for_what_is_there(admin_client, editor, episodes):
    first, second, _ = episodes
    make.credit(second, Credit.objects.get(role__slug="director").person, "director")
    make.credit(second, "Ann One", "writer", billing=1, team=1)
    ticked = [credit.pk for credit in first.credits.all()]
    response = admin_client.post(
        crew_page(first), {"episode": second.pk, "credits": ticked, "_edit_summary": "One crew"}, follow=True
    )
    assert "3 credits copied" in response.content.decode()
    assert "1 stood there already" in response.content.decode()
    rows = second.credits.order_by("role__slug", "billing")
    assert list(rows.values_list("person__name", "billing", "team", "kind", "character__name")) == [
        ("Ti West", None, None, "", None),
        ("Isabel May", None, None, "guest", "Sarah"),
        ("Ann One", 1, 1, "", None),
        ("Lauren Yee", 2, 2, "", None),
        ("Matt Smith", 3, 2, "", None),
    ]
    edit = Edit.objects.get()
    assert (edit.user, edit.reason, edit.changes.count()) == (editor, "One crew", 3)


def test_what_cannot_be_is_told_in_the_form(admin_client, episodes):
    first, second, _ = episodes
    ticked, foreign = first.credits.first().pk, make.credit(make.episode())
    before = row_counts()
    for wrong in (
        {"episode": first.pk, "credits": ticked},
        {"episode": foreign.episode.pk, "credits": ticked},
        {"episode": "", "credits": ticked},
        {"episode": "x", "credits": ticked},
        {"episode": second.pk, "credits": []},
        {"episode": second.pk, "credits": [foreign.pk]},
        {"episode": second.pk, "credits": ["x"]},
    ):
        response = admin_client.post(crew_page(first), wrong)
        assert response.status_code == 200, wrong
        assert "errorlist" in response.content.decode()
    assert row_counts() == before
