"""Wikidata's JSON in its two forms: samples of our own, and real files where they are."""

import json

import pytest

from catalog.sources import wikidata
from catalog.sources.series_claims import OtherTitle, SourceError
from catalog.tests.sources.claim_summary import credit_line
from catalog.tests.sources.real_files import needs_real_files, read_file


def snak(property_id, value, kind="value"):
    return {"snaktype": kind, "property": property_id, "datavalue": {"value": value}}


def claim(property_id, value=None, rank="normal", kind="value", qualifiers=(), references=()):
    return {
        "mainsnak": snak(property_id, value, kind),
        "rank": rank,
        "qualifiers": {qualifier["property"]: [qualifier] for qualifier in qualifiers},
        "references": [{"snaks": {part["property"]: [part]}} for part in references],
    }


def item(item_id):
    return {"entity-type": "item", "id": item_id}


def time(text, precision, calendar="Q1985727"):
    model = f"http://www.wikidata.org/entity/{calendar}"
    return {"time": f"{text}T00:00:00Z", "precision": precision, "calendarmodel": model}


def entity(entity_id, label, *claims, aliases=()):
    by_property = {}
    for row in claims:
        by_property.setdefault(row["mainsnak"]["property"], []).append(row)
    return {
        "id": entity_id,
        "labels": {"en": {"language": "en", "value": label}},
        "aliases": {"en": [{"language": "en", "value": alias} for alias in aliases]},
        "claims": by_property,
    }


SERIES = entity(
    "Q100",
    "Calm",
    claim("P31", item("Q5398426")),
    claim("P1476", {"text": "Ruhe", "language": "de"}),
    claim("P580", time("+2010-01-02", 11), references=[snak("P854", "https://www.example.com/calm")]),
    claim("P580", time("+2009-00-00", 9), rank="deprecated"),
    claim("P582", kind="novalue"),
    claim("P57", item("Q101"), references=[snak("P248", item("Q105")), snak("P854", "javascript:x")]),
    claim("P57", item("Q109")),
    claim("P170", item("Q102"), rank="preferred"),
    claim("P170", item("Q101")),
    claim("P161", item("Q102"), qualifiers=[snak("P4633", "Dee")]),
    claim("P86", kind="somevalue"),
    claim("P136", item("Q103")),
    claim("P449", item("Q104")),
    claim("P345", "tt0000077"),
    claim("P4983", "77"),
    claim("P1113", {"amount": "+62", "unit": "1"}),
    aliases=["Calmness"],
)
OTHERS = [
    entity("Q101", "A One", claim("P31", item("Q5"))),
    entity("Q102", "B Two", claim("P31", item("Q5"))),
    entity("Q103", "drama"),
    entity("Q104", "ZDF"),
    entity("Q105", "A Book"),
]
ANSWER = {"entities": {row["id"]: row for row in (SERIES, *OTHERS)}}
PERSON = entity(
    "Q101",
    "A One",
    claim("P31", item("Q5")),
    claim("P569", time("+1950-03-00", 10)),
    claim("P570", time("+1999-01-01", 11, "Q1985786")),
    claim("P345", "nm0000001"),
    claim("P4985", "1"),
    aliases=["A. One"],
)


def test_a_series_with_the_names_of_its_items():
    claims = wikidata.read_series(json.dumps(ANSWER))
    assert claims.values == {"title": "Calm", "premiered": "2010-01-02"}
    assert claims.lists == {"genres": ["drama"], "networks": ["ZDF"]}
    assert claims.external_ids == (("wikidata", "Q100"), ("imdb", "tt0000077"), ("tmdb", "77"))
    assert claims.company_ids == {"ZDF": (("wikidata", "Q104"),)}
    assert claims.other_titles == [OtherTitle("Ruhe", "original"), OtherTitle("Calmness")]
    assert [credit_line(credit) for credit in claims.credits] == [
        "creator: B Two",
        "director: A One (some)",
        "cast: B Two as Dee (some)",
    ]
    assert claims.credits[0].person.external_ids == (("wikidata", "Q102"),)
    assert [(source.publisher, source.url) for source in claims.references] == [
        ("", "https://www.example.com/calm"),
        ("A Book", ""),
    ]
    assert claims.unmapped == [
        "Wikidata says that there is none of this: The end.",
        "Wikidata states Q109 as director: read that item's file too for its name.",
        "Wikidata says that this is not known: composer.",
        "Wikidata counts 62 episodes.",
    ]


