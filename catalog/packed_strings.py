"""Many short strings in one bytes object, with search by substring and by edit distance.

Half a million names take 15 MB; as a list of Python strings they took 60 MB.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

MAX_SCANNED = 5_000  # strings with the longest of several parts that are checked for the other parts
COMPARE_ALL_BELOW = 200  # up to so many strings are all compared; more are filtered by signature first
SIGNATURE_BATCH_SIZE = 100_000


class PackedStrings:
    """An immutable sequence of strings.

    Searching expects strings without line breaks. ``with_signatures`` prepares for ``nearest``, which expects folded
    (ASCII) strings; it takes 9 bytes a string.
    """

    def __init__(self, texts: Sequence[str], with_signatures: bool = True) -> None:
        encoded = [text.encode() for text in texts]
        self._blob: bytes | memoryview = b"\n" + b"".join(text + b"\n" for text in encoded)
        # The offset of each string, and the end of the last.
        starts = np.cumsum(
            [1, *(len(text) + 1 for text in encoded)], dtype=np.uint32 if len(self._blob) < 2**32 else np.uint64
        )
        self._starts = starts.data  # its items are Python's own integers, which slice in a third of the time
        if with_signatures:
            self._lengths = np.fromiter(map(len, texts), np.uint8, len(encoded))
            self._signatures = signatures(self._blob, starts[:-1], np.diff(starts) - 1)

    def __getstate__(self) -> dict[str, Any]:
        """Pickle the bytes as arrays, which may be mapped from a file."""
        state = {name: value for name, value in vars(self).items() if name != "_searched"}
        return state | {"_blob": np.frombuffer(self._blob, np.uint8), "_starts": np.asarray(self._starts)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state | {"_blob": state["_blob"].data, "_starts": state["_starts"].data})

    @cached_property
    def _searched(self) -> bytes:
        """The bytes to search in: those of a mapped file are copied first."""
        return bytes(self._blob)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, index: int) -> str:
        return str(self._blob[self._starts[index] : self._starts[index + 1] - 1], "utf-8")

    def __iter__(self) -> Iterator[str]:
        return (self[index] for index in range(len(self)))

    def has(self, text: str) -> bool:
        """Whether ``text`` is one of the strings."""
        return bool(text) and self._searched.find(b"\n" + text.encode() + b"\n") >= 0

    def containing(self, parts: Iterable[str], limit: int) -> list[str]:
        """Return up to ``limit`` strings that contain all ``parts``."""
        longest, *shorter = sorted(parts, key=lambda part: len(part.encode()), reverse=True)
        candidates = (self[index] for index in islice(self.indices_containing(longest), MAX_SCANNED))
        return list(islice((text for text in candidates if all(part in text for part in shorter)), limit))

    def indices_containing(self, text: str) -> Iterator[int]:
        """Yield the indices of the strings that contain ``text``."""
        encoded = text.encode()
        position = self._searched.find(encoded)
        while position >= 0:
            index = bisect_right(self._starts, position) - 1
            yield index
            position = self._searched.find(encoded, self._starts[index + 1])

    def nearest(self, text: str, max_edits: int, limit: int = 40) -> list[tuple[int, str]]:
        """Return (edits, string) for strings at most ``max_edits`` edits away, nearest first.

        An edit replaces, inserts or deletes a letter, or swaps two neighbours (optimal string alignment).
        """
        if max_edits < 1 or not len(self):
            return []
        candidates = self._candidates(text, max_edits)
        matches = process.extract(text, candidates, scorer=OSA.distance, score_cutoff=max_edits, limit=limit)
        return sorted((int(edits), match) for match, edits, _ in matches)

    def _candidates(self, text: str, max_edits: int) -> dict[int, str]:
        """Strings by index, without those whose letters or length differ too much for ``max_edits``."""
        if len(self) <= COMPARE_ALL_BELOW:
            return dict(enumerate(self))
        encoded = text.encode()
        signature = signatures(encoded, np.zeros(1, np.uint32), np.array([len(encoded)]))[0]
        low, high = max(0, len(text) - max_edits), len(text) + max_edits
        mask = np.bitwise_count(self._signatures ^ signature) <= 2 * max_edits
        mask &= (self._lengths >= low) & (self._lengths <= high)
        return {index: self[index] for index in np.flatnonzero(mask).tolist()}


def _letter_classes() -> np.ndarray:
    """For each byte a number below 32: letters have their own, digits share five, all else has the last."""
    classes = np.full(256, 31, np.uint64)
    for letter in range(26):
        classes[ord("a") + letter] = letter
    for digit in range(10):
        classes[ord("0") + digit] = 26 + digit % 5
    return classes


LETTER_CLASSES = _letter_classes()


def signatures(blob: bytes | memoryview, starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return 64 bits for each string: which letters it has at all, and which of them at least twice.

    ``starts`` and ``lengths`` are in bytes, of ASCII. One edit changes at most two bits, so strings whose
    signatures differ in more bits than that are too far apart: of half a million names one in a hundred is left to be
    compared.
    """
    result = np.zeros(len(starts), np.uint64)
    letters = np.frombuffer(blob, np.uint8)
    for first in range(0, len(starts), SIGNATURE_BATCH_SIZE):
        batch = slice(first, first + SIGNATURE_BATCH_SIZE)
        batch_lengths = np.asarray(lengths[batch], np.int64)
        filled = np.flatnonzero(batch_lengths)
        if not len(filled):
            continue
        batch_lengths, batch_starts = batch_lengths[filled], np.asarray(starts[batch], np.int64)[filled]
        offsets = np.cumsum(batch_lengths) - batch_lengths
        positions = np.arange(batch_lengths.sum()) + np.repeat(batch_starts - offsets, batch_lengths)
        owners = np.repeat(np.arange(len(filled), dtype=np.uint64) << np.uint64(6), batch_lengths)
        coded = owners | LETTER_CLASSES[letters[positions]]  # the string's number, then the class of the letter
        coded.sort()
        repeated = np.concatenate([[False], coded[1:] == coded[:-1]])
        bits = np.uint64(1) << ((coded & np.uint64(63)) + np.where(repeated, np.uint64(32), np.uint64(0)))
        result[first + filled] = np.bitwise_or.reduceat(bits, offsets)
    return result
