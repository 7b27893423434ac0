"""Segments out of the database: the whole list, or the few rows that were edited. One function a list."""

import numpy as np
from django.db.models import Q, Value
from django.db.models.functions import Replace

from catalog.facets.index.credit_arrays import Credits, Places
from catalog.facets.index.read_arrays import Lookup, chunked, few, grouped, numbers
from catalog.facets.index.segment import Level, Segment
from catalog.facets.index.sparse import Pairs
from catalog.facets.index.vocabulary import ColumnVocabulary, Vocabulary
from catalog.facets.kinds import ColumnFacet, CreditFacet, SlugFacet
from catalog.models import Credit, Role, Series

ABOVE = "season__series"  # from an episode to its series
LAST = np.int64(2**62)  # the place of what has no date, no running time: behind all others


def names_of(facets, columns=None, before=None):
    """Names for each facet; facets over one model share theirs. ``columns`` are the values found of column facets."""
    found, shared = dict(before or {}), {}
    for name, facet in facets.items():
        if isinstance(facet, ColumnFacet):
            found[name] = ColumnVocabulary(
                facet, [value for value, _ in (columns or {}).get(name, [])], found.get(name)
            )
        elif name not in found:
            if facet.target not in shared:
                shared[facet.target] = Vocabulary.of(facet.vocabulary())
            found[name] = shared[facet.target]
    return found


def columns_of(facets, rows):
    """For each column facet its values with the primary keys that have them: ``{name: [(value, pks), …]}``."""
    found = {}
    for name, facet in facets.items():
        if isinstance(facet, ColumnFacet):
            pairs = grouped(rows.annotate(facet_value=facet.expression), "facet_value")
            found[name] = [(facet.normalize(value), keys) for value, keys in pairs if value not in (None, "")]
    return found


def filled(columns, names, lookup):
    """Columns of ordinals, a place a row, -1 for none."""
    found = {}
    for name, pairs in columns.items():
        column = np.full(len(lookup.keys), -1, np.int32)
        for value, keys in pairs:
            places = lookup.places(keys)
            column[places[places >= 0]] = names[name].place[value]
        found[name] = column
    return found


def related(querysets, lookup, names, above=None):
    """The level of pairs that come straight out of the database, as (owner's key, value's key)."""
    owners, values = [], []
    for queryset in querysets:
        keys, others = numbers(queryset, 2)
        places, ordinals = lookup.places(keys), names.ordinals(others)
        kept = (places >= 0) & (ordinals >= 0)
        owners.append(places[kept])
        values.append(ordinals[kept])
    return Level(above, Pairs.of(np.concatenate(owners), np.concatenate(values), len(lookup.keys)))


def rank_of(*keys):
    """The place of each row when rows are sorted by ``keys``, the first first."""
    rank = np.empty(len(keys[0]), np.int32)
    rank[np.lexsort(keys[::-1])] = np.arange(len(keys[0]), dtype=np.int32)
    return rank


def text_ranks(queryset, field):
    """Lookup of primary keys and the rank of each by a text: the database's collation decides; equals share one."""
    keys, ranks, rank, before = [], [], -1, None
    for key, text in queryset.order_by(field).values_list("pk", field).iterator(chunk_size=20_000):
        if text != before:
            rank, before = rank + 1, text
        keys.append(key)
        ranks.append(rank)
    return Lookup(np.array(keys, np.int64)), np.array(ranks, np.int64)


def dates(digits):
    """A number to sort half-known dates by, from their digits: 2018, 201803, 20180315. Unknown: 0."""
    return np.where(digits > 9999999, digits, np.where(digits > 99999, digits * 100, digits * 10000))


def newest_first(days):
    """For dates from ``dates``: latest first, unknown last."""
    return np.where(days > 0, -days, LAST)


def oldest_first(days):
    """Earliest first, unknown last."""
    return np.where(days > 0, days, LAST)


