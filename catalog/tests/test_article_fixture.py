"""Every fact of the article is on the right page of the site, with its source.

``article_facts.py`` has the facts. A fact has a source if a citation mark in the same element opens a list with a link
to that source.
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

pytestmark = pytest.mark.usefixtures("_stored_fixtures")  # before a transaction begins, which would undo it


class Site:
    """The site's pages, each requested once for all tests of this module, in half the time; no test changes them."""

    pages = {}

    def __init__(self, client, request):
        self.client, self.request = client, request

    def page(self, url):
        """The ``<main>`` element of a page."""
        if url not in self.pages:
            self.request.getfixturevalue("soundtrack")
            response = self.client.get(url)
            assert response.status_code == 200, url
            self.pages[url] = html.fromstring(response.content.decode()).cssselect("main")[0]
        return self.pages[url]


@pytest.fixture
def site(db, client, request):
    """The site as visitors see it."""
    return Site(client, request)


def text_of(element):
    """The text of an element without citation marks, with normalised white space."""
    return " ".join("".join(element.xpath(".//text()[not(ancestor::button[@class='ref'])]")).split())


def sources_of(element):
    """The slugs of the sources in the lists that the citation marks in ``element`` open."""
    slugs, page = set(), element.getroottree().getroot()
    for mark in element.cssselect("button.ref"):
        (popover,) = page.cssselect(f"ul#{mark.get('popovertarget')}[popover]")
        slugs |= {link.get("href").split("/")[2] for link in popover.cssselect("a[href^='/sources/']")}
    return slugs


def is_cited(elements, text, source):
    """True if one of ``elements`` contains ``text`` and a citation of ``source``."""
    return any(text in text_of(element) and source in sources_of(element) for element in elements)


def has_fact(page, fact, text, source):
    """True if a value of ``fact`` begins with ``text`` and has a citation of ``source``.

    If no value of the fact has citations, those of the whole fact count.
    """
    for element in page.cssselect(f"[data-fact='{fact}']"):
        values = element.cssselect("span.fact") or [element]
        for value in values:
            cited_element = value if any(value.cssselect("button.ref") for value in values) else element
            # A remark may follow the value, but no further word of the value itself.
            if f"{text_of(value)} ".startswith(text) and source in sources_of(cited_element):
                return True
    return False


def credit_row(credit):
    """The table row or list item of a credit, with citation marks and remarks."""
    return credit if credit.tag == "tr" else credit.xpath("ancestor::li[1]")[0]


def episode_url(number):
    """The URL of an episode's page."""
    return f"{SERIES}s01e{number:02}/"


def test_infobox_has_every_row_with_its_source(site):
    page = site.page(SERIES)
    assert not [row for row in INFOBOX if not has_fact(page, *row)]
    assert page.cssselect("[data-fact='premiered'] time")[0].get("datetime") == RELEASED


def test_infobox_has_no_other_values(site):
    page = site.page(SERIES)
    for fact in {row[0] for row in INFOBOX} - {"title", "premise"}:
        values = [text_of(value) for value in page.cssselect(f"[data-fact='{fact}'] span.fact")]
        expected = {text for name, text, _ in INFOBOX if name == fact}
        assert len(values) == len(expected), (fact, values)


def test_main_cast_is_in_the_order_of_the_article_with_characters_and_sources(site):
    billing = site.page(SERIES).cssselect("ol.billing > li")
    assert [text_of(item.cssselect("[data-role='cast'] > a")[0]) for item in billing] == [name for name, _ in STARRING]
    for item, (_, character) in zip(billing, STARRING, strict=True):
        assert character in text_of(item)
        assert {ARTICLE, reference(3)} <= sources_of(item.cssselect("[data-role='cast']")[0])
        assert sources_of(item.cssselect("small")[0]), "the character has a source too"


def test_series_page_has_every_credit_with_its_source(site):
    page = site.page(SERIES)
    for role, name, source, remark in CREDITS:
        credits = page.cssselect(f"[data-person='{slug_from(name)}'][data-role='{role}']")
        assert is_cited(credits, name, source), (role, name, source)
        assert any(remark in text_of(credit_row(credit)) for credit in credits), (role, name, remark)


