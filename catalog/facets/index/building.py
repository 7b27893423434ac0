"""What the builders of segments share: vocabularies, columns, levels and ranks."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from django.db.models import QuerySet

from catalog.facets.facet import Facet
from catalog.facets.index.credit_levels import CreditLevel, role_sets
from catalog.facets.index.matching_rows import ParentIndex
from catalog.facets.index.read_arrays import Lookup, read_grouped, read_int_columns
from catalog.facets.index.segment import ValueLevel
from catalog.facets.index.sparse import SparsePairs
from catalog.facets.index.vocabulary import ColumnVocabulary, Vocabulary
from catalog.facets.kinds import ColumnFacet, SlugFacet

SORT_LAST = np.int64(2**62)  # the sort key of a row without a date or a running time

Facets = dict[str, Facet]
Vocabularies = dict[str, Any]  # by facet a ``Vocabulary``, or a ``ColumnVocabulary``
Columns = dict[str, list[tuple[Any, np.ndarray]]]  # by facet (value, primary keys of the rows that have it)


def record_vocabularies(facets: Facets) -> Vocabularies:
    """Read the vocabularies of the facets over records; facets over the same model share one."""
    by_model: dict[type, Vocabulary] = {}
    vocabularies = {}
    for name, facet in facets.items():
        if isinstance(facet, SlugFacet):
            if facet.target not in by_model:
                by_model[facet.target] = Vocabulary.of(facet.vocabulary_rows())
            vocabularies[name] = by_model[facet.target]
    return vocabularies


def read_columns(facets: Facets, rows: QuerySet) -> Columns:
    """Read the values of the column facets."""
    columns = {}
    for name, facet in facets.items():
        if isinstance(facet, ColumnFacet):
            groups = read_grouped(rows.annotate(facet_value=facet.expression), "facet_value")
            columns[name] = [(facet.normalize(value), keys) for value, keys in groups if value not in (None, "")]
    return columns


def with_columns(facets: Facets, vocabularies: Vocabularies, columns: Columns) -> Vocabularies:
    """Return ``vocabularies`` with those of the column facets, extended by the values in ``columns``."""
    extended = dict(vocabularies)
    for name, groups in columns.items():
        extended[name] = ColumnVocabulary(facets[name], [value for value, _ in groups], vocabularies.get(name))
    return extended


def column_arrays(columns: Columns, vocabularies: Vocabularies, lookup: Lookup) -> dict[str, np.ndarray]:
    """Return by facet the ordinal of each row's value, -1 for none."""
    arrays = {}
    for name, groups in columns.items():
        column = np.full(len(lookup.keys), -1, np.int32)
        for value, keys in groups:
            positions = lookup.positions(keys)
            column[positions[positions >= 0]] = vocabularies[name].ordinal_by_value[value]
        arrays[name] = column
    return arrays


def level_of_pairs(owners: np.ndarray, ordinals: np.ndarray, owner_count: int) -> ValueLevel:
    """Return the level of the rows themselves; pairs with an unknown owner or value (negative) are left out."""
    mask = (owners >= 0) & (ordinals >= 0)
    return ValueLevel(None, SparsePairs.of(owners[mask], ordinals[mask], owner_count))


def related_level(
    querysets: Iterable[QuerySet], lookup: Lookup, vocabulary: Vocabulary, parent_index: ParentIndex | None = None
) -> ValueLevel:
    """Return the level of pairs that ``querysets`` select as (owner's key, value's key)."""
    owners, ordinals = [], []
    for queryset in querysets:
        owner_keys, value_keys = read_int_columns(queryset, 2)
        positions, values = lookup.positions(owner_keys), vocabulary.ordinals(value_keys)
        mask = (positions >= 0) & (values >= 0)
        owners.append(positions[mask])
        ordinals.append(values[mask])
    pairs = SparsePairs.of(np.concatenate(owners), np.concatenate(ordinals), len(lookup.keys))
    return ValueLevel(parent_index, pairs)


def role_set_level(credits: list[CreditLevel], people: Vocabulary, roles: Vocabulary, row_count: int) -> ValueLevel:
    """Return the roles in which visible people are credited; the "parent" of a row is the set of roles that it has."""
    numbers, members = role_sets(credits, people.visible, row_count)
    sets, positions = members.nonzero()
    ordinals = roles.ordinals(credits[0].keys)[positions] if credits else positions
    return ValueLevel(ParentIndex(numbers, len(members)), SparsePairs.of(sets, ordinals, len(members)))


def rank_of(*keys: np.ndarray) -> np.ndarray:
    """Return the rank of each row when rows are sorted by ``keys``, the first key first."""
    rank = np.empty(len(keys[0]), np.int32)
    rank[np.lexsort(keys[::-1])] = np.arange(len(keys[0]), dtype=np.int32)
    return rank


def text_ranks(queryset: QuerySet, field: str) -> tuple[Lookup, np.ndarray]:
    """Return (lookup of primary keys, rank of each by ``field``); equal texts share one."""
    keys, ranks, rank, previous = [], [], -1, None
    for key, text in queryset.order_by(field).values_list("pk", field).iterator(chunk_size=20_000):
        if text != previous:
            rank, previous = rank + 1, text
        keys.append(key)
        ranks.append(rank)
    return Lookup(np.array(keys, np.int64)), np.array(ranks, np.int64)


def sortable_dates(digits: np.ndarray) -> np.ndarray:
    """Return numbers of eight digits to sort partial dates by, from 2018, 201803 or 20180315. Unknown dates are 0."""
    return np.where(digits > 9999999, digits, np.where(digits > 99999, digits * 100, digits * 10000))


def newest_first(dates: np.ndarray) -> np.ndarray:
    """Return sort keys for ``sortable_dates``: latest first, unknown last."""
    return np.where(dates > 0, -dates, SORT_LAST)


def oldest_first(dates: np.ndarray) -> np.ndarray:
    """Return sort keys for ``sortable_dates``: earliest first, unknown last."""
    return np.where(dates > 0, dates, SORT_LAST)
