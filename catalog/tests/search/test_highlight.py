"""Matching words are highlighted, and a match outside the shown names is explained."""

import pytest
from django.utils import timezone

from catalog.models import Alias, FeaturedCharacter
from catalog.search import highlight
from catalog.tests import factories as make
from catalog.tests import page_parsing


def highlighted_pieces(text, *words):
    """Return the highlighted pieces of a text; check that all pieces together are the text."""
    pieces = highlight.highlight(text, words)
    assert "".join(piece for piece, _ in pieces) == text
    return [piece for piece, is_match in pieces if is_match]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
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
def test_words_are_highlighted_where_a_word_of_the_text_begins(text, words, expected):
    assert highlighted_pieces(text, *words) == expected


def test_a_snippet_is_cut_around_the_first_matching_word():
    text = "alpha " * 40 + "harbour " + "omega " * 40
    cut = highlight.snippet(text, ["harbour"])
    assert cut.startswith("… alpha")
    assert cut.endswith("omega …")
    assert "harbour" in cut
    assert len(cut) < 250


@pytest.mark.django_db
def test_a_match_in_another_name_is_shown_with_its_label(client):
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


@pytest.mark.django_db
@pytest.mark.parametrize("hidden", ["series", "season", "episode"])
def test_a_match_on_a_draft_is_not_shown(client, hidden):
    published_at = {name: None if name == hidden else timezone.now() for name in ("series", "season", "episode")}
    series = make.series("Plan", published_at=published_at["series"])
    season = make.season(series, published_at=published_at["season"])
    episode = make.episode(season, published_at=published_at["episode"])
    nell = make.character(series, "Nell Moss")
    Alias.objects.create(character=nell, name="Eleanor")
    person = make.person("Ann Bell")
    make.credit(episode, person, role_slug="guest", character=nell, credited_as="A. C. Dunn")
    captain = make.character(make.series("Harbour"), "Captain")
    FeaturedCharacter.objects.create(episode=episode, character=captain, named_as="Old Salt")
    for text in ("moss", "eleanor", "dunn", "salt"):
        page = page_parsing.get_page(client, f"/search/?q={text}")
        assert page.cssselect("li[data-slug]:not([data-slug=nell-moss]) .search__reason") == [], text
