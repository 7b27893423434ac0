"""Autocompletes of related records, and the pop-up that adds a new one."""

import json
import re

import lxml.html
import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Character, Citation, Credit, Cue, Episode, Person, Role, Series
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url, change_url, form_errors, read_form, submit_form

RELATIONS = [
    (model, field.name)
    for model in admin.site._registry
    if model._meta.app_label == "catalog"
    for field in (*model._meta.fields, *model._meta.many_to_many)
    if field.related_model in admin.site._registry
    and getattr(field.remote_field, "through", model) is not Episode.characters.through
]


def request_options(client, model, field, term="", **more):
    """The response of a field's autocomplete."""
    names = {"app_label": "catalog", "model_name": model._meta.model_name, "field_name": field}
    return client.get(reverse("admin:autocomplete"), {**names, "term": term, **more})


def option_labels(client, *args, **more):
    """The labels of the options, in order."""
    return [result["text"] for result in request_options(client, *args, **more).json()["results"]]


def popup(response):
    """What the pop-up for a new record returns to the form."""
    assert response.status_code == 200
    page = lxml.html.document_fromstring(response.content)
    return json.loads(page.get_element_by_id("django-admin-popup-response-constants").get("data-popup-response"))


def test_every_relation_of_the_catalogue_is_chosen_by_autocomplete(soundtrack, admin_client):
    assert len(RELATIONS) >= 60
    for model, field in RELATIONS:
        results = request_options(admin_client, model, field).json()["results"]
        assert all(result["text"] and result["id"].isdigit() for result in results), (model, field)
        assert request_options(admin_client, model, field, "no such thing").json() == {
            "results": [],
            "pagination": {"more": False},
        }


def test_a_person_is_found_by_any_of_their_names(admin_client):
    person = make.person("Ti West")
    person.aliases.create(name="Timon")
    make.person("Lauren Yee")
    for term in ("ti we", "west, t", "TIMON", "ti-west"):
        assert option_labels(admin_client, Credit, "person", term) == ["Ti West"]
    assert len(option_labels(admin_client, Credit, "person")) == 2


def test_characters_of_the_series_of_the_form_come_first_with_their_series(admin_client):
    series, other_series = make.series("Here"), make.series("There")
    for owner in (other_series, series):
        for name in ("Sam", "Zoe"):
            make.character(owner, name)
    assert option_labels(admin_client, Cue, "performers", series=series.pk) == [
        "Sam (Here)",
        "Zoe (Here)",
        "Sam (There)",
        "Zoe (There)",
    ]
    assert option_labels(admin_client, Cue, "performers", "zoe", series=other_series.pk) == [
        "Zoe (There)",
        "Zoe (Here)",
    ]
    assert option_labels(admin_client, Cue, "performers", "there")[0] == "Sam (There)"
    for nonsense in ("x", "-1", "9" * 30, "٣", ""):
        assert len(option_labels(admin_client, Cue, "performers", series=nonsense)) == 4


def test_the_form_of_an_episode_asks_for_characters_of_its_series(admin_client):
    episode = make.episode()
    page = admin_client.get(change_url(episode)).content.decode()
    selects = re.findall(r'<select[^>]+data-field-name="(?:character|performers)"[^>]*>', page)
    assert len(selects) == 3
    assert all(f'/admin/autocomplete/?series={episode.series.pk}"' in select for select in selects)


@pytest.mark.parametrize("row", [{"page": "9" * 30}, {"page": "x"}, {"page": "-1"}, {"page": "0"}])
def test_a_missing_page_of_options_is_404(admin_client, row):
    assert request_options(admin_client, Citation, "source", **row).status_code == 404


def test_a_very_long_search_term_finds_nothing(admin_client):
    make.credit(make.episode())
    for term in ("a" * 10_000, "a " * 5_000, "%", "_", "\\", "'\"", "😀", "(", "\t\n", '"' * 99):
        for model, field in ((Citation, "credit"), (Citation, "person"), (Cue, "performers"), (Citation, "source")):
            assert request_options(admin_client, model, field, term).status_code == 200, (term[:9], field)


@pytest.mark.parametrize("field", ["credit", "person", "source"])
def test_only_the_first_words_of_a_search_term_count(admin_client, field):
    make.credit(make.episode())
    words = [f"word{number}" for number in range(20)]
    with CaptureQueriesContext(connection) as queries:
        assert option_labels(admin_client, Citation, field, " ".join(words)) == []
    sql = " ".join(query["sql"] for query in queries)
    assert "word0" in sql
    assert "word19" not in sql


