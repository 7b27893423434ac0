"""The index of the list of episodes: its segments, and the episodes that an edit affects."""

import numpy as np
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Replace

from catalog.facets.credit_facets import CreditFacet, RoleFacet
from catalog.facets.index.affected import AffectedRecords
from catalog.facets.index.building import (
    SORT_LAST,
    Facets,
    Vocabularies,
    column_arrays,
    newest_first,
    oldest_first,
    rank_of,
    read_columns,
    related_level,
    role_set_level,
    sortable_dates,
    text_ranks,
    with_columns,
)
from catalog.facets.index.credit_arrays import CreditArrays, EpisodePlacement
from catalog.facets.index.read_arrays import read_chunked, read_few
from catalog.facets.index.segment import Segment, ValueLevel
from catalog.facets.index.vocabulary import Vocabulary
from catalog.facets.kinds import SlugFacet
from catalog.models import Credit, Cue, Series

SERIES_PATH = "season__series"


def build(
    facets: Facets, vocabularies: Vocabularies, queryset: QuerySet, is_complete: bool
) -> tuple[Segment, Vocabularies]:
    """Return the segment of the episodes in ``queryset``, and the vocabularies extended by its values.

    ``is_complete``: they are the whole list, so the segment gets ranks.
    """
    rows = queryset.annotate(digits=Replace("air_date", Value("-"), Value("")))
    reader = read_chunked if is_complete else read_few
    arrays = reader(rows, "pk", "season", SERIES_PATH, "season__number", "number", "runtime", "digits")
    pks, season_ids, series_ids, season_numbers, numbers, _, digits = arrays
    series_lookup, title_ranks = text_ranks(Series.objects.filter(pk__in=queryset.values(SERIES_PATH)), "sort_key")
    # The orders of EpisodeFacets.sorts: series by sort title, then season and number.
    series_rank = rank_of(title_ranks[series_lookup.positions(series_ids)], series_ids, season_numbers, numbers)
    order = np.lexsort((series_rank, newest_first(sortable_dates(digits))))
    pks, season_ids, series_ids, _, _, runtimes, digits = (column[order] for column in arrays)
    series_rank, dates = series_rank[order], sortable_dates(digits)
    placement = EpisodePlacement(pks, season_ids, series_ids, is_complete)
    columns = read_columns(facets, queryset)
    vocabularies = with_columns(facets, vocabularies, columns)
    segment = Segment(
        pks,
        columns=column_arrays(columns, vocabularies, placement.rows),
        owners={"season": season_ids, "series": series_ids},
        numbers={"year": (dates // 10_000).astype(np.int32), "runtime": runtimes.astype(np.int32)},
    )
    credits = _read_credits(placement)
    segment.credits.extend(placement.credit_levels(credits, vocabularies["person"]))
    for name, facet in facets.items():
        if isinstance(facet, CreditFacet):
            _add_people(segment, name, facet, vocabularies[name], placement, credits)
        elif isinstance(facet, RoleFacet):
            level = role_set_level(segment.credits, vocabularies["person"], vocabularies[name], len(pks))
            segment.levels[name] = [level]
        elif isinstance(facet, SlugFacet) and facet.paths == (SERIES_PATH,):
            segment.columns[name] = vocabularies[name].ordinals(series_ids).astype(np.int32)
        elif isinstance(facet, SlugFacet):
            segment.levels[name] = _levels(facet, vocabularies[name], placement, queryset)
    if is_complete:
        title_lookup, titles = text_ranks(queryset, "sort_key")
        segment.ranks["air_date"] = rank_of(oldest_first(dates), series_rank)
        segment.ranks["series"] = series_rank
        segment.ranks["runtime"] = rank_of(np.where(runtimes > 0, runtimes, SORT_LAST), series_rank)
        segment.ranks["title"] = rank_of(titles[title_lookup.positions(pks)], series_rank)
    return segment, vocabularies


def _read_credits(placement: EpisodePlacement) -> CreditArrays:
    credits = Credit.objects.applying_to_episodes()
    if placement.is_complete:
        return CreditArrays.read(credits)
    return CreditArrays.read_on(
        credits, episode=placement.rows.keys, season=placement.seasons.keys, series=placement.series.keys
    )


def _add_people(
    segment: Segment,
    name: str,
    facet: CreditFacet,
    vocabulary: Vocabulary,
    placement: EpisodePlacement,
    credits: CreditArrays,
) -> None:
    """Add the levels of a facet over people to ``segment``, and their roles."""
    if facet.combines:
        segment.combine(name, facet.combines)
        return
    counted = credits.masked(credits.mask_for(facet))
    segment.levels[name] = placement.levels(counted, vocabulary)
    if facet.names_roles:
        segment.roles[name] = placement.role_levels(counted, vocabulary)


def _levels(
    facet: SlugFacet, vocabulary: Vocabulary, placement: EpisodePlacement, queryset: QuerySet
) -> list[ValueLevel]:
    """Return the levels of a facet over records, other than people and the series themselves."""
    if not facet.is_on_parent(SERIES_PATH):
        return [related_level(facet.row_value_pairs(queryset), placement.rows, vocabulary)]
    series = Series._base_manager.all()
    if not placement.is_complete:
        series = series.filter(pk__in=placement.series.keys.tolist())
    pairs = facet.pairs_from_parent(series, SERIES_PATH)
    return [related_level(pairs, placement.series, vocabulary, placement.in_series)]


def affected_rows(records: AffectedRecords) -> tuple[Q, dict[str, set[int]]]:
    """Return (a condition for the episodes to read again, the keys by owner of those that the arrays hold)."""
    credited = records.credited_subjects()
    keys = {
        kind: records.changed[kind] | records.owners[kind] | credited[kind] for kind in ("episode", "season", "series")
    }
    if records.changed["song"]:  # it may have another artist
        cues = Cue.objects.filter(song__in=records.changed["song"], episode__isnull=False)
        keys["episode"] |= set(cues.order_by().values_list("episode", flat=True))
    condition = Q(pk__in=keys["episode"]) | Q(season__in=keys["season"]) | Q(season__series__in=keys["series"])
    return condition, {"pk": keys["episode"], "season": keys["season"], "series": keys["series"]}
