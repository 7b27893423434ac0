"""Lists query only the rows of the page; search, sorting and counts work as in Django."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.admin.delete_preview import MAX_LISTED
from catalog.models import Credit, Episode, Person, Series
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url


def row_keys(client, model, query):
    """The keys of the rows on a list's page."""
    text = client.get(admin_url(model) + query).content.decode()
    return [int(key) for key in re.findall(r'name="_selected_action" value="(\d+)"', text)]


@pytest.fixture
def credits(db):
    """Three credits with different words."""
    series = make.series("Harbour Lights")
    episode = make.episode(make.season(series), title="The Ferry")
    return [
        make.credit(episode, "Ada Lind", role_slug="director"),
        make.credit(series, "Bo Ferry", role_slug="writer", credited_as="B. F."),
        make.credit(make.episode(), "Cy Lind", role_slug="writer"),
    ]


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("lind", [2, 0]),
        ("ferry", [1, 0]),  # a title and a name
        ("lind ferry", [0]),  # each word in one of the fields
        ("writer", [2, 1]),
        ("writer lind", [2]),
        ("b. f.", [1]),
        ('"B. F."', [1]),
        ("harbour", [1]),
        ("nobody", []),
        ("lind nobody", []),
    ],
)
def test_a_search_of_credits_reads_all_related_tables(admin_client, credits, term, expected):
    assert row_keys(admin_client, Credit, f"?q={term.replace(' ', '+')}") == [credits[index].pk for index in expected]


def test_a_list_is_sorted_by_a_count_in_both_directions(admin_client):
    series, longer_series = make.series("A"), make.series("B")
    for owner, seasons in ((series, 1), (longer_series, 3)):
        for number in range(seasons):
            make.season(owner, number=number)
    column = 5  # seasons
    assert row_keys(admin_client, Series, f"?o=-{column}") == [longer_series.pk, series.pk]
    assert row_keys(admin_client, Series, f"?o={column}") == [series.pk, longer_series.pk]
    assert row_keys(admin_client, Series, f"?o={column}.-1") == [series.pk, longer_series.pk]


def test_counts_are_computed_for_the_rows_of_the_page_only(admin_client, django_assert_max_num_queries):
    make.episode()
    with CaptureQueriesContext(connection) as captured:
        admin_client.get(admin_url(Episode))
    count_queries = [query["sql"] for query in captured if "_total" in query["sql"]]
    assert len(count_queries) == 1
    assert " IN (" in count_queries[0]


def test_the_preview_of_a_deletion_lists_at_most_a_hundred_blockers(admin_client):
    person = make.person()
    episode = make.episode()
    roles = [make.role(f"role-{number}") for number in range(MAX_LISTED + 2)]
    Credit.objects.bulk_create(Credit(person=person, role=role, episode=episode) for role in roles)
    with CaptureQueriesContext(connection) as captured:
        text = admin_client.get(admin_url(Person, "delete", person.pk)).content.decode()
    assert text.count("<li>Credit: ") == MAX_LISTED
    assert "<li>and more</li>" in text
    assert len(captured) < 40
