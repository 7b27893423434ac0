"""Totals and counts against the oracle: random catalogues, random selections, every facet of every list."""

from urllib.parse import urlencode

import pytest

from catalog.facets.episode import EpisodeFacets
from catalog.facets.person import PersonFacets
from catalog.facets.series import SeriesFacets
from catalog.tests import page_parsing
from catalog.tests.facets import oracle

pytestmark = pytest.mark.django_db

LISTS = {"episodes": oracle.episodes, "series": oracle.series, "people": oracle.people}
SELECTIONS = 8  # of each list in each catalogue


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_totals_and_counts_are_those_of_plain_python(vocabulary, client, seed):
    dice = oracle.make_catalogue(seed)
    for name in LISTS:
        assert_counted(client, dice, name)


def assert_counted(client, dice, name):
    """A list's pages show what the oracle works out, for random selections."""
    rows = LISTS[name]()
    assert len(rows) > 1, "a catalogue with next to nothing in it proves nothing"
    for _ in range(SELECTIONS):
        selection = oracle.random_selection(dice, rows)
        page = page_parsing.get_page(client, f"/{name}/?{urlencode(selection, doseq=True)}")
        found = page_parsing.result_slugs(page)
        assert len(found) == len(set(found)), f"{selection} doubles a row"
        assert set(found) == set(oracle.narrowed(rows, selection)), selection
        assert page_parsing.result_total(page) == len(found)
        for facet in next(iter(rows.values())):
            expected = oracle.counted(oracle.narrowed(rows, selection, without=facet), facet)
            chosen = set(selection.get(facet, []))
            assert page_parsing.selected_values(page, facet) == chosen, (selection, facet)
            if facet == "with":  # too many to list: only what is chosen is counted
                expected = {slug: expected[slug] for slug in chosen}
            shown = page_parsing.facet_values(page, facet)
            assert {slug: count for slug, count in shown.items() if count} == {
                slug: count for slug, count in expected.items() if count
            }, (selection, facet)


def test_every_facet_of_the_contract_is_there():
    assert set(EpisodeFacets.base_filters) == {
        *("q", "series", "season", "director", "writer", "cast", "character", "crew", "genre", "network", "year")
    }
    assert set(SeriesFacets.base_filters) == {
        *("q", "genre", "network", "company", "country", "language", "status", "decade", "creator", "cast", "crew")
    }
    assert set(PersonFacets.base_filters) == {"q", "role", "department", "series", "initial", "with"}
    assert list(EpisodeFacets.sorts) == ["-air_date", "air_date", "title", "series", "runtime"]