def episodes(facets, names, queryset, whole):
    """The segment of the episodes in ``queryset``, and the names with what it adds to them.

    ``whole``: it is the entire list, so it gets ranks.
    """
    rows = queryset.annotate(digits=Replace("air_date", Value("-"), Value("")))
    fields = ("pk", "season", "season__series", "season__number", "number", "runtime", "digits")
    read = (chunked if whole else few)(rows, *fields)
    shows_read, title_rank = text_ranks(Series.objects.filter(pk__in=queryset.values("season__series")), "sort_title")
    days = dates(read[6])
    # As the orders of EpisodeFacets: series by sort title, then season and number.
    in_series = rank_of(title_rank[shows_read.places(read[2])], read[2], read[3], read[4])
    order = np.lexsort((in_series, newest_first(days)))
    pks, season, series, _, _, runtime, _ = (column[order] for column in read)
    in_series, days = in_series[order], days[order]
    place = Places(pks, season, series, whole)
    columns = columns_of(facets, queryset)
    names = names_of(facets, columns, names)
    segment = Segment(pks, filled(columns, names, place.rows), owners={"season": season, "series": series})
    holding = Credit.objects.applying_to_episodes()
    credits = Credits.read(holding) if whole else Credits.on(holding, pks, place.seasons.keys, place.series.keys)
    for name, facet in facets.items():
        if isinstance(facet, CreditFacet):
            segment.levels[name] = place.levels(credits.chosen(credits.counted_by(facet)), names[name])
        elif isinstance(facet, SlugFacet) and facet.paths == (ABOVE,):
            segment.columns[name] = names[name].ordinals(series).astype(np.int32)
        elif isinstance(facet, SlugFacet) and facet.is_on_parent(ABOVE):
            owners = Series._base_manager.all()
            owners = owners if whole else owners.filter(pk__in=place.series.keys.tolist())
            segment.levels[name] = [
                related(facet.pairs_from_parent(owners, ABOVE), place.series, names[name], place.in_series)
            ]
        elif isinstance(facet, SlugFacet):
            segment.levels[name] = [related(facet.row_value_pairs(queryset), place.rows, names[name])]
    if whole:
        by_pk, titles = text_ranks(queryset, "title")
        segment.ranks["air_date"] = rank_of(oldest_first(days), in_series)
        segment.ranks["series"] = in_series
        segment.ranks["runtime"] = rank_of(np.where(runtime > 0, runtime, LAST), in_series)
        segment.ranks["title"] = rank_of(titles[by_pk.places(pks)], in_series)
    return segment, names


def series(facets, names, queryset, whole):
    """The segment of the series in ``queryset``, and the names."""
    by_pk, titles = text_ranks(queryset, "sort_title")
    pks = by_pk.keys[np.lexsort((by_pk.keys, titles))]
    lookup = Lookup(pks)
    read = (chunked if whole else few)(
        queryset.annotate(digits=Replace("premiered", Value("-"), Value(""))), "pk", "digits"
    )
    days = np.zeros(len(pks), np.int64)
    days[lookup.places(read[0])] = dates(read[1])
    columns = columns_of(facets, queryset)
    names = names_of(facets, columns, names)
    segment = Segment(pks, filled(columns, names, lookup), owners={"series": pks})
    on_these = (
        Q(series__in=pks.tolist()) | Q(season__series__in=pks.tolist()) | Q(episode__season__series__in=pks.tolist())
    )
    credits = Credits.read(Credit.objects.all()) if whole else Credits.read(Credit.objects.filter(on_these), few)
    owner = lookup.places(credits.on_series())
    for name, facet in facets.items():
        if isinstance(facet, CreditFacet):
            person = names[name].ordinals(credits.person)
            kept = credits.counted_by(facet) & (owner >= 0) & (person >= 0)
            segment.levels[name] = [Level(None, Pairs.of(owner[kept], person[kept], len(pks)))]
        elif isinstance(facet, SlugFacet):
            segment.levels[name] = [related(facet.row_value_pairs(queryset), lookup, names[name])]
    if whole:
        place = np.arange(len(pks))
        segment.ranks["premiered"] = rank_of(oldest_first(days), place)
        segment.ranks["-premiered"] = rank_of(newest_first(days), place)
    return segment, names


def people(facets, names, queryset, whole):
    """The segment of the people in ``queryset``, and the names."""
    by_pk, sort_names = text_ranks(queryset, "sort_name")
    pks = by_pk.keys[np.lexsort((by_pk.keys, sort_names))]
    lookup = Lookup(pks)
    columns = columns_of(facets, queryset)
    names = names_of(facets, columns, names)
    segment = Segment(pks, filled(columns, names, lookup))
    credits = (
        Credits.read(Credit.objects.all())
        if whole
        else Credits.read(Credit.objects.filter(person__in=pks.tolist()), few)
    )
    series_of = credits.on_series()
    owner = np.where(series_of > 0, lookup.places(credits.person), -1)
    departments = dict(Role.objects.values_list("pk", "department"))
    department_of = np.zeros(max(departments, default=0) + 1, np.int64)
    department_of[list(departments)] = list(departments.values())
    values = {"role": credits.role, "department": department_of[credits.role], "series": series_of}
    for name, column in values.items():
        ordinal = names[name].ordinals(column)
        kept = (owner >= 0) & (ordinal >= 0)
        segment.levels[name] = [Level(None, Pairs.of(owner[kept], ordinal[kept], len(pks)))]
    if whole:
        total = np.bincount(owner[owner >= 0], minlength=len(pks))
        segment.ranks["-credits"] = rank_of(-total, np.arange(len(pks)))
    return segment, names
