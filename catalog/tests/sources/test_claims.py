"""Claims that the cells of a pasted table make about people."""

import pytest

from catalog.sources.episode_table import parse_episode_table, read_episode


def claim_of(column, cell):
    """The claim of a row with one cell of names."""
    table = parse_episode_table(f"No\tTitle\t{column}\n1\tA\t{cell}")
    return read_episode(table, table.rows[0], 1)


@pytest.mark.parametrize(
    ("cell", "details"),
    [
        ("A One (uncredited)", ("A One", "", "uncredited")),
        ("A One (as A. Doe)", ("A One", "A. Doe", "")),
        ("A One (as A. Doe) (uncredited)", ("A One", "A. Doe", "uncredited")),
    ],
)
@pytest.mark.parametrize("column", ["Director", "Writer"])
def test_brackets_behind_names_become_note_and_credited_name(cell, details, column):
    claim = claim_of(column, cell)
    assert claim.errors == []
    assert [(credit.name, credit.credited_as, credit.note) for credit in claim.credits] == [details]


@pytest.mark.parametrize(
    ("cell", "name"),
    [("A One & !!!", "!!!"), ("A One (as ???!)", "???!"), ("!!! & B Two", "!!!"), ("A, B (as !!!)", "!!!")],
)
def test_an_error_names_the_member_of_a_team_that_is_no_name(cell, name):
    claim = claim_of("Writer", cell)
    assert claim.errors == [f"“{name}” is not a name."]


@pytest.mark.parametrize("cell", ["A One, B Two (for some episodes)", "A One & B Two (uncredited, some episodes)"])
def test_the_credits_of_an_episode_are_for_that_episode(cell):
    claim = claim_of("Writer", cell)
    assert claim.errors == [
        "B Two: a credit on an episode is for that episode: leave out “for some episodes”.",
    ]
