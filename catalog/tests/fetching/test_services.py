"""The table of services."""

import json
import re
from random import Random

import pytest

from catalog.fetching.client import BASE_URLS, LABELS, FetchSettings
from catalog.fetching.fetched_text import FetchError, file_name
from catalog.fetching.services import SERVICES, fetch
from catalog.sources.readers import READERS
from catalog.tests.fetching.local_service import LocalService, Reply
from catalog.tests.fetching.sample_services import TMDB, TVMAZE, wikidata_reply, wikipedia_reply


def test_every_service_has_an_address_and_a_reader():
    assert SERVICES.keys() == BASE_URLS.keys() == LABELS.keys()
    assert SERVICES.keys() <= READERS.keys()


@pytest.mark.parametrize(
    ("kind", "reference", "sentence"),
    [
        ("imdb", "tt1", "Nothing can be fetched of the kind imdb: give one of tvmaze, wikipedia, wikidata, tmdb."),
        ("tvmaze", " ", "Give an id, a title or the address of a page."),
        (
            "wikipedia",
            "https://192.168.0.1/wiki/Fog",
            "This is no address of Wikipedia: it has to begin with "
            "https://en.m.wikipedia.org/ or https://en.wikipedia.org/.",
        ),
    ],
)
def test_what_is_refused_before_anything_is_asked(kind, reference, sentence):
    with pytest.raises(FetchError) as caught:
        fetch(kind, reference, FetchSettings("Test/1"))
    assert str(caught.value) == sentence


SAMPLES = {
    "tvmaze": ("9001", TVMAZE),
    "tmdb": ("77", TMDB),
    "wikidata": ("Q100", {"/w/api.php": wikidata_reply}),
    "wikipedia": ("Night Ferry", {"/w/api.php": wikipedia_reply({"Night Ferry": "{{main|Night Ferry season 1}}"})}),
}


def mutated(value, random):
    """The value with a part of it replaced by something of another type."""
    if isinstance(value, dict | list) and value and random.random() < 0.9:
        key = random.choice(list(value)) if isinstance(value, dict) else random.randrange(len(value))
        copy = value.copy()
        copy[key] = mutated(value[key], random)
        return copy
    return random.choice([None, [], {}, "", "x" * 9, -1, 10**30, True, ["a", {}], {"en": 3}, "../..", "\ud800"])


@pytest.mark.parametrize("kind", SAMPLES)
def test_whatever_a_service_answers_is_read_or_refused(kind):
    reference, replies = SAMPLES[kind]
    random = Random(kind)

    def strange(reply):
        def answer(request):
            value = reply(request) if callable(reply) else reply
            return Reply(json.dumps(mutated(value, random)).encode())

        return answer

    service = LocalService({path: strange(reply) for path, reply in replies.items()})
    with service.running(tmdb_key="0" * 32) as settings:
        for _ in range(100):
            texts, sentence = fetched_or_refused(kind, reference, settings)
            assert all(text.content and text.url.startswith("https://") for text in texts)
            assert re.fullmatch(r"(?s)\S.*[.]", sentence) or texts


def fetched_or_refused(kind, reference, settings):
    """(texts, why there are none); any other error fails the test."""
    try:
        return fetch(kind, reference, settings).texts, ""
    except FetchError as error:
        return [], str(error)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Either/Or: \x00Part*", "Either_Or_ _Part.json"),
        ("../../etc/passwd", "etc_passwd.json"),
        ("", "untitled.json"),
        ("x" * 300, "x" * 120 + ".json"),
    ],
)
def test_names_of_files(title, name):
    assert file_name(title, ".json") == name
