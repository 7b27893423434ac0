"""While the index of a list is being read, its pages show rows without counts, soon, and are not cached."""

import pytest

from catalog.facets import person, uncounted_engine
from catalog.facets.index import engine
from catalog.models import Season
from catalog.tests import factories as make
from catalog.tests.facets.test_index import create_catalogue
from catalog.views.episode import EpisodeList


@pytest.fixture
def catalogue(db, monkeypatch):
    """The catalogue of test_index, whose indexes are being read; three episodes on a page."""
    create_catalogue()
    monkeypatch.setattr(engine, "current_snapshot", lambda facet_set: None)
    monkeypatch.setattr(EpisodeList, "page_size", 3)


def get(client, url):
    """Return the text of a page, which must not be cached."""
    response = client.get(url)
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store"), url
    assert "ETag" not in response.headers
    return response.content.decode()


def slugs(page):
    """Return the slugs of the rows."""
    return [part.partition('"')[0] for part in page.split('data-slug="')[1:]]


@pytest.mark.parametrize(
    ("url", "rows"),
    [
        ("/episodes/", ["one/s01e02", "two/s01e02", "one/s01e01"]),
        ("/episodes/?page=2", ["two/s01e01"]),
        ("/episodes/?director=bob&sort=title", ["one/s01e01", "two/s01e01"]),
        ("/episodes/?director=nobody", []),
        ("/episodes/?q=two", ["two/s01e02", "two/s01e01"]),
        ("/episodes/?director=bob&director__not=nobody&year__missing=1", []),
        ("/series/?cast=ann", ["one"]),
        ("/people/?role=director", ["bob", "cid"]),
    ],
)
def test_rows_are_shown_without_counts(client, catalogue, url, rows):
    page = get(client, url)
    assert slugs(page) == rows
    assert "are being counted" in page
    assert "in no order" not in page
    for mark in ("data-total", "data-count", "data-facet"):
        assert mark not in page
    assert ("match</p>" in page) == (not rows)


def test_pages_lead_to_the_next_until_the_last(client, catalogue):
    assert ['rel="next"' in get(client, f"/episodes/?page={number}") for number in (1, 2)] == [True, False]
    for number in ("3", "99", "x"):
        assert client.get(f"/episodes/?page={number}").status_code == 404


def test_selected_values_can_be_removed(client, catalogue):
    page = get(client, "/episodes/?director=bob&director=nobody&year=2001")
    assert page.count('class="chip"') == 3
    assert page.count("not in the catalogue") == 1


def test_rows_that_take_too_long_to_sort_are_shown_in_any_order(client, catalogue, monkeypatch):
    monkeypatch.setattr(uncounted_engine, "MAX_SORT_SECONDS", 0)
    page = get(client, "/episodes/?director=bob")
    assert sorted(slugs(page)) == ["one/s01e01", "two/s01e01"]
    assert "Until then they are in no order" in page


@pytest.mark.parametrize(
    "url", ["/episodes/facets/director/", "/people/facets/role/?find=a", "/episodes/facets/cast/?as=block"]
)
def test_a_page_of_counts_says_that_they_are_being_prepared(client, catalogue, url):
    assert "Counts are being prepared</h1>" in get(client, url)


def test_a_list_that_takes_too_long_says_so(client, catalogue, monkeypatch):
    monkeypatch.setattr(uncounted_engine, "MAX_SORT_SECONDS", 0)
    monkeypatch.setattr(uncounted_engine, "MAX_SECONDS", 0)
    for url in ("/episodes/", "/episodes/?director=bob"):
        assert "Counts are being prepared</h1>" in get(client, url)
    assert client.get("/episodes/facets/no-such/").status_code == 404


def test_who_worked_with_somebody_waits_for_the_index_of_episodes(client, catalogue, monkeypatch):
    monkeypatch.undo()
    assert 'data-total="2"' in client.get("/people/?with=ann").content.decode()
    monkeypatch.setattr(person, "current_snapshot", lambda facet_set: None)
    assert "Counts are being prepared</h1>" in get(client, "/people/?with=ann")


def test_the_front_page_has_no_values_to_browse_until_they_are_counted(client, catalogue, monkeypatch):
    make.episode(Season.objects.first(), 3)
    assert "/episodes/facets/" not in get(client, "/")
    monkeypatch.undo()
    response = client.get("/")
    assert "?director=" in response.content.decode()
    assert "ETag" in response.headers


def test_the_next_request_has_the_counts(client, catalogue, monkeypatch):
    get(client, "/episodes/")
    monkeypatch.undo()
    response = client.get("/episodes/")
    assert 'data-total="4"' in response.content.decode()
    assert "ETag" in response.headers
