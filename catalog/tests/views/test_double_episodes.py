"""Double episodes on the pages for visitors: they count as the numbers that they cover."""

import pytest

from catalog.models import Episode
from catalog.search import search
from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.tests.views.test_episode import fact, neighbours

pytestmark = pytest.mark.django_db


def make_season(*numbers, **fields):
    """A season with episodes of these numbers, a pair for a double episode."""
    season = make.season(make.series("Lost Kin", **fields))
    for number in numbers:
        first, last = number if isinstance(number, tuple) else (number, None)
        make.episode(season, first, last_number=last, title="")
    return season


def number_of(client, code):
    """The infobox row “Episode” of an episode's page."""
    return fact(page_parsing.get_page(client, f"/series/lost-kin/{code}/"), "number")


@pytest.mark.parametrize(
    ("numbers", "total", "infobox"),
    [
        ([(1, 2), 3, 4], "4", {"s01e01": "1–2 of 4", "s01e03": "3 of 4", "s01e04": "4 of 4"}),
        ([0, 1, 2, 3, 4, 5], "6", {"s01e00": "0", "s01e01": "1", "s01e05": "5"}),
        ([(0, 1), 2], "3", {"s01e00": "0–1", "s01e02": "2"}),
        ([1, (2, 4)], "4", {"s01e01": "1 of 4", "s01e02": "2–4 of 4"}),
        ([1, 2, 5], "3", {"s01e02": "2", "s01e05": "5"}),
        ([14, 15], "2", {"s01e14": "14", "s01e15": "15"}),
    ],
)
def test_a_season_counts_the_numbers_that_its_episodes_cover(client, numbers, total, infobox):
    season = make_season(*numbers, announced_episodes=int(total))
    page = page_parsing.get_page(client, season.get_absolute_url())
    assert fact(page, "episode_total") == total
    assert f"{total} episodes" in page.cssselect("meta[name=description]")[0].get("content")
    assert fact(page_parsing.get_page(client, "/series/lost-kin/"), "episode_total") == total
    assert {code: number_of(client, code) for code in infobox} == infobox


def test_tables_and_lists_show_both_numbers(client):
    season = make_season((1, 2), 3)
    person = make.person("Ada")
    for episode in season.episodes.all():
        make.credit(episode, person)
    for url in (season.get_absolute_url(), "/series/lost-kin/", "/people/ada/", "/"):
        numbers = page_parsing.get_page(client, url).cssselect("table.table td.n")
        assert [page_parsing.text(cell) for cell in numbers] == ["1–2", "3"], url
    page = page_parsing.get_page(client, "/episodes/?sort=series")
    assert [page_parsing.text(number) for number in page.cssselect(".ep__no")] == ["1–2", "3"]
    assert [page_parsing.text(title) for title in page.cssselect("article h3")] == ["Episodes 1–2", "Episode 3"]
    matrix = page_parsing.get_page(client, season.get_absolute_url()).cssselect("table.matrix")[0]
    assert [label.text for label in matrix.cssselect("thead text")] == ["1–2", "3"]
    assert "episodes 1–2, 3" in page_parsing.text(matrix)


def test_the_page_of_a_double_episode_has_both_numbers(client):
    season = make_season((1, 2), 3)
    season.episodes.filter(number=1).update(overall_number=14)
    page = page_parsing.get_page(client, "/series/lost-kin/s01e01/")
    assert page_parsing.text(page.cssselect("h1")[0]) == "Episodes 1–2"
    assert page_parsing.text(page.cssselect("nav[aria-label=Breadcrumb]")[0]).endswith("Episodes 1–2")
    assert "Lost Kin, season 1, episodes 1–2" in page.cssselect("meta[name=description]")[0].get("content")
    assert fact(page, "overall_number") == "14–15"
    assert neighbours(page) == (None, "/series/lost-kin/s01e03/")
    assert neighbours(page_parsing.get_page(client, "/series/lost-kin/s01e03/")) == ("/series/lost-kin/s01e01/", None)


@pytest.mark.parametrize(
    ("code", "target"),
    [("s01e02", "s01e01"), ("S1E2", "s01e01"), ("s01e04", "s01e03"), ("s01e05", "s01e03"), ("s01e1", "s01e01")],
)
def test_every_covered_number_leads_to_the_double_episode(client, code, target):
    make_season((1, 2), (3, 5), 6)
    response = client.get(f"/series/lost-kin/{code}/?from=x")
    assert (response.status_code, response.headers["Location"]) == (301, f"/series/lost-kin/{target}/?from=x")
    assert client.get(f"/series/lost-kin/{target}/").status_code == 200


def test_numbers_that_no_episode_covers_are_not_found(client):
    season = make_season((2, 3), 5)
    codes = ("s01e01", "s01e04", "s01e06", "s02e03", "s01e99999")
    assert [client.get(f"/series/lost-kin/{code}/").status_code for code in codes] == [404] * 5
    season.episodes.update(published_at=None)
    assert client.get("/series/lost-kin/s01e03/").status_code == 404


def test_the_cover_of_a_covered_number_is_that_of_the_double_episode(client):
    make_season((1, 2))
    images = [client.get(f"/sleeves/series/lost-kin/s01e0{number}.png") for number in (1, 2)]
    assert images[0].headers["ETag"] == images[1].headers["ETag"]


def test_covered_numbers_redirect_after_a_move(client):
    season = make_season((1, 2))
    episode = Episode.objects.get()
    episode.number, episode.last_number = 7, 8
    episode.save()
    for code in ("s01e01", "s01e02", "s01e08"):
        assert client.get(f"/series/lost-kin/{code}/").headers["Location"] == "/series/lost-kin/s01e07/"
    season = type(season).objects.get()
    season.number = 3
    season.save()
    for code in ("s01e01", "s01e02", "s01e07", "s01e08", "s03e08"):
        assert client.get(f"/series/lost-kin/{code}/").headers["Location"] == "/series/lost-kin/s03e07/"


def test_the_site_map_lists_a_double_episode_once(client):
    make_season((1, 2), 3)
    assert client.get("/sitemap-episodes.xml").content.count(b"<loc>") == 2


def test_search_finds_a_double_episode_by_each_number(client):
    season = make_season((1, 3), 4)
    episode = season.episodes.get(number=1)
    episode.overall_number = 14
    episode.save()
    for query in ("lost kin s01e02", "lost kin 1x03", "lost kin 2", "lost kin 15", "lost kin episode 3"):
        assert search(query).exact_match == episode, query
    assert search("lost kin s01e04").exact_match == season.episodes.get(number=4)
    assert search("lost kin s01e05").exact_match is None
    assert client.get("/search/suggest?q=lost kin s01e02").json()
