"""Strings packed into one bytes object, compared with a list of them."""

import pickle

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from catalog import packed_strings
from catalog.packed_strings import PackedStrings

texts = st.lists(st.text("abé1 ", max_size=6), max_size=30)


@given(texts, st.text("abé1", min_size=1, max_size=2), st.text("abé1", min_size=1, max_size=2))
def test_strings_are_found_by_index_and_by_substring(strings, part, other_part):
    packed = PackedStrings(strings)
    assert list(packed) == strings
    packed = pickle.loads(pickle.dumps(packed))  # as from a file
    assert list(packed) == strings
    assert list(packed.indices_containing(part)) == [index for index, text in enumerate(strings) if part in text]
    expected = [text for text in strings if part in text and other_part in text]
    assert packed.containing([part, other_part], 5) == expected[:5]
    assert packed.has(part) == (part in strings)


@given(st.lists(st.text("ab1 ", max_size=6), max_size=30), st.text("ab1", min_size=1, max_size=6), st.integers(0, 2))
def test_the_nearest_strings_are_found_with_and_without_signatures(strings, text, max_edits):
    packed, limit = PackedStrings(strings), len(strings) + 1
    distances = [(OSA.distance(text, candidate), candidate) for candidate in strings]
    expected = sorted(pair for pair in distances if pair[0] <= max_edits) if max_edits else []
    default = packed_strings.COMPARE_ALL_BELOW
    try:
        for packed_strings.COMPARE_ALL_BELOW in (-1, default):
            assert packed.nearest(text, max_edits, limit) == expected
    finally:
        packed_strings.COMPARE_ALL_BELOW = default
