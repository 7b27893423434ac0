"""A page of a long list is found among fewer records, and is the page that it was."""

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
    """Credits of three roles, with a character or another name here and there."""
    for number in range(TOTAL):
        episode = make.episode()
        given = {"credited_as": f"Name {number % 5}"} if number % 4 == 0 else {}
        credit = make.credit(
            episode, f"Person {number}", role_slug=("director", "writer", "editor")[number % 3], **given
        )
        if number % 5 == 0:
            credit.character = make.character(episode.series, f"Character {number % 2}")
            credit.save()


def test_each_page_is_a_slice_of_the_whole(credits):
    """All 42 orders and lengths over the same credits: to make them takes 0.4 s, to look at the pages of one 0.01."""
    wrong = []
    for order, length in product([falls + name for name in SORTED_BY for falls in ("", "-")], [1, 5, TOTAL + 1]):
        queryset = Credit.objects.order_by(order, "-pk")
        whole = list(queryset.values_list("pk", flat=True))
        assert len(whole) == TOTAL
        for start in range(0, TOTAL, length):
            page = page_slice(queryset, start, length, TOTAL).values_list("pk", flat=True)
            if list(page) != whole[start : start + length]:
                wrong.append((order, length, start))
    assert wrong == []


def test_roles_that_stand_alike_are_one_stretch(credits, monkeypatch):
    monkeypatch.setattr(Role._meta, "ordering", ["position"])
    Role.objects.update(position=1)
    queryset = Credit.objects.order_by("role", "-pk")
    whole = list(queryset.values_list("pk", flat=True))
    assert list(page_slice(queryset, 4, 4, TOTAL).values_list("pk", flat=True)) == whole[4:8]


def test_what_fulfils_several_conditions_is_counted_once(credits):
    for term in ("person", "director", "Name", "person writer", "nobody"):
        found = search_fields_filter(Credit.objects.all(), ("person__name", "credited_as", "role__name"), term)
        assert UnionCountPaginator(found, 5).count == Paginator(found, 5).count, term


def test_conditions_are_counted_by_the_index_of_each(credits):
    found = Credit.objects.filter(Q(person__in=[1, 2]) | Q(role__in=[1]), pilot_only=False)
    with CaptureQueriesContext(connection) as captured:
        assert UnionCountPaginator(found, 5).count == Paginator(found, 5).count
    assert "UNION" in captured[0]["sql"]
    assert captured[0]["sql"].count("pilot_only") == 2