def test_person_pages_have_every_credit_with_its_source(site):
    on_episodes = [
        (role, name, ARTICLE, title)
        for title, directors, writers, _ in EPISODES
        for role, names in (("director", directors), ("writer", writers))
        for name in names
    ]
    on_series = [(role, name, source, "Soundtrack") for role, name, source, _ in CREDITS]
    on_series += [("cast", name, ARTICLE, character) for name, character in STARRING]
    for role, name, source, text in on_episodes + on_series:
        page = site.page(f"/people/{slug_from(name)}/")
        assert text_of(page.cssselect("h1")[0]) == name
        assert is_cited(page.cssselect(f"tr[data-role='{role}']"), text, source), (role, name, text)


def test_episode_tables_of_series_and_season_have_every_cell(site):
    for url in (SERIES, f"{SERIES}season-1/"):
        rows = site.page(url).cssselect("tr[data-slug]")
        assert len(rows) == 10
        for number, (row, (title, directors, writers, code)) in enumerate(zip(rows, EPISODES, strict=True), start=1):
            cells = row.cssselect("td")
            assert [text_of(cell) for cell in (cells[0], cells[2], cells[3], cells[5])] == [
                str(number),
                ", ".join(directors),
                ", ".join(writers),
                code,
            ]
            assert cells[1].cssselect("a")[0].text == title
            assert cells[1].cssselect("a")[0].get("href") == episode_url(number)
            assert ARTICLE in sources_of(cells[1])
            assert cells[4].cssselect("time")[0].get("datetime") == RELEASED


@pytest.mark.parametrize("number", range(1, 11))
def test_episode_page_has_every_cell_with_its_source(site, number):
    page, (title, directors, writers, code) = site.page(episode_url(number)), EPISODES[number - 1]
    assert text_of(page.cssselect("h1")[0]) == title
    cells = [("title", title), ("number", f"{number} of 10"), ("overall_number", str(number))]
    cells += [("air_date", "18 December 2019"), ("production_code", code), ("network", "Netflix")]
    cells += [("director", name) for name in directors] + [("writer", name) for name in writers]
    assert not [cell for cell in cells if not has_fact(page, cell[0], f"{cell[1]} ", ARTICLE)]
    for role, names in (("director", directors), ("writer", writers)):
        credits = page.cssselect(f".credits [data-role='{role}']")
        assert [text_of(credit.cssselect("a")[0]) for credit in credits] == names
        assert all(ARTICLE in sources_of(credit) for credit in credits)
    (synopsis,) = page.cssselect("[data-fact='synopsis']")
    assert len(text_of(synopsis)) > 60
    assert ARTICLE in sources_of(synopsis)


def test_characters_in_a_title_are_listed_with_their_performers(site):
    performers = {"Nellie": "Callie Hernandez", "Eleanor": "Callie Hernandez", "Sam": "Paul James"}
    performers |= {"Joanna": "Jenna Dewan", "Dante": "Jahmil French", "Margot": "Madeleine Stowe"}
    performers |= {"Frank": "Campbell Scott", "Annette": "Marianne Jean-Baptiste"}
    performers |= {"Gigi": "Megan Ferguson", "Jean": "Megan Ferguson"}
    for number, (title, *_) in enumerate(EPISODES, start=1):
        items = site.page(episode_url(number)).cssselect("li[data-fact='character']")
        expected = title.partition(": ")[2].split(" and ") if number != 10 else []
        assert [text_of(item.cssselect("b")[0]) for item in items] == expected
        for item, name in zip(items, expected, strict=True):
            assert f"played by {performers[name]}" in text_of(item)
            assert ARTICLE in sources_of(item)


def test_only_writers_joined_by_an_ampersand_are_a_team(site):
    team = "team with Harrison Richlin"
    assert team in text_of(site.page(episode_url(3)))
    assert "team with" not in text_of(site.page(episode_url(7)))
    assert "team with" not in text_of(site.page(episode_url(10)))


def test_every_event_has_date_names_and_sources(site):
    events = site.page(SERIES).cssselect("li[data-fact='event']")
    for date, texts, names, references in EVENTS:
        matches = [
            event
            for event in events
            if [time.get("datetime") for time in event.cssselect("time")] == [date]
            and all(text in text_of(event) for text in [*texts, *names])
        ]
        assert len(matches) == 1, (date, texts)
        assert {ARTICLE, *map(reference, references)} <= sources_of(matches[0])
        for name in names:
            kind = "companies" if matches[0].cssselect(f"a[href='/companies/{slug_from(name)}/']") else "people"
            record = site.page(f"/{kind}/{slug_from(name)}/")
            assert is_cited(record.cssselect("li[data-fact='event']"), texts[0], ARTICLE), (date, name)
    dates = [time.get("datetime") for event in events for time in event.cssselect("time")]
    assert dates == sorted(dates, key=lambda date: f"{date}~"), "a partial date follows the known days"


