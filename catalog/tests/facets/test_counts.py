"""Totals and counts compared with the oracle: random catalogues and selections, every facet of every list."""

from urllib.parse import urlencode

import pytest

from catalog.facets.episode import EpisodeFacets
from catalog.facets.person import PersonFacets
from catalog.facets.series import SeriesFacets
from catalog.tests import page_parsing
from catalog.tests.facets import oracle

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
            assert {slug: count for slug, count in counts.items() if count} == {
                slug: count for slug, count in expected.items() if count
            }, (selection, facet)


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
