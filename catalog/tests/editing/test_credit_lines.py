"""Credits typed as lines."""

import pytest

from catalog.editing.credit_lines import parse_credit_lines
from catalog.models import Role

pytestmark = pytest.mark.usefixtures("vocabulary")


def test_a_role_may_be_its_name_slug_plural_or_synonym_in_any_case():
    text = "DIRECTED BY: A One\nexecutive-producer: A One\nwriters: A One\nDirector of photography: A One"
    lines = parse_credit_lines(text)
    assert lines.errors == []
    assert [claim.role for claim in lines.claims] == ["director", "executive-producer", "writer", "cinematographer"]


def test_words_for_the_cast_set_the_kind_of_credit():
    claims = parse_credit_lines("Main cast: A One as Ann\nRecurring: B Two\nGuest: C Three\nCast: D Four").claims
    assert [(claim.role, claim.kind, claim.character) for claim in claims] == [
        ("cast", "main", "Ann"),
        ("cast", "recurring", ""),
        ("guest", "guest", ""),
        ("cast", "", ""),
    ]


def test_only_writers_work_in_teams_and_each_line_has_its_own():
    claims = parse_credit_lines("Writer: A One & B Two\nStory: A One & B Two\nDirector: A One & B Two").claims
    first, second, *story, director, _ = [claim.team for claim in claims]
    assert first == second
    assert set(story) == {story[0]} != {first}
    assert director is None


def test_a_repeated_credit_counts_once():
    assert len(parse_credit_lines("Director: A One, A One\nDirector: A One").claims) == 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Ti West", "write the role, a colon and the names"),
        ("Dirrector: Ti West", "Did you mean Director"),
        ("Qqxz: Ti West", "there is no role called “Qqxz”"),
        (": Ti West", "there is no role before the colon"),
        ("Director:", "there is no name after the colon"),
        ("Director: Ti West as Sam", "only the cast plays characters"),
        ("Guest: A One as " + "x" * 121, "too long for the name of a character"),
        ("Guest: " + "x" * 161, "too long for a name"),
        ("Guest: !!!", "“!!!” is not a name"),
        ("Guest: Isabel May as", "there is no character after “Isabel May as”"),
    ],
)
def test_an_error_names_its_line(line, message):
    (error,) = parse_credit_lines(f"\nCast: Ann One\n{line}").errors
    assert error.startswith("Line 3: ")
    assert message in error


def test_the_number_of_names_is_limited():
    text = "Guest: " + ", ".join(f"Name {number}" for number in range(301))
    assert parse_credit_lines(text).errors == ["At most 300 names at once."]


@pytest.mark.parametrize("names", ["TBA", "N/A", "—", "Unknown, ?", "none"])
def test_placeholders_are_no_people(names):
    lines = parse_credit_lines(f"Director: {names}")
    assert (lines.claims, lines.errors) == ([], [])


@pytest.mark.parametrize(
    ("line", "claims"),
    [
        ("Guest: A One as Tom/Jerry", [("A One", "Tom"), ("A One", "Jerry")]),
        ("Guest: A One as Tom / Jerry, B Two as Spike", [("A One", "Tom"), ("A One", "Jerry"), ("B Two", "Spike")]),
        ("Guest: A One/B Two", [("A One", ""), ("B Two", "")]),
        ("Guest: A One as Himself", [("A One", "")]),
        ("Guest: A One as herself, B Two as Self", [("A One", ""), ("B Two", "")]),
        ("Guest: A One as Himself / Host", [("A One", "Host")]),
        ("Guest: A One as TBA", [("A One", "")]),
        ("Guest: A One as N/A", [("A One", "")]),
        ("Guest: A One as Mr. & Mrs. Smith", [("A One", "Mr. & Mrs. Smith")]),
        ("Guest: Mr. & Mrs. Smith", [("Mr. & Mrs. Smith", "")]),
    ],
)
def test_characters_behind_as(line, claims):
    lines = parse_credit_lines(line)
    assert [(claim.name, claim.character) for claim in lines.claims] == claims
    assert lines.errors == []


@pytest.mark.parametrize(
    "names",
    [
        "A One (story), B Two (teleplay)",
        "Story by: A One Teleplay by: B Two",
        "A One (Story by) | B Two (teleplay)",
    ],
)
def test_a_name_may_have_a_role_of_its_own(names):
    lines = parse_credit_lines(f"Writer: {names}")
    assert [(claim.role, claim.name) for claim in lines.claims] == [("story", "A One"), ("teleplay", "B Two")]


def test_a_date_is_not_a_name():
    assert parse_credit_lines("Director: 2019-12-18").errors == ["Line 1: “2019-12-18” is not a name."]


def test_a_role_in_brackets_has_to_be_in_the_vocabulary():
    Role.objects.filter(slug="teleplay").delete()
    (error,) = parse_credit_lines("Writer: A One (teleplay)").errors
    assert error == "Line 1: there is no role called “teleplay”."


@pytest.mark.parametrize(
    ("line", "details"),
    [
        ("Guest: A One (uncredited)", ("A One", "", "", "uncredited")),
        ("Guest: A One as Tom (voice)", ("A One", "Tom", "", "voice")),
        ("Guest: A One (voice) as Tom", ("A One", "Tom", "", "voice")),
        ("Guest: A One as Tom (as A. Doe)", ("A One", "Tom", "A. Doe", "")),
        (
            "Guest: A One (credited as A. Doe) as Tom (voice, uncredited)",
            ("A One", "Tom", "A. Doe", "voice, uncredited"),
        ),
        ("Guest: A One as Himself (archive footage)", ("A One", "", "", "archive footage")),
        ("Guest: A One as Tom (the cat)", ("A One", "Tom (the cat)", "", "")),
        ("Director: A One (as Alan Smithee)", ("A One", "", "Alan Smithee", "")),
    ],
)
def test_brackets_become_note_and_credited_name(line, details):
    lines = parse_credit_lines(line)
    assert lines.errors == []
    assert [(claim.name, claim.character, claim.credited_as, claim.note) for claim in lines.claims] == [details]


@pytest.mark.parametrize(
    ("line", "claims"),
    [
        ("Editor: A One (for some episodes), B Two", [("A One", "", True), ("B Two", "", False)]),
        ("Composer: A One (uncredited, for some episodes)", [("A One", "uncredited", True)]),
        ("Main cast: A One as Tom (for some episodes)", [("A One", "", True)]),
    ],
)
def test_for_some_episodes_in_brackets_is_no_note(line, claims):
    lines = parse_credit_lines(line)
    assert lines.errors == []
    assert [(claim.name, claim.note, claim.for_some_episodes) for claim in lines.claims] == claims
    (error,) = parse_credit_lines(line, on_episode=True).errors
    assert error == "Line 1: a credit on an episode is for that episode: leave out “for some episodes”."


def test_a_note_behind_a_character_belongs_to_that_character():
    claims = parse_credit_lines("Guest: A One as Tom (voice)/Jerry").claims
    assert [(claim.character, claim.note) for claim in claims] == [("Tom", "voice"), ("Jerry", "")]


@pytest.mark.parametrize("line", ["Guest: A One (as " + "x" * 161 + ")", "Director: A One (as !!!)"])
def test_a_credited_name_has_to_be_a_name(line):
    assert len(parse_credit_lines(line).errors) == 1
