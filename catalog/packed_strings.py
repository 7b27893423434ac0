"""Many short texts in one piece of memory, and those of them that are nearly a given one or hold it."""

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

MOST_LOOKED = 5_000  # texts with one of the parts that are looked at for the others
FEW = 200  # of so many or fewer each is compared; more are sifted first


class PackedStrings:
    """Texts, each on a line of its own."""

    def __init__(self, texts):
        encoded = [text.encode() for text in texts]
        self.blob = b"\n" + b"\n".join(encoded) + b"\n"
        lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
        self.starts = (np.cumsum(lengths + 1) - lengths).astype(np.uint32 if len(self.blob) < 2**32 else np.uint64)
        self.lengths = np.fromiter(map(len, texts), np.uint8, len(encoded))
        self.signs = signatures(self.blob, self.starts, lengths)

    def __len__(self):
        return len(self.starts)

    def __getitem__(self, number):
        start = int(self.starts[number])
        return self.blob[start : self.blob.index(b"\n", start)].decode()

    def nearest(self, text, most, limit=40):
        """[(edits, text)] of the texts at most ``most`` edits away, the nearest first.

        An edit changes, adds or leaves out a letter, or swaps two neighbours.
        """
        if most < 1 or not len(self):
            return []
        found = process.extract(text, self._sifted(text, most), scorer=OSA.distance, score_cutoff=most, limit=limit)
        return sorted((int(edits), other) for other, edits, _ in found)

    def _sifted(self, text, most):
        """{number: text} of those whose letters differ by no more than ``most`` edits can make them differ."""
        if len(self) <= FEW:
            return {number: self[number] for number in range(len(self))}
        encoded = text.encode()
        sign = signatures(encoded, np.zeros(1, np.uint32), np.array([len(encoded)]))[0]
        low, high = max(0, len(text) - most), len(text) + most
        fits = np.bitwise_count(self.signs ^ sign) <= 2 * most
        fits &= (self.lengths >= low) & (self.lengths <= high)
        return {number: self[number] for number in np.flatnonzero(fits).tolist()}

    def containing(self, parts, limit):
        """The texts that hold all ``parts`` somewhere, no more than ``limit``."""
        parts = sorted((part.encode() for part in parts), key=len, reverse=True)
        found, looked, place = [], 0, self.blob.find(parts[0])
        while place >= 0 and len(found) < limit and looked < MOST_LOOKED:
            looked += 1
            start, end = self.blob.rindex(b"\n", 0, place) + 1, self.blob.index(b"\n", place)
            line = self.blob[start:end]
            if all(part in line for part in parts):
                found.append(line.decode())
            place = self.blob.find(parts[0], end)
        return found

    def has(self, text):
        """Whether it is one of the texts."""
        return bool(text) and self.blob.find(b"\n" + text.encode() + b"\n") >= 0


def _classes():
    classes = np.full(256, 31, np.uint64)
    for letter in range(26):
        classes[ord("a") + letter] = letter
    for digit in range(10):
        classes[ord("0") + digit] = 26 + digit % 5
    return classes


_CLASS = _classes()


def signatures(blob, starts, lengths):
    """A number of 64 bits for each text: which letters it has at all, and which of them twice or more.

    One edit changes at most two bits, so texts whose signatures differ in more bits than that are not near: of half a
    million names one in a hundred is left to be compared.
    """
    found = np.zeros(len(starts), np.uint64)
    letters = np.frombuffer(blob, np.uint8)
    for first in range(0, len(starts), 100_000):
        some = slice(first, first + 100_000)
        long = np.asarray(lengths[some], np.int64)
        kept = np.flatnonzero(long)
        if not len(kept):
            continue
        long, begin = long[kept], np.asarray(starts[some], np.int64)[kept]
        offsets = np.cumsum(long) - long
        places = np.arange(long.sum()) + np.repeat(begin - offsets, long)
        coded = np.repeat(np.arange(len(kept), dtype=np.uint64) << np.uint64(6), long) | _CLASS[letters[places]]
        coded.sort()
        again = np.concatenate([[False], coded[1:] == coded[:-1]])
        bits = np.uint64(1) << ((coded & np.uint64(63)) + np.where(again, np.uint64(32), np.uint64(0)))
        found[first + kept] = np.bitwise_or.reduceat(bits, offsets)
    return found
