"""Fetching from TMDB: the key, what is asked, and that the reader reads it."""

import pytest

from catalog.fetching.fetched_text import FetchError
from catalog.fetching.services import fetch
from catalog.sources import tmdb
from catalog.tests.fetching.local_service import LocalService, Reply
from catalog.tests.fetching.sample_services import TMDB, TMDB_ERROR
from catalog.tests.sources.real_files import needs_real_files, read_json

KEY = "0123456789abcdef" * 2
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl"


def fetch_from(replies, reference, key=KEY):
    service = LocalService(replies)
    with service.running(tmdb_key=key) as settings:
        return fetch("tmdb", reference, settings), service


def error_of(replies, reference, key=KEY):
    with pytest.raises(FetchError) as caught:
        fetch_from(replies, reference, key)
    return str(caught.value)


def test_a_series_with_its_seasons():
    result, service = fetch_from(TMDB, "77")
    assert [(request.path, request.query) for request in service.requests] == [
        ("/3/tv/77", {"append_to_response": "external_ids,alternative_titles,content_ratings", "api_key": KEY}),
        ("/3/tv/77/season/1", {"append_to_response": "credits,external_ids", "api_key": KEY}),
    ]
    assert [(text.kind, text.name, text.url, text.revision) for text in result.texts] == [
        ("tmdb", "Calm (TMDB 77).json", "https://www.themoviedb.org/tv/77", ""),
        ("tmdb", "Calm (TMDB 77), season 1.json", "https://www.themoviedb.org/tv/77/season/1", ""),
    ]
    claims = tmdb.read_series(*(text.content for text in result.texts))
    assert claims.values["title"] == "Calm"
    assert [(episode.season, episode.claim.number) for episode in claims.episodes] == [(1, 1), (1, 2)]
    assert claims.episodes[0].claim.credits[0].name == "A One"


def test_a_token_is_sent_in_a_header():
    _, service = fetch_from(TMDB, "77", TOKEN)
    assert {request.headers["Authorization"] for request in service.requests} == {f"Bearer {TOKEN}"}
    assert all("api_key" not in request.query for request in service.requests)


@pytest.mark.parametrize("reference", ["tt0000077", "Calm", "https://www.themoviedb.org/tv/77-calm"])
def test_other_references(reference):
    result, _ = fetch_from(TMDB, reference)
    assert tmdb.read_series(*(text.content for text in result.texts)).external_ids[0] == ("tmdb", "77")


def test_without_a_key_nothing_is_asked():
    service = LocalService(TMDB)
    with service.running() as settings, pytest.raises(FetchError) as caught:
        fetch("tmdb", "77", settings)
    assert str(caught.value) == "TMDB needs a key: set TMDB_API_KEY in the environment of the site."
    assert service.requests == []


def test_a_refused_key_is_in_no_message():
    reply = Reply({"status_code": 7, "status_message": "Invalid API key", "success": False}, 401)
    sentence = error_of({"/3/tv/77": reply}, "77")
    assert sentence == "TMDB refuses the key in TMDB_API_KEY: it is wrong or has expired."


@pytest.mark.parametrize(
    "reply", [Reply(b"<html>"), Reply(status=500), Reply(status=302, headers={"Location": "https://evil.example/"})]
)
def test_no_message_has_the_key(reply):
    assert KEY not in error_of({"/3/tv/77": reply}, "77")


@pytest.mark.parametrize(
    ("reference", "sentence"),
    [
        ("404", "TMDB has no series with the number 404."),
        ("tt0000078", "TMDB has no series with the IMDb id tt0000078."),
        ("Storm", "TMDB has no series with the title “Storm”. It has Calm (77; 2010)."),
    ],
)
def test_a_series_that_is_not_there(reference, sentence):
    assert error_of(TMDB | {"/3/tv/404": TMDB_ERROR}, reference) == sentence


@needs_real_files
def test_a_real_series():
    series = read_json("tmdb/tmdblib_tv_1396.json")
    series["seasons"] = [row for row in series["seasons"] if row["season_number"] == 1]
    replies = {
        "/3/tv/1396": series,
        "/3/tv/1396/season/1": read_json("tmdb/tmdblib_tv_1396_season_1.json"),
        "/3/find/tt0903747": read_json("tmdb/tmdblib_find_tt0903747.json"),
    }
    result, _ = fetch_from(replies, "tt0903747")
    claims = tmdb.read_series(*(text.content for text in result.texts))
    assert claims.values["title"] == "Breaking Bad"
    first_season = [episode for episode in claims.episodes if episode.season == 1]
    assert (len(first_season), first_season[0].claim.values["title"]) == (7, "Pilot")
