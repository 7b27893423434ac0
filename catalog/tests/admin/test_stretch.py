"""A page of a long list is found among fewer records, and is the page that it was."""

import pytest
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from catalog.admin.listing import looked_for
from catalog.admin.stretch import Apart, stretch
from catalog.models import Credit, Role
from catalog.tests import factories as make

TOTAL = 12


@pytest.fixture
def credits(db):
    """Credits of three roles, with a character or another name here and there."""
    for number in range(TOTAL):
        episode = make.episode()
        given = {"credited_as": f"Name {number % 5}"} if number % 4 == 0 else {}
        credit = make.credit(episode, f"Person {number}", as_=("director", "writer", "editor")[number % 3], **given)
        if number % 5 == 0:
            credit.character = make.character(episode.series, f"Character {number % 2}")
            credit.save()


@pytest.mark.parametrize("sorted_by", ["role", "character", "credited_as", "person", "kind", "billing", "pk"])
@pytest.mark.parametrize("falls", ["", "-"])
@pytest.mark.parametrize("length", [1, 5, TOTAL + 1])
def test_each_page_is_a_slice_of_the_whole(credits, sorted_by, falls, length):
    queryset = Credit.objects.order_by(falls + sorted_by, "-pk")
    whole = list(queryset.values_list("pk", flat=True))
    for start in range(0, TOTAL, length):
        page = stretch(queryset, start, length, TOTAL).values_list("pk", flat=True)
        assert list(page) == whole[start : start + length]


def test_roles_that_stand_alike_are_one_stretch(credits, monkeypatch):
    monkeypatch.setattr(Role._meta, "ordering", ["position"])
    Role.objects.update(position=1)
    queryset = Credit.objects.order_by("role", "-pk")
    whole = list(queryset.values_list("pk", flat=True))
    assert list(stretch(queryset, 4, 4, TOTAL).values_list("pk", flat=True)) == whole[4:8]


@pytest.mark.parametrize("term", ["person", "director", "Name", "person writer", "nobody"])
def test_what_fulfils_several_conditions_is_counted_once(credits, term):
    found = looked_for(Credit.objects.all(), ("person__name", "credited_as", "role__name"), term)
    assert Apart(found, 5).count == Paginator(found, 5).count


def test_conditions_are_counted_by_the_index_of_each(credits):
    found = Credit.objects.filter(Q(person__in=[1, 2]) | Q(role__in=[1]), pilot_only=False)
    with CaptureQueriesContext(connection) as captured:
        assert Apart(found, 5).count == Paginator(found, 5).count
    assert "UNION" in captured[0]["sql"]
    assert captured[0]["sql"].count("pilot_only") == 2
