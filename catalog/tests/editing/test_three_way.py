"""Three-way merge of values and of sets of keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.editing.three_way import DELETED, Decision, merge_keys, merge_value

MINE, THEIRS, CONFLICT = Decision.TAKE_MINE, Decision.TAKE_THEIRS, Decision.CONFLICT
OPPOSITE = {MINE: THEIRS, THEIRS: MINE, CONFLICT: CONFLICT}


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "superseded", "expected"),
    [
        ("Pilot", "Pilot", "Pilot", (), MINE),
        ("Pilot", "The Pilot", "Pilot", (), MINE),
        ("Pilot", "Pilot", "The Pilot", (), THEIRS),
        ("Pilot", "The Pilot", "The Pilot", (), MINE),
        ("Pilot", "Ada", "Bo", (), CONFLICT),
        ("Pilot", "", "Bo", (), CONFLICT),
        ("Pilot", "Ada", "Bo", ("Ada",), THEIRS),
        ("Pilot", "Cid", "Bo", ("Ada",), CONFLICT),
        ("Pilot", "Ada", "Pilot", ("Bo",), MINE),
        (None, None, 7, (), THEIRS),
        (None, 7, None, (), MINE),
        ({"billing": 1}, DELETED, {"billing": 1}, (), MINE),
        ({"billing": 1}, DELETED, {"billing": 2}, (), CONFLICT),
        ({"billing": 1}, {"billing": 1}, DELETED, (), THEIRS),
        ({"billing": 1}, {"billing": 2}, DELETED, (), CONFLICT),
        ({"billing": 1}, DELETED, DELETED, (), MINE),
        (None, 4, DELETED, (), CONFLICT),
    ],
)
def test_merge_value(base, mine, theirs, superseded, expected):
    assert merge_value(base, mine, theirs, superseded) is expected


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "expected"),
    [
        (set(), set(), set(), set()),
        ({1}, {1, 2}, {1}, {1, 2}),
        ({1}, {1}, {1, 3}, {1, 3}),
        ({1}, {1, 2}, {3}, {2, 3}),
        ({1, 2}, {2}, {1, 2, 3}, {2, 3}),
        ({1, 2}, {2}, {2}, {2}),
        ({1, 2}, set(), {1, 2}, set()),
    ],
)
def test_merge_keys(base, mine, theirs, expected):
    assert merge_keys(base, mine, theirs) == expected


values = st.sampled_from(["a", "b", "c", None])


@given(values, values, values)
def test_the_two_sides_of_a_value_are_treated_alike(base, mine, theirs):
    decision, swapped = merge_value(base, mine, theirs), merge_value(base, theirs, mine)
    assert swapped is (MINE if mine == theirs else OPPOSITE[decision])


@given(values, values, values, st.lists(values))
def test_no_change_of_either_side_is_lost_without_a_conflict(base, mine, theirs, superseded):
    decision = merge_value(base, mine, theirs, superseded)
    if decision is MINE:
        assert theirs in (base, mine)
    elif decision is THEIRS:
        assert mine == base or mine in superseded


keys = st.sets(st.integers(1, 6))


@given(keys, keys, keys)
def test_every_added_and_removed_key_is_in_the_merged_set(base, mine, theirs):
    merged = merge_keys(base, mine, theirs)
    assert merged == merge_keys(base, theirs, mine)
    assert merged >= (mine - base) | (theirs - base)
    assert not merged & ((base - mine) | (base - theirs))
    assert merge_keys(base, mine, base) == mine
    assert merge_keys(base, base, theirs) == theirs
