"""Every row, cell, date, number and name of the article is on the site, at its page, with its source beside it.

The facts are in ``the_article.py``, written from the article. That a source stands beside a fact means: a mark in
the same element leads into the page's list of sources, and the entry there is that source.
"""

import pytest
from django.urls import reverse
from lxml import html

from catalog.models.slug import slug_from
from catalog.tests.article_facts import (
    ARTICLE,
    COMPANIES,
    CREDITS,
    DISPUTES,
    EPISODES,
    EVENTS,
    INFOBOX,
    RELEASED,
    REVIEWS,
    SERIES,
    SONGS,
    STARRING,
    reference,
)


class Site:
    """The site's pages, each read once for all tests here: none changes a page, and to ask anew is half their time."""

    read = {}

    def __init__(self, client, request):
        self.client, self.request = client, request

    def page(self, address):
        """The ``<main>`` of a page."""
        if address not in self.read:
            self.request.getfixturevalue("soundtrack")
            response = self.client.get(address)
            assert response.status_code == 200, address
            self.read[address] = html.fromstring(response.content.decode()).cssselect("main")[0]
        return self.read[address]


@pytest.fixture
def site(db, client, request):
    """The site as a visitor sees it."""
    return Site(client, request)


def words(element):
    """The text of an element without its source marks, white space as a reader sees it."""
    return " ".join("".join(element.xpath(".//text()[not(ancestor::a[@class='ref'])]")).split())


def sources_of(element):
    """The slugs of the sources whose marks stand in ``element``; each mark leads to one entry of the page's list."""
    found, page = set(), element.getroottree().getroot()
    for mark in element.cssselect("a.ref"):
        (entry,) = page.cssselect(f"ol.sources > li{mark.get('href')}")
        found.add(entry.cssselect("a[href^='/sources/']")[-1].get("href").split("/")[2])
    return found


def beside(elements, text, source):
    """Whether one of ``elements`` says ``text`` with a mark of ``source`` in it."""
    return any(text in words(element) and source in sources_of(element) for element in elements)


def told(page, fact, text, source):
    """Whether a value of a fact begins with ``text`` and has a mark of ``source``: its own, else the whole fact's."""
    for element in page.cssselect(f"[data-fact='{fact}']"):
        values = element.cssselect("span.fact") or [element]
        for value in values:
            marked = value if any(value.cssselect("a.ref") for value in values) else element
            # Behind the value there may be a remark, but no more of its own words.
            if f"{words(value)} ".startswith(text) and source in sources_of(marked):
                return True
    return False


def holder(credit):
    """The line, row or list item in which a credit stands: name, marks and remarks."""
    return credit if credit.tag == "tr" else credit.xpath("ancestor::li[1]")[0]


def episode_page(number):
    """The address of the page of one episode."""
    return f"{SERIES}s01e{number:02}/"


def test_every_row_of_the_infobox_stands_on_the_page_of_the_series_with_its_source(site):
    page = site.page(SERIES)
    assert not [row for row in INFOBOX if not told(page, *row)]
    assert page.cssselect("[data-fact='premiered'] time")[0].get("datetime") == RELEASED


def test_no_row_of_the_infobox_says_more_than_is_said_somewhere(site):
    page = site.page(SERIES)
    for fact in {row[0] for row in INFOBOX} - {"title", "premise"}:
        shown = [words(value) for value in page.cssselect(f"[data-fact='{fact}'] span.fact")]
        known = {text for name, text, _ in INFOBOX if name == fact}
        assert len(shown) == len(known), (fact, shown)


def test_the_main_cast_stands_in_the_order_of_the_article_with_characters_and_sources(site):
    billing = site.page(SERIES).cssselect("ol.billing > li")
    assert [words(item.cssselect("[data-role='cast'] > a")[0]) for item in billing] == [name for name, _ in STARRING]
    for item, (_, character) in zip(billing, STARRING, strict=True):
        assert character in words(item)
        assert {ARTICLE, reference(3)} <= sources_of(item.cssselect("[data-role='cast']")[0])
        assert sources_of(item.cssselect("small")[0]), "the character has a source too"


def test_every_credit_on_the_series_stands_on_its_page_with_its_source(site):
    page = site.page(SERIES)
    for role, name, source, remark in CREDITS:
        credits = page.cssselect(f"[data-person='{slug_from(name)}'][data-role='{role}']")
        assert beside(credits, name, source), (role, name, source)
        assert any(remark in words(holder(credit)) for credit in credits), (role, name, remark)


