"""The front page: numbers of records, the newest series, the most frequent values."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.tests import factories as make
from catalog.tests import page_parsing

pytestmark = pytest.mark.django_db


def stats(page):
    """The numbers of the front page: ``{label: number}``."""
    return {
        page_parsing.text(s.cssselect("span")[0]): page_parsing.text(s.cssselect("b")[0])
        for s in page.cssselect(".stats li")
    }


def test_the_front_page_of_an_empty_catalogue_has_a_message(client):
    page = page_parsing.get_page(client, "/")
    assert stats(page) == {"series": "0", "episodes": "0", "people": "0", "credits": "0"}
    assert "No series listed yet" in page_parsing.text(page.cssselect("main")[0])


def test_numbers_count_visible_records_and_each_links_to_its_list(client):
    episode = make.episode(make.season(make.series("Shown")))
    make.credit(episode, "Ann")
    make.credit(episode, make.person(published_at=None))
    make.credit(make.series("Secret Plan", published_at=None), make.person("Bo"))
    make.episode(episode.season, published_at=None, title="Secret Part")
    page = page_parsing.get_page(client, "/")
    assert stats(page) == {"series": "1", "episodes": "1", "people": "2", "credits": "1"}
    assert "Secret" not in page_parsing.text(page)
    for label, path in (("series", "/series/"), ("episodes", "/episodes/"), ("people", "/people/")):
        assert page_parsing.result_total(page_parsing.get_page(client, path)) == int(stats(page)[label])


def test_credits_are_counted_without_outer_joins_and_without_those_that_drafts_hide(client):
    hidden, draft_season = make.series(published_at=None), make.season(published_at=None)
    episode, draft = make.episode(), make.episode(published_at=None)
    subjects = (
        hidden,
        make.season(hidden),
        make.episode(make.season(hidden, 2)),
        draft_season,
        make.episode(draft_season),
        draft,
    )
    for on in (*subjects, episode, episode.season, episode.season.series):
        make.credit(on)
        make.credit(on, make.person(published_at=None))
    with CaptureQueriesContext(connection) as captured:
        assert stats(page_parsing.get_page(client, "/"))["credits"] == "3"
    counts = [query["sql"] for query in captured if "COUNT(*)" in query["sql"] and "catalog_credit" in query["sql"]]
    assert len(counts) == 2
    assert [sql for sql in counts if "OUTER JOIN" in sql] == []


def test_the_newest_series_come_first_and_undated_ones_last(client):
    for title, premiered in (("Old", "1999"), ("Undated", None), ("New", "2020-05"), ("Newer", "2020-06-01")):
        make.series(title, premiered=premiered)
    shelf = page_parsing.get_page(client, "/").cssselect(".shelf h3")
    assert [page_parsing.text(heading) for heading in shelf] == ["Newer", "New", "Old"]


def test_the_most_frequent_values_have_the_counts_of_the_list(client):
    season, ann = make.season(), make.person("Ann")
    for _ in range(3):
        make.credit(make.episode(season), ann)
    make.credit(season.episodes.first(), "Bo")
    counts = page_parsing.get_page(client, "/").cssselect("section[aria-labelledby=h-director] .counts li")
    assert [item.cssselect("a")[0].get("href") for item in counts] == [
        f"/episodes/?director={slug}" for slug in ("ann", "bo")
    ]
    for item, total in zip(counts, (3, 1), strict=True):
        assert f"{total} episode" in page_parsing.text(item)
        assert page_parsing.result_total(page_parsing.get_page(client, item.cssselect("a")[0].get("href"))) == total
