"""What is offered while one types: as JSON for the script, as a list for browsers, as a condition for the desk."""

import pytest

from catalog.models import Genre, Person
from catalog.search import filter_by_text, suggest
from catalog.tests import factories as make
from catalog.tests import page_parsing

pytestmark = pytest.mark.django_db


def names(text, **more):
    """What is offered, by name."""
    return [str(record) for _, record in suggest(text, **more)]


def test_the_beginning_of_a_name_or_of_one_of_its_words_is_enough(soundtrack):
    for text in ("sw", "swan", "joe s", "joe swanberg", "swanberg, j", "SWANB"):
        assert "Joe Swanberg" in names(text), text
    assert names("soundt")[0] == "Soundtrack"
    assert "Soundtrack s01e03: Track 3: Sam and Dante" in names("soundtrack 3")
    assert names("1lbk0")[0].startswith("Soundtrack s01e0")


def test_prose_is_not_offered_and_mistakes_are_forgiven(soundtrack):
    assert names("splendour") == []
    assert names("joe swamberg") == ["Joe Swanberg"]
    assert names("soundtrak")[0] == "Soundtrack"


def test_each_kind_has_room_among_what_is_offered():
    for number in range(9):
        make.person(f"Ann {number}")
    make.series("Ann at Home")
    assert "Ann at Home" in names("ann")
    assert len(names("ann")) == 6
    assert len(names("ann", kinds=("person",))) == 8


def test_drafts_and_what_stands_in_drafts_are_not_offered():
    make.person("Secret Name", published_at=None)
    draft = make.series("Secret Plan", published_at=None)
    make.character(draft, "Secret Sam")
    make.episode(make.season(draft), title="Secret Part")
    assert names("secret") == names("secrte") == []


def test_the_script_is_told_name_note_and_address(soundtrack, client):
    answer = client.get("/search/suggest", {"q": "raul casti"})
    assert answer["Content-Type"] == "application/json"
    assert answer.json() == {
        "q": "raul casti",
        "suggestions": [
            {"kind": "person", "name": "Raúl Castillo", "note": "Person", "url": "/people/raul-castillo/"},
        ],
    }
    notes = {each["kind"]: each for each in client.get("/search/suggest", {"q": "sam"}).json()["suggestions"]}
    assert notes["episode"]["note"].startswith("Soundtrack, s01e0")
    assert notes["character"] == {
        "kind": "character",
        "name": "Samson “Sam” Hughes",
        "note": "in Soundtrack",
        "url": "/episodes/?character=sam-hughes",
    }
    for each in client.get("/search/suggest", {"q": "s"}).json()["suggestions"]:
        assert client.get(each["url"]).status_code == 200


def test_one_kind_can_be_asked_for_and_an_unknown_one_is_ignored(soundtrack, client):
    found = client.get("/search/suggest", {"q": "s", "kind": "person"}).json()["suggestions"]
    assert {each["kind"] for each in found} == {"person"}
    found = client.get("/search/suggest", {"q": "s", "kind": "moon"}).json()["suggestions"]
    assert len({each["kind"] for each in found}) > 1


def test_browsers_are_answered_in_the_form_of_opensearch(soundtrack, client):
    answer = client.get("/search/suggest", {"q": "joe sw", "as": "list"})
    assert answer["Content-Type"] == "application/x-suggestions+json"
    assert answer.json() == ["joe sw", ["Joe Swanberg"], ["Person"], ["http://testserver/people/joe-swanberg/"]]
    assert "/search/suggest?as=list&amp;q={searchTerms}" in client.get("/opensearch.xml").content.decode()


HOSTILE = ["", "\x00", '"', "'", '"*', "*", "NEAR(a b)", "a OR", "AND", "(((", "%", "_", "\\", "\u202eabc\u202c", "🎵"]
HOSTILE += ["x" * 100_000, "a " * 50_000, "=a", "~b", "#3", "@x", "a:b*", "a & b", "!a", "<->", "s9999999e9", "9" * 99]


@pytest.mark.parametrize("path", ["/search/suggest", "/search/"])
def test_no_text_stops_it(soundtrack, client, path):
    for text in HOSTILE:
        assert client.get(path, {"q": text}).status_code == 200, text[:20]
    assert client.post(path, {"q": "a"}).status_code == 405


def test_signs_around_words_mean_nothing(soundtrack):
    texts = ['"joe swanberg"', "joe* swanberg*", "(joe) [swanberg]", "joe + swanberg", "\u202bjoe swanberg\u202c"]
    texts += ["🎬 joe swanberg", "joe\u200bswanberg", "%joe% %swanberg%", "joe\x00swanberg", "^joe:swanberg~"]
    texts += ["'joe'' swanberg"]
    for text in texts:
        assert "Joe Swanberg" in names(text), text


def test_the_desk_narrows_by_the_same_words_and_sees_drafts():
    open_, draft = make.person("Ann Bell"), make.person("Ann Draft", published_at=None)
    open_.aliases.create(name="Nancy")
    assert set(filter_by_text(Person.objects.all(), "ann")) == {open_, draft}
    assert list(filter_by_text(Person.objects.all(), "nancy")) == [open_]
    assert list(filter_by_text(Person.objects.published(), "ann")) == [open_]
    assert not filter_by_text(Person.objects.all(), "moon").exists()
    assert list(filter_by_text(Person.objects.all(), " ")) == list(Person.objects.all())
    make.genre("Drama")
    assert filter_by_text(Genre.objects.all(), "x").count() == 1, "a kind without an index is left as it is"


def test_the_field_of_a_facet_offers_its_values_counted_under_the_selection(soundtrack, client):
    page = client.get("/episodes/facets/crew/?director=ti-west").content.decode()
    assert 'data-suggest="/episodes/facets/crew/?director=ti-west&amp;as=suggestions"' in page
    answer = client.get("/episodes/facets/crew/", {"director": "ti-west", "as": "suggestions", "find": "yee"}).json()
    assert answer["suggestions"] == [
        {
            "kind": "crew",
            "name": "Lauren Yee",
            "note": "1 episode",
            "url": "/episodes/?director=ti-west&crew=lauren-yee",
        }
    ]
    assert page_parsing.result_total(page_parsing.get_page(client, answer["suggestions"][0]["url"])) == 1
    assert client.get("/episodes/facets/crew/", {"as": "suggestions"}).json()["suggestions"] == []
    assert client.get("/episodes/facets/moon/", {"as": "suggestions"}).status_code == 404
