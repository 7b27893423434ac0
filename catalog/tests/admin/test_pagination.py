"""``page_slice`` and UnionCountPaginator give the same as Django's slice and count."""

from itertools import product

import pytest
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from catalog.admin.changelist import search_fields_filter
from catalog.admin.pagination import UnionCountPaginator, page_slice
from catalog.models import Credit, Role
from catalog.tests import factories as make

TOTAL = 12
SORTED_BY = ["role", "character", "credited_as", "person", "kind", "billing", "pk"]


@pytest.fixture
@make.deferred_indexing()
def credits(db):
    """Credits of three roles, some with a character or a credited name."""
    for number in range(TOTAL):
        episode = make.episode()
        fields = {"credited_as": f"Name {number % 5}"} if number % 4 == 0 else {}
        credit = make.credit(
            episode, f"Person {number}", role_slug=("director", "writer", "editor")[number % 3], **fields
        )
        if number % 5 == 0:
            credit.character = make.character(episode.series, f"Character {number % 2}")
            credit.save()


def test_each_page_is_a_slice_of_the_keys(credits):
    """All 42 orders and lengths in one test, since creating the credits takes 0.4 s."""
    wrong = []
    for order, length in product([sign + name for name in SORTED_BY for sign in ("", "-")], [1, 5, TOTAL + 1]):
        queryset = Credit.objects.order_by(order, "-pk")
        keys = list(queryset.values_list("pk", flat=True))
        assert len(keys) == TOTAL
        for start in range(0, TOTAL, length):
            page = page_slice(queryset, start, length, TOTAL).values_list("pk", flat=True)
            if list(page) != keys[start : start + length]:
                wrong.append((order, length, start))
    assert wrong == []


def test_roles_at_the_same_position_are_one_range(credits, monkeypatch):
    monkeypatch.setattr(Role._meta, "ordering", ["position"])
    Role.objects.update(position=1)
    queryset = Credit.objects.order_by("role", "-pk")
    keys = list(queryset.values_list("pk", flat=True))
    assert list(page_slice(queryset, 4, 4, TOTAL).values_list("pk", flat=True)) == keys[4:8]


def test_a_record_that_meets_several_conditions_is_counted_once(credits):
    for term in ("person", "director", "Name", "person writer", "nobody"):
        results = search_fields_filter(Credit.objects.all(), ("person__name", "credited_as", "role__name"), term)
        assert UnionCountPaginator(results, 5).count == Paginator(results, 5).count, term


def test_conditions_are_counted_by_the_index_of_each(credits):
    results = Credit.objects.filter(Q(person__in=[1, 2]) | Q(role__in=[1]), pilot_only=False)
    with CaptureQueriesContext(connection) as captured:
        assert UnionCountPaginator(results, 5).count == Paginator(results, 5).count
    assert "UNION" in captured[0]["sql"]
    assert captured[0]["sql"].count("pilot_only") == 2
