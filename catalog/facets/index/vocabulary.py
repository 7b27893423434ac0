"""The values of a facet: their slugs, labels and order. Arrays refer to a value by its ordinal, its position here."""

import bisect
import zlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from catalog.facets.index.read_arrays import Lookup
from catalog.packed_strings import PackedStrings
from catalog.text import fold

VocabularyRow = tuple[int, str, str, str, bool]  # key, slug, label, sort key, whether visitors may see the value


def slug_hash(slug: str) -> int:
    """Return a hash that is the same in every process."""
    return zlib.crc32(slug.encode())


class Labels(PackedStrings):
    """Labels, with a folded copy that is made when they are first searched."""

    @cached_property
    def folded(self) -> PackedStrings:
        """The labels folded, for ``indices_containing``."""
        return PackedStrings([fold(label).replace("\n", " ") for label in self], with_signatures=False)


@dataclass(frozen=True)
class Vocabulary:
    """The values of a facet over records, such as people. Ordinals follow the order of the sort keys.

    ``keys`` are the primary keys by ordinal. Later changes are held beside the arrays: ``changed`` values, ``added``
    ones, whose ordinals follow the others, and the ``rank`` of all.
    """

    keys: np.ndarray
    slugs: PackedStrings
    labels: Labels
    sort_keys: PackedStrings
    visible: np.ndarray  # mask of the values that visitors may see
    rank: np.ndarray
    by_key: Lookup  # ordinals by key
    slug_hashes: np.ndarray  # ascending
    hash_ordinals: np.ndarray  # the ordinal of each of slug_hashes
    changed: dict[int, tuple[str, str, str]] = field(default_factory=dict)  # (slug, label, sort key) by ordinal
    added: dict[int, int] = field(default_factory=dict)  # ordinals by key
    changed_slugs: dict[str, int] = field(default_factory=dict)  # ordinals by slug, of the values in ``changed``

    @classmethod
    def of(cls, rows: Iterable[VocabularyRow]) -> "Vocabulary":
        """Build from the rows of all values."""
        rows = sorted(rows, key=lambda row: (row[3], row[1]))
        keys = np.array([row[0] for row in rows], np.int64)
        hashes = np.array([slug_hash(row[1]) for row in rows], np.int64)
        hash_ordinals = np.argsort(hashes, kind="stable")
        return cls(
            keys=keys,
            slugs=PackedStrings([row[1] for row in rows], with_signatures=False),
            labels=Labels([row[2] for row in rows], with_signatures=False),
            sort_keys=PackedStrings([row[3] for row in rows], with_signatures=False),
            visible=np.array([row[4] for row in rows], bool),
            rank=np.arange(len(rows), dtype=np.float64),
            by_key=Lookup(keys),
            slug_hashes=hashes[hash_ordinals],
            hash_ordinals=hash_ordinals,
        )

    def __len__(self) -> int:
        return len(self.rank)

    @cached_property
    def all_visible(self) -> bool:
        """Whether visitors may see every value."""
        return bool(self.visible.all())

    def ordinals(self, keys: np.ndarray | list[int]) -> np.ndarray:
        """Return the ordinal of each primary key; -1 for an unknown one."""
        keys = np.asarray(keys, np.int64)
        ordinals = self.by_key.positions(keys)
        if self.added:
            for position in np.flatnonzero(ordinals < 0).tolist():
                ordinals[position] = self.added.get(int(keys[position]), -1)
        return ordinals

    def key(self, ordinal: int) -> int:
        """Return the primary key of a value."""
        if ordinal < len(self.keys):
            return int(self.keys[ordinal])
        return next(key for key, number in self.added.items() if number == ordinal)

    def keys_of(self, ordinals: np.ndarray) -> np.ndarray:
        """Return the primary keys of values."""
        keys = np.concatenate([self.keys, np.fromiter(self.added, np.int64)]) if self.added else self.keys
        return keys[ordinals]

    def entry(self, ordinal: int) -> tuple[int, str, str]:
        """Return (key, slug, label) of a value."""
        if ordinal in self.changed:
            slug, label, _ = self.changed[ordinal]
        else:
            slug, label = self.slugs[ordinal], self.labels[ordinal]
        return self.key(ordinal), slug, label

    def ordinal_of_slug(self, slug: str) -> int | None:
        """Return the ordinal of the visible value with that slug, or None."""
        ordinal = self.changed_slugs.get(slug)
        if ordinal is None:
            first, last = (np.searchsorted(self.slug_hashes, slug_hash(slug), side=side) for side in ("left", "right"))
            candidates = self.hash_ordinals[first:last].tolist()
            ordinal = next((n for n in candidates if n not in self.changed and self.slugs[n] == slug), None)
        return ordinal if ordinal is not None and self.visible[ordinal] else None

    def containing(self, text: str) -> np.ndarray:
        """Return a mask by ordinal of the values whose folded labels contain ``text``, which is folded."""
        mask = np.zeros(len(self), bool)
        mask[list(self.labels.folded.indices_containing(text))] = True
        for ordinal, (_, label, _) in self.changed.items():
            mask[ordinal] = text in fold(label)
        return mask

    def with_changes(self, rows: Collection[VocabularyRow], deleted: Collection[int] = ()) -> "Vocabulary":
        """Return a copy with the values of ``rows`` changed or added, and the keys ``deleted`` hidden."""
        changed, added = dict(self.changed), dict(self.added)
        new_rows = [row for row in rows if self.ordinals([row[0]])[0] < 0]
        for number, row in enumerate(new_rows):
            added[row[0]] = len(self) + number
        visible = np.concatenate([self.visible, np.zeros(len(new_rows), bool)])
        rank = np.concatenate([self.rank, np.zeros(len(new_rows))])
        extended = replace(self, added=added, visible=visible, rank=rank)
        for key, slug, label, sort_key, is_visible in rows:
            ordinal = int(extended.ordinals([key])[0])
            changed[ordinal] = (slug, label, sort_key)
            visible[ordinal] = is_visible
        for ordinal in extended.ordinals(list(deleted)).tolist():
            if ordinal >= 0:
                visible[ordinal] = False
        return replace(
            extended,
            changed=changed,
            rank=self._ranked(changed, rank),
            changed_slugs={slug: ordinal for ordinal, (slug, _, _) in changed.items()},
        )

    def _ranked(self, changed: dict[int, tuple[str, str, str]], rank: np.ndarray) -> np.ndarray:
        """Rank each changed value between the neighbours that its present sort key has."""
        rank = rank.copy()
        insertions: dict[int, list[tuple[tuple[str, str], int]]] = {}
        for ordinal, (slug, _, sort_key) in changed.items():
            key = sort_key, slug
            position = bisect.bisect_left(range(len(self.keys)), key, key=lambda n: (self.sort_keys[n], self.slugs[n]))
            insertions.setdefault(position, []).append((key, ordinal))
        for position, inserted in insertions.items():
            for number, (_, ordinal) in enumerate(sorted(inserted), start=1):
                rank[ordinal] = position - 1 + number / (len(inserted) + 1)
        return rank


