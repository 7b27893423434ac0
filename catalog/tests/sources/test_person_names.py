"""Lists of names."""

import pytest

from catalog.sources.person_names import (
    NameWithDetails,
    clean_text,
    is_person_name,
    read_name,
    split_by_role,
    split_teams,
)


@pytest.mark.parametrize(
    ("text", "teams"),
    [
        ("Ti West, Joe Swanberg", [["Ti West"], ["Joe Swanberg"]]),
        ("Lauren Yee & Matt Smith", [["Lauren Yee", "Matt Smith"]]),
        ("A One, B Two & C Three and D Four", [["A One"], ["B Two", "C Three"], ["D Four"]]),
        ("A One, and B Two; C Three", [["A One"], ["B Two"], ["C Three"]]),
        ("Robert Downey, Jr., Anders Andersen", [["Robert Downey Jr."], ["Anders Andersen"]]),
        (" , & ;", []),
    ],
)
def test_commas_and_the_word_and_separate_people_and_an_ampersand_joins_a_team(text, teams):
    assert split_teams(text) == teams


def test_a_text_may_name_the_roles_of_its_names():
    text = "Story by: A One & B Two Teleplay by: C Three"
    assert split_by_role(text, "writer") == [("story", "A One & B Two"), ("teleplay", "C Three")]
    assert split_by_role("Written by C Three", "writer") == [("writer", "C Three")]
    assert split_by_role("A One", "writer") == [("writer", "A One")]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Story and teleplay by A One", [("story", "A One"), ("teleplay", "A One")]),
        ("Teleplay & Story by: A One, B Two", [("teleplay", "A One, B Two"), ("story", "A One, B Two")]),
        ("Written and directed by A One", [("writer", "A One"), ("director", "A One")]),
        (
            "Story/Teleplay by A One; Story by B Two",
            [("story", "A One"), ("teleplay", "A One"), ("story", "B Two")],
        ),
        ("Story and Sons", [("writer", "Story and Sons")]),
    ],
)
def test_names_may_have_several_roles_before_them(text, parts):
    assert split_by_role(text, "writer") == parts


def test_footnote_marks_entities_and_white_space_are_cleaned():
    assert clean_text(" Lauren\u00a0Yee[3] &amp;  Matt Smith [a]\n") == "Lauren Yee & Matt Smith"


@pytest.mark.parametrize(
    "text", ["[REDACTED]", "Rick [Untitled] Two", "Lost [Redacted]", "[4]", "Part [2] of Three", "Vitamin [A]"]
)
def test_brackets_that_are_no_footnote_mark_behind_the_text_stay(text):
    assert clean_text(text) == text


@pytest.mark.parametrize("text", ['"Pilot"[3]', '"Pilot" [a][b]', '"Pilot"[note 2]', '"Pilot"[citation needed]'])
def test_footnote_marks_behind_the_text_are_removed(text):
    assert clean_text(text) == '"Pilot"'


@pytest.mark.parametrize("text", ["\u200b12", "\ufeff12", "1\u00ad2", "12\u2060", "\u200e12\u202c", "1\u20632"])
def test_invisible_characters_are_removed(text):
    assert clean_text(text) == "12"


