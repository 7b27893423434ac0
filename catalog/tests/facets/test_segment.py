"""A segment's arrays against plain Python: rows with values of their own and of what they stand in."""

from collections import Counter
from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from catalog.facets.index import segment as segment_module
from catalog.facets.index.segment import MatchingRows, ParentIndex, ParentTotals, Segment, ValueLevel
from catalog.facets.index.sparse import SparsePairs, ValueCounts

ROWS, SERIES, VALUES = 12, 4, 7
rows_in = st.lists(st.integers(0, SERIES - 1), min_size=ROWS, max_size=ROWS)
own_values = st.sets(st.tuples(st.integers(0, ROWS - 1), st.integers(0, VALUES - 1)), max_size=40)
series_values = st.sets(st.tuples(st.integers(0, SERIES - 1), st.integers(0, VALUES - 1)), max_size=12)
some_rows = st.none() | st.sets(st.integers(0, ROWS - 1))
limits = st.sampled_from([0, 100])  # how many rows, and owners, are dealt with in the other way


def pairs_of(found, total):
    """``SparsePairs`` of a set of (owner, value)."""
    owners, values = (np.array([pair[place] for pair in sorted(found)], np.int64) for place in (0, 1))
    return SparsePairs.of(owners, values, total)


def a_segment(places, own, of_series):
    """Rows in series, with a facet whose values are the rows' and their series'."""
    parent_index, pairs = ParentIndex(np.array(places, np.int64), SERIES), pairs_of(own, ROWS)
    levels = [
        ValueLevel(None, pairs, ParentTotals(parent_index, pairs)),
        ValueLevel(parent_index, pairs_of(of_series, SERIES)),
    ]
    return Segment(np.arange(ROWS), levels={"facet": levels})


@given(rows_in, own_values, series_values, some_rows, limits)
def test_values_are_counted_whether_series_are_whole_or_not(places, own, of_series, chosen, many):
    found = None if chosen is None else np.array(sorted(chosen), np.int64)
    tally = ValueCounts(VALUES)
    with patch.object(segment_module, "MIN_ROWS_FOR_SUMS", many):
        a_segment(places, own, of_series).count("facet", MatchingRows(found, ROWS), tally)
    expected = Counter()
    for row in range(ROWS) if chosen is None else chosen:
        expected.update(value for owner, value in own if owner == row)
        expected.update(value for series, value in of_series if series == places[row])
    values, counts = tally.result()
    assert dict(zip(values.tolist(), counts.tolist(), strict=True)) == expected


@given(rows_in, own_values, series_values, st.lists(st.integers(0, VALUES + 2), max_size=3), limits)
def test_rows_are_found_by_their_values_and_by_their_series(places, own, of_series, wanted, few):
    with patch.object(segment_module, "LOOP_OWNERS_BELOW", few):
        mask = a_segment(places, own, of_series).rows_with("facet", wanted)
    here = {(row, value) for row in range(ROWS) for series, value in of_series if series == places[row]} | own
    assert set(np.flatnonzero(mask).tolist()) == {row for row, value in here if value in wanted}


@given(st.lists(st.integers(-1, 4), min_size=1), st.lists(st.integers(0, 6), max_size=3))
def test_rows_are_found_by_a_column(values, wanted):
    segment = Segment(np.arange(len(values)), columns={"year": np.array(values, np.int32)})
    found = np.flatnonzero(segment.rows_with("year", wanted)).tolist()
    assert found == [row for row, value in enumerate(values) if value in wanted]
