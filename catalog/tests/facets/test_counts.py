"""Totals and counts compared with the oracle: random catalogues and selections, every facet of every list."""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from catalog.facets.episode import EpisodeFacets
from catalog.facets.index.engine import IndexEngine
from catalog.facets.person import PersonFacets
from catalog.facets.series import SeriesFacets
from catalog.facets.sql_engine import SqlEngine
from catalog.tests import page_parsing
from catalog.tests.facets import oracle, suffix_oracle

pytestmark = pytest.mark.django_db

LISTS = {"episodes": oracle.episodes, "series": oracle.series, "people": oracle.people}
SELECTIONS = 8  # for each list in each catalogue


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_totals_and_counts_equal_those_of_plain_python(vocabulary, client, seed):
    rng = oracle.create_catalogue(seed)
    for name in LISTS:
        assert_counted(client, rng, name)


def assert_counted(client, rng, name):
    """The pages of a list show what the oracle computes, for random selections."""
    rows = LISTS[name]()
    assert len(rows) > 1, "an almost empty catalogue proves nothing"
    for _ in range(SELECTIONS):
        selection = oracle.random_selection(rng, rows)
        page = page_parsing.get_page(client, f"/{name}/?{urlencode(selection, doseq=True)}")
        slugs = page_parsing.result_slugs(page)
        assert len(slugs) == len(set(slugs)), f"{selection} repeats a row"
        assert set(slugs) == set(oracle.narrow(rows, selection)), selection
        assert page_parsing.result_total(page) == len(slugs)
        for facet in next(iter(rows.values())):
            if not oracle.has_block(rows, selection, facet):
                assert not page_parsing.facet_values(page, facet), (selection, facet)
                continue
            expected = oracle.count_values(oracle.narrow(rows, selection, without=facet), facet)
            selected = set(selection.get(facet, []))
            assert page_parsing.selected_values(page, facet) == selected, (selection, facet)
            if facet == "with":  # too many to list: only selected values are counted
                expected = {slug: expected[slug] for slug in selected}
            counts = page_parsing.facet_values(page, facet)
            if "__missing" in counts:
                remaining = oracle.narrow(rows, selection, without=facet).values()
                assert counts.pop("__missing") == sum(not values[facet] for values in remaining), (selection, facet)
            assert {slug: count for slug, count in counts.items() if count} == {
                slug: count for slug, count in expected.items() if count
            }, (selection, facet)


@pytest.mark.parametrize(
    ("seed", "engine", "selections"), [(4, IndexEngine, 20), (5, IndexEngine, 20), (6, SqlEngine, 2)]
)
def test_suffixes_roles_and_ranges_equal_plain_python(vocabulary, seed, engine, selections):
    rng = oracle.create_catalogue(seed)
    lists = (EpisodeFacets, suffix_oracle.episodes), (SeriesFacets, suffix_oracle.series), (PersonFacets, oracle.people)
    for facet_set, read_rows in lists:
        rows = read_rows()
        for _ in range(selections):
            assert_answered(facet_set, engine, rows, suffix_oracle.random_selection(rng, rows))


def assert_answered(facet_set, engine, rows, selection):
    """One engine answers a selection as the oracle does."""
    facets = facet_set(QueryDict(urlencode(selection, doseq=True)))
    facets.engines = (engine,)
    slug_by_key = {record.pk: record.slug for record in facets.queryset}
    slugs = [slug_by_key[key] for key in facets.engine.page_ids(0, 100)]
    assert sorted(slugs) == sorted(suffix_oracle.narrow(rows, selection)), selection
    for name, facet in facets.facets.items():
        if facet.lists_values:
            counts = {slug: count for _, slug, _, count in facets.engine.top_values(name)[0]}
            assert counts == suffix_oracle.count_values(rows, selection, name), (selection, name)
        if name != "with":
            expected = suffix_oracle.count_not_recorded(rows, selection, name)
            assert facets.not_recorded(name) == expected, (selection, name)


def test_the_lists_have_the_facets_of_the_contract():
    assert set(EpisodeFacets.base_filters) == {
        *("q", "series", "season", "director", "writer", "cast", "character", "crew", "person", "role", "genre"),
        *("network", "year", "artist", "song", "year__gte", "year__lte", "runtime__gte", "runtime__lte"),
    }
    assert set(SeriesFacets.base_filters) == {
        *("q", "genre", "network", "company", "country", "language", "status", "decade", "creator", "cast", "crew"),
        *("person", "role"),
    }
    assert set(PersonFacets.base_filters) == {"q", "role", "department", "series", "initial", "with"}
    assert list(EpisodeFacets.sorts) == ["-air_date", "air_date", "title", "series", "runtime"]