@pytest.mark.parametrize(
    ("text", "teams"),
    [
        ("Sammy Sample, Jr. & Ann Sample", [["Sammy Sample Jr.", "Ann Sample"]]),
        ("A One & Sammy Sample, Sr.", [["A One", "Sammy Sample Sr."]]),
        ("Sammy Sample, III and B Two", [["Sammy Sample III"], ["B Two"]]),
        ("Sammy Sample, Jr, B Two", [["Sammy Sample Jr"], ["B Two"]]),
        ("A One | B Two", [["A One"], ["B Two"]]),
        ("A One/B Two", [["A One"], ["B Two"]]),
        ("章子怡、李安", [["章子怡"], ["李安"]]),
        ("A One &\nB Two", [["A One", "B Two"]]),
        ("A One\nB Two", [["A One"], ["B Two"]]),
        ("Mr. & Mrs. Smith", [["Mr. & Mrs. Smith"]]),
        ("Dr. & Mrs. Smith, A One", [["Dr. & Mrs. Smith"], ["A One"]]),
        ("TBA", []),
        ("A One, TBD", [["A One"]]),
        ("A One & Unknown", [["A One"]]),
        ("N/A", []),
        ("To be announced", []),
        ("To Be Confirmed, A One", [["A One"]]),
        ("Various", []),
        ("A One (as A. Doe, Jr.), B Two", [["A One (as A. Doe, Jr.)"], ["B Two"]]),
        ("A One (credited as A. Doe) & B Two", [["A One (credited as A. Doe)", "B Two"]]),
        ("A One (voice, uncredited) as Tom", [["A One (voice, uncredited) as Tom"]]),
    ],
)
def test_suffixes_separators_couples_and_placeholders(text, teams):
    assert split_teams(text) == teams


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("A One Teleplay by: B Two", [("writer", "A One"), ("teleplay", "B Two")]),
        ("Story by: A One\nTeleplay by: B Two", [("story", "A One"), ("teleplay", "B Two")]),
        ("A One / Story by B Two", [("writer", "A One"), ("story", "B Two")]),
        ("Teleplay by: A One | Story by: B Two", [("teleplay", "A One"), ("story", "B Two")]),
    ],
)
def test_a_role_inside_a_text_separates(text, parts):
    assert split_by_role(text, "writer") == parts


@pytest.mark.parametrize("text", ["2019-12-18", "December 18, 2019", "5/6/2019", "May 2019", "!!!"])
def test_a_date_is_not_a_name(text):
    assert not is_person_name(text)


@pytest.mark.parametrize("text", ["April May", "50 Cent", "Ti West", "June Diane Raphael"])
def test_a_name_may_look_a_little_like_a_date(text):
    assert is_person_name(text)


@pytest.mark.parametrize(
    ("text", "name", "parts"),
    [
        ("A One (story)", "A One", {"roles": ("story",)}),
        ("A One (Teleplay by)", "A One", {"roles": ("teleplay",)}),
        ("A One (story & teleplay)", "A One", {"roles": ("story", "teleplay")}),
        ("A One (screenplay)", "A One", {"roles": ("screenplay",)}),
        ("A One (uncredited)", "A One", {"notes": ("uncredited",)}),
        ("A One (Voice)", "A One", {"notes": ("voice",)}),
        ("A One (voice, uncredited)", "A One", {"notes": ("voice", "uncredited")}),
        ("A One (archive footage)", "A One", {"notes": ("archive footage",)}),
        ("A One (as A. Doe)", "A One", {"credited_as": "A. Doe"}),
        ("A One (credited as A. Doe, Jr.)", "A One", {"credited_as": "A. Doe, Jr."}),
        ("A One (as A. Doe) (uncredited)", "A One", {"credited_as": "A. Doe", "notes": ("uncredited",)}),
        ("A One (story) (as A. Doe)", "A One", {"roles": ("story",), "credited_as": "A. Doe"}),
        ("A One (for some episodes)", "A One", {"for_some_episodes": True}),
        ("A One (Some episodes) (voice)", "A One", {"for_some_episodes": True, "notes": ("voice",)}),
        ("A One (uncredited, for some episodes)", "A One", {"for_some_episodes": True, "notes": ("uncredited",)}),
        ("A One (for some people)", "A One (for some people)", {}),
        ("A One (II)", "A One (II)", {}),
        ("A One (II) (uncredited)", "A One (II)", {"notes": ("uncredited",)}),
        ("A One (the voice of reason)", "A One (the voice of reason)", {}),
        ("(uncredited)", "(uncredited)", {}),
        ("A One", "A One", {}),
    ],
)
def test_brackets_behind_a_name_have_roles_notes_and_the_credited_name(text, name, parts):
    assert read_name(text) == NameWithDetails(name, **parts)
