"""The table of services."""

import pytest

from catalog.fetching.client import BASE_URLS, LABELS, FetchSettings
from catalog.fetching.fetched_text import FetchError, file_name
from catalog.fetching.services import SERVICES, fetch
from catalog.sources.readers import READERS


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
