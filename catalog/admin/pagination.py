"""Pages of long sorted lists, and counts of broad searches, without reading every record."""

from itertools import groupby
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Paginator
from django.db import connections
from django.db.models import CharField, Count, ForeignKey, Q
from django.db.models.sql.where import OR, WhereNode
from django.utils.functional import cached_property

SORT_BY_OWNER_BELOW = 200  # rows of the referenced table


def page_slice(queryset, start, length, total):
    """``queryset[start : start + length]`` of ``total`` records, found by sorting fewer of them.

    Depends on the first sort column. Sorted by a foreign key, the records of each referenced row are counted by an
    index, and only those on the page are sorted. Sorted by a mostly empty column, empty and filled rows are paged
    separately. Sorted otherwise, it is the plain slice.
    """
    first, *further_order = queryset.query.order_by or ("",)
    descending, name = str(first).startswith("-"), str(first).lstrip("-")
    try:
        field = queryset.model._meta.get_field(name)
    except FieldDoesNotExist:
        field = None
    page = None
    if isinstance(field, ForeignKey) and not field.null:
        page = _slice_by_owner(queryset, field, descending, start, length)
    elif isinstance(field, ForeignKey | CharField) and not field.choices and further_order:
        page = _slice_by_emptiness(queryset, field, descending, (start, length, total), further_order)
    return queryset[start : start + length] if page is None else page


def _slice_by_owner(queryset, field, descending, start, length):
    """Sort only the records whose owner (the row that ``field`` references) is on the page. None for a long table."""
    model, order = field.related_model, field.related_model._meta.ordering
    if not order or model._default_manager.order_by()[: SORT_BY_OWNER_BELOW + 1].count() > SORT_BY_OWNER_BELOW:
        return None
    owners = model._default_manager.order_by(*order).values_list("pk", *(name.lstrip("-") for name in order))
    totals = queryset.order_by().values(field.attname).annotate(total=Count("pk"))
    total_by_owner = dict(totals.values_list(field.attname, "total"))
    ranks = [[row[0] for row in rows] for _, rows in groupby(owners, key=lambda row: row[1:])]  # equal sort keys
    passed, skipped, end = 0, 0, start + length
    owners_on_page: list[Any] = []
    for rank in reversed(ranks) if descending else ranks:
        total = sum(total_by_owner.get(key, 0) for key in rank)
        if passed + total <= start:
            skipped += total
        elif passed < end:
            owners_on_page += rank
        passed += total
    return queryset.filter(**{f"{field.attname}__in": owners_on_page})[start - skipped : end - skipped]


def _slice_by_emptiness(queryset, field, descending, page, further_order):
    """Page through empty and filled rows separately, the empty ones by ``further_order``. None for a mixed page."""
    start, length, total = page
    if field.null:
        empty = Q(**{f"{field.name}__isnull": True})
        empty_first = connections[queryset.db].features.order_by_nulls_first != descending
    else:
        empty, empty_first = Q(**{field.name: ""}), not descending
    filled = queryset.exclude(empty)
    filled_total = filled.order_by().count()
    border = total - filled_total if empty_first else filled_total
    if start < border < start + length:
        return None
    is_after_border = start >= border
    start -= border if is_after_border else 0
    rows = filled if is_after_border == empty_first else queryset.filter(empty).order_by(*further_order)
    return rows[start : start + length]


class UnionCountPaginator(Paginator):
    """Counts a query with ``OR`` as the union of its conditions, so that each is looked up in its own index.

    Of 480,000 credits, a search over four tables took 150 ms as one condition and half of it as a union.
    """

    @cached_property
    def count(self):
        parts = _split_by_or(self.object_list)
        return parts[0].union(*parts[1:]).count() if parts else super().count


def _split_by_or(queryset):
    """One queryset for each alternative of the only OR in the conditions; [] if the query is of another form."""
    query = getattr(queryset, "query", None)
    if query is None or query.is_sliced or query.combinator or query.distinct:
        return []
    if sum(uses > 0 for uses in query.alias_refcount.values()) > 1:  # joins would be missing from the parts
        return []
    alternatives = [node for node in query.where.children if getattr(node, "connector", "") == OR and not node.negated]
    if len(alternatives) != 1 or query.where.negated or query.where.connector == OR:
        return []
    common = [node for node in query.where.children if node is not alternatives[0]]
    return [_with_conditions(queryset, [*common, child]) for child in alternatives[0].children]


def _with_conditions(queryset, conditions):
    part = queryset.order_by().values("pk")
    part.query.where = WhereNode(conditions)
    return part
