"""The long lists on the page of a record: episodes, credits, facts. One page number moves all of them on together."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from catalog.models.compiled_query import BoundQuery


@dataclass(frozen=True)
class ListPart:
    """The rows of a list that one page shows, from ``start`` (0 is the first), and how many there are in all."""

    rows: list[Any]
    start: int
    total: int

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def is_complete(self) -> bool:
        """Whether the page shows all rows."""
        return len(self.rows) == self.total

    @property
    def has_more(self) -> bool:
        """Whether a later page shows further rows."""
        return self.start + len(self.rows) < self.total

    @property
    def span(self) -> str:
        """``61–120 of 2,000``; empty if the page shows all rows, or none."""
        if self.is_complete or not self.rows:
            return ""
        return f"{self.start + 1:,}–{self.start + len(self.rows):,} of {self.total:,}"


def _count(rows: QuerySet | BoundQuery | Sequence[Any]) -> int:
    if isinstance(rows, BoundQuery):
        return rows.total()
    return rows.count() if isinstance(rows, QuerySet) else len(rows)


class RecordLists:
    """Reads the parts of a record's lists that the page with one number shows, and counts the pages."""

    def __init__(self, number: int) -> None:
        self.number, self.page_count = number, 1

    def part(self, rows: QuerySet | BoundQuery | Sequence[Any], size: int) -> ListPart:
        """The part of ``rows``, ``size`` a page. The total is counted only if there is more than one page."""
        start = (self.number - 1) * size
        stop = start + size + 1
        window = rows.part(start, stop) if isinstance(rows, BoundQuery) else list(rows[start:stop])
        total = _count(rows) if start > 0 or len(window) > size else len(window)
        self.page_count = max(self.page_count, -(-total // size))
        return ListPart(window[:size], start, total)

    @property
    def is_past_the_end(self) -> bool:
        """Whether no list has rows on this page. To be asked after all parts have been read."""
        return self.number > self.page_count

    def pagination(self, page_url: Callable[[int], str]) -> dict[str, Any]:
        """What ``partials/pagination.html`` needs."""
        paginator = Paginator(range(self.page_count), 1)
        page: Page = paginator.page(self.number)
        numbers = paginator.get_elided_page_range(self.number, on_each_side=1, on_ends=1)
        return {"page": page, "page_numbers": numbers, "page_url": page_url}
