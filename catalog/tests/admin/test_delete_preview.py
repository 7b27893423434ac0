"""The confirmation of a deletion lists what else is deleted; credited people and companies are protected."""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.admin import delete_preview
from catalog.admin.conflicts import admin as conflicts_admin
from catalog.models import Change, Character, Company, Credit, Cue, Episode, FeaturedCharacter, Person, Series, Song
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url, deletion_data, row_counts


def delete(client, record):
    """Open the confirmation, confirm, and return the text of the confirmation."""
    url = admin_url(type(record), "delete", record.pk)
    page = client.get(url).content.decode()
    client.post(url, deletion_data())
    return page


def delete_selected(client, *records):
    """The same by the action of the list."""
    url = admin_url(type(records[0]))
    data = {"action": "delete_selected", ACTION_CHECKBOX_NAME: [record.pk for record in records]}
    page = client.post(url, data).content.decode()
    client.post(url, data | deletion_data())
    return page


@pytest.fixture
def credited(db):
    """A person with a credit."""
    return make.credit(make.episode()).person


@pytest.fixture
def broadcaster(db):
    """A company with a part in a series."""
    return make.series_company(make.series()).company


@pytest.mark.parametrize("way", [delete, delete_selected])
@pytest.mark.parametrize("fixture", ["credited", "broadcaster"])
def test_a_credited_person_is_protected_and_the_page_lists_the_credits(admin_client, request, way, fixture):
    record = request.getfixturevalue(fixture)
    before = row_counts()
    page = way(admin_client, record)
    assert "Cannot delete" in page
    assert str(record.credits.get() if fixture == "credited" else record.series_parts.get()) in page
    assert row_counts() == before


def test_one_credited_person_protects_the_whole_selection(admin_client, credited):
    uncredited = make.person()
    page = delete_selected(admin_client, credited, uncredited)
    assert "Cannot delete" in page
    assert Person.objects.filter(pk=uncredited.pk).exists()


@pytest.mark.parametrize("way", [delete, delete_selected])
@pytest.mark.parametrize("factory", [make.person, make.company, make.genre, make.source])
def test_a_person_without_credits_can_be_deleted(admin_client, way, factory):
    record = factory()
    assert "Are you sure" in way(admin_client, record)
    assert not type(record).objects.filter(pk=record.pk).exists()
    assert Change.objects.filter(action="deleted", kind=record._meta.model_name, record_id=record.pk).count() == 1


def test_deleting_an_episode_says_that_its_credits_go_and_leaves_the_people(admin_client, credited):
    episode = Episode.objects.get()
    page = delete(admin_client, episode)
    assert str(credited.credits.model._meta.verbose_name).capitalize() in page
    assert "Are you sure" in page
    assert not Credit.objects.exists()
    assert Person.objects.get() == credited


def test_deleting_a_series_deletes_its_parts_and_nothing_else(soundtrack, admin_client):
    series = Series.objects.get()
    people, companies, songs = Person.objects.count(), Company.objects.count(), Song.objects.count()
    page = delete(admin_client, series)
    assert "Are you sure" in page
    for name in ("Episodes", "Credits", "Characters", "Songs heard", "Availability"):
        assert f"<li>{name}" in page
    assert "relationship" not in page, "rows of many-to-many tables are no records to an editor"
    for model in (Series, Episode, Character, Credit, FeaturedCharacter, Cue):
        assert not model.objects.exists()
    assert (Person.objects.count(), Company.objects.count(), Song.objects.count()) == (people, companies, songs)


def test_a_credited_character_is_protected(admin_client):
    episode = make.episode()
    credit = make.credit(episode, role_slug="cast", character=make.character(episode.series))
    assert "Cannot delete" in delete(admin_client, credit.character)
    assert Character.objects.exists()


def test_a_long_preview_lists_the_first_records_and_counts_all(admin_client, monkeypatch):
    monkeypatch.setattr(delete_preview, "MAX_LISTED", 2)
    season = make.season()
    episodes = [make.episode(season, number) for number in range(1, 6)]
    credits = [make.credit(episode) for episode in episodes]
    url = admin_url(Series, "delete", season.series_id)
    with CaptureQueriesContext(connection) as queries:
        page = admin_client.get(url).content.decode()
    assert "<li>Episodes: 5</li>" in page
    assert page.count("and 3 more") == 2  # episodes and credits
    assert [admin_url(Episode, "change", episode.pk) in page for episode in episodes] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert [admin_url(Credit, "change", credit.pk) in page for credit in credits] == [True, True, False, False, False]
    assert len(queries) < 60


def test_a_character_is_protected_by_credits_that_stay_only(admin_client):
    episode, other_episode = make.episode(), make.episode()
    character = make.character(episode.series)
    make.credit(episode, role_slug="cast", character=character)
    assert "Are you sure" in admin_client.get(admin_url(Series, "delete", episode.series.pk)).content.decode()
    credit = make.credit(other_episode, "Guest Elsewhere", role_slug="cast", character=character)
    page = delete(admin_client, episode.series)
    assert "Cannot delete" in page
    assert page.count("<li>Credit: ") == 1
    assert str(credit) in page
    assert Series.objects.filter(pk=episode.series.pk).exists()


def test_a_published_part_prevents_the_deletion_of_a_draft_by_a_contributor(client, django_user_model):
    user = django_user_model.objects.create_user("drafter", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="catalog").exclude(codename="publish"))
    client.force_login(user)
    episode = make.episode(make.season(make.series(published_at=None), published_at=None))
    assert "to delete the following types of objects" in delete(client, episode.series)
    assert Series.objects.exists()
    Episode.objects.update(published_at=None)
    assert "Are you sure" in delete(client, episode.series)
    assert not Series.objects.exists()


def test_no_more_records_are_deleted_at_once_than_the_confirmation_can_have_fields_for(admin_client, monkeypatch):
    monkeypatch.setattr(conflicts_admin, "MAX_DELETED", 2)
    people = [make.person() for _ in range(3)]
    url, data = admin_url(Person), {"action": "delete_selected", "select_across": "1"}
    response = admin_client.post(url, data | {ACTION_CHECKBOX_NAME: [people[0].pk]}, follow=True)
    assert "At most 2 at once: nothing was deleted." in response.content.decode()
    assert Person.objects.count() == 3


def test_the_queries_of_a_preview_do_not_grow_with_the_records(admin_client, monkeypatch):
    monkeypatch.setattr(delete_preview, "MAX_LISTED", 1)
    season, counts = make.season(), []
    for numbers in (range(1, 3), range(3, 12)):
        for number in numbers:
            make.credit(make.episode(season, number))
        with CaptureQueriesContext(connection) as queries:
            admin_client.get(admin_url(Series, "delete", season.series_id))
        counts.append(len(queries))
    assert counts[0] == counts[1]
