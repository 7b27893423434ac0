"""Fetching from Wikidata: the item, then the names of the items that it states, in batches."""

import json

import pytest

from catalog.fetching import wikidata as fetching
from catalog.fetching.fetched_text import FetchError
from catalog.fetching.services import fetch
from catalog.sources import wikidata
from catalog.tests.fetching.local_service import LocalService, Reply
from catalog.tests.fetching.sample_services import wikidata_reply
from catalog.tests.sources.test_wikidata import ANSWER

API = "/w/api.php"


def fetch_from(replies, reference):
    service = LocalService({API: replies})
    with service.running() as settings:
        return fetch("wikidata", reference, settings), service


def read(result):
    return wikidata.read_series(*(text.content for text in result.texts))


def test_an_item_with_the_names_that_the_reader_needs():
    result, service = fetch_from(wikidata_reply, "Q100")
    assert [request.query["ids"] for request in service.requests] == ["Q100", "Q103|Q104|Q102|Q101|Q105|Q109"]
    assert {request.query["maxlag"] for request in service.requests} == {"5"}
    assert [(text.name, text.url, text.revision) for text in result.texts] == [
        ("Calm (Wikidata Q100).json", "https://www.wikidata.org/wiki/Q100", "5"),
        ("Calm (Wikidata Q100), names of linked items.json", "https://www.wikidata.org/wiki/Q100", "5"),
    ]
    expected = wikidata.read_series(json.dumps(ANSWER))
    claims = read(result)
    assert (claims.credits, claims.lists, claims.references) == (expected.credits, expected.lists, expected.references)
    assert claims.source.revision == "5"
    assert claims.unmapped == expected.unmapped


@pytest.mark.parametrize("reference", ["tt0000077", "calm", "https://www.wikidata.org/wiki/Q100"])
def test_other_references(reference):
    assert read(fetch_from(wikidata_reply, reference)[0]).external_ids[0] == ("wikidata", "Q100")


@pytest.mark.parametrize(
    ("reference", "sentence"),
    [
        ("Q9", "Wikidata has no item Q9."),
        ("tt0000404", "Wikidata has no item with the IMDb id tt0000404."),
        ("Wind", "Wikidata has no series with the title “Wind”. It has Calm (Q100; German television series)."),
    ],
)
def test_an_item_that_is_not_there(reference, sentence):
    with pytest.raises(FetchError) as caught:
        fetch_from(wikidata_reply, reference)
    assert str(caught.value) == sentence


def test_names_in_batches_and_to_a_limit(monkeypatch):
    monkeypatch.setattr(fetching, "BATCH_SIZE", 2)
    monkeypatch.setattr(fetching, "MAX_ITEMS", 5)
    result, service = fetch_from(wikidata_reply, "Q100")
    assert [request.query["ids"] for request in service.requests][1:] == ["Q103|Q104", "Q102|Q101", "Q105"]
    assert result.notes == ["Wikidata links “Calm” with 6 items: the names of the first 5 were fetched."]


def test_a_wiki_behind_its_database_is_asked_again():
    lag = {"error": {"code": "maxlag", "info": "Waiting for db1: 7 seconds lagged", "lag": 7}}
    result, service = fetch_from((Reply(lag, headers={"Retry-After": "5"}), wikidata_reply), "Q100")
    assert service.waits == [5]
    assert len(result.texts) == 2


def test_a_wiki_that_stays_behind():
    lag = {"error": {"code": "maxlag", "info": "Waiting for db1: 7 seconds lagged"}}
    with pytest.raises(FetchError, match="Wikidata is busy or out of order"):
        fetch_from(Reply(lag), "Q100")


def test_another_error_of_the_wiki_is_told():
    with pytest.raises(FetchError, match="Wikidata answered “Unrecognized value” in place of data."):
        fetch_from({"error": {"code": "badvalue", "info": "Unrecognized value."}}, "Q100")