def test_every_credit_stands_on_the_page_of_its_person_with_its_source(site):
    on_episodes = [
        (role, name, ARTICLE, title)
        for title, directors, writers, _ in EPISODES
        for role, names in (("director", directors), ("writer", writers))
        for name in names
    ]
    on_series = [(role, name, source, "Soundtrack") for role, name, source, _ in CREDITS]
    on_series += [("cast", name, ARTICLE, character) for name, character in STARRING]
    for role, name, source, said in on_episodes + on_series:
        page = site.page(f"/people/{slug_from(name)}/")
        assert words(page.cssselect("h1")[0]) == name
        assert beside(page.cssselect(f"tr[data-role='{role}']"), said, source), (role, name, said)


def test_every_cell_of_the_episode_table_stands_in_the_tables_of_series_and_season(site):
    for address in (SERIES, f"{SERIES}season-1/"):
        rows = site.page(address).cssselect("tr[data-slug]")
        assert len(rows) == 10
        for number, (row, (title, directors, writers, code)) in enumerate(zip(rows, EPISODES, strict=True), start=1):
            cells = row.cssselect("td")
            assert [words(cell) for cell in (cells[0], cells[2], cells[3], cells[5])] == [
                str(number),
                ", ".join(directors),
                ", ".join(writers),
                code,
            ]
            assert cells[1].cssselect("a")[0].text == title
            assert cells[1].cssselect("a")[0].get("href") == episode_page(number)
            assert ARTICLE in sources_of(cells[1])
            assert cells[4].cssselect("time")[0].get("datetime") == RELEASED


@pytest.mark.parametrize("number", range(1, 11))
def test_every_cell_of_an_episode_stands_on_its_page_with_its_source(site, number):
    page, (title, directors, writers, code) = site.page(episode_page(number)), EPISODES[number - 1]
    assert words(page.cssselect("h1")[0]) == title
    cells = [("title", title), ("number", f"{number} of 10"), ("overall_number", str(number))]
    cells += [("air_date", "18 December 2019"), ("production_code", code), ("network", "Netflix")]
    cells += [("director", name) for name in directors] + [("writer", name) for name in writers]
    assert not [cell for cell in cells if not told(page, cell[0], f"{cell[1]} ", ARTICLE)]
    for role, names in (("director", directors), ("writer", writers)):
        credits = page.cssselect(f".credits [data-role='{role}']")
        assert [words(credit.cssselect("a")[0]) for credit in credits] == names
        assert all(ARTICLE in sources_of(credit) for credit in credits)
    (synopsis,) = page.cssselect("[data-fact='synopsis']")
    assert len(words(synopsis)) > 60
    assert ARTICLE in sources_of(synopsis)


def test_the_characters_in_a_title_are_named_with_who_plays_them(site):
    played = {"Nellie": "Callie Hernandez", "Eleanor": "Callie Hernandez", "Sam": "Paul James"}
    played |= {"Joanna": "Jenna Dewan", "Dante": "Jahmil French", "Margot": "Madeleine Stowe"}
    played |= {"Frank": "Campbell Scott", "Annette": "Marianne Jean-Baptiste"}
    played |= {"Gigi": "Megan Ferguson", "Jean": "Megan Ferguson"}
    for number, (title, *_) in enumerate(EPISODES, start=1):
        shown = site.page(episode_page(number)).cssselect("li[data-fact='character']")
        expected = title.partition(": ")[2].split(" and ") if number != 10 else []
        assert [words(item.cssselect("b")[0]) for item in shown] == expected
        for item, name in zip(shown, expected, strict=True):
            assert f"played by {played[name]}" in words(item)
            assert ARTICLE in sources_of(item)


def test_writers_joined_by_an_ampersand_are_a_team_and_others_are_not_said_to_be_one(site):
    team = "team with Harrison Richlin"
    assert team in words(site.page(episode_page(3)))
    assert "team with" not in words(site.page(episode_page(7)))
    assert "team with" not in words(site.page(episode_page(10)))


