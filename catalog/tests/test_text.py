"""Invisible characters in text."""

import pytest

from catalog.text import remove_invisible


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Pi\u200blot", "Pilot"),  # zero width space
        ("\ufeffPilot", "Pilot"),  # byte order mark
        ("Sound\u00adtrack", "Soundtrack"),  # soft hyphen
        ("Word\u2060joiner", "Wordjoiner"),
        ("\u200ePilot\u200f", "Pilot"),  # marks of direction
        ("\u202aPilot\u202c and \u2068Night\u2069", "Pilot and Night"),  # embedding and isolate
        ("\u202etoliP", "toliP"),  # an override hides what is written
        ("Pilot\u00a0", "Pilot"),
        ("Pilot \u00a0 \u202f", "Pilot"),
        ("Pilot\u00a0\u200b", "Pilot"),
        ("\u200b Pilot", "Pilot"),
        ("First line\u00a0\nsecond line\u202f", "First line\nsecond line"),
        ("\u200b\u00a0", ""),
        ("Pi\x08lot\x1b", "Pilot"),  # controls
        ("Pilot\x80", "Pilot"),
        (
            "First\r\nsecond\rthird\u2028fourth\u2029fifth\x85sixth\x0bseventh",
            "First\nsecond\nthird\nfourth\nfifth\nsixth\nseventh",
        ),
    ],
)
def test_invisible_characters_are_removed(text, cleaned):
    assert remove_invisible(text) == cleaned
    assert remove_invisible(cleaned) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "Pilot",
        " Pilot ",
        "",
        "می\u200cخواهم",  # Persian: zero width non-joiner
        "ක්\u200dෂ",  # Sinhala: zero width joiner
        "👩\u200d🚀",  # astronaut: a sequence of emoji
        "❤\ufe0f",
        "12\u00a0km",
        "First line\n\tsecond line",
        "No\u00ebl",
        "\u05e9\u05dc\u05d5\u05dd!\u200f (2019)",  # Hebrew: the mark puts "!" at the left
        "\u202bשלום (abc)!\u202c",
    ],
)
def test_other_characters_stay(text):
    assert remove_invisible(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("\u200fשלום\u200f", "שלום"),  # beside letters of the same direction
        ("Pilot\u200e שלום", "Pilot שלום"),
        ("\u202eשלום\u202c", "שלום"),
    ],
)
def test_marks_without_effect_are_removed_from_text_written_from_right_to_left(text, cleaned):
    assert remove_invisible(text) == cleaned
