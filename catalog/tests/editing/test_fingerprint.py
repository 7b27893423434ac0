"""The fingerprint of a preview."""

from catalog.editing.fingerprint import fingerprint
from catalog.partial_date import PartialDate


def test_equal_data_have_equal_fingerprints_whatever_the_order_of_mappings_and_sets():
    first = fingerprint({"b": {2, 1}, "a": [1, None, PartialDate("2019")]}, "x")
    assert first == fingerprint({"a": [1, None, PartialDate("2019")], "b": {1, 2}}, "x")
    assert len(first) == 32


def test_every_difference_changes_the_fingerprint():
    parts = [({"a": 1},), ({"a": "1"},), ({"a": 2},), ({"b": 1},), ([1, 2],), ([2, 1],), (1, 2), ([[1], 2],), ()]
    assert len({fingerprint(*part) for part in parts}) == len(parts)
