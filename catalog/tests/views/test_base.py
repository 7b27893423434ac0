"""What pages share: speculation rules, the search field of a long facet, marks in matching rows."""

import json
from urllib.parse import urljoin

import pytest
from django.test import Client
from django.urls import reverse

from catalog.tests import factories as make
from catalog.tests import page_parsing

pytestmark = pytest.mark.django_db


def test_every_page_names_the_speculation_rules_which_exclude_the_admin_and_files(client):
    series = make.episode().series
    for path in ("/", "/episodes/", series.get_absolute_url(), "/search/?q=x"):
        assert client.get(path)["Speculation-Rules"] == '"/speculation-rules.json"', path
    response = client.get(reverse("speculation-rules"))
    assert response["Content-Type"] == "application/speculationrules+json"
    ((rule,),) = json.loads(response.content).values()
    assert rule["eagerness"] == "moderate"
    everything, excluded, staff_links = rule["where"]["and"]
    assert everything == {"href_matches": "/*"}
    assert {"/media/*", "/static/*"} <= set(excluded["not"]["href_matches"])
    assert staff_links == {"not": {"selector_matches": ".staff a, .to-admin"}}


def test_no_link_to_the_admin_is_prefetched(admin_client):
    page = page_parsing.get_page(admin_client, make.episode().series.get_absolute_url())
    links = page.cssselect('a[href^="/admin/"]')
    assert [link.text for link in links] == ["Edit", "History", "Admin"]
    assert links == page.cssselect(".staff a, .to-admin")


@pytest.mark.parametrize(("path", "linked"), [("admin", [True, True]), ("backstage", [False, True])])
def test_an_admin_at_a_path_of_its_own_is_linked_for_users_only(client, admin_client, settings, path, linked):
    settings.ADMIN_PATH = path
    visitor = Client()
    pages = [page_parsing.get_page(browser, "/sources/") for browser in (visitor, admin_client)]
    assert [bool(page.cssselect(".foot .to-admin")) for page in pages] == linked
    assert (b"to-admin" in visitor.get("/moon/").content) is linked[0]
    assert (b"to-admin" in visitor.get("/%00").content) is linked[0]


def test_a_long_facet_has_a_search_field_that_keeps_the_selection(client):
    episode = make.episode()
    for number in range(31):
        make.credit(episode, f"Person {number:02}", "editor")
    make.credit(episode, "Ann", "director")
    page = page_parsing.get_page(client, "/episodes/?director=ann&sort=title")
    (form,) = page.cssselect("[data-facet=crew] form")
    assert not page.cssselect("[data-facet=director] form"), "a short one needs none"
    (field,) = form.cssselect("input[type=search]")
    assert field.get("aria-label") == "Find in crew"
    hidden = [(field.get("name"), field.get("value")) for field in form.cssselect("input[type=hidden]")]
    assert hidden == [("director", "ann")]
    values_page = page_parsing.get_page(client, f"{form.get('action')}?director=ann&{field.get('name')}=person+07")
    assert page_parsing.facet_values(values_page, "crew") == {"person-07": 1}
    assert page_parsing.text(values_page.cssselect(".chip b")[0]) == "Ann"
    (value,) = values_page.cssselect("[data-value]")
    narrowed = page_parsing.get_page(client, urljoin("/episodes/", value.get("href")))
    assert page_parsing.selected_values(narrowed, "crew") == {"person-07"}
    assert page_parsing.selected_values(narrowed, "director") == {"ann"}


def test_a_row_marks_selected_people_and_names_them_in_other_roles(client):
    season, ann = make.season(), make.person("Ann")
    first, second = make.episode(season), make.episode(season)
    make.credit(first, ann, "director")
    make.credit(first, ann, "editor")
    make.credit(second, ann, "composer")
    make.credit(second, "Bea", "director")
    make.credit(second, "Cy", "editor")
    page = page_parsing.get_page(client, "/episodes/?crew=ann&sort=series")
    marked = [
        [" ".join(page_parsing.text(part) for part in mark.xpath("ancestor::div[1]")) for mark in row.cssselect("mark")]
        for row in page.cssselect("article")
    ]
    assert marked == [["Directed by Ann", "Editor Ann"], ["Composer Ann"]]
    assert not page_parsing.get_page(client, "/episodes/").cssselect("mark")


def test_the_masthead_marks_the_section_of_a_page(client):
    episode = make.episode()
    make.credit(episode, "Ann")
    for path, name, current in (
        ("/episodes/", "Episodes", "page"),
        (episode.get_absolute_url(), "Episodes", "true"),
        (episode.season.get_absolute_url(), "Series", "true"),
        (episode.series.get_absolute_url(), "Series", "true"),
        ("/people/ann/", "People", "true"),
    ):
        (link,) = page_parsing.get_page(client, path).cssselect("header nav [aria-current]")
        assert (page_parsing.text(link), link.get("aria-current")) == (name, current), path


def test_a_co_worker_links_to_the_shared_episodes(soundtrack, client):
    for slug in ("ti-west", "joshua-safran"):
        page = page_parsing.get_page(client, f"/people/{slug}/")
        items = page.cssselect("[aria-labelledby=h-with] small")
        assert items, slug
        for comparison, episodes in (item.findall("a") for item in items):
            shared, url = int(page_parsing.text(comparison).split()[0]), episodes.get("href")
            total = page_parsing.result_total(page_parsing.get_page(client, url))
            assert 0 < shared <= total, url  # the list has episodes for which a credit of the series is, too
