"""Citing a source for several facts at once: for one record, or for those selected in a changelist."""

import lxml.html
import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME

from catalog.models import CITABLE_MODELS, Citation, Edit, Episode, Person, Series
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url, change_url, row_counts


def cite_url(record):
    return change_url(record).replace("/change/", "/cite/")


def cite_data(source, *facts, **fields):
    """The data of the form."""
    return {"facts_sent": "1", "source": source.pk, "facts": facts, "certainty": "", **fields}


def test_each_selected_field_gets_a_citation_and_existing_ones_are_counted(admin_client, editor):
    episode, source = make.episode(runtime=50, air_date="2019"), make.source()
    Citation.objects.create(source=source, episode=episode, field="runtime", locator="§ 2")
    page = admin_client.get(cite_url(episode))
    assert page.status_code == 200
    assert cite_url(episode) in admin_client.get(change_url(episode)).content.decode()
    facts = {"certainty": "likely", "locator": "§ 2", "claim": "", "note": "Twice", "_edit_summary": "Read it"}
    response = admin_client.post(cite_url(episode), cite_data(source, "runtime", "air_date", "-", **facts), follow=True)
    assert "2 citations added. 1 existed already." in response.content.decode()
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
def test_invalid_citations_are_errors_of_the_form(admin_client, wrong):
    person, source = make.person(), make.source()
    before = row_counts()
    response = admin_client.post(cite_url(person), cite_data(source, "name") | wrong)
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert row_counts() == before


def test_a_source_is_cited_for_all_records_selected_in_the_changelist(admin_client):
    first, second, unselected = (make.episode(air_date="2019") for _ in range(3))
    source = make.source()
    action = {"action": "cite", ACTION_CHECKBOX_NAME: [first.pk, second.pk]}
    page = admin_client.post(admin_url(Episode), action)
    assert page.status_code == 200
    assert not Citation.objects.exists()
    assert page.content.decode().count(f'name="{ACTION_CHECKBOX_NAME}"') == 2
    assert admin_client.post(admin_url(Episode), action | cite_data(source, "air_date", "title")).status_code == 302
    assert Citation.objects.count() == 4
    assert not unselected.citations.exists()
    assert Edit.objects.get().kind == "bulk"


def test_exactly_the_citable_models_have_the_action(admin_client, rf, editor):
    request = rf.get("/")
    request.user = editor
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label == "catalog":
            assert ("cite" in model_admin.get_actions(request)) == (model in CITABLE_MODELS.values()), model


def test_the_page_of_a_missing_record_is_not_found(admin_client):
    for key in ("99999", "x", "9" * 30):
        assert admin_client.get(f"{admin_url(Person)}{key}/cite/").status_code == 404


def offered_facts(response):
    """The texts beside the checkboxes for facts, without that for the whole record."""
    page = lxml.html.document_fromstring(response.content.decode())
    return [" ".join(label.text_content().split()) for label in page.cssselect("#id_facts label")][1:]


def test_the_facts_of_a_record_are_offered_with_their_values_in_the_order_of_its_form(admin_client):
    episode = make.episode(make.season(), 3, title="Night", air_date="2019-12-18", synopsis="A plane falls. " * 10)
    facts = offered_facts(admin_client.get(cite_url(episode)))
    assert facts[:3] == ["Number in season: 3", "Title: Night", "Air date: 18 December 2019"]
    assert facts[3].startswith("Synopsis: A plane falls.")
    assert len(facts) == 4
    assert len(facts[3]) <= 100


def test_lists_and_relations_are_offered_in_words_and_empty_ones_are_not(admin_client):
    series = make.season(make.series("Gold", status="ended")).series
    assert offered_facts(admin_client.get(cite_url(series))) == ["Title: Gold", "Status: Ended", "Seasons: 1"]
    series.genres.set([make.genre("Drama"), make.genre("Comedy")])
    assert "Genres: Comedy, Drama" in offered_facts(admin_client.get(cite_url(series)))
    credit = make.credit(series, "Ann")
    assert offered_facts(admin_client.get(cite_url(credit))) == ["Person: Ann", "Role: Director"]


def test_of_several_records_those_are_cited_that_have_the_fact(admin_client):
    first, second, source = make.episode(runtime=50), make.episode(), make.source()
    action = {"action": "cite", ACTION_CHECKBOX_NAME: [first.pk, second.pk]}
    assert offered_facts(admin_client.post(admin_url(Episode), action)) == ["Number in season", "Title", "Running time"]
    response = admin_client.post(admin_url(Episode), action | cite_data(source, "runtime"), follow=True)
    assert "1 citation added. 1 not added: nothing is recorded there." in response.content.decode()
    assert Citation.objects.get().episode == first


def test_a_fact_that_is_empty_or_is_none_cannot_be_cited(admin_client):
    episode, source = make.episode(), make.source()
    for fact in ("runtime", "published_at", "picture", "credits"):
        assert admin_client.post(cite_url(episode), cite_data(source, fact)).status_code == 200
    assert not Citation.objects.exists()


def test_the_page_for_many_records_takes_as_many_queries_as_for_few(admin_client, django_assert_max_num_queries):
    keys = [make.series().pk for _ in range(12)]
    with django_assert_max_num_queries(25):
        admin_client.post(admin_url(Series), {"action": "cite", ACTION_CHECKBOX_NAME: keys})
