"""“Save and next” opens the next record of the changelist that the editor came from."""

from urllib.parse import urlencode

import pytest
from django.db.models import F

from catalog.admin.tools.save_and_next import first_after
from catalog.models import Episode, Person
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url, change_url, read_form


def save_and_next(client, record, filters="", **fields):
    """Save a record with the button; returns the URL it redirects to, without its query."""
    url = change_url(record) + (f"?{urlencode({'_changelist_filters': filters})}" if filters else "")
    response = client.post(url, read_form(client, url) | {"_next": "1"} | fields)
    assert response.status_code == 302
    return response["Location"].partition("?")[0]


def test_after_an_episode_comes_the_next_of_its_series_and_after_the_last_the_changelist(admin_client):
    season = make.season()
    first, second = make.episode(season, 1), make.episode(season, 2)
    make.episode()
    assert save_and_next(admin_client, first, title="Changed") == change_url(second)
    assert Episode.objects.get(pk=first.pk).title == "Changed"
    assert save_and_next(admin_client, second) == admin_url(Episode)


def test_after_other_records_comes_the_next_by_the_order_and_filters_of_the_changelist(admin_client):
    people = [make.person(name, published_at=None) for name in ("Ann Zed", "Bob Young", "Cleo Xu")]
    published = make.person("Dora Yates")
    assert save_and_next(admin_client, people[2]) == change_url(published)
    assert save_and_next(admin_client, people[2], "state=draft") == change_url(people[1])
    assert save_and_next(admin_client, people[1], "state=draft&o=-1") == change_url(people[2])
    assert save_and_next(admin_client, people[0], "state=draft") == admin_url(Person)


def test_a_record_that_no_longer_matches_the_filters_after_saving_has_a_next_one(admin_client):
    season = make.season()
    first, _, third = (make.episode(season, n, synopsis="" if n != 2 else "Told.") for n in (1, 2, 3))
    assert save_and_next(admin_client, first, "quality=without-synopsis", synopsis="Told now.") == change_url(third)


@pytest.mark.parametrize("filters", ["id__in=x", "nonsense=1", "o=99", "q=" + "x" * 300])
def test_invalid_filters_are_no_server_error(admin_client, filters):
    person, _ = make.person("Ann One"), make.person("Bob Two")
    assert save_and_next(admin_client, person, filters)


@pytest.mark.parametrize("order", ["air_date", "-air_date", F("air_date").asc(nulls_last=True), F("air_date").desc()])
def test_every_record_comes_once_in_the_order_of_the_database(db, order):
    for date in ("2019", None, "2018-03", None, "2019", "2020"):
        make.episode(air_date=date)
    queryset = Episode.objects.order_by(order, "-pk")
    episodes = [queryset.first()]
    while len(episodes) < 10 and (episode := first_after(queryset, episodes[-1], [order, "-pk"])):
        episodes.append(episode)
    assert episodes == list(queryset)


def test_only_forms_of_existing_records_have_the_button(admin_client):
    person = make.person()
    assert 'name="_next"' in admin_client.get(change_url(person)).content.decode()
    assert 'name="_next"' not in admin_client.get(admin_url(Person, "add")).content.decode()
    assert 'name="_next"' not in admin_client.get(change_url(person) + "?_popup=1").content.decode()
