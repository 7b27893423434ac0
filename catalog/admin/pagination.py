"""Where a page of a long sorted list lies, and how many records a broad search finds, without looking at them all."""

from itertools import groupby

from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Paginator
from django.db import connections
from django.db.models import CharField, Count, ForeignKey, Q
from django.db.models.sql.where import OR, WhereNode
from django.utils.functional import cached_property

SORT_BY_OWNER_BELOW = 200  # records of a table that can be gone through in their order


def page_slice(queryset, start, length, total):
    """``length`` records of ``queryset`` from ``start``, of ``total``: those of a slice, sorted among fewer.

    The first field that it is sorted by says how: the records of one role, or of none, are counted by an index and
    passed over together. Where that does not help, it is a slice.
    """
    first, *rest = queryset.query.order_by or ("",)
    falls, name = str(first).startswith("-"), str(first).lstrip("-")
    try:
        field = queryset.model._meta.get_field(name)
    except FieldDoesNotExist:
        field = None
    found = None
    if isinstance(field, ForeignKey) and not field.null:
        found = _among_few(queryset, field, falls, start, length)
    elif isinstance(field, ForeignKey | CharField) and not field.choices and rest:
        found = _beside_the_empty(queryset, field, falls, (start, length, total), rest)
    return queryset[start : start + length] if found is None else found


def _among_few(queryset, field, falls, start, length):
    """Sorted by a relation to a short table: only the records of those that the page shows are sorted."""
    related, order = field.related_model, field.related_model._meta.ordering
    if not order or related._default_manager.order_by()[: SORT_BY_OWNER_BELOW + 1].count() > SORT_BY_OWNER_BELOW:
        return None
    owners = related._default_manager.order_by(*order).values_list("pk", *(each.lstrip("-") for each in order))
    counts = queryset.order_by().values(field.attname).annotate(number=Count("pk"))
    known = dict(counts.values_list(field.attname, "number"))
    ranks = [[row[0] for row in alike] for _, alike in groupby(owners, key=lambda row: row[1:])]
    passed, skipped, needed, end = 0, 0, [], start + length
    for rank in reversed(ranks) if falls else ranks:
        number = sum(known.get(key, 0) for key in rank)
        if passed + number <= start:
            skipped += number
        elif passed < end:
            needed += rank
        passed += number
    return queryset.filter(**{f"{field.attname}__in": needed})[start - skipped : end - skipped]


def _beside_the_empty(queryset, field, falls, place, rest):
    """Sorted by what most records leave empty: those that do are sorted by the rest alone, the others by themselves."""
    start, length, total = place
    if field.null:
        empty = Q(**{f"{field.name}__isnull": True})
        leads = connections[queryset.db].features.order_by_nulls_first != falls
    else:
        empty, leads = Q(**{field.name: ""}), not falls
    others = queryset.exclude(empty)
    number = others.order_by().count()
    border = total - number if leads else number
    if start < border < start + length:
        return None
    behind = start >= border
    start -= border if behind else 0
    among = others if behind == leads else queryset.filter(empty).order_by(*rest)
    return among[start : start + length]


class UnionCountPaginator(Paginator):
    """Counts what fulfils one of several conditions by the index of each, as the union of them.

    Asked for all at once, each record is read and compared: 150 ms for 480,000 credits, half of it so.
    """

    @cached_property
    def count(self):
        """How many there are."""
        parts = _parts(self.object_list)
        return parts[0].union(*parts[1:]).count() if parts else super().count


def _parts(queryset):
    """``queryset`` once for each of the conditions of which one has to hold; none where it does not ask for that."""
    query = getattr(queryset, "query", None)
    if query is None or query.is_sliced or query.combinator or query.distinct:
        return []
    if sum(used > 0 for used in query.alias_refcount.values()) > 1:  # tables joined: parts would lack them
        return []
    choices = [node for node in query.where.children if getattr(node, "connector", "") == OR and not node.negated]
    if len(choices) != 1 or query.where.negated or query.where.connector == OR:
        return []
    others = [node for node in query.where.children if node is not choices[0]]
    return [_narrowed(queryset, [*others, child]) for child in choices[0].children]


def _narrowed(queryset, conditions):
    part = queryset.order_by().values("pk")
    part.query.where = WhereNode(conditions)
    return part
