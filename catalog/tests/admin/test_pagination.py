"""Long lists are counted up to a limit and sorted by indexed columns; a search gives the same as Django's."""

import pytest
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from catalog.admin import base, changelist, pagination
from catalog.admin.changelist import NOT_SORTED_MESSAGE, search_fields_filter
from catalog.admin.pagination import RecordPaginator
from catalog.models import Credit, Episode
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url
from catalog.tests.admin.test_changelist import row_keys

TOTAL = 12


@pytest.fixture
def credits(db):
    """Credits of three roles, some with a character."""
    for number in range(TOTAL):
        episode = make.episode()
        credit = make.credit(episode, f"Person {number}", role_slug=("director", "writer", "editor")[number % 3])
        if number % 5 == 0:
            credit.character = make.character(episode.series, f"Character {number % 2}")
            credit.save()


@pytest.fixture
def short_limits(monkeypatch):
    """Count up to six records, and take tables of ten rows for long."""
    monkeypatch.setattr(pagination, "MAX_COUNTED", 6)
    monkeypatch.setattr(changelist, "MAX_SORTED_ROWS", 10)


@pytest.mark.parametrize("limit", [pagination.MAX_COUNTED, 5])
def test_a_record_that_meets_several_conditions_is_counted_once(credits, monkeypatch, limit):
    monkeypatch.setattr(pagination, "MAX_COUNTED", limit)
    for term in ("person", "director", "character", "character person", "person writer", "nobody", "nobody writer"):
        results = search_fields_filter(Credit.objects.all(), ("person__name", "character__name", "role__name"), term)
        assert RecordPaginator(results, 5).count == min(Paginator(results, 5).count, limit), term


def test_conditions_are_counted_by_the_index_of_each(credits):
    results = Credit.objects.filter(Q(person__in=[1, 2]) | Q(role__in=[1]), pilot_only=False)
    with CaptureQueriesContext(connection) as captured:
        assert RecordPaginator(results, 5).count == Paginator(results, 5).count
    assert "UNION" in captured[2]["sql"]
    assert captured[2]["sql"].count("pilot_only") == 2


def test_a_list_over_the_limit_says_so_and_ends_there(admin_client, credits, short_limits, monkeypatch):
    monkeypatch.setattr(base.RecordAdmin, "list_per_page", 5)
    page = admin_client.get(admin_url(Credit)).content.decode()
    assert "over 6 credits" in page
    keys = list(Credit.objects.order_by("-pk").values_list("pk", flat=True))
    assert row_keys(admin_client, Credit, "?p=2") == keys[5:10]
    assert admin_client.get(f"{admin_url(Credit)}?p=3").status_code == 302
    assert "4 credits" in admin_client.get(f"{admin_url(Credit)}?q=writer").content.decode()


def test_a_count_in_a_row_has_the_same_limit(admin_client, credits, short_limits):
    role = Credit.objects.filter(role__slug="writer").first().role
    for number in range(3):
        make.credit(make.episode(), f"Writer {number}", role_slug="writer")
    assert ">over 6</a>" in admin_client.get(admin_url(type(role))).content.decode()


def test_a_long_list_is_sorted_by_indexed_columns_only(admin_client, short_limits):
    season = make.season()
    for number in range(1, TOTAL + 1):
        make.episode(season, number, air_date=f"20{number:02}", runtime=60 - number)
    in_order = list(Episode.objects.order_by("number").values_list("pk", flat=True))
    by_date, by_runtime = admin_client.get(f"{admin_url(Episode)}?o=-4"), admin_client.get(f"{admin_url(Episode)}?o=5")
    assert row_keys(admin_client, Episode, "?o=-4") == in_order[::-1]
    assert NOT_SORTED_MESSAGE not in by_date.content.decode()
    assert row_keys(admin_client, Episode, "?o=5") == in_order
    assert NOT_SORTED_MESSAGE in by_runtime.content.decode()
    assert 'o=5"' not in by_date.content.decode(), "no link to sort by the running time"
    filtered = row_keys(admin_client, Episode, "?o=5&air_date_year=2003")
    assert filtered == [in_order[2]]


def test_a_list_that_takes_too_long_is_shown_without_its_search(admin_client, credits, monkeypatch):
    monkeypatch.setattr(base, "time_limit", interrupted)
    response = admin_client.get(f"{admin_url(Credit)}?q=writer", follow=True)
    assert base.TOO_SLOW_MESSAGE in response.content.decode()
    assert response.content.decode().count('class="action-select"') == TOTAL


def interrupted(deadline):
    """Stand in for a query that takes too long."""
    raise base.TimeLimitExceeded
