"""The front page: numbers of records, the newest series, the most frequent values."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Credit
from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.views import home

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
    assert stats(page_parsing.get_page(client, "/"))["credits"] == "3"
    with CaptureQueriesContext(connection) as captured:
        assert Credit.objects.count_visible() == 3
    counts = [query["sql"] for query in captured if "COUNT(*)" in query["sql"] and "catalog_credit" in query["sql"]]
    assert len(counts) == 2
    assert [sql for sql in counts if "OUTER JOIN" in sql] == []


def test_numbers_follow_edits_while_the_index_holds_them(client):
    ann, bo = make.person("Ann"), make.person("Bo")
    episode = make.episode()
    credits = [make.credit(episode, person) for person in (ann, bo)]
    assert stats(page_parsing.get_page(client, "/")) == {"series": "1", "episodes": "1", "people": "2", "credits": "2"}
    make.credit(make.episode(episode.season), ann)
    assert stats(page_parsing.get_page(client, "/"))["credits"] == "3"
    credits[0].delete()
    assert stats(page_parsing.get_page(client, "/"))["credits"] == "2"
    bo.published_at = None
    bo.save()
    assert stats(page_parsing.get_page(client, "/"))["credits"] == "1"


def rows_of_series(page):
    """The titles of each row of covers by its heading."""
    rows = [row for row in page.cssselect("section.section") if row.cssselect(".covers")]
    return {
        page_parsing.text(row.cssselect("h2")[0]): [page_parsing.text(title) for title in row.cssselect(".covers b")]
        for row in rows
    }


def test_the_newest_series_is_shown_with_its_episodes_and_who_made_them(client):
    make.series("Old", premiered="1999")
    season, ann = make.season(make.series("New", premiered="2020-05")), make.person("Ann")
    for number in (1, 2):
        make.credit(make.episode(season, number, title=f"Part {number}"), ann)
    (shelf,) = page_parsing.get_page(client, "/").cssselect(".shelf")
    assert page_parsing.text(shelf.cssselect("h3")[0]) == "New"
    assert [page_parsing.text(title) for title in shelf.cssselect("td.title")] == ["Part 1", "Part 2"]
    assert [page_parsing.text(person) for person in shelf.cssselect(".matrix th[scope=row]")] == ["Ann"]


def test_other_series_stand_in_one_row_each_newest_first_and_undated_ones_last(client):
    for title, premiered in (("Old", "1999"), ("Undated", None), ("New", "2020-05"), ("Newer", "2020-06-01")):
        make.series(title, premiered=premiered)
    assert rows_of_series(page_parsing.get_page(client, "/")) == {"Newest": ["New", "Old", "Undated"]}


def test_complete_and_recently_changed_series_have_rows_and_empty_rows_are_left_out(client, monkeypatch):
    monkeypatch.setattr(home, "SERIES_PER_ROW", 1)
    first, second = make.series("First", premiered="2020"), make.series("Second", premiered="2019")
    complete, changed = make.series("Done", premiered="2018"), make.series("Changed", premiered="1950")
    half = make.series("Half", premiered="2017")
    for series, roles in ((complete, ("director", "writer")), (half, ("director",))):
        episode = make.episode(make.season(series))
        for role in roles:
            make.credit(episode, "Ann", role)
    make.episode(make.season(changed))
    assert rows_of_series(page_parsing.get_page(client, "/")) == {
        "Newest": ["Second"],
        "Complete: each episode with director and writer": ["Done"],
        "Recently changed": ["Changed"],
    }
    for series in (complete, changed, half, second):
        series.published_at = None
        series.save()
    assert rows_of_series(page_parsing.get_page(client, "/")) == {}
    assert first.title in page_parsing.text(page_parsing.get_page(client, "/").cssselect(".shelf")[0])


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


def test_a_facet_without_a_choice_is_left_out_and_roles_lead_to_people(client):
    season = make.season()
    for name, role in (("Ann", "director"), ("Bo", "writer")):
        make.credit(make.episode(season), name, role)
    page = page_parsing.get_page(client, "/")
    assert [heading.get("id") for heading in page.cssselect("h2[id]")] == ["h-series", "h-role"]
    links = [link.get("href") for link in page.cssselect("section[aria-labelledby=h-role] .counts a")]
    assert sorted(links) == ["/people/?role=director", "/people/?role=writer"]
