"""Long lists on the pages of records: one page number moves all of them on together."""

import pytest

from catalog.models import Citation, Credit, Song
from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.tests.views.test_episode import fact, people, section
from catalog.views import company as company_views
from catalog.views import episode as episode_views
from catalog.views import series as series_views
from catalog.views import source as source_views
from catalog.views.record_lists import RecordLists

TWO_ROWS = {"MAX_COLUMNS": 2, "ROWS_PER_PAGE": 2, "SEASONS_PER_PAGE": 2}


@pytest.fixture
def two_rows_a_page(monkeypatch, db):
    """Pages with two rows of each list."""
    for name, size in TWO_ROWS.items():
        monkeypatch.setattr(series_views, name, size)
    for views in (episode_views, company_views):
        monkeypatch.setattr(views, "ROWS_PER_PAGE", 2)
    monkeypatch.setattr(source_views, "FACTS_PER_PAGE", 2)
    monkeypatch.setattr(source_views, "REFERENCES_PER_PAGE", 2)


def page_links(page):
    """The texts and URLs of the links to other pages."""
    return [(page_parsing.text(link), link.get("href")) for link in page.cssselect("nav.pages a")]


def canonical(page):
    """The canonical path of a page."""
    return page.cssselect("link[rel=canonical]")[0].get("href").removeprefix("http://testserver")


def episodes_of(page):
    """The codes of the episodes in the tables of a page."""
    return [row.get("data-slug").partition("/")[2] for row in page.cssselect("tr[data-slug]")]


def facts_of(page):
    """The names of the records on a source's page."""
    return [page_parsing.text(link) for link in page.cssselect("li[data-fact=rest] a")]


@pytest.mark.parametrize(
    ("number", "total", "rows", "span", "has_more"),
    [
        (1, 0, [], "", False),
        (1, 3, [0, 1, 2], "", False),
        (1, 4, [0, 1, 2], "1–3 of 4", True),
        (2, 4, [3], "4–4 of 4", False),
        (2, 3, [], "", False),
        (400, 1200, [1197, 1198, 1199], "1,198–1,200 of 1,200", False),
    ],
)
def test_part_of_a_list(number, total, rows, span, has_more):
    part = RecordLists(number).part(list(range(total)), 3)
    assert (part.rows, part.total, part.span, part.has_more) == (rows, total, span, has_more)
    assert part.is_complete == (not span and len(rows) == total)


def test_pages_are_those_of_the_longest_list():
    for number, is_past_the_end in ((1, False), (3, False), (4, True)):
        lists = RecordLists(number)
        for total in (0, 7, 2):
            lists.part(list(range(total)), 3)
        assert (lists.page_count, lists.is_past_the_end) == (3, is_past_the_end)


def test_a_season_is_paged_with_the_matrix_of_each_page(client, two_rows_a_page):
    season = make.season(make.series("Daily"))
    for number in range(1, 6):
        episode = make.episode(season, number, air_date=f"2019-01-0{number}")
        make.credit(episode, f"Director {number}")
    make.episode(season, 6, air_date="2018", published_at=None, title="Secret")
    url = "/series/daily/season-1/"
    page = page_parsing.get_page(client, url)
    assert episodes_of(page) == ["s01e01", "s01e02"]
    assert fact(page, "episode_total") == "5 (not all listed yet)"
    assert fact(page, "air_date") == "1 January 20195 January 2019"
    assert "1–2 of 5" in page_parsing.text(section(page, "episodes"))
    matrix = section(page, "matrix")
    assert [page_parsing.text(name) for name in matrix.cssselect("th[scope=row]")] == ["Director 1", "Director 2"]
    assert "1–2 of 5" in page_parsing.text(matrix)
    assert page_links(page) == [("Page 2", "?page=2"), ("Page 3", "?page=3"), ("Next", "?page=2")]
    page = page_parsing.get_page(client, f"{url}?page=2")
    assert episodes_of(page) == ["s01e03", "s01e04"]
    assert (canonical(page), page_links(page)[1]) == (f"{url}?page=2", ("Page 1", url))
    assert page_parsing.text(page.cssselect("title")[0]).startswith("Season 1, Daily, page 2 –")
    assert episodes_of(page_parsing.get_page(client, f"{url}?page=3")) == ["s01e05"]
    for number in ("4", "0", "x", "-1", "2.5"):
        assert client.get(f"{url}?page={number}").status_code == 404, number


