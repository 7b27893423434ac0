"""Suggestions as JSON for the script and as a list for browsers; the filter by text that the admin uses."""

import pytest

from catalog.models import Genre, Person
from catalog.search import filter_by_text, suggest
from catalog.tests import factories as make

pytestmark = pytest.mark.django_db


def suggested_names(text, **options):
    """Return the names of the suggested records."""
    return [str(record) for _, record in suggest(text, **options)]


def test_the_beginning_of_a_name_or_of_one_of_its_words_is_enough(soundtrack):
    for text in ("sw", "swan", "joe s", "joe swanberg", "swanberg, j", "SWANB"):
        assert "Joe Swanberg" in suggested_names(text), text
    assert suggested_names("soundt")[0] == "Soundtrack"
    assert "Soundtrack s01e03: Track 3: Sam and Dante" in suggested_names("soundtrack 3")
    assert suggested_names("1lbk0")[0].startswith("Soundtrack s01e0")


def test_only_names_are_suggested_and_typing_errors_corrected(soundtrack):
    assert suggested_names("splendour") == []
    assert suggested_names("joe swamberg") == ["Joe Swanberg"]
    assert suggested_names("soundtrak")[0] == "Soundtrack"


def test_one_kind_leaves_room_for_the_others():
    for number in range(9):
        make.person(f"Ann {number}")
    make.series("Ann at Home")
    assert "Ann at Home" in suggested_names("ann")
    assert len(suggested_names("ann")) == 6
    assert len(suggested_names("ann", kinds=("person",))) == 8


def test_drafts_and_records_of_drafts_are_not_suggested():
    make.person("Secret Name", published_at=None)
    draft = make.series("Secret Plan", published_at=None)
    make.character(draft, "Secret Sam")
    make.episode(make.season(draft), title="Secret Part")
    assert suggested_names("secret") == suggested_names("secrte") == []


def test_a_suggestion_has_kind_name_note_and_url(soundtrack, client):
    response = client.get("/search/suggest", {"q": "raul casti"})
    assert response["Content-Type"] == "application/json"
    assert response.json() == {
        "q": "raul casti",
        "suggestions": [
            {"kind": "person", "name": "Raúl Castillo", "note": "Person", "url": "/people/raul-castillo/"},
        ],
    }
    suggestions = {
        suggestion["kind"]: suggestion
        for suggestion in client.get("/search/suggest", {"q": "sam"}).json()["suggestions"]
    }
    assert suggestions["episode"]["note"].startswith("Soundtrack, s01e0")
    assert suggestions["character"] == {
        "kind": "character",
        "name": "Samson “Sam” Hughes",
        "note": "in Soundtrack",
        "url": "/characters/sam-hughes/",
    }
    for suggestion in client.get("/search/suggest", {"q": "s"}).json()["suggestions"]:
        assert client.get(suggestion["url"]).status_code == 200


def test_the_parameter_kind_selects_one_kind_and_an_unknown_kind_is_ignored(soundtrack, client):
    suggestions = client.get("/search/suggest", {"q": "s", "kind": "person"}).json()["suggestions"]
    assert {suggestion["kind"] for suggestion in suggestions} == {"person"}
    suggestions = client.get("/search/suggest", {"q": "s", "kind": "moon"}).json()["suggestions"]
    assert len({suggestion["kind"] for suggestion in suggestions}) > 1


def test_browsers_get_the_format_of_opensearch(soundtrack, client):
    response = client.get("/search/suggest", {"q": "joe sw", "as": "list"})
    assert response["Content-Type"] == "application/x-suggestions+json"
    assert response.json() == ["joe sw", ["Joe Swanberg"], ["Person"], ["http://testserver/people/joe-swanberg/"]]
    assert "/search/suggest?as=list&amp;q={searchTerms}" in client.get("/opensearch.xml").content.decode()


HOSTILE = ["", "\x00", '"', "'", '"*', "*", "NEAR(a b)", "a OR", "AND", "(((", "%", "_", "\\", "\u202eabc\u202c", "🎵"]
HOSTILE += ["x" * 100_000, "a " * 50_000, "=a", "~b", "#3", "@x", "a:b*", "a & b", "!a", "<->", "s9999999e9", "9" * 99]


@pytest.mark.parametrize("path", ["/search/suggest", "/search/"])
def test_hostile_texts_cause_no_error(soundtrack, client, path):
    for text in HOSTILE:
        assert client.get(path, {"q": text}).status_code == 200, text[:20]
    assert client.post(path, {"q": "a"}).status_code == 405


def test_symbols_around_words_are_ignored(soundtrack):
    texts = ['"joe swanberg"', "joe* swanberg*", "(joe) [swanberg]", "joe + swanberg", "\u202bjoe swanberg\u202c"]
    texts += ["🎬 joe swanberg", "joe\u200bswanberg", "%joe% %swanberg%", "joe\x00swanberg", "^joe:swanberg~"]
    texts += ["'joe'' swanberg"]
    for text in texts:
        assert "Joe Swanberg" in suggested_names(text), text


def test_filter_by_text_includes_drafts():
    published, draft = make.person("Ann Bell"), make.person("Ann Draft", published_at=None)
    published.aliases.create(name="Nancy")
    assert set(filter_by_text(Person.objects.all(), "ann")) == {published, draft}
    assert list(filter_by_text(Person.objects.all(), "nancy")) == [published]
    assert list(filter_by_text(Person.objects.published(), "ann")) == [published]
    assert not filter_by_text(Person.objects.all(), "moon").exists()
    assert list(filter_by_text(Person.objects.all(), " ")) == list(Person.objects.all())
    make.genre("Drama")
    assert filter_by_text(Genre.objects.all(), "x").count() == 1, "a kind without an index is not filtered"
