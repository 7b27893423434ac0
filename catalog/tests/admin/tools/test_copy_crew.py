"""Copying the crew of an episode to the next one."""

import pytest
from django.urls import reverse

from catalog.models import Credit, Edit
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import change_url, row_counts


def crew_url(episode):
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


def test_the_crew_is_ticked_the_cast_is_not_and_the_next_episode_is_selected(admin_client, episodes):
    first, second, _ = episodes
    text = admin_client.get(crew_url(first)).content.decode()
    assert crew_url(first) in admin_client.get(change_url(first)).content.decode()
    assert text.count('type="checkbox" name="credits"') == 4
    assert text.count(" checked>") == 3
    assert f'<option value="{second.pk}" selected' in text


def test_ticked_credits_are_copied_unless_they_exist(admin_client, editor, episodes):
    first, second, _ = episodes
    make.credit(second, Credit.objects.get(role__slug="director").person, "director")
    make.credit(second, "Ann One", "writer", billing=1, team=1)
    ticked = [credit.pk for credit in first.credits.all()]
    response = admin_client.post(
        crew_url(first), {"episode": second.pk, "credits": ticked, "_edit_summary": "One crew"}, follow=True
    )
    assert "3 credits copied" in response.content.decode()
    assert "1 existed already" in response.content.decode()
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


def test_invalid_selections_are_errors_of_the_form(admin_client, episodes):
    first, second, _ = episodes
    ticked, foreign = first.credits.first().pk, make.credit(make.episode())
    before = row_counts()
    for data in (
        {"episode": first.pk, "credits": ticked},
        {"episode": foreign.episode.pk, "credits": ticked},
        {"episode": "", "credits": ticked},
        {"episode": "x", "credits": ticked},
        {"episode": second.pk, "credits": []},
        {"episode": second.pk, "credits": [foreign.pk]},
        {"episode": second.pk, "credits": ["x"]},
    ):
        response = admin_client.post(crew_url(first), data)
        assert response.status_code == 200, data
        assert "errorlist" in response.content.decode()
    assert row_counts() == before
