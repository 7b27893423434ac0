"""What the values of a facet are called: slugs and labels of a whole vocabulary, packed; ordinals follow the labels."""

import bisect
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from catalog.facets.index.read_arrays import Lookup
from catalog.packed_strings import PackedStrings
from catalog.text import fold


def sort_key(label, slug):
    """What values of one count are sorted by."""
    return label.casefold(), slug


class Labels(PackedStrings):
    """Labels, with a folded copy that is made when they are first searched."""

    @cached_property
    def folded(self) -> PackedStrings:
        """The labels folded, for ``indices_containing``."""
        return PackedStrings([fold(label).replace("\n", " ") for label in self], with_signatures=False)


@dataclass(frozen=True)
class Vocabulary:
    """A vocabulary. Value number i (its ordinal) is i-th by label; ``changed`` and ``rank`` say what came later.

    ``keys`` are the primary keys by ordinal, ``visible`` whether visitors may see the value.
    """

    keys: np.ndarray
    slugs: PackedStrings
    labels: Labels
    visible: np.ndarray
    rank: np.ndarray
    by_key: Lookup  # ordinals by key
    hashes: np.ndarray  # hashes of the slugs, ascending, with their ordinals beside them
    by_hash: np.ndarray
    changed: dict = field(default_factory=dict)  # ordinal: (slug, label)
    added: dict = field(default_factory=dict)  # key: ordinal, of values that came after the arrays
    found: dict = field(default_factory=dict)  # slug: ordinal, of all that are in ``changed``

    @classmethod
    def of(cls, rows):
        """From (key, slug, label, visible) of every value."""
        rows = sorted(rows, key=lambda row: sort_key(row[2], row[1]))
        keys = np.array([row[0] for row in rows], np.int64)
        hashes = np.array([hash(row[1]) for row in rows], np.int64)
        by_hash = np.argsort(hashes, kind="stable")
        return cls(
            keys=keys,
            slugs=PackedStrings([row[1] for row in rows], with_signatures=False),
            labels=Labels([row[2] for row in rows], with_signatures=False),
            visible=np.array([row[3] for row in rows], bool),
            rank=np.arange(len(rows), dtype=np.float64),
            by_key=Lookup(keys),
            hashes=hashes[by_hash],
            by_hash=by_hash,
        )

    def __len__(self):
        return len(self.rank)

    @cached_property
    def all_visible(self):
        """Whether visitors may see every value."""
        return bool(self.visible.all())

    def ordinals(self, keys):
        """The ordinal of each key; -1 for one that is not there."""
        keys = np.asarray(keys, np.int64)
        found = self.by_key.places(keys)
        if self.added:
            for place in np.flatnonzero(found < 0).tolist():
                found[place] = self.added.get(int(keys[place]), -1)
        return found

    def key(self, ordinal):
        """The primary key of a value."""
        if ordinal < len(self.keys):
            return int(self.keys[ordinal])
        return next(key for key, number in self.added.items() if number == ordinal)

    def entry(self, ordinal):
        """(key, slug, label) of a value."""
        slug, label = self.changed.get(ordinal) or (self.slugs[ordinal], self.labels[ordinal])
        return self.key(ordinal), slug, label

    def find(self, slug):
        """The ordinal of the visible value with that slug, or None."""
        ordinal = self.found.get(slug)
        if ordinal is None:
            first = np.searchsorted(self.hashes, hash(slug), side="left")
            last = np.searchsorted(self.hashes, hash(slug), side="right")
            same = self.by_hash[first:last].tolist()
            ordinal = next((n for n in same if n not in self.changed and self.slugs[n] == slug), None)
        return ordinal if ordinal is not None and self.visible[ordinal] else None

    def containing(self, text):
        """Which values have ``text``, folded, in their labels: a mask by ordinal."""
        mask = np.zeros(len(self), bool)
        mask[list(self.labels.folded.indices_containing(text))] = True
        for ordinal, (_, label) in self.changed.items():
            mask[ordinal] = text in fold(label)
        return mask

    def with_changes(self, rows, gone=()):
        """A copy with ``rows`` of (key, slug, label, visible) changed or added, and the keys ``gone`` hidden."""
        changed, added = dict(self.changed), dict(self.added)
        new = [row for row in rows if self.ordinals([row[0]])[0] < 0]
        for number, row in enumerate(new):
            added[row[0]] = len(self) + number
        visible = np.concatenate([self.visible, np.zeros(len(new), bool)])
        later = replace(self, added=added, visible=visible, rank=np.concatenate([self.rank, np.zeros(len(new))]))
        for key, slug, label, is_visible in rows:
            ordinal = int(later.ordinals([key])[0])
            changed[ordinal] = (slug, label)
            visible[ordinal] = is_visible
        for ordinal in later.ordinals(list(gone)).tolist():
            if ordinal >= 0:
                visible[ordinal] = False
        return replace(
            later,
            changed=changed,
            rank=self._ranked(changed, later.rank),
            found={slug: ordinal for ordinal, (slug, _) in changed.items()},
        )

    def _ranked(self, changed, rank):
        """Ranks with each changed value between the neighbours that its label has now."""
        rank = rank.copy()
        places = {}
        for ordinal, (slug, label) in changed.items():
            key = sort_key(label, slug)
            place = bisect.bisect_left(
                range(len(self.keys)), key, key=lambda n: sort_key(self.labels[n], self.slugs[n])
            )
            places.setdefault(place, []).append((key, ordinal))
        for place, together in places.items():
            for number, (_, ordinal) in enumerate(sorted(together), start=1):
                rank[ordinal] = place - 1 + number / (len(together) + 1)
        return rank


class ColumnVocabulary:
    """The values of a column: years, seasons, a status. Few, so kept as Python objects; ``rank`` is their order."""

    all_visible = True

    def __init__(self, facet, values, before=None):
        known = before.values if before else []
        self.values = [*known, *(value for value in dict.fromkeys(values) if value not in set(known))]
        self.place = {value: number for number, value in enumerate(self.values)}
        self.entries = [(value, *facet.format(value)) for value in self.values]
        self.rank = np.zeros(len(self.values))
        ordered = sorted(range(len(self.values)), key=lambda number: facet.sort_key((*self.entries[number], 0)))
        self.rank[ordered] = np.arange(len(ordered))

    def __len__(self):
        return len(self.values)

    def entry(self, ordinal):
        """(value, slug, label)."""
        return self.entries[ordinal]

    def ordinals(self, values):
        """The ordinal of each value; -1 for none and for one that is not there."""
        return np.array([self.place.get(value, -1) for value in values], np.int64)

    def containing(self, text):
        """Which values have ``text``, folded, in their labels: a mask by ordinal."""
        return np.array([text in fold(label) for _, _, label in self.entries], bool)

    def find(self, slug):
        """The ordinal of the value with that slug, or None."""
        return next((number for number, entry in enumerate(self.entries) if entry[1] == slug), None)
