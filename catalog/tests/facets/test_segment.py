"""A segment's arrays compared with plain Python: rows with values of their own and of their series."""

from collections import Counter
from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from catalog.facets.index import matching_rows
from catalog.facets.index.credit_levels import CreditLevel, count_people, role_sets
from catalog.facets.index.matching_rows import MatchingRows, ParentIndex
from catalog.facets.index.segment import Segment, ValueLevel
from catalog.facets.index.sparse import SparsePairs, ValueCounts

ROWS, SERIES, VALUES = 12, 4, 7
series_of_rows = st.lists(st.integers(0, SERIES - 1), min_size=ROWS, max_size=ROWS)
row_pairs = st.sets(st.tuples(st.integers(0, ROWS - 1), st.integers(0, VALUES - 1)), max_size=40)
series_pairs = st.sets(st.tuples(st.integers(0, SERIES - 1), st.integers(0, VALUES - 1)), max_size=12)
row_selections = st.none() | st.sets(st.integers(0, ROWS - 1))
limits = st.sampled_from([0, 100])  # for the constants that choose between two algorithms


def sparse_pairs(pairs, owner_count):
    """``SparsePairs`` of a set of (owner, value)."""
    owners, values = (np.array([pair[column] for pair in sorted(pairs)], np.int64) for column in (0, 1))
    return SparsePairs.of(owners, values, owner_count)


def create_segment(row_series, values, series_values):
    """A segment with one facet, whose values the rows and their series have."""
    parent_index, pairs = ParentIndex(np.array(row_series, np.int64), SERIES), sparse_pairs(values, ROWS)
    levels = [ValueLevel(None, pairs), ValueLevel(parent_index, sparse_pairs(series_values, SERIES))]
    return Segment(np.arange(ROWS), levels={"facet": levels})


@given(series_of_rows, row_pairs, series_pairs, row_selections)
def test_values_of_rows_and_of_their_series_are_counted(row_series, values, series_values, rows):
    selected = None if rows is None else np.array(sorted(rows), np.int64)
    tally = ValueCounts(VALUES)
    create_segment(row_series, values, series_values).count("facet", MatchingRows(selected, ROWS), tally)
    expected = Counter()
    for row in range(ROWS) if rows is None else rows:
        expected.update(value for owner, value in values if owner == row)
        expected.update(value for series, value in series_values if series == row_series[row])
    ordinals, counts = tally.result()
    assert dict(zip(ordinals.tolist(), counts.tolist(), strict=True)) == expected


@given(series_of_rows, row_pairs, series_pairs, st.lists(st.integers(0, VALUES + 2), max_size=3), limits)
def test_rows_are_found_by_their_values_and_by_their_series(row_series, values, series_values, ordinals, max_owners):
    with patch.object(matching_rows, "LOOP_OWNERS_BELOW", max_owners), patch.object(matching_rows, "FEW_PARENTS", 0):
        mask = create_segment(row_series, values, series_values).rows_with("facet", ordinals)
    inherited = {(row, value) for row in range(ROWS) for series, value in series_values if series == row_series[row]}
    assert set(np.flatnonzero(mask).tolist()) == {row for row, value in values | inherited if value in ordinals}


@given(series_of_rows, row_pairs, series_pairs, st.sets(st.integers(0, VALUES - 1)))
def test_rows_with_any_visible_value_are_found(row_series, values, series_values, hidden):
    segment = create_segment(row_series, values, series_values)
    mask = segment.rows_recorded("facet", np.array(sorted(hidden), np.int64))
    inherited = {(row, value) for row in range(ROWS) for series, value in series_values if series == row_series[row]}
    assert set(np.flatnonzero(mask).tolist()) == {row for row, value in values | inherited if value not in hidden}


KEYS = np.array([3, 8, 9])  # primary keys of roles; a value below is a position in them times VALUES plus a person
row_credits = st.sets(st.tuples(st.integers(0, ROWS - 1), st.integers(0, 3 * VALUES - 1)), max_size=40)
series_credits = st.sets(st.tuples(st.integers(0, SERIES - 1), st.integers(0, 3 * VALUES - 1)), max_size=12)


def create_credit_levels(row_series, row_values, series_values):
    """The levels of credits on series and rows, and (row, role, person) of all."""
    parent_index = ParentIndex(np.array(row_series, np.int64), SERIES)
    inherited = {(row, value) for row in range(ROWS) for series, value in series_values if series == row_series[row]}
    levels = []
    for parent, count, pairs in ((parent_index, SERIES, series_values), (None, ROWS, row_values - inherited)):
        owners, values = (np.array([pair[column] for pair in sorted(pairs)], np.int64) for column in (0, 1))
        levels.append(CreditLevel.of(parent, count, KEYS, owners, values, VALUES))
    credits = {(row, int(KEYS[value // VALUES]), value % VALUES) for row, value in row_values | inherited}
    return levels, credits


@given(series_of_rows, row_credits, series_credits, row_selections, st.sets(st.sampled_from([3, 8, 9, 10])))
def test_people_in_any_of_several_roles_count_once_for_a_row(row_series, row_values, series_values, rows, roles):
    levels, credits = create_credit_levels(row_series, row_values, series_values)
    selected = None if rows is None else np.array(sorted(rows), np.int64)
    tally = ValueCounts(VALUES)
    count_people(levels, tuple(roles), MatchingRows(selected, ROWS), tally)
    pairs = {(row, person) for row, role, person in credits if role in roles and (rows is None or row in rows)}
    ordinals, counts = tally.result()
    assert dict(zip(ordinals.tolist(), counts.tolist(), strict=True)) == Counter(person for _, person in pairs)


@given(
    series_of_rows, row_credits, series_credits, st.sets(st.integers(0, VALUES + 2)), st.sets(st.sampled_from([3, 9]))
)
def test_rows_are_found_by_people_in_roles(row_series, row_values, series_values, people, roles):
    levels, credits = create_credit_levels(row_series, row_values, series_values)
    mask = Segment(np.arange(ROWS), credits=levels).rows_with(tuple(roles), sorted(people))
    assert set(np.flatnonzero(mask).tolist()) == {row for row, role, n in credits if role in roles and n in people}
    held = set().union(*(level.roles_of(sorted(people)) for level in levels))
    of_series = {int(KEYS[value // VALUES]) for _, value in series_values if value % VALUES in people}
    assert held == {role for _, role, person in credits if person in people} | of_series


@given(series_of_rows, row_credits, series_credits, st.lists(st.booleans(), min_size=VALUES, max_size=VALUES))
def test_each_row_has_the_set_of_its_roles(row_series, row_values, series_values, visible):
    levels, credits = create_credit_levels(row_series, row_values, series_values)
    numbers, members = role_sets(levels, np.array(visible), ROWS)
    for row in range(ROWS):
        assert set(KEYS[members[numbers[row]]].tolist()) == {role for r, role, n in credits if r == row and visible[n]}


@given(st.lists(st.integers(-1, 4), min_size=1), st.lists(st.integers(0, 6), max_size=3))
def test_rows_are_found_by_a_column(values, ordinals):
    segment = Segment(np.arange(len(values)), columns={"year": np.array(values, np.int32)})
    rows = np.flatnonzero(segment.rows_with("year", ordinals)).tolist()
    assert rows == [row for row, value in enumerate(values) if value in ordinals]
