"""Wikitext as plain lines: what templates, links, tags and lists become."""

import mwparserfromhell
import pytest

from catalog.sources.linked_people import LinkedPeople
from catalog.sources.series_claims import PersonClaim
from catalog.sources.wikitext import Renderer, link_pages


@pytest.mark.parametrize(
    ("wikitext", "text"),
    [
        ("A<br>B<br />C<br/>''D''", "A\nB\nC\nD"),
        ("{{ubl|A|[[B (actor)|B]]}}", "* A\n* B"),
        ("{{Plainlist|\n* A\n* B\n}}", "* A\n* B"),
        ("{{Columns-list|2|\n* A\n* B\n}}", "* A\n* B"),
        ("{{hlist|A|B}} {{Unbulleted list|C}}", "* A\n* B\n* C"),
        ("{{Start date|2000|9|29|df=y}}", "2000-09-29"),
        ("{{start date|df= yes|2005|2}}", "2005-02"),
        ("{{End date|present}}", "present"),
        ("{{Start date|2019|December|18}}", "18 December 2019"),
        ("3.2<ref name='a'>{{cite web|title=B}}</ref><ref name='a' />{{efn|C}}", "3.2"),
        ("<span style='color:grey;'><small>N/A</small></span>", "N/A"),
        ("A<span style='display: none'>B</span>", "A"),
        ("A <!-- Credited as B. Do not change -->& C", "A & C"),
        ("{{sortname|Ada|Holt}}", "Ada Holt"),
        ("{{nowrap|Ada Holt}} and {{ill|Ben Okri|de}}", "Ada Holt and Ben Okri"),
        ("{{StoryTeleplay|s=A|t=B}}", "Story by: A\nTeleplay by: B"),
        ("{{Duration|h=1|m=5}}", "1h 5 min"),
        ("A&nbsp;B &amp; C{{!}}D", "A B & C|D"),
        ("<nowiki>'</nowiki>A<nowiki>'</nowiki>", "'A'"),
        ("[[File:A.jpg|thumb|B]]C[[Category:D]]", "C"),
        ("[http://example.org/ A] http://example.org/", "A"),
        ("{{lang|ja|おもちゃ}} {{Unknown thing|A}}", "おもちゃ"),
        ("{{convert|{{{1}}}", "{{convert|"),
    ],
)
def test_text(wikitext, text):
    assert Renderer().text(mwparserfromhell.parse(wikitext)) == text


def test_unknown_templates_are_listed():
    renderer = Renderer()
    renderer.text(mwparserfromhell.parse("{{Wonder|A}}{{wonder}}{{nowrap|B}}"))
    assert list(renderer.unknown_templates) == ["wonder"]


PAGES = link_pages(
    mwparserfromhell.parse(
        """[[Anthony Head|Anthony Stewart Head]] [[Anthony Stewart Head]] [[Mako (actor)|Mako]] [[James Whitmore, Jr.]]
        [[Phil Lord and Chris Miller|Phil Lord]] [[Sam Poe (actor)|Sam Poe]] [[Sam Poe (writer)|Sam Poe]]
        [[List of characters#Ann|Ann]] [[Lough Films|Joss]] [[Ada Holt|Holt]] [[Ada_Holt]] [[File:Eve Stone.jpg]]"""
    ).filter_wikilinks(),
    Renderer(),
)


@pytest.mark.parametrize(
    ("name", "page", "other_names"),
    [
        ("Anthony Stewart Head", "Anthony Head", ("Anthony Head",)),
        ("Mako", "Mako (actor)", ()),
        ("James Whitmore Jr.", "James Whitmore, Jr.", ("James Whitmore, Jr.",)),
        ("Phil Lord", "", ()),  # a page about two people
        ("Sam Poe", "", ()),  # two people
        ("Ann", "", ()),  # a section of a page
        ("Joss", "", ()),  # not a page of that name
        ("Ada Holt", "Ada Holt", ()),  # a surname alone is no other name
        ("Somebody Else", "", ()),
    ],
)
def test_people_by_the_pages_that_are_linked(name, page, other_names):
    assert LinkedPeople(PAGES).claim(name) == PersonClaim(name, other_names=other_names, page=page)