def test_what_fits_on_a_page_is_not_paged(client, two_rows_a_page):
    season = make.season(make.series("Short"))
    for number in (1, 2):
        make.credit(make.episode(season, number), "Ann")
    make.episode(season, 3, published_at=None)
    for url in ("/series/short/", "/series/short/season-1/"):
        page = page_parsing.get_page(client, url)
        assert (episodes_of(page), page_links(page)) == (["s01e01", "s01e02"], [])
        assert " of 2" not in page_parsing.text(page), url
        assert section(page, "seasons") is None
        assert client.get(f"{url}?page=2").status_code == 404
        assert canonical(page_parsing.get_page(client, f"{url}?page=1")) == url


def test_a_long_series_lists_its_seasons_with_totals(client, two_rows_a_page):
    series = make.series("Long", premiered="2018")
    for number, dates in ((0, []), (1, ["2018-11", "2019"]), (2, ["2020-01-01"])):
        season = make.season(series, number, title="The End" if number == 2 else "")
        for date in dates:
            make.credit(make.episode(season, air_date=date), f"Director {date}")
    make.episode(season, 2, last_number=3, published_at=None, title="Secret")
    make.season(series, 9, published_at=None)
    page = page_parsing.get_page(client, "/series/long/")
    seasons = [page_parsing.text(item) for item in section(page, "seasons").cssselect("li")]
    assert seasons == ["SpecialsNo episodes listed yet", "Season 12 episodes, 2018–2019"]
    assert "1–2 of 3" in page_parsing.text(section(page, "seasons"))
    assert episodes_of(page) == ["s01e01", "s01e02"]
    assert (fact(page, "season_total"), fact(page, "episode_total")) == (
        "3 (not all listed yet)",
        "3 (not all listed yet)",
    )
    page = page_parsing.get_page(client, "/series/long/?page=2")
    assert [page_parsing.text(item) for item in section(page, "seasons").cssselect("li")] == ["The End1 episode, 2020"]
    assert episodes_of(page) == ["s02e01"]
    assert page.cssselect("title")[0].text.startswith("Long (2018), page 2 –")
    description = page.cssselect("meta[name=description]")[0].get("content")
    assert description == "Long (2018): 3 seasons, 3 episodes.", "those of one page did not make the whole series"


def test_cast_crew_and_production_are_paged_together(client, two_rows_a_page):
    series = make.series("Crowd")
    for number in range(3):
        make.credit(series, f"Star {number}", "cast", kind="main", billing=number + 1)
        make.credit(series, f"Editor {number}", "editor", billing=number + 1)
        make.event(series, f"Event {number}", date=f"2019-0{number + 1}")
        make.character(series, f"Nobody {number}")
        series.cues.create(song=Song.objects.create(title=f"Song {number}"), position=number)
    make.credit(series, "Extra", "cast", kind="recurring")
    make.credit(series, make.person("Secret", published_at=None), "cast", kind="main")
    first, second = (page_parsing.get_page(client, f"/series/crowd/{query}") for query in ("", "?page=2"))
    assert [slug for slug, _ in people(section(first, "cast"))] == ["star-0", "star-1"]
    assert [slug for slug, _ in people(section(second, "cast"))] == ["star-2", "extra"]
    assert [slug for slug, _ in people(section(second, "crew"))] == ["editor-2"]
    assert "1–2 of 4" in page_parsing.text(section(first, "cast"))
    assert "Event 2" not in page_parsing.text(first)
    assert "Event 2" in page_parsing.text(section(second, "production"))
    nobody = [
        [page_parsing.text(item) for item in page.cssselect("li[data-fact=character]")] for page in (first, second)
    ]
    assert nobody == [["Nobody 0", "Nobody 1"], ["Nobody 2"]]
    assert "performer is not known1–2 of 3" in page_parsing.text(section(first, "cast"))
    assert "Song 2" in page_parsing.text(section(second, "songs"))
    assert "1–2 of 3" in page_parsing.text(section(first, "songs"))
    assert section(first, "cast").cssselect(".section__head a")[0].get("href") == "?page=2#h-cast"
    assert client.get("/series/crowd/?page=3").status_code == 404


