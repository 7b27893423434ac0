"""Why it was found: the words are marked, and another name or text that has them is shown."""

import pytest

from catalog.models import Alias
from catalog.search import highlight
from catalog.tests import factories as make
from catalog.tests import page_parsing


def hits(text, *words):
    """The marked pieces; all pieces together are the text."""
    pieces = highlight.highlight(text, words)
    assert "".join(piece for piece, _ in pieces) == text
    return [piece for piece, hit in pieces if hit]


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("Raúl Castillo", ["raul"], ["Raúl"]),
        ("Raúl Castillo", ["cas", "raul"], ["Raúl", "Cas"]),
        ("Conan O’Brien", ["obri"], ["O’Bri"]),
        ("Conan O’Brien", ["brien"], ["Brien"]),
        ("Æther", ["ae"], ["Æ"]),
        ("Ольга Ильина", ["olga"], ["Ольга"]),
        ("章子怡", ["子怡"], ["子怡"]),
        ("The Long Way", ["ong"], []),
        ("<b>Bold</b>", ["bold"], ["Bold"]),
        ("", ["a"], []),
        ("Ann", [], []),
    ],
)
def test_what_was_typed_is_marked_where_words_begin(text, words, marked):
    assert hits(text, *words) == marked


def test_an_excerpt_is_cut_around_the_first_word():
    text = "alpha " * 40 + "harbour " + "omega " * 40
    cut = highlight.snippet(text, ["harbour"])
    assert cut.startswith("… alpha")
    assert cut.endswith("omega …")
    assert "harbour" in cut
    assert len(cut) < 250


@pytest.mark.django_db
def test_another_name_that_has_the_words_is_shown(client):
    series = make.series("Harbour", premise="Two sisters sail round a lake.")
    person = make.person("Ann Bell")
    Alias.objects.create(person=person, name="Nancy Clark")
    captain = make.character(series, "Nell", full_name="Eleanor Moss")
    make.credit(series, person, role_slug="cast", character=captain, credited_as="A. C. Dunn")

    def reason(text):
        (small,) = page_parsing.get_page(client, f"/search/?q={text}").cssselect("li[data-slug] .search__reason")[:1]
        return page_parsing.text(small), [page_parsing.text(mark) for mark in small.cssselect("mark")]

    assert reason("nancy") == ("also known as: Nancy Clark", ["Nancy"])
    assert reason("dunn") == ("credited as: A. C. Dunn", ["Dunn"])
    assert reason("bell moss") == ("plays: Eleanor Moss", ["Moss"])
    assert reason("sisters") == ("premise: Two sisters sail round a lake.", ["sisters"])
    page = page_parsing.get_page(client, "/search/?q=ann")
    assert page.cssselect("main .search__reason") == []
    assert [page_parsing.text(mark) for mark in page.cssselect("main mark")] == ["Ann"]
