"""Wherever a person or a series is chosen or suggested, namesakes are told apart."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.editing.person_matching import match_people
from catalog.models import Credit, Episode, Season
from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.tests.admin.admin_forms import admin_url, change_url
from catalog.tests.admin.test_autocomplete import option_labels

pytestmark = pytest.mark.django_db


@pytest.fixture
def namesakes():
    """Two series and two people of one name, and an episode on which both people have a credit."""
    first, second = make.series("The Office", premiered="2001"), make.series("The Office", premiered="2005")
    people = make.person("Ann Lee", born="1950"), make.person("Ann Lee")
    make.person("Bob West")
    episode = make.episode(make.season(second), title="Diwali")
    make.episode(make.season(first), title="Downsize")
    for person in people:
        make.credit(episode, person, "director")
    return episode, *people


def test_in_autocompletes(admin_client, namesakes):
    assert option_labels(admin_client, Credit, "person", "lee") == [
        "Ann Lee (born 1950)",
        "Ann Lee (Director on The Office)",
    ]
    assert option_labels(admin_client, Credit, "person", "bob") == ["Bob West"]
    assert option_labels(admin_client, Season, "series") == ["The Office (2001)", "The Office (2005)"]
    assert option_labels(admin_client, Episode, "season") == [
        "The Office, Season 1 (2001)",
        "The Office, Season 1 (2005)",
    ]


def selected_labels(page, name):
    return [page_parsing.text(option) for option in page.cssselect(f'select[name="{name}"] option[selected]')]


def test_in_the_rows_of_a_form(admin_client, namesakes):
    episode, *_ = namesakes
    page = page_parsing.get_page(admin_client, change_url(episode))
    labels = [*selected_labels(page, "credits-0-person"), *selected_labels(page, "credits-1-person")]
    assert labels == ["Ann Lee (born 1950)", "Ann Lee (Director on The Office)"]
    assert selected_labels(page, "season") == ["The Office, Season 1 (2005)"]


def test_the_rows_of_a_form_need_no_query_each(admin_client, namesakes):
    episode, *_ = namesakes
    totals = []
    for number in range(0, 20, 10):
        for _ in range(number):
            make.credit(episode, "Ann Lee", "director")
        with CaptureQueriesContext(connection) as queries:
            admin_client.get(change_url(episode))
        totals.append(len(queries))
    assert totals[0] == totals[1]


def test_in_suggestions_and_results_of_the_search(client, namesakes):
    suggestions = client.get("/search/suggest?q=ann+lee").json()["suggestions"]
    assert {item["note"] for item in suggestions} == {"Person, born 1950", "Person, Director on The Office"}
    suggestions = client.get("/search/suggest?q=the+office&kind=series").json()["suggestions"]
    assert {item["note"] for item in suggestions} == {"Series, 2001", "Series, 2005"}
    assert [item["note"] for item in client.get("/search/suggest?q=bob").json()["suggestions"]] == ["Person"]
    text = page_parsing.text(page_parsing.get_page(client, "/search/?q=ann+lee").cssselect("main")[0])
    assert "born 1950" in text
    assert "Director on The Office" in text


def facet_labels(page, facet):
    return [
        page_parsing.text(value.cssselect("span")[0])
        for value in page.cssselect(f'[data-facet="{facet}"] [data-value]')
    ]


def test_in_facets_and_chips(client, namesakes):
    _, first, _ = namesakes
    page = page_parsing.get_page(client, "/episodes/?director=ann-lee")
    expected = {"Ann Lee (born 1950)", "Ann Lee (Director on The Office)"}
    assert set(facet_labels(page, "director")) == expected | {"Not recorded"}
    assert set(facet_labels(page, "series")) == {"The Office (2005)"}
    assert page_parsing.text(page.cssselect(".chip b")[0]) == "Ann Lee (born 1950)"
    page = page_parsing.get_page(client, "/episodes/facets/director/")
    assert set(facet_labels(page, "director")) == expected | {"Not recorded"}
    make.credit(make.series("Soap"), "Cid", "creator")
    assert facet_labels(page_parsing.get_page(client, "/series/"), "creator") == ["Cid", "Not recorded"]


def test_facets_need_no_query_for_each_namesake(client, namesakes):
    episode, *_ = namesakes
    totals = []
    for number in (0, 4):
        for _ in range(number):
            make.credit(episode, "Ann Lee", "director")
        with CaptureQueriesContext(connection) as queries:
            client.get("/episodes/")
        totals.append(sum('"sort_key" IN' in query["sql"] for query in queries))
    assert totals == [2, 2]


def test_in_questions_of_pastes_and_typed_credits():
    first, second = make.person("Ann Lee"), make.person("Ann Lee")
    (match,) = match_people(["Ann Lee"]).values()
    assert match.labels == {first.pk: "Ann Lee, no credits [ann-lee]", second.pk: "Ann Lee, no credits [ann-lee-2]"}
    first.born = "1950"
    first.save()
    (match,) = match_people(["Ann Lee"]).values()
    assert match.labels == {first.pk: "Ann Lee (1950–), no credits", second.pk: "Ann Lee, no credits"}


def test_on_the_merge_page(admin_client, namesakes):
    _, first, second = namesakes
    url = admin_url(type(first), "merge")
    page = page_parsing.get_page(admin_client, f"{url}?ids={first.pk},{second.pk}")
    labels = [page_parsing.text(label) for label in page.cssselect(".merge__record label")]
    assert labels == ["Ann Lee (born 1950)", "Ann Lee (Director on The Office)"]
    page = page_parsing.get_page(admin_client, f"{url}?ids={first.pk}")
    assert "Ann Lee (born 1950)" in page_parsing.text(page.cssselect("#content")[0])
