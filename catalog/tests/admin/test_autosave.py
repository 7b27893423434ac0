"""Autosave: restoring a form writes nothing, and a saved form says so in a cookie."""

import pytest

from catalog.models import Person
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import change_url, read_form, submit_form

pytestmark = pytest.mark.django_db
KEY = "m1abc"


@pytest.fixture
def person():
    """A person with an alias."""
    person = make.person("Ann Lee", born="1950")
    person.aliases.create(name="A. Lee")
    return person


def restored_names(response):
    """The names of the fields that the script marks."""
    return response.context_data["restored_names"]


def test_a_restored_form_is_shown_as_typed_and_nothing_is_saved(admin_client, person):
    url = change_url(person)
    rows = {"aliases": [{"name": ""}, {"name": "Annie"}]}
    response = submit_form(admin_client, url, rows, name="", born="1951", _autosave=KEY, _restore="1")
    page = response.content.decode()
    assert response.status_code == 200
    assert restored_names(response) == ["name", "born", "aliases-2-name"]
    assert 'value="1951"' in page
    assert 'value="Annie"' in page
    assert "errornote" not in page
    assert "errorlist" not in page
    assert f'data-key="{KEY}"' in page
    assert response.cookies.keys() == {"csrftoken"}
    person.refresh_from_db()
    assert (person.name, person.born, person.aliases.count()) == ("Ann Lee", "1950", 1)


def test_a_restored_form_shows_what_others_changed_meanwhile(admin_client, person):
    url = change_url(person)
    data = read_form(admin_client, url)
    assert submit_form(admin_client, url, name="Anne Lee", sort_name="").status_code == 302
    response = admin_client.post(url, data | {"name": "Annie Lee", "_restore": "1"})
    assert [conflict.subject for conflict in response.context_data["conflicts"]] == ["Name of the person"]
    assert Person.objects.get().name == "Anne Lee"


@pytest.mark.parametrize(("key", "cookies"), [(KEY, [f"autosave-{KEY}"]), ("", []), ("a; path=/", []), ("A" * 41, [])])
def test_a_saved_form_sets_the_cookie_of_its_key(admin_client, person, key, cookies):
    response = submit_form(admin_client, change_url(person), born="1951", _autosave=key)
    assert response.status_code == 302
    assert [name for name in response.cookies if name.startswith("autosave")] == cookies
    assert all(response.cookies[name]["path"] == "/admin/" for name in cookies)


def test_a_refused_form_sets_no_cookie(admin_client, person):
    response = submit_form(admin_client, change_url(person), name="", _autosave=KEY)
    assert "errornote" in response.content.decode()
    assert response.cookies.keys() == {"csrftoken"}
