"""Texts of several paragraphs keep their line breaks on the pages."""

import pytest
from django.contrib.staticfiles import finders

from catalog.tests import factories as make
from catalog.tests import page_parsing

pytestmark = pytest.mark.django_db
TEXT = "First paragraph.\n\nSecond one:\n- a list\n- of two"


def series():
    """A series with a premise."""
    return make.series(premise=TEXT)


def season():
    """A season with an episode and a synopsis."""
    return make.episode(make.season(synopsis=TEXT)).season


def event():
    """A series with an event that has a note."""
    return make.event(make.series(), "Pilot ordered", note=TEXT).series


RECORDS = {
    "premise": series,
    "synopsis of a season": season,
    "synopsis of an episode": lambda: make.episode(synopsis=TEXT),
    "biography": lambda: make.person(biography=TEXT),
    "description of a company": lambda: make.company(description=TEXT),
    "note of an event": event,
    "note of a source": lambda: make.cited_source(note=TEXT),
}


@pytest.mark.parametrize("name", RECORDS)
def test_a_text_keeps_its_line_breaks(client, name):
    page = page_parsing.get_page(client, RECORDS[name]().get_absolute_url())
    assert [element.text for element in page.cssselect("main .prose")] == [TEXT]


def test_the_style_sheet_shows_line_breaks():
    with open(finders.find("catalog/site.css"), encoding="utf-8") as file:
        assert ".prose { white-space: pre-line; }" in file.read()


@pytest.mark.parametrize("name", ["premise", "synopsis of a season", "synopsis of an episode"])
def test_descriptions_for_search_engines_are_one_line(client, name):
    page = page_parsing.get_page(client, RECORDS[name]().get_absolute_url())
    (description,) = page.xpath("//meta[@name='description']/@content")
    assert description.startswith("First paragraph. Second one: - a list - of two")
