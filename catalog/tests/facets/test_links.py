"""The links of a list, all built from the selection in its URL: toggles, chips, "Show all", sort keys, pages."""

from urllib.parse import parse_qs, urljoin, urlsplit

import pytest

from catalog.tests import factories as make
from catalog.tests import page_parsing

pytestmark = pytest.mark.django_db


def test_every_link_of_the_list_keeps_the_sort_key(soundtrack, client):
    page = page_parsing.get_page(client, "/episodes/?director=ti-west&sort=title")
    links = page.cssselect("[data-facet] a[data-value], .chip")
    assert links
    for link in links:
        assert parse_qs(urlsplit(link.get("href")).query).get("sort") == ["title"], link.get("href")


def test_a_toggle_adds_a_value_and_the_same_toggle_removes_it(soundtrack, client):
    start = "/episodes/?writer=lauren-yee"
    page = page_parsing.get_page(client, start)
    (toggle,) = page.cssselect('[data-facet="director"] [data-value="ti-west"]')
    added = urljoin(start, toggle.get("href"))
    assert parse_qs(urlsplit(added).query) == {"writer": ["lauren-yee"], "director": ["ti-west"]}
    page = page_parsing.get_page(client, added)
    assert page_parsing.result_total(page) == int(toggle.get("data-count"))
    (toggle,) = page.cssselect('[data-facet="director"] [data-value="ti-west"]')
    assert parse_qs(urlsplit(toggle.get("href")).query) == {"writer": ["lauren-yee"]}


def test_each_count_is_the_total_of_its_link(soundtrack, client):
    for facet in ("director", "writer", "cast", "character", "season", "year"):
        for value in page_parsing.get_page(client, "/episodes/").cssselect(f'[data-facet="{facet}"] [data-value]')[:4]:
            filtered = page_parsing.get_page(client, urljoin("/episodes/", value.get("href")))
            assert page_parsing.result_total(filtered) == int(value.get("data-count")), value.get("href")


def test_show_all_lists_every_value_and_keeps_the_selection(soundtrack, client):
    page = page_parsing.get_page(client, "/episodes/?director=ti-west")
    (more,) = page.cssselect('[data-facet="crew"] a.facet__more')
    everybody = page_parsing.get_page(client, more.get("href"))
    listed = page_parsing.facet_values(everybody, "crew")
    assert f"Show all {len(listed)}" in page_parsing.text(more)
    assert len(listed) > 10
    values_on_list = page_parsing.facet_values(page, "crew")
    assert values_on_list.items() <= listed.items()
    first = everybody.cssselect('[data-facet="crew"] a')[0].get("href")
    assert "director=ti-west" in first
    matching = page_parsing.get_page(client, "/episodes/facets/crew/?find=yee")
    assert set(page_parsing.facet_values(matching, "crew")) == {"lauren-yee"}


@pytest.mark.parametrize("name", ["colour", "q", "sort", "page"])
def test_only_facets_have_a_page_of_values(soundtrack, client, name):
    assert client.get(f"/episodes/facets/{name}/").status_code == 404
    assert client.get("/people/facets/with/").status_code == 404


def test_each_selected_value_has_a_chip_and_clear_all_removes_them(soundtrack, client):
    page = page_parsing.get_page(client, "/episodes/?director=ti-west&writer=lauren-yee&q=a")
    assert len(page.cssselect(".chip")) == 3
    assert page.cssselect("a.chips__clear")[0].get("href") == "/episodes/"
    assert page.cssselect("meta[name=robots]")[0].get("content") == "noindex,follow"


def test_an_empty_result_shows_the_total_without_each_filter(soundtrack, client):
    page = page_parsing.get_page(client, "/episodes/?director=ti-west&cast=raul-castillo")
    offers = page.cssselect(".empty li a")
    assert len(offers) == 2
    for offer in offers:
        expected = page_parsing.result_total(page_parsing.get_page(client, urljoin("/episodes/", offer.get("href"))))
        assert f"{expected} episode" in page_parsing.text(offer)


def test_the_canonical_url_keeps_a_single_selected_value_only(soundtrack, client):
    def canonical(address):
        return page_parsing.get_page(client, address).cssselect("link[rel=canonical]")[0].get("href")

    assert canonical("/episodes/?director=ti-west") == "http://testserver/episodes/?director=ti-west"
    assert canonical("/episodes/?director=ti-west&sort=title").startswith(
        "http://testserver/episodes/?director=ti-west"
    )
    assert canonical("/episodes/?director=ti-west&writer=lauren-yee") == "http://testserver/episodes/"
    assert canonical("/episodes/?colour=red&page=1") == "http://testserver/episodes/"
    for number in range(60):
        make.person(f"Extra {number}")
    assert canonical("/people/?page=2&sort=-credits") == "http://testserver/people/?page=2"
