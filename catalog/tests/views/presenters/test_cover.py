"""A cover stays the same for a slug for ever, and always has text."""

import re
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.models import Episode, Person, Season, Series
from catalog.views.presenters import cover

SLUGS = st.from_regex(r"[a-z0-9]{1,20}(-[a-z0-9]{1,20}){0,5}", fullmatch=True)


def named(name, slug="a-slug"):
    """A person; a company's cover is designed in the same way."""
    return Person(name=name, slug=slug)


def series(title="A Title", slug="a-slug"):
    """A series that is not saved."""
    return Series(title=title, slug=slug)


def episode(slug, number=3, **fields):
    """An episode of the series with that slug."""
    return Episode(season=Season(series=series(slug=slug), number=1), number=number, **fields)


def test_a_slug_always_has_the_same_shapes():
    """A change of the generator would change every cover of the catalogue."""
    poster = cover.series_cover(series("Soundtrack", "soundtrack"))
    assert (poster.palette, len(poster.shapes)) == (crc32(b"soundtrack") % 12, 8)
    assert poster.shapes[0].path == "M25.00 75.00L25.00 100.00A25.00 25.00 0 0 1 0.00 75.00z"


@settings(max_examples=30, deadline=None)
@given(SLUGS)
def test_a_palette_is_the_checksum_of_the_slug_by_twelve_on_every_form(slug):
    expected = crc32(slug.encode()) % 12
    designs = [
        cover.series_cover(series(slug=slug)),
        cover.initials_cover(named("Ann", slug)),
        cover.episode_cover(episode(slug)),
    ]
    assert {design.palette for design in designs} == {cover.palette_for(slug)} == {expected}


@settings(max_examples=30, deadline=None)
@given(SLUGS)
def test_shapes_lie_within_their_cover_and_are_the_same_each_time(slug):
    poster = cover.series_cover(series(slug=slug))
    cover.shapes_for.cache_clear()
    assert cover.series_cover(series(slug=slug)).shapes == poster.shapes
    for shape in poster.shapes:
        assert shape.tone in ("ground", "mark", "ink")
        numbers = [float(number) for number in re.findall(r"-?[0-9.]+", shape.path)]
        assert shape.is_disc or all(-0.01 <= number <= 150.01 for number in numbers), shape.path
        if shape.is_disc:
            assert shape.radius <= shape.cx <= 100.01 - shape.radius
            assert shape.radius <= shape.cy <= 150.01 - shape.radius


def test_different_slugs_have_different_shapes():
    shapes = {cover.series_cover(series(slug=f"series-{number}")).shapes for number in range(100)}
    assert len(shapes) > 95


def test_an_episode_takes_its_series_palette_and_shapes_of_its_own():
    first, second = (episode("show", number, production_code="1ABC01") for number in (1, 2))
    assert cover.episode_cover(first).palette == cover.episode_cover(second).palette == cover.palette_for("show")
    assert cover.episode_cover(first).shapes != cover.episode_cover(second).shapes
    assert (cover.episode_cover(first).number, cover.episode_cover(first).code) == ("1", "1ABC01")


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Ti West", "TW"),
        ("Marianne Jean-Baptiste", "MJ"),
        ("Joshua Q. von Safran", "JS"),
        ("Prince", "P"),
        ("Élodie Ünal", "ÉÜ"),
        ("黒澤 明", "黒明"),
        ("محمود درويش", "مد"),
        ("Ольга Ильина", "ОИ"),
        ("20th Century", "2C"),
        ("“Weird” Al (Yankovic)", "A"),
        ("!!!", "!"),
        ("🎵", "🎵"),
        ("\x85 : )", ":"),
        (" ", "?"),
    ],
)
def test_initials_are_of_the_first_and_the_last_word_in_any_script(name, initials):
    assert cover.initials_cover(named(name)).number == initials


@given(st.text(min_size=1, max_size=60).filter(str.strip))
def test_no_name_has_empty_initials_or_more_than_a_cover_holds(name):
    letters = cover.initials_cover(named(name)).number
    assert letters.strip()
    assert len(letters) <= 6, "a letter may become three when it is made a capital"


@pytest.mark.parametrize(
    ("title", "length"),
    [("Soundtrack", "s"), ("The Longest Way Round", "l"), ("Counterparts", "l"), ("Internationalised", "xl")]
    + [("One Thing After Another and Then Some", "xl"), ("", "s")],
)
def test_a_long_title_or_word_is_set_smaller(title, length):
    assert cover.series_cover(series(title)).title_length == length
