"""A plan in words and as data: counts by state, what has to be decided, and whether anything is left open."""

import json
from collections import Counter

import pytest

from catalog.editing.ingest.plan import Cell, Fact, FactKind, ImportPlan, ImportSource, PlannedRecord, State
from catalog.editing.ingest.plan_report import count_facts, is_open, plan_data, plan_lines
from catalog.editing.ingest.result import ImportResult
from catalog.models import Episode, Series, SourceFile
from catalog.sources.series_claims import SeriesClaims, SourceFacts


def cell(source, words, state, **values):
    return Cell(f"{source}-{words}", source, words, words, words, state, **values)


def source(publisher, title="", **facts):
    claims = SeriesClaims(SourceFacts(publisher, title, **facts), {"title": "Night Ferry"})
    return ImportSource("table", claims, (SourceFile.of("table", b"x", file_name="one.csv"),))


def fact(name, *cells, recorded=()):
    return Fact(f"s01e01.{name}", FactKind.VALUE, name, name.capitalize(), recorded=list(recorded), cells=list(cells))


def plan(*facts, unmapped=(), errors=(), series=None, sources=None):
    sources = sources or [source("TVmaze", url="https://example.org/1", revision="7"), source("TMDB")]
    records = [PlannedRecord("s01e01", "S01E01", Episode(), list(facts), ["Row 9 was left out."])]
    return ImportPlan(series or Series(), sources, records, {}, list(unmapped), list(errors))


NEW = fact("runtime", cell(0, "45", State.NEW, is_ticked=True), cell(1, "45", State.NEW, is_ticked=True))
SAME = fact("date", cell(0, "2001-01-01", State.SAME, is_cited=True), recorded=["2001-01-01"])
DIFFERS = fact(
    "title",
    cell(0, "Fog", State.SAME),
    cell(1, "The Fog", State.DIFFERS, may_tick=False, note="Set by an editor."),
    recorded=["Fog"],
)
UNSURE = fact("director", cell(0, "Ann Lee", State.UNSURE), cell(0, "Bo Lee", State.UNSURE))
UNMAPPED = [(1, "TMDB counts 9 seasons.")]


def test_a_plan_in_words():
    assert list(plan_lines(plan(NEW, SAME, DIFFERS, UNSURE, unmapped=UNMAPPED))) == [
        "Night Ferry: not in the catalogue yet.",
        "Source: TVmaze (https://example.org/1, revision 7).",
        "Source: TMDB.",
        "Facts: new 1, the same 1, differing 1, unsure 1, without a place in the catalogue 1.",
        "To be written or cited: 2 values.",
        "Differs:",
        "  S01E01, Title: recorded “Fog”; TVmaze “Fog”; TMDB “The Fog”. Set by an editor.",
        "Unsure:",
        "  S01E01, Director: nothing recorded; TVmaze “Ann Lee”, “Bo Lee”.",
        "Without a place in the catalogue:",
        "  TMDB: TMDB counts 9 seasons.",
        "Left out:",
        "  S01E01: Row 9 was left out.",
    ]


def test_a_series_of_the_catalogue_and_two_pages_of_one_publisher():
    series = Series(pk=1, title="Ferry by Night", slug="ferry")
    sources = [source("Wikipedia", "Night Ferry"), source("Wikipedia", "Night Ferry season 1")]
    lines = list(plan_lines(plan(series=series, sources=sources, errors=["The series was deleted."])))
    assert lines[:3] == [
        "Ferry by Night: “ferry”.",
        "Source: Wikipedia: Night Ferry.",
        "Source: Wikipedia: Night Ferry season 1.",
    ]
    assert lines[-2:] == ["Nothing can be written:", "  The series was deleted."]


def test_long_values_are_cut():
    (line,) = [line for line in plan_lines(plan(fact("title", cell(0, "x" * 500, State.DIFFERS)))) if "xxx" in line]
    assert len(line) < 200


def test_a_plan_as_data():
    data = plan_data(plan(NEW, SAME, DIFFERS, UNSURE, unmapped=UNMAPPED), None)
    assert json.loads(json.dumps(data)) == data
    assert (data["series"], data["title"], data["is_open"], data["result"]) == (None, "Night Ferry", True, None)
    assert data["counts"] == {"new": 1, "same": 1, "differs": 1, "unsure": 1, "unmapped": 1}
    assert data["to_write"] == 2
    assert data["sources"][0]["files"] == [
        {
            "name": "one.csv",
            "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
            "bytes": 1,
        }
    ]
    assert data["differs"] == [
        {
            "key": "s01e01.title",
            "record": "S01E01",
            "fact": "Title",
            "recorded": ["Fog"],
            "stated": [
                {"source": 0, "value": "Fog", "state": "same", "note": ""},
                {"source": 1, "value": "The Fog", "state": "differs", "note": "Set by an editor."},
            ],
        }
    ]
    assert data["unmapped"] == [{"source": 1, "sentence": "TMDB counts 9 seasons."}]


def test_a_result_as_data():
    result = ImportResult(added=Counter({Episode: 2}), changed=["S01E01, title"], cited=3, unsure=["Ann Lee"])
    data = plan_data(plan(NEW), result)["result"]
    assert json.loads(json.dumps(data)) == data
    assert (data["added"], data["changed"], data["cited"]) == ({"episode": 2}, ["S01E01, title"], 3)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"facts": [NEW, SAME]}, False),
        ({"facts": []}, False),
        ({"facts": [NEW, DIFFERS]}, True),
        ({"facts": [UNSURE]}, True),
        ({"facts": [NEW], "unmapped": UNMAPPED}, True),
        ({"facts": [NEW], "errors": ["No."]}, True),
    ],
)
def test_what_is_open_before_anything_is_written(parts, expected):
    facts = parts.pop("facts")
    assert is_open(plan(*facts, **parts), None) is expected


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (ImportResult(cited=3), False),
        (ImportResult(disputed=1), False),
        (ImportResult(differing=["S01E01, title"]), True),
        (ImportResult(unsure=["Ann Lee"]), True),
        (ImportResult(unmapped=["TMDB counts 9 seasons."]), True),
        (ImportResult(refused=["The name is too long."]), True),
    ],
)
def test_what_is_open_after_it(result, expected):
    assert is_open(plan(DIFFERS, UNSURE), result) is expected


def test_every_state_is_counted():
    assert count_facts(plan()) == {"new": 0, "same": 0, "differs": 0, "unsure": 0, "unmapped": 0}
