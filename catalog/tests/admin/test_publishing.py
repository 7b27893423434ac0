"""Publishing from the changelist, and the link from a form to the page that visitors see."""

from datetime import timedelta

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import Permission, User
from django.utils import timezone

from catalog.models import Change, Company, Episode, Person, Season, Series
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url, change_url, form_errors, form_values, submit_form, was_saved

FACTORIES = {
    Series: make.series,
    Season: make.season,
    Episode: make.episode,
    Person: make.person,
    Company: make.company,
}


def run_action(client, action, *records, **fields):
    """Run a changelist action for records."""
    data = {"action": action, ACTION_CHECKBOX_NAME: [record.pk for record in records]}
    return client.post(admin_url(type(records[0])), data | fields)


@pytest.mark.parametrize("model", FACTORIES)
def test_selected_records_are_published_now_and_unpublished(admin_client, model):
    earlier = timezone.now() - timedelta(days=3)
    draft, public, scheduled = (
        FACTORIES[model](published_at=when) for when in (None, earlier, timezone.now() + timedelta(days=3))
    )
    unselected = FACTORIES[model](published_at=None)
    assert run_action(admin_client, "publish", draft, public, scheduled).status_code == 200, "about the schedule"
    data = form_values(run_action(admin_client, "publish", draft, public, scheduled))
    assert admin_client.post(admin_url(model), data).status_code == 302
    for record in (draft, public, scheduled, unselected):
        record.refresh_from_db()
    assert [record.is_published for record in (draft, public, scheduled, unselected)] == [True, True, True, False]
    assert public.published_at == earlier
    run_action(admin_client, "unpublish", draft, public)
    for record in (draft, public, scheduled):
        record.refresh_from_db()
    assert [record.published_at is None for record in (draft, public, scheduled)] == [True, True, False]
    logged = Change.objects.filter(kind=model._meta.model_name, record_id=draft.pk, action="changed")
    assert [entry.fields for entry in logged] == [["published_at"]] * 2


def test_readers_neither_see_nor_run_the_action(db, client):
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_person"))
    client.force_login(reader)
    person = make.person(published_at=None)
    assert 'value="publish"' not in client.get(admin_url(Person)).content.decode()
    run_action(client, "publish", person)
    person.refresh_from_db()
    assert person.published_at is None
    assert client.get(change_url(person)).status_code == 200
    assert client.post(change_url(person), {"name": "Other"}).status_code == 403


@pytest.mark.parametrize("model", FACTORIES)
def test_view_on_site_is_offered_if_visitors_see_the_page(admin_client, model):
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


def test_the_changelist_is_filtered_by_publication_state(admin_client):
    for when in (None, timezone.now(), timezone.now() + timedelta(days=3)):
        make.person(published_at=when)
    for state, total in (("draft", 1), ("published", 1), ("scheduled", 1), ("lost", 0)):
        page = admin_client.get(admin_url(Person), {"state": state}).content.decode()
        assert page.count('class="action-select"') == total


def test_episodes_are_filtered_by_the_year_of_a_partial_date(admin_client):
    season = make.season()
    for date in ("2019-12-18", "2019-12", "2019", "2020-01-01", None):
        make.episode(season, air_date=date)
    for year, total in (("2019", 3), ("2020", 1), ("1999", 0), ("20", 0)):
        page = admin_client.get(admin_url(Episode), {"air_date_year": year}).content.decode()
        assert page.count('class="action-select"') == total


@pytest.mark.parametrize("action", ["publish", "publish_with_parts", "none"])
def test_the_next_save_of_a_published_record_does_not_change_its_time(admin_client, action):
    """Whatever published it; also with a time of microseconds, which forms do not show."""
    microseconds = timezone.now().replace(microsecond=123456)
    series = make.series(published_at=microseconds if action == "none" else None)
    if action != "none":
        page = run_action(admin_client, action, series)
        if page.status_code == 200:
            admin_client.post(admin_url(Series), form_values(page))
    version = Change.objects.version()
    assert was_saved(submit_form(admin_client, change_url(series), premise="People meet."))
    assert [change.fields for change in Change.objects.filter(pk__gt=version)] == [["premise"]]
    published_at = Series.objects.get().published_at
    assert published_at == microseconds if action == "none" else not published_at.microsecond


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "UTC", "America/New_York"])
def test_a_time_of_publication_that_has_no_equal_in_another_time_zone_is_refused(admin_client, settings, zone):
    settings.TIME_ZONE = zone
    series = make.series(published_at=None)
    for date in ("9999-12-31", "0001-01-01"):
        response = submit_form(admin_client, change_url(series), published_at_0=date, published_at_1="00:00:01")
        assert form_errors(response) == ["Enter a year from 1900 to 9998."]
    for date in ("9998-12-31", "1900-01-01"):
        response = submit_form(admin_client, change_url(series), published_at_0=date, published_at_1="23:59:59")
        assert was_saved(response)
