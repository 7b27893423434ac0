"""Actions of lists with a page between: another role, publishing with all that belongs to it."""

from datetime import timedelta

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.utils import timezone

from catalog.models import Availability, Company, Credit, Edit, Episode, Person, Season, Series
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url


def act(client, action, *records, **fields):
    """Choose records in their list and an action."""
    chosen = {"action": action, ACTION_CHECKBOX_NAME: [record.pk for record in records]}
    return client.post(admin_url(type(records[0])), chosen | fields)


def test_credits_get_another_role_once_it_is_chosen(admin_client, editor):
    credits = [make.credit(make.episode(), role_slug="story") for _ in range(2)]
    other, role = make.credit(make.episode(), role_slug="story"), make.role("writer")
    assert act(admin_client, "set_role", *credits).status_code == 200
    assert not Edit.objects.exists()
    assert (
        act(
            admin_client, "set_role", *credits, role_sent="1", role=role.pk, _edit_summary="As the screen has it"
        ).status_code
        == 302
    )
    assert [credit.role.slug for credit in Credit.objects.order_by("pk")] == ["writer", "writer", "story"]
    assert other.role.slug == "story"
    edit = Edit.objects.get()
    assert (edit.user, edit.kind, edit.reason, edit.changes.count()) == (editor, "bulk", "As the screen has it", 2)


def test_when_one_credit_cannot_have_the_role_none_gets_it(admin_client):
    first = make.credit(make.episode(), role_slug="story")
    second = make.credit(make.episode(), role_slug="story")
    make.credit(second.episode, second.person, "writer")
    response = act(admin_client, "set_role", first, second, role_sent="1", role=make.role("writer").pk)
    assert response.status_code == 200
    text = response.content.decode()
    assert f"{second.person}, Story, on" in text
    assert "has this role here already" in text
    assert Credit.objects.filter(role__slug="writer").count() == 1
    assert not Edit.objects.exists()


@pytest.mark.parametrize("role", ["", "x", "99999", "9" * 30])
def test_no_role_is_told_in_the_form(admin_client, role):
    credit = make.credit(make.episode())
    response = act(admin_client, "set_role", credit, role_sent="1", role=role)
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()


@pytest.fixture
def draft(db):
    """A series in drafts: a season, two episodes of which one is scheduled, people and companies."""
    series = make.series(published_at=None)
    season = make.season(series, published_at=None)
    make.episode(season, published_at=None)
    make.episode(season, published_at=timezone.now() + timedelta(days=3))
    for on in (series, season, season.episodes.first()):
        make.credit(on, make.person(f"On {on._meta.model_name}", published_at=None))
    make.series_company(series, make.company("Network", published_at=None))
    Availability.objects.create(series=series, platform=make.company("Platform", published_at=None))
    make.person("Somebody else", published_at=None)
    return series


def drafts():
    """{kind: how many drafts there are}."""
    kinds = (Series, Season, Episode, Person, Company)
    return {kind._meta.model_name: kind.objects.filter(published_at=None).count() for kind in kinds}


def test_a_series_is_published_with_all_of_it_once_it_is_confirmed(admin_client, draft):
    before = drafts()
    page = act(admin_client, "publish_whole", draft)
    assert page.status_code == 200
    assert drafts() == before == {"series": 1, "season": 1, "episode": 1, "person": 4, "company": 2}
    text = page.content.decode()
    assert "Publish 8 records" in text
    assert "and 1 scheduled" in text
    assert "On episode" in text
    assert act(admin_client, "publish_whole", draft, whole_sent="1").status_code == 302
    assert drafts() == {"series": 0, "season": 0, "episode": 0, "person": 1, "company": 0}
    assert Episode.objects.filter(published_at__gt=timezone.now()).count() == 1
    assert Edit.objects.get().changes.count() == 8
    assert "Nothing of it is a draft" in act(admin_client, "publish_whole", draft).content.decode()


def test_a_season_is_published_with_its_own_and_it_is_said_that_the_series_is_none_to_be_seen(admin_client, draft):
    season = draft.seasons.get()
    page = act(admin_client, "publish_whole", season).content.decode()
    assert "is no published series" in page
    assert "Publish 4 records" in page
    assert act(admin_client, "publish_whole", season, whole_sent="1").status_code == 302
    assert drafts() == {"series": 1, "season": 0, "episode": 0, "person": 2, "company": 2}