def test_every_event_of_production_and_release_is_dated_and_sourced(site):
    events = site.page(SERIES).cssselect("li[data-fact='event']")
    for date, said, names, references in EVENTS:
        found = [
            event
            for event in events
            if [time.get("datetime") for time in event.cssselect("time")] == [date]
            and all(text in words(event) for text in [*said, *names])
        ]
        assert len(found) == 1, (date, said)
        assert {ARTICLE, *map(reference, references)} <= sources_of(found[0])
        for name in names:
            kind = "companies" if found[0].cssselect(f"a[href='/companies/{slug_from(name)}/']") else "people"
            record = site.page(f"/{kind}/{slug_from(name)}/")
            assert beside(record.cssselect("li[data-fact='event']"), said[0], ARTICLE), (date, name)
    dates = [time.get("datetime") for event in events for time in event.cssselect("time")]
    assert dates == sorted(dates, key=lambda date: f"{date}~"), "a half-known date follows the known days"


def test_its_reception_is_given_with_every_number(site):
    reviews = site.page(SERIES).cssselect("[data-fact='review']")
    for aggregator, said, source in REVIEWS:
        (found,) = [review for review in reviews if aggregator in words(review)]
        assert [text for text in said if text not in words(found)] == []
        assert source in sources_of(found)
    assert len(reviews) == len(REVIEWS)


def test_songs_stand_with_artist_performers_and_source_at_their_episode(site):
    for number, title, artist, performers, source in SONGS:
        page = site.page(episode_page(number) if number else SERIES)
        cues = [
            cue
            for cue in page.cssselect("[data-fact='cue']")
            if title in words(cue) and artist in words(cue) and source in sources_of(cue)
        ]
        assert len(cues) == 1, (number, title, artist)
        assert performers in words(cues[0])
        assert ("on screen" in words(cues[0])) == bool(performers)
    for number in (6, 8):
        assert "Not known for this episode" in words(site.page(episode_page(number)))


def test_where_sources_differ_both_claims_stand_together_each_with_its_source(site):
    for address, shown, claim in DISPUTES:
        said, source = claim.split("according to ")  # of several sources that say so, each is named
        flags = [flag for flag in site.page(address).cssselect(".dispute") if f"{said}according to" in words(flag)]
        flags = [flag for flag in flags if source in words(flag)]
        assert flags, (address, claim)
        assert all(sources_of(flag) for flag in flags)
        around = [flag.xpath("ancestor::*[@data-fact or self::li or self::tr][1]")[0] for flag in flags]
        assert any(shown in words(element) for element in around), (address, shown, claim)


def test_the_dates_of_death_stand_at_the_people_and_not_at_the_series(site):
    for slug, date, source in (
        ("markie-post", "2021-08-07", ARTICLE),
        ("jahmil-french", "2021-03-01", "firstpost-2021"),
    ):
        (died,) = site.page(f"/people/{slug}/").cssselect("[data-fact='died']")
        assert died.cssselect("time")[0].get("datetime") == date
        assert source in sources_of(died)
        assert date not in html.tostring(site.page(SERIES)).decode()


def test_companies_have_their_part_on_their_pages_with_its_source(site):
    for slug, part, source in COMPANIES:
        rows = site.page(f"/companies/{slug}/").cssselect("li[data-fact]")
        assert beside(rows, part, source), (slug, part)
    shown = site.page("/companies/netflix/").cssselect("[data-fact='availability']")
    assert [time.get("datetime") for time in shown[0].cssselect("time")] == [RELEASED, "2022-03-01"]
    assert {ARTICLE, reference(1)} <= sources_of(shown[0])


def test_the_eighteen_reference_marks_are_sources_and_none_that_was_not_found_has_a_title(site):
    found = {1, 3, 4, 16, 17, 18}  # those whose text or publisher is known
    for number in range(1, 19):
        page = site.page(reverse("source-detail", args=[reference(number)]))
        assert page.cssselect("li[data-fact='rest']"), f"no fact rests on reference {number}"
        assert f"reference {number}" in words(page).lower()
        assert ("Title and address not known" in words(page)) == (number not in found)
    for number in (2, 4, *range(5, 16), 17, 18):
        assert not site.page(f"/sources/{reference(number)}/").cssselect("a[rel='noopener']"), "an address made up"


def test_every_mark_of_every_page_of_the_article_leads_to_a_source(site):
    addresses = [SERIES, f"{SERIES}season-1/", *map(episode_page, range(1, 11))]
    for address in addresses:
        page = site.page(address)
        listed = [item.get("id") for item in page.cssselect("ol.sources > li")]
        marked = [mark.get("href")[1:] for mark in page.cssselect("a.ref")]
        assert set(marked) == set(listed), address
        assert list(dict.fromkeys(marked)) == listed, f"{address}: marks rise as one reads"