def test_items_in_files_of_their_own():
    files = [json.dumps({"entities": {row["id"]: row}}) for row in (SERIES, *OTHERS)]
    assert wikidata.read_series(*files) == wikidata.read_series(json.dumps(ANSWER))


def test_of_two_dates_none_is_taken():
    second = claim("P580", time("+2010-00-00", 9))
    claims = SERIES["claims"] | {"P580": [*SERIES["claims"]["P580"], second]}
    read = wikidata.read_series(json.dumps({"entities": {"Q100": SERIES | {"claims": claims}}}))
    assert "premiered" not in read.values
    assert "The premiere has several dates: 2010, 2010-01-02." in read.unmapped


@pytest.mark.parametrize(
    ("value", "date"),
    [
        (time("+2010-01-02", 11), "2010-01-02"),
        (time("+2010-01-00", 10), "2010-01"),
        (time("+2010-00-00", 9), "2010"),
        (time("+2010-00-00", 8), None),
        (time("-0044-03-15", 11), None),
        (time("+1700-01-02", 11, "Q1985786"), None),
        ({"time": "+2010-99-99", "precision": 11}, None),
    ],
)
def test_the_precision_of_dates(value, date):
    row = entity("Q1", "A", claim("P31", item("Q5398426")), claim("P580", value))
    claims = wikidata.read_series(json.dumps({"entities": {"Q1": row}}))
    assert claims.values.get("premiered") == date
    assert len(claims.unmapped) == (date is None)


def test_the_rest_form():
    statements = {
        "P31": [{"rank": "normal", "property": {"id": "P31"}, "value": {"type": "value", "content": "Q5398426"}}],
        "P580": [
            {
                "rank": "normal",
                "property": {"id": "P580"},
                "value": {"type": "value", "content": time("+2010-00-00", 9)},
                "references": [
                    {
                        "parts": [
                            {"property": {"id": "P854"}, "value": {"type": "value", "content": "https://example.com/"}}
                        ]
                    }
                ],
            }
        ],
        "P582": [{"rank": "normal", "property": {"id": "P582"}, "value": {"type": "somevalue"}}],
    }
    row = {"id": "Q100", "type": "item", "labels": {"en": "Calm"}, "aliases": {}, "statements": statements}
    claims = wikidata.read_series(json.dumps(row))
    assert claims.values == {"title": "Calm", "premiered": "2010"}
    assert claims.unmapped == ["Wikidata says that this is not known: The end."]
    assert claims.references[0].url == "https://example.com/"


def test_a_person():
    person = wikidata.read_person(json.dumps({"entities": {"Q101": PERSON}}))
    assert (person.name, person.other_names) == ("A One", ("A. One",))
    assert person.external_ids == (("wikidata", "Q101"), ("imdb", "nm0000001"), ("tmdb", "1"))
    assert person.values == (("born", "1950-03"),)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"error": {"info": "No such entity."}, "servedby": "x"}, "Wikidata answered “No such entity”"),
        ({"entities": {"Q101": PERSON}}, r"Q101 \(A One\) is a person"),
        ({"entities": {"Q103": OTHERS[2]}}, r"Q103 \(drama\) is no series"),
        ({"entities": {"Q9": {"id": "Q9", "missing": ""}}}, "no items of Wikidata"),
    ],
)
def test_what_is_no_series_is_refused_with_a_sentence(value, message):
    with pytest.raises(SourceError, match=message):
        wikidata.read_series(json.dumps(value))


@needs_real_files
@pytest.mark.parametrize("name", ["wbgetentities_Q42", "rest_v1_Q42"])
def test_a_real_person_in_both_forms(name):
    data = read_file(f"wikidata/{name}.json")
    person = wikidata.read_person(data)
    assert person.name == "Douglas Adams"
    assert dict(person.external_ids)["imdb"] == "nm0010930"
    assert dict(person.external_ids)["wikidata"] == "Q42"
    assert dict(person.values)["born"] == "1952-03-11"
    with pytest.raises(SourceError, match=r"Q42 \(Douglas Adams\) is a person"):
        wikidata.read_series(data)
