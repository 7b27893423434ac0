"""Citing a source for several facts at once: for a record, or for those chosen in a list."""

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME

from catalog.models import CITABLE_MODELS, Citation, Edit, Episode, Person
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url, change_url, row_counts


def cite_page(record):
    """The address of the page."""
    return change_url(record).replace("/change/", "/cite/")


def sent(source, *facts, **fields):
    """What the form sends."""
    return {"facts_sent": "1", "source": source.pk, "facts": facts, "certainty": "", **fields}


def test_several_fields_of_a_record_get_one_citation_each_and_those_there_already_are_said(admin_client, editor):
    episode, source = make.episode(), make.source()
    Citation.objects.create(source=source, episode=episode, field="runtime", locator="§ 2")
    page = admin_client.get(cite_page(episode))
    assert page.status_code == 200
    assert cite_page(episode) in admin_client.get(change_url(episode)).content.decode()
    facts = {"certainty": "likely", "locator": "§ 2", "claim": "", "note": "Twice", "_edit_summary": "Read it"}
    response = admin_client.post(cite_page(episode), sent(source, "runtime", "air_date", "-", **facts), follow=True)
    assert "2 citations added. 1 stood there already." in response.content.decode()
    rows = episode.citations.order_by("field").values_list("field", "certainty", "locator", "note")
    assert list(rows) == [
        ("", "likely", "§ 2", "Twice"),
        ("air_date", "likely", "§ 2", "Twice"),
        ("runtime", "", "§ 2", ""),
    ]
    assert (Edit.objects.get().user, Edit.objects.get().reason) == (editor, "Read it")


@pytest.mark.parametrize(
    "wrong", [{"source": "99999"}, {"source": ""}, {"facts": []}, {"facts": ["nothing"]}, {"locator": "x" * 161}]
)
def test_what_cannot_be_cited_is_told_in_the_form(admin_client, wrong):
    person, source = make.person(), make.source()
    before = row_counts()
    response = admin_client.post(cite_page(person), sent(source, "name") | wrong)
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert row_counts() == before


def test_a_source_is_cited_for_all_records_chosen_in_a_list(admin_client):
    first, second, other = make.episode(), make.episode(), make.episode()
    source = make.source()
    chosen = {"action": "cite", ACTION_CHECKBOX_NAME: [first.pk, second.pk]}
    page = admin_client.post(admin_url(Episode), chosen)
    assert page.status_code == 200
    assert not Citation.objects.exists()
    assert page.content.decode().count(f'name="{ACTION_CHECKBOX_NAME}"') == 2
    assert admin_client.post(admin_url(Episode), chosen | sent(source, "air_date", "title")).status_code == 302
    assert Citation.objects.count() == 4
    assert not other.citations.exists()
    assert Edit.objects.get().kind == "bulk"


def test_every_kind_that_can_be_cited_has_the_action_and_no_other_has(admin_client, rf, editor):
    request = rf.get("/")
    request.user = editor
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label == "catalog":
            assert ("cite" in model_admin.get_actions(request)) == (model in CITABLE_MODELS.values()), model


def test_the_page_of_what_is_not_there_is_not_found(admin_client):
    for key in ("99999", "x", "9" * 30):
        assert admin_client.get(f"{admin_url(Person)}{key}/cite/").status_code == 404
