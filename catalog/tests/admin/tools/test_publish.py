"""Publishing a series or a season with all its parts."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.messages import get_messages
from django.utils import timezone

from catalog.admin.tools import publish as publish_tool
from catalog.admin.tools.base import tool_url
from catalog.models import Availability, Company, Edit, Episode, Person, Season, Series
from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.tests.admin.admin_forms import admin_url, change_url, confirm, form_values, submit_form


def post(client, url, data):
    """Send a form."""
    return client.post(url, data)


def publish(client, record, send=post, **fields):
    """Run the action for one record; with ``send=confirm`` its page is confirmed too."""
    data = {"action": "publish_with_parts", ACTION_CHECKBOX_NAME: [record.pk]}
    return send(client, admin_url(type(record)), data, **fields)


@pytest.fixture
def draft(db):
    """A draft series with draft parts: a season, two episodes (one scheduled), people and companies."""
    series = make.series(published_at=None)
    season = make.season(series, published_at=None)
    make.episode(season, published_at=None)
    make.episode(season, published_at=timezone.now() + timedelta(days=3))
    for subject in (series, season, season.episodes.first()):
        make.credit(subject, make.person(f"On {subject._meta.model_name}", published_at=None))
    make.series_company(series, make.company("Network", published_at=None))
    Availability.objects.create(series=series, platform=make.company("Platform", published_at=None))
    make.person("Somebody else", published_at=None)
    return series


def draft_counts():
    """Numbers of drafts by model."""
    models = (Series, Season, Episode, Person, Company)
    return {model._meta.model_name: model.objects.filter(published_at=None).count() for model in models}


def test_a_series_is_published_with_all_its_parts_once_it_is_confirmed(admin_client, draft):
    before = draft_counts()
    page = publish(admin_client, draft)
    assert page.status_code == 200
    assert draft_counts() == before == {"series": 1, "season": 1, "episode": 1, "person": 4, "company": 2}
    text = page.content.decode()
    assert "Publish 8 records" in text
    assert "and 1 scheduled" in text
    assert "On episode" in text
    assert publish(admin_client, draft, confirm).status_code == 302
    assert draft_counts() == {"series": 0, "season": 0, "episode": 0, "person": 1, "company": 0}
    assert Episode.objects.filter(published_at__gt=timezone.now()).count() == 1
    assert Edit.objects.get().changes.count() == 8
    assert "There is no draft to publish" in publish(admin_client, draft).content.decode()


def test_a_season_is_published_with_its_parts_and_a_warning_if_its_series_is_not_visible(admin_client, draft):
    season = draft.seasons.get()
    page = publish(admin_client, season).content.decode()
    assert "is not published" in page
    assert "Publish 4 records" in page
    assert publish(admin_client, season, confirm).status_code == 302
    assert draft_counts() == {"series": 1, "season": 0, "episode": 0, "person": 2, "company": 2}


def button_labels(page):
    """{scope: label} of the buttons of the page, and its text."""
    root = page_parsing.parse_page(page)
    return {
        button.get("value"): page_parsing.text(button) for button in root.cssselect("#publish_form button")
    }, page_parsing.text(root.cssselect("#content-main")[0])


def run_publish(client, *records, send=post, **fields):
    """Run the action *Publish* for records; with ``send=confirm`` its page is confirmed too."""
    data = {"action": "publish", ACTION_CHECKBOX_NAME: [record.pk for record in records]}
    return send(client, admin_url(type(records[0])), data, **fields)


def test_publishing_names_the_drafts_that_belong_and_offers_all_at_once(admin_client, draft):
    before = draft_counts()
    labels, text = button_labels(run_publish(admin_client, draft))
    assert draft_counts() == before
    assert labels == {"all": "Publish 8 records", "selected": f"Publish only {draft}"}
    for name in ("On series", "On season", "On episode", "Network", "Platform"):
        assert name in text
    assert "Somebody else" not in text
    assert run_publish(admin_client, draft, send=confirm, scope="selected").status_code == 302
    assert draft_counts() == before | {"series": 0}
    draft.refresh_from_db()
    labels, _ = button_labels(admin_client.get(tool_url(draft, "publish")))
    assert labels == {"all": "Publish 7 records"}
    assert confirm(admin_client, tool_url(draft, "publish"), scope="all").status_code == 302
    assert draft_counts() == {"series": 0, "season": 0, "episode": 0, "person": 1, "company": 0}


def test_publishing_an_episode_names_the_people_credited_and_the_drafts_that_hide_it(admin_client, draft):
    episode = draft.seasons.get().episodes.first()
    labels, text = button_labels(run_publish(admin_client, episode))
    assert labels == {"all": "Publish 2 records", "selected": f"Publish only {episode}"}
    assert "On episode" in text
    assert f"{draft} is not published" in text
    assert f"{draft}, Season 1 is not published" in text


@pytest.mark.parametrize("scope", ["all", "selected", "schedule", "", "other"])
def test_drafts_that_were_added_after_the_page_was_shown_are_shown_first(admin_client, draft, scope):
    data = form_values(admin_client.get(tool_url(draft, "publish")))
    make.episode(draft.seasons.get(), 77, title="Added meanwhile", published_at=None)
    before = draft_counts()
    for fingerprint in (data["_fingerprint"], [""], ["\x00"]):
        fields = {"scope": scope, "_fingerprint": fingerprint}
        page = admin_client.post(tool_url(draft, "publish"), data | fields).content.decode()
        assert draft_counts() == before
        assert "Something changed after this preview was made." in page
        assert "Added meanwhile" in page


def test_publishing_without_drafts_and_schedules_asks_nothing(admin_client):
    series = make.series(published_at=None)
    make.credit(series, "Published")
    assert run_publish(admin_client, series).status_code == 302
    assert Series.objects.published().count() == 1


@pytest.mark.parametrize("create", [make.series, make.season, make.episode, make.person, make.company])
def test_a_schedule_is_overwritten_only_if_that_is_confirmed(admin_client, create):
    when = (timezone.now() + timedelta(days=3)).replace(microsecond=0)
    record, draft = create(published_at=when), create(published_at=None)
    labels, text = button_labels(run_publish(admin_client, record, draft))
    record.refresh_from_db()
    draft.refresh_from_db()
    assert (record.published_at, draft.published_at) == (when, None)
    assert f"{record} is scheduled for {when:%-d %B %Y, %H:%M} (UTC). Publishing it now overwrites" in text
    assert labels == {"all": "Publish 2 records"}
    assert run_publish(admin_client, record, draft, send=confirm).status_code == 302
    for published in (record, draft):
        published.refresh_from_db()
        assert published.is_published


def test_a_scheduled_series_can_be_scheduled_together_with_its_drafts(admin_client, draft):
    when = (timezone.now() + timedelta(days=9)).replace(microsecond=0)
    draft.published_at = when
    draft.save()
    labels, _ = button_labels(admin_client.get(tool_url(draft, "publish")))
    assert list(labels) == ["schedule", "all", "selected"]
    assert labels["schedule"] == f"Schedule 7 drafts for {when:%-d %B %Y, %H:%M} (UTC) too"
    confirm(admin_client, tool_url(draft, "publish"), scope="schedule")
    assert draft_counts() == {"series": 0, "season": 0, "episode": 0, "person": 1, "company": 0}
    assert Person.objects.filter(published_at=when).count() == 3
    assert Episode.objects.filter(published_at=when).count() == 1, "the other one keeps its schedule"
    assert not Series.objects.published().exists()


@pytest.mark.parametrize(("days", "state"), [(-1, "is published."), (4, "is scheduled for")])
def test_a_form_that_publishes_or_schedules_names_the_drafts_that_belong(admin_client, draft, days, state):
    when = timezone.localtime(timezone.now() + timedelta(days=days))
    fields = {"published_at_0": f"{when:%Y-%m-%d}", "published_at_1": f"{when:%H:%M:%S}"}
    response = submit_form(admin_client, change_url(draft), _continue="1", **fields)
    page = page_parsing.parse_page(admin_client.get(response.headers["Location"]))
    (message,) = page.cssselect(".messagelist .warning")
    assert state in page_parsing.text(message)
    assert "are not: 1 season, 1 episode, 2 companies, 3 people." in page_parsing.text(message)
    assert message.cssselect("a")[0].get("href") == tool_url(draft, "publish")
    response = submit_form(admin_client, change_url(draft), _continue="1", premise="Later.")
    assert not page_parsing.parse_page(admin_client.get(response.headers["Location"])).cssselect(".warning")


def test_a_form_that_publishes_below_a_draft_says_that_visitors_see_nothing(admin_client, draft):
    season = draft.seasons.get()
    fields = {"published_at_0": "2020-01-01", "published_at_1": "00:00:00"}
    response = submit_form(admin_client, change_url(season), _continue="1", **fields)
    page = page_parsing.get_page(admin_client, response.headers["Location"])
    messages = [page_parsing.text(message) for message in page.cssselect(".messagelist .warning")]
    assert f"Visitors see nothing of “{season}” until {draft} is published." in messages


def test_a_season_published_in_the_form_of_its_series_names_its_drafts(admin_client):
    season = make.season(published_at=None)
    make.episode(season, published_at=None)
    fields = {"seasons-0-published_at_0": "2020-01-01", "seasons-0-published_at_1": "00:00:00"}
    response = submit_form(admin_client, change_url(season.series), _continue="1", **fields)
    page = page_parsing.get_page(admin_client, response.headers["Location"])
    (message,) = page.cssselect(".messagelist .warning")
    assert "Drafts that belong to it are not: 1 episode." in page_parsing.text(message)
    assert message.cssselect("a")[0].get("href") == tool_url(season, "publish")


def test_the_form_names_the_time_zone_in_which_it_reads_times(admin_client, settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    person = make.person(published_at=None)
    page = page_parsing.get_page(admin_client, change_url(person))
    assert "Time zone: Asia/Tokyo." in page_parsing.text(page.cssselect(".field-published_at")[0])
    submit_form(admin_client, change_url(person), published_at_0="2030-01-01", published_at_1="09:00:00")
    person.refresh_from_db()
    assert person.published_at == datetime(2030, 1, 1, 0, 0, tzinfo=UTC)


def test_the_form_of_a_draft_links_to_publishing_for_those_who_may(admin_client, sign_in):
    record, public = make.person(published_at=None), make.person()
    assert "../publish/" in admin_client.get(change_url(record)).content.decode()
    assert "../publish/" not in admin_client.get(change_url(public)).content.decode()
    contributor = sign_in("Contributor")
    assert "../publish/" not in contributor.get(change_url(record)).content.decode()
    assert contributor.get(tool_url(record, "publish")).status_code == 403
    assert contributor.post(tool_url(record, "publish"), {"publish_sent": "1"}).status_code == 403


def test_many_records_are_published_at_once_but_not_those_that_are_scheduled(admin_client, monkeypatch):
    monkeypatch.setattr(publish_tool, "MAX_BULK_RECORDS", 2)
    people = [make.person(published_at=None) for _ in range(2)]
    people.append(make.person(published_at=timezone.now() + timedelta(days=3)))
    response = run_publish(admin_client, *people)
    assert response.status_code == 302
    assert [person.is_published for person in Person.objects.order_by("pk")] == [True, True, False]
    assert "Unchanged, because scheduled: 1 person." in " ".join(map(str, get_messages(response.wsgi_request)))
