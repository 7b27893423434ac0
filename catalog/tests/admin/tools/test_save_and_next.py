"""“Save and next” goes on to the record behind, in the list that the editor came from."""

from urllib.parse import urlencode

import pytest
from django.db.models import F

from catalog.admin.tools.save_and_next import first_after
from catalog.models import Episode, Person
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url, change_url, read_form


def go_on(client, record, filters="", **fields):
    """Save a record with the button; the address that it leads to, without its parameters."""
    url = change_url(record) + (f"?{urlencode({'_changelist_filters': filters})}" if filters else "")
    response = client.post(url, read_form(client, url) | {"_next": "1"} | fields)
    assert response.status_code == 302
    return response["Location"].partition("?")[0]


def test_an_episode_leads_to_the_next_of_its_series_and_the_last_to_the_list(admin_client):
    season = make.season()
    first, second = make.episode(season, 1), make.episode(season, 2)
    make.episode()
    assert go_on(admin_client, first, title="Changed") == change_url(second)
    assert Episode.objects.get(pk=first.pk).title == "Changed"
    assert go_on(admin_client, second) == admin_url(Episode)


def test_others_lead_on_by_the_list_as_it_is_ordered_and_narrowed(admin_client):
    people = [make.person(name, published_at=None) for name in ("Ann Zed", "Bob Young", "Cleo Xu")]
    other = make.person("Dora Yates")
    assert go_on(admin_client, people[2]) == change_url(other)
    assert go_on(admin_client, people[2], "state=draft") == change_url(people[1])
    assert go_on(admin_client, people[1], "state=draft&o=1") == change_url(people[2])
    assert go_on(admin_client, people[0], "state=draft") == admin_url(Person)


def test_a_record_that_leaves_its_list_by_being_saved_has_a_next_one_too(admin_client):
    season = make.season()
    first, _, third = (make.episode(season, n, synopsis="" if n != 2 else "Told.") for n in (1, 2, 3))
    assert go_on(admin_client, first, "quality=without-synopsis", synopsis="Told now.") == change_url(third)


@pytest.mark.parametrize("filters", ["id__in=x", "nonsense=1", "o=99", "q=" + "x" * 300])
def test_a_list_that_cannot_be_is_no_500(admin_client, filters):
    one, _ = make.person("Ann One"), make.person("Bob Two")
    assert go_on(admin_client, one, filters)


@pytest.mark.parametrize("order", ["air_date", "-air_date", F("air_date").asc(nulls_last=True), F("air_date").desc()])
def test_all_records_are_gone_through_once_in_the_order_of_the_database(db, order):
    for date in ("2019", None, "2018-03", None, "2019", "2020"):
        make.episode(air_date=date)
    queryset = Episode.objects.order_by(order, "-pk")
    found = [queryset.first()]
    while len(found) < 10 and (after := first_after(queryset, found[-1], [order, "-pk"])):
        found.append(after)
    assert found == list(queryset)


def test_the_button_stands_on_forms_of_records_only(admin_client):
    person = make.person()
    assert 'name="_next"' in admin_client.get(change_url(person)).content.decode()
    assert 'name="_next"' not in admin_client.get(admin_url(Person, "add")).content.decode()
    assert 'name="_next"' not in admin_client.get(change_url(person) + "?_popup=1").content.decode()
