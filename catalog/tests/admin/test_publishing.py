"""Publishing from the list, and the way from a form to the page that visitors see."""

from datetime import timedelta

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import Permission, User
from django.utils import timezone

from catalog.models import Change, Company, Episode, Person, Season, Series
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url, change_url

FACTORIES = {
    Series: make.series,
    Season: make.season,
    Episode: make.episode,
    Person: make.person,
    Company: make.company,
}


def act(client, action, *records):
    """Run an action of the list on some records."""
    return client.post(
        admin_url(type(records[0])), {"action": action, ACTION_CHECKBOX_NAME: [record.pk for record in records]}
    )


@pytest.mark.parametrize("model", FACTORIES)
def test_selected_records_are_published_now_and_made_drafts(admin_client, model):
    moment = timezone.now() - timedelta(days=3)
    draft, public, coming = (
        FACTORIES[model](published_at=when) for when in (None, moment, timezone.now() + timedelta(days=3))
    )
    other = FACTORIES[model](published_at=None)
    assert act(admin_client, "publish", draft, public, coming).status_code == 302
    for record in (draft, public, coming, other):
        record.refresh_from_db()
    assert [record.is_published for record in (draft, public, coming, other)] == [True, True, True, False]
    assert public.published_at == moment
    act(admin_client, "unpublish", draft, public)
    for record in (draft, public, coming):
        record.refresh_from_db()
    assert [record.published_at is None for record in (draft, public, coming)] == [True, True, False]
    logged = Change.objects.filter(kind=model._meta.model_name, record_id=draft.pk, action="changed")
    assert [entry.fields for entry in logged] == [["published_at"]] * 2


def test_who_may_only_look_can_neither_publish_nor_see_the_action(db, client):
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_person"))
    client.force_login(reader)
    person = make.person(published_at=None)
    assert 'value="publish"' not in client.get(admin_url(Person)).content.decode()
    act(client, "publish", person)
    person.refresh_from_db()
    assert person.published_at is None
    assert client.get(change_url(person)).status_code == 200
    assert client.post(change_url(person), {"name": "Other"}).status_code == 403


@pytest.mark.parametrize("model", FACTORIES)
def test_view_on_site_is_offered_when_visitors_see_the_page(admin_client, model):
    record = FACTORIES[model]()
    link = f'href="{record.get_absolute_url()}" class="viewsitelink"'
    assert link in admin_client.get(change_url(record)).content.decode()
    assert admin_client.get(record.get_absolute_url()).status_code == 200
    record.published_at = None
    record.save()
    assert "viewsitelink" not in admin_client.get(change_url(record)).content.decode()


def test_an_episode_of_an_unpublished_series_has_no_page_to_view(admin_client):
    episode = make.episode(make.season(make.series(published_at=None)))
    assert "viewsitelink" not in admin_client.get(change_url(episode)).content.decode()


def test_states_are_told_apart_in_the_list(admin_client):
    for when in (None, timezone.now(), timezone.now() + timedelta(days=3)):
        make.person(published_at=when)
    for state, total in (("draft", 1), ("published", 1), ("scheduled", 1), ("lost", 0)):
        page = admin_client.get(admin_url(Person), {"state": state}).content.decode()
        assert page.count('class="action-select"') == total


def test_episodes_are_listed_by_the_year_of_a_half_known_date(admin_client):
    season = make.season()
    for date in ("2019-12-18", "2019-12", "2019", "2020-01-01", None):
        make.episode(season, air_date=date)
    for year, total in (("2019", 3), ("2020", 1), ("1999", 0), ("20", 0)):
        page = admin_client.get(admin_url(Episode), {"air_date_year": year}).content.decode()
        assert page.count('class="action-select"') == total
