"""Fetching from TVmaze: what is asked, and that the reader reads it."""

import datetime
import json

import pytest

from catalog.fetching import tvmaze as fetching
from catalog.fetching.client import Client
from catalog.fetching.fetched_text import FetchError
from catalog.fetching.services import fetch
from catalog.sources import tvmaze
from catalog.tests.fetching.local_service import LocalService
from catalog.tests.fetching.sample_services import TVMAZE, tvmaze_replies
from catalog.tests.sources.real_files import needs_real_files, read_json
from catalog.tests.sources.test_tvmaze import SHOW


def fetch_from(replies, reference):
    service = LocalService(replies)
    with service.running() as settings:
        return fetch("tvmaze", reference, settings), service


def read(result):
    return tvmaze.read_series(*(text.content for text in result.texts))


def test_a_show_with_its_seasons_is_what_the_reader_reads_of_one_file():
    result, service = fetch_from(TVMAZE, "9001")
    assert [(request.path, request.query) for request in service.requests] == [
        ("/shows/9001", {"embed[]": "seasons,cast,crew,akas"}),
        ("/seasons/31/episodes", {"embed[]": "guestcast,guestcrew"}),
        ("/seasons/32/episodes", {"embed[]": "guestcast,guestcrew"}),
    ]
    assert [(text.kind, text.name, text.url, text.revision) for text in result.texts] == [
        ("tvmaze", "Night & Shift (TVmaze 9001).json", "https://www.tvmaze.com/shows/9001", "1700000000"),
        ("tvmaze", "Night & Shift (TVmaze 9001), season 1.json", "https://www.tvmaze.com/seasons/31", "1700000000"),
    ]
    assert result.texts[0].retrieved == datetime.datetime.now(datetime.UTC).date()
    assert result.notes == []
    claims, expected = read(result), tvmaze.read_series(json.dumps(SHOW))
    assert claims.episodes == expected.episodes
    assert len(claims.episodes) == 3
    assert (claims.credits, claims.seasons, claims.values) == (expected.credits, expected.seasons, expected.values)


@pytest.mark.parametrize("reference", ["tt0000001", "Night & Shift", "https://www.tvmaze.com/shows/9001/night-shift"])
def test_other_references(reference):
    result, _ = fetch_from(TVMAZE, reference)
    assert read(result).external_ids[0] == ("tvmaze", "9001")


@pytest.mark.parametrize(
    ("reference", "sentence"),
    [
        ("404", "TVmaze has no series with the number 404."),
        ("tt0000404", "TVmaze has no series with the IMDb id tt0000404."),
        ("Dusk", "TVmaze has no series with the title “Dusk”. It has Night & Shift (9001; 2001), Day (9002; 2001)."),
    ],
)
def test_a_show_that_is_not_there(reference, sentence):
    with pytest.raises(FetchError) as caught:
        fetch_from(TVMAZE, reference)
    assert str(caught.value) == sentence


def test_a_limit_of_seasons(monkeypatch):
    monkeypatch.setattr(fetching, "MAX_SEASONS", 1)
    result, service = fetch_from(TVMAZE, "9001")
    assert len(service.requests) == 2
    assert result.notes == ["TVmaze has 2 seasons of “Night & Shift”: the first 1 were fetched."]


def test_ids_that_are_no_ids_are_not_asked_for():
    show = SHOW | {"_embedded": SHOW["_embedded"] | {"seasons": [{"id": "../people/1", "number": 1}]}}
    service = LocalService({"/shows/9001": show})
    with service.running() as settings:
        assert len(fetching.fetch_series(Client(settings), "9001").texts) == 1
    assert len(service.requests) == 1


@needs_real_files
def test_a_real_show():
    show = read_json("tvmaze/silicon-valley_show_single_search_with_episodes.json")
    parts = {part: read_json(f"tvmaze/silicon-valley_{part}.json") for part in ("seasons", "cast", "crew", "akas")}
    episodes = show["_embedded"]["episodes"]
    result, _ = fetch_from(tvmaze_replies(show | {"_embedded": parts}, episodes), "tt2575988")
    assert [text.name for text in result.texts][:2] == [
        "Silicon Valley (TVmaze 143).json",
        "Silicon Valley (TVmaze 143), season 1.json",
    ]
    claims = read(result)
    assert [episode.claim.values["title"] for episode in claims.episodes][2] == "Articles of Incorporation"
    assert (len(claims.episodes), len(claims.seasons)) == (38, 4)
    assert len([credit for credit in claims.credits if credit.claim.role == "cast"]) == 13
