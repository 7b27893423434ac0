"""Pages of long lists: counted up to a limit, and a broad OR looked up by the index of each alternative."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.db.models.lookups import IContains
from django.db.models.sql.where import OR, WhereNode
from django.utils.functional import cached_property

MAX_COUNTED = 10_000  # records of a list; more are found by narrowing it or by the other order


class LimitedCount(int):
    """A number of records of which no more were counted."""

    def __str__(self):
        return f"over {int(self):,}"


def limited_count(total: int) -> int:
    """A count of up to MAX_COUNTED + 1 rows, as it is shown."""
    return LimitedCount(MAX_COUNTED) if total > MAX_COUNTED else total


class RecordPaginator(Paginator):
    """Counts up to MAX_COUNTED records. Pages end there, too.

    A query with ``OR`` over several columns, such as a search of credits, is counted as a union of its alternatives:
    PostgreSQL reads all 19 million credits for the OR. A union is not used if an alternative has too many records: then
    the OR finds a page of them soon.
    """

    object_list: Any  # a queryset

    @cached_property
    def count(self):
        """The number of records; a LimitedCount if there are more."""
        records = self.alternatives if self.alternatives is not None else self.object_list.order_by().values("pk")
        return limited_count(records[: MAX_COUNTED + 1].count())

    @cached_property
    def alternatives(self):
        """The primary keys of the records as a union; None without an OR of few records."""
        best, fewest = None, MAX_COUNTED + 1
        for alternatives in _split_by_or(self.object_list):
            total = 0
            for part, _ in alternatives:
                if total < fewest:
                    total += part[: MAX_COUNTED + 1].count()
            if total < fewest:
                best, fewest = [narrowed for _, narrowed in alternatives], total
        return best[0].union(*best[1:]) if best else None


def _split_by_or(queryset: QuerySet) -> list[list[tuple[QuerySet, QuerySet]]]:
    """For each OR in the conditions its alternatives, as (alternative alone, with all other conditions).

    Empty for a query of another form.
    """
    query = getattr(queryset, "query", None)
    if query is None or query.is_sliced or query.combinator or query.distinct:
        return []
    if sum(uses > 0 for uses in query.alias_refcount.values()) > 1:  # joins would be missing from the parts
        return []
    if query.where.negated or query.where.connector == OR:
        return []
    nodes = query.where.children

    def split(index):
        others = [*nodes[:index], *nodes[index + 1 :]]
        children = nodes[index].children
        return [(_with_conditions(queryset, [node]), _with_conditions(queryset, [*others, node])) for node in children]

    return [
        split(index)
        for index, node in enumerate(nodes)
        if getattr(node, "connector", "") == OR and not node.negated and not _reads_all(node)
    ]


def _reads_all(node) -> bool:
    """True if a condition is about text inside a column, for which every record is read: once is enough."""
    return isinstance(node, IContains) or any(map(_reads_all, getattr(node, "children", ())))


def _with_conditions(queryset, conditions):
    part = queryset.order_by().values("pk")
    part.query.where = WhereNode(conditions)
    return part
