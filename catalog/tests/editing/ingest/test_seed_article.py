"""The article with which the catalogue began, compared with the fixture that was written from it."""

from collections import Counter

import pytest

from catalog.models import Citation, Series
from catalog.models.citation import KIND_BY_MODEL
from catalog.sources import wikipedia
from catalog.sources.series_claims import SourceFacts
from catalog.tests.editing.ingest.statements import compare
from catalog.tests.sources.real_files import FOLDER, HAS_FILES

ARTICLE = FOLDER.parent / "seed" / "soundtrack-article.txt"
pytestmark = pytest.mark.skipif(not HAS_FILES or not ARTICLE.is_file(), reason="SOURCE_CASES has no seed beside it")

# What the fixture has from the prose of the article, or from the titles of episodes: no reader takes it.
PROSE = {"production section", "casting section", "release section", "lead and production section"}
PROSE |= {"lead and episode table", "premise section", "casting section, date"}
OTHER = {
    ("person", "died", "lead"),  # of a guest of whom the article tells in a sentence
    ("credit", "", "lead"),
    ("season", "synopsis", "episode table, titles"),
    ("series", "seasons", "infobox: No. of seasons"),  # the seasons themselves are records
    ("availability", "", "lead"),
    ("availability", "", "infobox: Original network; release section"),
    ("availability", "since", "lead"),
    ("availability", "until", "infobox: Original network; release section"),
}


@pytest.fixture
def plan(soundtrack):
    claims = wikipedia.read_article(ARTICLE.read_text(), SourceFacts("Wikipedia", "Soundtrack (TV series)"))
    return compare(claims, series=Series.objects.get())


def test_the_article_states_nothing_that_the_fixture_lacks(plan):
    others = [
        f"{planned.label}, {fact.label}: {cell.words} {cell.state} {cell.note}"
        for planned in plan.records
        for fact in planned.facts
        for cell in fact.cells
        if not cell.is_cited
    ]
    assert others == []
    assert (plan.errors, plan.questions) == ([], [])
    assert Counter(type(planned.record).__name__ for planned in plan.records) == {
        "Series": 1, "Season": 1, "Episode": 10
    }  # fmt: skip


def test_the_fixture_cites_the_article_for_nothing_else(plan):
    stated = set()
    for planned in plan.records:
        for fact in planned.facts:
            for cell in fact.cells:
                record, field = (cell.row, "") if cell.row is not None else (planned.record, fact.name)
                stated.add((KIND_BY_MODEL[type(record)], record.pk, field))
    unexplained = []
    for citation in Citation.objects.filter(source__slug="soundtrack-article", feature=None, event=None):
        key = citation.target_kind, citation.field, citation.locator
        is_text = citation.field in ("synopsis", "premise") or citation.locator in PROSE
        if not is_text and key not in OTHER and (key[0], citation.target.pk, key[1]) not in stated:
            unexplained.append(f"{citation.target}, {citation.field}: {citation.locator}")
    assert unexplained == []


def test_the_rest_of_the_article_is_listed(plan):
    assert [sentence for _, sentence in plan.unmapped] == [
        "“networks” of the infobox has no place in the catalogue: Netflix (Until March 2022).",
        "The text has the marks of 18 references, but not the references themselves.",
    ]
