"""A segment's arrays compared with plain Python: rows with values of their own and of their series."""

from collections import Counter
from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from catalog.facets.index import segment as segment_module
from catalog.facets.index.segment import MatchingRows, ParentIndex, Segment, ValueLevel
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
    with patch.object(segment_module, "LOOP_OWNERS_BELOW", max_owners):
        mask = create_segment(row_series, values, series_values).rows_with("facet", ordinals)
    inherited = {(row, value) for row in range(ROWS) for series, value in series_values if series == row_series[row]}
    assert set(np.flatnonzero(mask).tolist()) == {row for row, value in values | inherited if value in ordinals}


@given(st.lists(st.integers(-1, 4), min_size=1), st.lists(st.integers(0, 6), max_size=3))
def test_rows_are_found_by_a_column(values, ordinals):
    segment = Segment(np.arange(len(values)), columns={"year": np.array(values, np.int32)})
    rows = np.flatnonzero(segment.rows_with("year", ordinals)).tolist()
    assert rows == [row for row, value in enumerate(values) if value in ordinals]