def test_reviews_have_every_number(site):
    reviews = site.page(SERIES).cssselect("[data-fact='review']")
    for aggregator, texts, source in REVIEWS:
        (review,) = [review for review in reviews if aggregator in text_of(review)]
        assert [text for text in texts if text not in text_of(review)] == []
        assert source in sources_of(review)
    assert len(reviews) == len(REVIEWS)


def test_songs_have_artist_performers_and_source_on_the_page_of_their_episode(site):
    for number, title, artist, performers, source in SONGS:
        page = site.page(episode_url(number) if number else SERIES)
        cues = [
            cue
            for cue in page.cssselect("[data-fact='cue']")
            if title in text_of(cue) and artist in text_of(cue) and source in sources_of(cue)
        ]
        assert len(cues) == 1, (number, title, artist)
        assert performers in text_of(cues[0])
        assert ("on screen" in text_of(cues[0])) == bool(performers)
    for number in (6, 8):
        assert "Not known for this episode" in text_of(site.page(episode_url(number)))


def test_disputed_facts_have_both_claims_with_their_sources(site):
    for url, fact, dispute in DISPUTES:
        claim, source = dispute.split("according to ")  # the page may name several sources for a claim
        flags = [flag for flag in site.page(url).cssselect(".dispute") if f"{claim}according to" in text_of(flag)]
        flags = [flag for flag in flags if source in text_of(flag)]
        assert flags, (url, dispute)
        assert all(sources_of(flag) for flag in flags)
        parents = [flag.xpath("ancestor::*[@data-fact or self::li or self::tr][1]")[0] for flag in flags]
        assert any(fact in text_of(element) for element in parents), (url, fact, dispute)


def test_dates_of_death_are_on_the_pages_of_people_only(site):
    for slug, date, source in (
        ("markie-post", "2021-08-07", ARTICLE),
        ("jahmil-french", "2021-03-01", "firstpost-2021"),
    ):
        (died,) = site.page(f"/people/{slug}/").cssselect("[data-fact='died']")
        assert died.cssselect("time")[0].get("datetime") == date
        assert source in sources_of(died)
        assert date not in html.tostring(site.page(SERIES)).decode()


def test_company_pages_have_every_part_with_its_source(site):
    for slug, part, source in COMPANIES:
        rows = site.page(f"/companies/{slug}/").cssselect("li[data-fact]")
        assert is_cited(rows, part, source), (slug, part)
    entries = site.page("/companies/netflix/").cssselect("[data-fact='availability']")
    assert [time.get("datetime") for time in entries[0].cssselect("time")] == [RELEASED, "2022-03-01"]
    assert {ARTICLE, reference(1)} <= sources_of(entries[0])


def test_all_18_references_are_sources_and_unidentified_ones_have_no_title(site):
    identified = {1, 3, 4, 16, 17, 18}
    for number in range(1, 19):
        page = site.page(reverse("source-detail", args=[reference(number)]))
        assert page.cssselect("li[data-fact='rest']"), f"reference {number} is cited for nothing"
        assert f"reference {number}" in text_of(page).lower()
        assert ("Title and address not known" in text_of(page)) == (number not in identified)
    for number in (2, 4, *range(5, 16), 17, 18):
        assert not site.page(f"/sources/{reference(number)}/").cssselect("a[rel='noopener']"), "a link without a source"


def test_every_source_of_the_list_has_a_mark_and_each_set_of_sources_one_popover(site):
    for url in [SERIES, f"{SERIES}season-1/", *map(episode_url, range(1, 11))]:
        page = site.page(url)
        listed = [int(item.get("id").removeprefix("src-")) for item in page.cssselect("ol.sources > li")]
        popovers = {popover.get("id") for popover in page.cssselect("[popover]")}
        marked = [mark.get("popovertarget") for mark in page.cssselect("button.ref")]
        assert popovers == set(marked), url
        numbers = [int(number) for target in marked for number in target.split("-")[1:]]
        assert sorted(set(numbers)) == listed == list(range(1, len(listed) + 1)), url
        assert numbers[0] == 1, f"{url}: numbers rise down the page"


def test_every_disagreement_stands_in_the_section_at_the_end(site):
    page = site.page(SERIES)
    beside_facts = {text_of(claim) for claim in page.cssselect("details.dispute > p")}
    assert len(beside_facts) > 10
    assert {text_of(claim) for claim in page.cssselect(".disagreements dd")} == beside_facts
