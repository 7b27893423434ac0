"""The index of the list of series: its segments, and the series that an edit affects."""

import numpy as np
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Replace

from catalog.facets.credit_facets import CreditFacet, RoleFacet
from catalog.facets.index.affected import AffectedRecords
from catalog.facets.index.building import (
    Facets,
    Vocabularies,
    column_arrays,
    level_of_pairs,
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
from catalog.facets.index.credit_arrays import CreditArrays
from catalog.facets.index.credit_levels import CreditLevel
from catalog.facets.index.read_arrays import Lookup, read_chunked, read_few
from catalog.facets.index.segment import RoleLevel, Segment
from catalog.facets.index.vocabulary import Vocabulary
from catalog.facets.kinds import SlugFacet
from catalog.models import Credit, Episode, Season


def build(
    facets: Facets, vocabularies: Vocabularies, queryset: QuerySet, is_complete: bool
) -> tuple[Segment, Vocabularies]:
    """Return the segment of the series in ``queryset``, and the vocabularies extended by its values.

    ``is_complete``: they are the whole list, so the segment gets ranks.
    """
    reader = read_chunked if is_complete else read_few
    title_lookup, titles = text_ranks(queryset, "sort_key")
    pks = title_lookup.keys[np.lexsort((title_lookup.keys, titles))]
    lookup = Lookup(pks)
    premieres = queryset.annotate(digits=Replace("premiered", Value("-"), Value("")))
    premiere_pks, digits = reader(premieres, "pk", "digits")
    dates = np.zeros(len(pks), np.int64)
    dates[lookup.positions(premiere_pks)] = sortable_dates(digits)
    columns = read_columns(facets, queryset)
    vocabularies = with_columns(facets, vocabularies, columns)
    segment = Segment(pks, columns=column_arrays(columns, vocabularies, lookup), owners={"series": pks})
    credits = CreditArrays.read(Credit.objects.all()) if is_complete else _read_credits_in(pks.tolist())
    owners = lookup.positions(credits.series_ids())
    segment.credits.append(_credit_level(credits, owners, len(pks), vocabularies["person"]))
    for name, facet in facets.items():
        if isinstance(facet, CreditFacet) and facet.combines:
            segment.combine(name, facet.combines)
        elif isinstance(facet, CreditFacet):
            people = np.where(credits.mask_for(facet), vocabularies[name].ordinals(credits.person), -1)
            segment.levels[name] = [level_of_pairs(owners, people, len(pks))]
            if facet.names_roles:
                segment.roles[name] = [RoleLevel.of(None, owners, people, *credits.roles_in_order())]
        elif isinstance(facet, RoleFacet):
            level = role_set_level(segment.credits, vocabularies["person"], vocabularies[name], len(pks))
            segment.levels[name] = [level]
        elif isinstance(facet, SlugFacet):
            segment.levels[name] = [related_level(facet.row_value_pairs(queryset), lookup, vocabularies[name])]
    if is_complete:
        title_rank = np.arange(len(pks))
        segment.ranks["premiered"] = rank_of(oldest_first(dates), title_rank)
        segment.ranks["-premiered"] = rank_of(newest_first(dates), title_rank)
    return segment, vocabularies


def _credit_level(credits: CreditArrays, owners: np.ndarray, series_count: int, people: Vocabulary) -> CreditLevel:
    """Return the people of the series by role."""
    keys, values = credits.values_by_role(people)
    mask = (owners >= 0) & (values >= 0)
    return CreditLevel.of(None, series_count, keys, owners[mask], values[mask], len(people) + 1)


def _read_credits_in(series_ids: list[int]) -> CreditArrays:
    """The credits on a few series, their seasons and their episodes.

    Each by its own index: one condition over all three by joins reads the whole table (200 ms at size M).
    """
    seasons = Season._base_manager.filter(series__in=series_ids).values_list("pk", flat=True)
    episodes = Episode._base_manager.filter(season__in=list(seasons)).values_list("pk", flat=True)
    return CreditArrays.read_on(Credit.objects.all(), series=series_ids, season=seasons, episode=episodes)


def affected_rows(records: AffectedRecords) -> tuple[Q, dict[str, set[int]]]:
    """Return (a condition for the series to read again, the keys by owner of those that the arrays hold)."""
    credited = records.credited_subjects()
    keys = records.changed["series"] | records.owners["series"] | records.parents["series"] | credited["series"]
    seasons = records.changed["season"] | records.owners["season"] | records.parents["season"] | credited["season"]
    episodes = records.changed["episode"] | records.owners["episode"] | credited["episode"]
    keys |= set(Episode._base_manager.filter(pk__in=episodes).values_list("season__series", flat=True))
    keys |= set(Season._base_manager.filter(pk__in=seasons).values_list("series", flat=True))
    return Q(pk__in=keys), {"pk": keys}