@pytest.mark.parametrize(
    ("app", "model", "field", "status"),
    [
        ("catalog", "person", "credits", 403),
        ("catalog", "person", "name", 403),
        ("catalog", "person", "id", 403),
        ("catalog", "person", "moon", 403),
        ("catalog", "moon", "person", 403),
        ("moon", "credit", "person", 403),
        ("", "", "", 403),
        ("catalog", "credit.person", "person", 403),
        ("admin", "logentry", "user", 200),
        ("sessions", "session", "session_key", 403),
        ("catalog", "episode", "characters", 200),
    ],
)
def test_an_autocomplete_of_an_unknown_field_is_refused(admin_client, app, model, field, status):
    names = {"app_label": app, "model_name": model, "field_name": field}
    assert admin_client.get(reverse("admin:autocomplete"), names).status_code == status
    assert admin_client.get(reverse("admin:autocomplete")).status_code == 403


def test_a_nul_byte_is_refused_with_400(admin_client):
    assert request_options(admin_client, Citation, "source", "\x00").status_code == 400


def test_anonymous_users_get_no_options(client, db):
    make.person()
    assert request_options(client, Citation, "person").status_code == 302


def test_the_number_of_queries_does_not_grow_with_the_options(admin_client):
    for _ in range(2):
        make.credit(make.episode())
    with CaptureQueriesContext(connection) as before:
        assert len(option_labels(admin_client, Citation, "credit")) == 2
    for _ in range(15):
        make.credit(make.episode())
    with CaptureQueriesContext(connection) as after:
        assert len(option_labels(admin_client, Citation, "credit")) == 17
    assert len(after) == len(before)


def test_each_credit_row_has_a_link_to_add_a_person(admin_client):
    page = admin_client.get(change_url(make.episode())).content.decode()
    for field in ("person", "role", "character"):
        assert f'id="add_id_credits-__prefix__-{field}"' in page


def test_a_person_added_in_the_pop_up_is_selected_in_its_row(admin_client):
    url = admin_url(Person, "add") + "?_to_field=id&_popup=1"
    created = popup(admin_client.post(url, read_form(admin_client, url) | {"name": "New Director"}))
    assert created == {"value": str(Person.objects.get().pk), "obj": "New Director"}
    row = {"person": created["value"], "role": make.role().pk}
    episode = make.episode()
    assert submit_form(admin_client, change_url(episode), rows={"credits": [row]}).status_code == 302
    assert episode.credits.get().person.name == "New Director"


def test_a_new_character_belongs_to_the_series_of_the_form(admin_client):
    episode = make.episode()
    page = lxml.html.document_fromstring(admin_client.get(change_url(episode)).content)
    url = page.get_element_by_id("add_id_credits-__prefix__-character").get("href")
    assert popup(admin_client.post(url, read_form(admin_client, url) | {"name": "Nellie"}))["obj"] == "Nellie"
    assert Character.objects.get().series == episode.series


def test_the_pop_up_shows_errors(admin_client):
    url = admin_url(Person, "add") + "?_to_field=id&_popup=1"
    assert form_errors(admin_client.post(url, read_form(admin_client, url))) == ["This field is required."]


def test_a_form_with_an_error_keeps_the_selected_records(admin_client):
    person, role, episode = make.person("Ti West"), make.role(), make.episode()
    row = {"person": person.pk, "role": role.pk, "billing": "x"}
    response = submit_form(admin_client, change_url(episode), rows={"credits": [row]})
    assert form_errors(response) == ["Enter a whole number."]
    page = lxml.html.document_fromstring(response.content)
    assert page.get_element_by_id("id_credits-0-person").value == str(person.pk)
    assert "Ti West" in page.get_element_by_id("id_credits-0-person").text_content()


def test_invalid_initial_values_in_the_url_are_ignored(admin_client):
    series = make.series("Here")
    page = admin_client.get(admin_url(Character, "add"), {"series": series.pk}).content.decode()
    assert re.search(rf'<option value="{series.pk}" selected>\s*Here', page)
    for nonsense in ("x", "-1", "9" * 30, "1,2", "٣"):
        assert admin_client.get(admin_url(Character, "add"), {"series": nonsense}).status_code == 200
        assert admin_client.get(admin_url(Series, "add"), {"genres": nonsense}).status_code == 200


def test_roles_whose_name_begins_with_the_term_come_first(db, admin_client):
    department = make.role().department
    for position, name in enumerate(("Executive story editor", "Story editor", "Editor")):
        Role.objects.create(name=name, department=department, position=position)
    assert option_labels(admin_client, Credit, "role", "edito") == ["Editor", "Executive story editor", "Story editor"]