@pytest.mark.django_db
def test_the_main_cast_comes_first():
    series = make.series()
    for name, fields in (
        ("Pilot", {"kind": "main", "pilot_only": True}),
        ("Guest", {"kind": "guest"}),
        ("Second", {"kind": "main", "billing": 2}),
        ("First", {"kind": "main", "billing": 1}),
    ):
        make.credit(series, name, "cast", **fields)
    make.credit(series, "Director")
    cast = [(credit.person.name, credit.is_main_cast) for credit in Credit.objects.filter(series=series).cast()]
    assert cast == [("First", True), ("Second", True), ("Guest", False), ("Pilot", False)]


def test_the_facts_of_a_source_are_paged_across_kinds_and_drafts_are_not_counted(client, two_rows_a_page):
    source = make.source("Paper")
    people_of_source = [make.person(name) for name in ("Ann", "Bo", "Cy")]
    people_of_source.insert(1, make.person("Secret", published_at=None))
    for person in people_of_source:
        Citation.objects.create(source=source, person=person)
    for series in (make.series("Secret plan", published_at=None), make.series("Gold"), make.series("Silver")):
        Citation.objects.create(source=source, series=series)
    for mark in ("10", "9", "1"):
        make.cited_source(part_of=source, mark=mark, slug=f"paper-{mark}")
    pages = [page_parsing.get_page(client, f"/sources/paper/{query}") for query in ("", "?page=2", "?page=3")]
    assert [facts_of(page) for page in pages] == [["Gold", "Silver"], ["Ann", "Bo"], ["Cy"]]
    assert "5 facts cite this source; this page shows 1–2 of 5." in page_parsing.text(pages[0])
    assert [[page_parsing.text(mark) for mark in page.cssselect(".sources li > :first-child")] for page in pages] == [
        ["1", "9"],
        ["10"],
        [],
    ]
    assert canonical(pages[1]) == "/sources/paper/?page=2"
    assert client.get("/sources/paper/?page=4").status_code == 404


def test_guests_of_an_episode_are_paged_and_directors_stay_among_the_facts(client, two_rows_a_page):
    episode = make.episode(make.season(make.series("Party")))
    make.credit(episode, "Ann")
    star = make.character(episode.series, "Star")
    for number in range(4):
        make.credit(episode, f"Guest {number}", "guest", billing=number + 1, character=star if number == 3 else None)
    make.credit(episode, make.person("Secret", published_at=None), "guest", billing=1)
    episode.features.create(character=star)
    for number in range(3):
        make.credit(episode.series, f"Producer {number}", "executive-producer", billing=number + 1)
    pages = [page_parsing.get_page(client, f"/series/party/s01e01/{query}") for query in ("", "?page=2", "?page=3")]
    credits = [slug for page in pages for slug, _ in people(section(page, "credits"))]
    assert sorted(credits) == ["ann", "guest-0", "guest-1", "guest-2", "guest-3"]
    assert [len(people(section(page, "credits"))) for page in pages] == [2, 2, 1]
    assert "3–4 of 5" in page_parsing.text(section(pages[1], "credits"))
    assert [fact(page, "director") for page in pages] == ["Ann"] * 3
    assert "played by Guest 3" in page_parsing.text(section(pages[0], "characters"))
    assert [section(page, "characters") is None for page in pages] == [False, True, True]
    assert [slug for slug, _ in people(section(pages[1], "whole"))] == ["producer-2"]
    assert section(pages[2], "whole") is None
    assert client.get("/series/party/s01e01/?page=4").status_code == 404


def test_the_series_of_a_company_are_paged_by_role_the_newest_first(client, two_rows_a_page):
    company = make.company("Studio")
    for year in (2001, 2003, 2002):
        make.series_company(make.series(f"Show {year}", premiered=str(year)), company, "production")
        make.event(make.series(f"Order {year}"), date=str(year)).companies.add(company)
    make.series_company(make.series("Undated"), company, "network")
    make.series_company(make.series("Secret", premiered="2020", published_at=None), company, "production")
    pages = [page_parsing.get_page(client, f"/companies/studio/{query}") for query in ("", "?page=2")]
    series = [[page_parsing.text(name) for name in section(page, "series").cssselect("li b")] for page in pages]
    assert series == [["Undated", "Show 2003", "Show 2002"], ["Show 2001"]]
    heading = page_parsing.text(section(pages[0], "series").cssselect(".section__head")[0])
    assert heading.startswith("SeriesProduction company 1–2 of 3, next")
    assert "Order 2003" in page_parsing.text(section(pages[1], "events"))
    assert page_parsing.text(pages[1].cssselect("title")[0]).startswith("Studio, page 2 –")
    assert client.get("/companies/studio/?page=3").status_code == 404
