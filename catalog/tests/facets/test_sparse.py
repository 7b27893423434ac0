"""Sparse pairs and counts compared with plain Python: values by owner, owners by value, the most frequent values."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from catalog.facets.index.sparse import SparsePairs, ValueCounts, most_frequent

OWNERS, VALUES = 6, 40
pair_lists = st.lists(st.tuples(st.integers(0, OWNERS - 1), st.integers(0, VALUES - 1)), max_size=60)


def sparse_pairs(pairs):
    owners, values = (np.array(column, np.int64) for column in (zip(*pairs, strict=True) if pairs else ((), ())))
    return SparsePairs.of(owners, values, OWNERS)


@given(pair_lists, st.lists(st.integers(0, VALUES + 3), max_size=4))
def test_owners_are_found_by_their_values(pairs, values):
    assert set(sparse_pairs(pairs).owners_of(values).tolist()) == {owner for owner, value in pairs if value in values}


@given(pair_lists, st.sets(st.integers(0, OWNERS - 1)), st.sampled_from([1, 1000]), st.booleans(), st.integers(1, 12))
def test_values_are_counted_and_the_most_frequent_come_first(pairs, owners, size_factor, is_weighted, limit):
    tally, selected = ValueCounts(VALUES * size_factor), np.array(sorted(owners), np.int64)
    sparse_pairs(pairs).add_to_tally(selected, selected + 1 if is_weighted else None, tally)
    values, counts = tally.result()
    expected = Counter()
    for owner, value in set(pairs):
        expected[value] += (owner + 1 if is_weighted else 1) if owner in owners else 0
    expected = +expected
    assert dict(zip(values.tolist(), counts.tolist(), strict=True)) == expected
    top = most_frequent(values, counts, np.arange(VALUES, dtype=float), limit) if len(values) else []
    by_count = sorted(expected, key=lambda value: (-expected[value], value))
    assert [values[position] for position in top] == by_count[:limit]
