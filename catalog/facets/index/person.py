"""The index of the list of people: its segments, and the people that an edit affects."""

import numpy as np
from django.db.models import Q, QuerySet

from catalog.facets.index.affected import AffectedRecords
from catalog.facets.index.building import (
    Facets,
    Vocabularies,
    column_arrays,
    level_of_pairs,
    rank_of,
    read_columns,
    text_ranks,
    with_columns,
)
from catalog.facets.index.credit_arrays import PlayedCreditArrays
from catalog.facets.index.read_arrays import Lookup, read_few
from catalog.facets.index.segment import Segment
from catalog.models import Credit, Role


def build(
    facets: Facets, vocabularies: Vocabularies, queryset: QuerySet, is_complete: bool
) -> tuple[Segment, Vocabularies]:
    """Return the segment of the people in ``queryset``, and the vocabularies extended by its values.

    ``is_complete``: they are the whole list, so the segment gets ranks.
    """
    name_lookup, sort_keys = text_ranks(queryset, "sort_key")
    pks = name_lookup.keys[np.lexsort((name_lookup.keys, sort_keys))]
    lookup = Lookup(pks)
    columns = read_columns(facets, queryset)
    vocabularies = with_columns(facets, vocabularies, columns)
    segment = Segment(pks, columns=column_arrays(columns, vocabularies, lookup))
    if is_complete:
        credits = PlayedCreditArrays.read(Credit.objects.all())
    else:
        credits = PlayedCreditArrays.read(Credit.objects.filter(person__in=pks.tolist()), read_few)
    series_ids = credits.series_ids()
    owners = np.where(series_ids > 0, lookup.positions(credits.person), -1)
    departments = dict(Role.objects.values_list("pk", "department"))
    department_of_role = np.zeros(max(departments, default=0) + 1, np.int64)
    department_of_role[list(departments)] = list(departments.values())
    values = {"role": credits.role, "department": department_of_role[credits.role], "series": series_ids}
    for name, keys in values.items():
        segment.levels[name] = [level_of_pairs(owners, vocabularies[name].ordinals(keys), len(pks))]
    segment.role_totals.update(credits.role_totals(owners, len(pks)))
    if is_complete:
        credit_counts = np.bincount(owners[owners >= 0], minlength=len(pks))
        segment.ranks["-credits"] = rank_of(-credit_counts, np.arange(len(pks)))
    return segment, vocabularies


def affected_rows(records: AffectedRecords) -> tuple[Q, dict[str, set[int]]]:
    """Return (a condition for the people to read again, the keys by owner of those that the arrays hold).

    They are the changed people, and all who are credited on what became visible or was hidden.
    """
    keys = records.changed["person"] | records.owners["person"]
    series, seasons, episodes = (records.visibility_changed[kind] for kind in ("series", "season", "episode"))
    if series or seasons or episodes:
        credits = Credit.objects.order_by().filter(
            Q(series__in=series)
            | Q(season__in=seasons)
            | Q(episode__in=episodes)
            | Q(season__series__in=series)
            | Q(episode__season__in=seasons)
            | Q(episode__season__series__in=series)
        )
        keys |= set(credits.values_list("person", flat=True))
    return Q(pk__in=keys), {"pk": keys}