class ColumnVocabulary:
    """The values of a facet over a column, such as years. They are few, and held as Python objects.

    ``existing`` is the vocabulary before an edit: its values keep their ordinals.
    """

    all_visible = True

    def __init__(self, facet, values: Iterable, existing: "ColumnVocabulary | None" = None) -> None:
        self.values: list = list(dict.fromkeys([*(existing.values if existing else ()), *values]))
        self.ordinal_by_value = {value: ordinal for ordinal, value in enumerate(self.values)}
        self.entries = [(value, *facet.format(value)) for value in self.values]
        self.rank = np.zeros(len(self.values))
        ordered = sorted(range(len(self.values)), key=lambda ordinal: facet.sort_key((*self.entries[ordinal], 0)))
        self.rank[ordered] = np.arange(len(ordered))

    def __len__(self) -> int:
        return len(self.values)

    def entry(self, ordinal: int) -> tuple:
        """Return (value, slug, label)."""
        return self.entries[ordinal]

    def ordinals(self, values: Iterable) -> np.ndarray:
        """Return the ordinal of each value; -1 for None and for an unknown one."""
        return np.array([self.ordinal_by_value.get(value, -1) for value in values], np.int64)

    def containing(self, text: str) -> np.ndarray:
        """Return a mask by ordinal of the values whose folded labels contain ``text``, which is folded."""
        return np.array([text in fold(label) for _, _, label in self.entries], bool)

    def ordinal_of_slug(self, slug: str) -> int | None:
        """Return the ordinal of the value with that slug, or None."""
        return next((ordinal for ordinal, entry in enumerate(self.entries) if entry[1] == slug), None)
