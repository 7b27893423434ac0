"""The article with which the catalogue began, compared with the fixture that was written from it."""

import json
from collections import Counter

import pytest
from django.conf import settings

from catalog.editing.ingest.write import write_import
from catalog.models import Citation, Credit, Edit, Episode, Review, Series, record_edit
from catalog.models.citation import KIND_BY_MODEL, UNCITED_FIELDS
from catalog.sources import wikipedia
from catalog.sources.series_claims import SourceFacts
from catalog.tests.editing.ingest.statements import compare
from catalog.tests.sources.real_files import FOLDER, HAS_FILES

ARTICLE = FOLDER.parent / "seed" / "soundtrack-article.txt"
pytestmark = pytest.mark.skipif(not HAS_FILES or not ARTICLE.is_file(), reason="SOURCE_CASES has no seed beside it")

# What the fixture has from the prose of the article, or from the titles of episodes: no reader takes it.
PROSE = {"production section", "casting section", "release section", "premise section"}
OTHER = {
    ("person", "died", "lead"),  # of a guest of whom the article tells in a sentence
    ("season", "synopsis", "episode table, titles"),
    ("series", "seasons", "infobox: No. of seasons"),  # the seasons themselves are records
    ("availability", "", "lead"),
    ("availability", "", "infobox: Original network; release section"),
    ("availability", "since", "lead"),
    ("availability", "until", "infobox: Original network; release section"),
}


PEOPLE_OF_A_SENTENCE = {"markie-post"}
# Facts of a credit that the fixture has from other sources, or that a single credit in a role does not need.
CREDIT_FACTS = ("kind", "credited_as", "for_some_episodes", "note")
FROM_OTHER_SOURCES = {"content_rating"}


def read_article():
    return wikipedia.read_article(ARTICLE.read_text(), SourceFacts("Wikipedia", "Soundtrack (TV series)"))


@pytest.fixture
def plan(soundtrack):
    return compare(read_article(), series=Series.objects.get())


@pytest.fixture
def imported(vocabulary):
    """The series of an empty catalogue into which the article was imported."""
    with record_edit(kind=Edit.Kind.SOURCE):
        result = write_import(compare(read_article()))
    assert result.refused == []
    return Series.objects.get()


def fixture_rows(model):
    """The rows of a model in the fixture."""
    rows = json.loads((settings.BASE_DIR / "fixtures/soundtrack.json").read_text())
    return [row["fields"] for row in rows if row["model"] == f"catalog.{model}"]


def cited_keys(kind):
    """The natural keys of records for which the fixture cites a table or the infobox of the article."""
    citations = [row for row in fixture_rows("citation") if row["source"] == ["soundtrack-article"] and row.get(kind)]
    read = [row[kind] for row in citations if row["locator"] not in PROSE]
    return [key for key in read if key[0] not in PEOPLE_OF_A_SENTENCE]


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
        is_text |= citation.credit is not None and citation.credit.person.slug in PEOPLE_OF_A_SENTENCE
        if not is_text and key not in OTHER and (key[0], citation.target.pk, key[1]) not in stated:
            unexplained.append(f"{citation.target}, {citation.field}: {citation.locator}")
    assert unexplained == []


def test_an_empty_catalogue_gets_the_episodes_and_the_infobox_of_the_fixture(imported):
    names = [column.name for column in Series._meta.fields if column.name not in UNCITED_FIELDS | {"premise"}]
    (row,) = fixture_rows("series")
    assert {name for name in names if (row.get(name) or "") != (getattr(imported, name) or "")} == FROM_OTHER_SOURCES
    for name, code in (("genres", "slug"), ("countries", "code"), ("languages", "code")):
        assert [[getattr(record, code)] for record in getattr(imported, name).all()] == row[name]
    names = ("number", "last_number", "overall_number", "title", "air_date", "production_code", "runtime")
    episodes = Episode.objects.filter(season__series=imported).values_list(*names)
    assert list(episodes) == [tuple(row.get(name) for name in names) for row in fixture_rows("episode")]


def test_an_empty_catalogue_gets_the_credits_companies_and_scores_of_the_fixture(imported):
    cited = cited_keys("credit")
    expected = set()
    for row in fixture_rows("credit"):
        season, episode = row.get("season") or [None, None], row.get("episode") or [None] * 3
        subject = [(row.get("series") or [None])[0], *season, *episode]
        key = [*row["person"], *row["role"], *subject, *(row.get("character") or [None])]
        if key in cited:
            expected.add((*key[:-1], *(row.get(name) or "" for name in CREDIT_FACTS)))
    credits = Credit.objects.select_related("person", "role", "series", "season", "episode__season__series")
    assert {
        (*credit.natural_key()[:-1], *(getattr(credit, name) or "" for name in CREDIT_FACTS)) for credit in credits
    } == expected
    parts = {(imported.slug, part.company.slug, part.part) for part in imported.company_parts.all()}
    assert parts == {tuple(key) for key in cited_keys("series_company")}
    names = ("aggregator", "is_percentage", "count", "label")
    scores = {tuple(row[name] for name in names) for row in fixture_rows("review") if row["kind"] == "critics"}
    assert set(Review.objects.values_list(*names)) == scores


def test_the_rest_of_the_article_is_listed(plan):
    assert [sentence for _, sentence in plan.unmapped] == [
        "“networks” of the infobox has no place in the catalogue: Netflix (Until March 2022).",
        "The text has the marks of 18 references, but not the references themselves.",
    ]
