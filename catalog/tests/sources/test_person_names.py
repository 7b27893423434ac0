"""Lists of names."""

import pytest

from catalog.sources.person_names import clean_text, split_by_role, split_teams


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


def test_footnote_marks_entities_and_white_space_are_cleaned():
    assert clean_text(" Lauren\u00a0Yee[3] &amp;  Matt Smith [a]\n") == "Lauren Yee & Matt Smith"
