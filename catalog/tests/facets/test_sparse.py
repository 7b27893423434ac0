"""The arrays of the index by themselves: values by owner, owners by value, the most frequent."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from catalog.facets.index.sparse import SparsePairs, ValueCounts, most_frequent

OWNERS, VALUES = 6, 40
pairs = st.lists(st.tuples(st.integers(0, OWNERS - 1), st.integers(0, VALUES - 1)), max_size=60)


def made(found):
    owners, values = (np.array(column, np.int64) for column in (zip(*found, strict=True) if found else ((), ())))
    return SparsePairs.of(owners, values, OWNERS)


@given(pairs, st.lists(st.integers(0, VALUES + 3), max_size=4))
def test_owners_are_found_by_the_values_that_they_have(found, wanted):
    assert set(made(found).owners_of(wanted).tolist()) == {owner for owner, value in found if value in wanted}


@given(pairs, st.sets(st.integers(0, OWNERS - 1)), st.sampled_from([1, 1000]), st.booleans(), st.integers(1, 12))
def test_values_are_counted_and_the_most_frequent_come_first(found, owners, room, weighed, most):
    tally, chosen = ValueCounts(VALUES * room), np.array(sorted(owners), np.int64)
    made(found).add_to_tally(chosen, chosen + 1 if weighed else None, tally)
    values, counts = tally.result()
    expected = Counter()
    for owner, value in set(found):
        expected[value] += (owner + 1 if weighed else 1) if owner in owners else 0
    expected = +expected
    assert dict(zip(values.tolist(), counts.tolist(), strict=True)) == expected
    first = most_frequent(values, counts, np.arange(VALUES, dtype=float), most) if len(values) else []
    assert [values[place] for place in first] == sorted(expected, key=lambda value: (-expected[value], value))[:most]
