"""What the pages of records share: sections in the order of the readers, "On this page", folded facts."""

import pytest

from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.views.presenters.section_headings import section_headings


def headings(page):
    """The ids of the sections in the order of the markup, which narrow screens show and the keyboard follows."""
    return [heading.get("id").removeprefix("h-") for heading in page.cssselect("article h2[id]")]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            '<h2 id="h-a">Cast</h2><p>x</p><h2 id="h-b"><a href="/x/">Work on A &amp; B</a></h2>',
            ["Cast", "Work on A & B"],
        ),
        ('<h2>No id</h2><h3 id="h-c">Lower</h3>', []),
        ('<h2 id="h-d">\nTwo\nlines</h2>', ["Two\nlines"]),
    ],
)
def test_headings_of_markup(markup, expected):
    assert [text.unescape() for _, text in section_headings(markup)] == expected


def test_a_long_page_lists_its_sections_in_their_order(soundtrack, client):
    for url, first in (
        ("/series/soundtrack/", ["matrix", "episodes", "cast", "facts", "crew", "production"]),
        ("/series/soundtrack/season-1/", ["matrix", "episodes", "facts", "src"]),
        ("/series/soundtrack/s01e03/", ["credits", "characters", "songs", "whole", "possible", "facts"]),
    ):
        page = page_parsing.get_page(client, url)
        assert headings(page)[: len(first)] == first, url
        links = [link.get("href").removeprefix("#h-") for link in page.cssselect("nav.contents a")]
        assert links == headings(page), url


def test_a_page_that_fits_on_two_screens_lists_no_sections_and_a_long_source_does(soundtrack, client):
    assert len(headings(page_parsing.get_page(client, "/people/markie-post/"))) == 4
    assert not page_parsing.get_page(client, "/people/markie-post/").cssselect("nav.contents")
    page = page_parsing.get_page(client, "/sources/soundtrack-article/")
    assert [link.get("href") for link in page.cssselect("nav.contents a")] == [f"#h-{name}" for name in headings(page)]


@pytest.mark.django_db
def test_a_short_page_has_no_table_of_contents_and_unknown_facts_are_folded(client):
    page = page_parsing.get_page(client, make.series(premiered="2019").get_absolute_url())
    assert not page.cssselect("nav.contents")
    (fold,) = page.cssselect(".record__facts details")
    total = len(fold.cssselect("[data-fact]"))
    assert page_parsing.text(fold.cssselect("summary")[0]) == f"{total} facts not known yet"
    assert [row.get("data-fact") for row in page.cssselect(".record__facts > dl > [data-fact]")] == ["premiered"]


def test_facts_after_the_sixth_are_folded_together(soundtrack, client):
    page = page_parsing.get_page(client, "/series/soundtrack/")
    assert len(page.cssselect(".record__facts > dl > [data-fact]")) == 6
    (fold,) = page.cssselect(".record__facts > details")
    total = len(fold.cssselect("[data-fact]"))
    assert page_parsing.text(fold.cssselect("summary")[0]) == f"{total} more facts"


@pytest.mark.django_db
def test_one_or_two_unknown_facts_stand_among_the_others(client):
    person = make.person(born="1970")
    make.credit(make.episode(), person)
    person.aliases.create(name="Ann")
    page = page_parsing.get_page(client, person.get_absolute_url())
    assert not page.cssselect(".record__facts details")
    assert "Not recorded" in page_parsing.text(page.cssselect("[data-fact=external_ids]")[0])
