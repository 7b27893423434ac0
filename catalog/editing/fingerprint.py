"""Detect that a preview is stale: the form of a preview sends back the fingerprint of what the preview listed."""

import hashlib
from collections.abc import Mapping, Set

STALE_PREVIEW_MESSAGE = "Something changed after this preview was made. Check the updated preview and confirm again."


def fingerprint(*parts: object) -> str:
    """Hash what a preview lists, as 32 hexadecimal digits; equal data give the same hash in every process.

    Values are compared by their ``repr``, so it has to show all that matters. The order of mappings and sets does
    not count, that of lists and tuples does.
    """
    return hashlib.sha256(repr(_canonical(parts)).encode()).hexdigest()[:32]


def _canonical(value: object) -> object:
    """The value with mappings and sets as sorted lists."""
    if isinstance(value, Mapping):
        return sorted(((repr(key), _canonical(item)) for key, item in value.items()), key=lambda pair: pair[0])
    if isinstance(value, Set):
        return sorted(repr(_canonical(item)) for item in value)
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    return value
