"""While the names of a large catalogue are being loaded, searches are not corrected, say so, and are not cached."""

import pytest

from catalog.search import name_cache, search
from catalog.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _large_catalogue(monkeypatch):
    """A person, and names that a thread is about to load."""
    make.person("Ann Bellamy")
    monkeypatch.setattr(name_cache, "MAX_SYNC_BUILD_ROWS", 0)
    monkeypatch.setattr(name_cache, "BUILD_DELAY", 0)
    monkeypatch.setattr(name_cache.NameCache, "_build_in_thread", lambda cache: None)


def load_names():
    """Do in this thread what the other one does; it cannot see the rows of a test."""
    cache = name_cache._cache
    cache._built = cache.read()


URLS = ("/search/?q=ann+belamy", "/search/suggest?q=ann+belamy", "/search/suggest?q=ann+belamy&as=list")


@pytest.mark.parametrize("url", URLS)
def test_an_answer_without_correction_is_not_cached(client, url):
    response = client.get(url)
    assert (response.headers["Cache-Control"], "ETag" in response.headers) == ("no-store", False)
    assert "Ann Bellamy" not in response.content.decode()
    load_names()
    response = client.get(url)
    assert (response.headers["Cache-Control"], "ETag" in response.headers) == ("public, no-cache", True)
    assert "Ann Bellamy" in response.content.decode()


def test_the_page_says_so(client):
    assert "Typing errors are not corrected yet" in client.get("/search/?q=ann+belamy").content.decode()
    load_names()
    assert "not corrected yet" not in client.get("/search/?q=nobody").content.decode()


@pytest.mark.parametrize("url", ["/search/?q=ann+bell", "/search/suggest?q=ann+bell", "/search/?q="])
def test_an_answer_that_needs_no_correction_is_cached(client, url):
    assert client.get(url).headers["Cache-Control"] == "public, no-cache"


def test_the_first_search_has_the_names_loaded():
    assert search("ann bellamy").is_final
    assert name_cache._cache.build_thread is not None
    load_names()
    assert search("ann belamy").corrected_text == "Ann Bellamy"
