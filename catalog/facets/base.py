"""The facets of one list for one request: which rows the selection matches, and how many have each value.

A row matches if it has any of the selected values of a facet, for every facet. The counts of a facet leave its own
selection out of account.
"""

from typing import Any
from urllib.parse import quote_plus

import django_filters
from django.core.paginator import Paginator
from django.utils.functional import cached_property

from catalog.facets.facet import SLUG_PATTERN, Facet
from catalog.facets.sql_engine import SqlEngine
from catalog.facets.text_filter import FilterDict
from catalog.text import fold

# Characters of all selected values: each link of a page repeats them, and 30 kB made a page of 16 MB.
MAX_SELECTION_LENGTH = 2_000
MAX_UNKNOWN_LABEL = 60  # characters shown of a value that the catalogue does not know


def _limited(selection):
    """Return the selection up to MAX_SELECTION_LENGTH, as addresses encode it; a text is short, and stays."""
    limited: dict[str, Any] = {}
    remaining = MAX_SELECTION_LENGTH
    for name, values in selection.items():
        if isinstance(values, str):
            limited[name] = values
            continue
        for slug in values:
            remaining -= len(quote_plus(slug))
            if remaining >= 0:
                limited.setdefault(name, []).append(slug)
    return limited


class FacetSet(django_filters.FilterSet):
    """The facets of one list, filtered and counted for one request.

    ``sorts`` maps each sort key to (label, ordering or a function that returns it); the first is the default.
    ``record_type`` is the name of a row, as (singular, plural). ``engines`` count: the first that can answer is used.
    Values are tuples (key, slug, label, count).
    """

    sorts: dict[str, tuple] = {}
    record_type = ("row", "rows")
    engines: tuple[Any, ...] = (SqlEngine,)

    def __init__(self, data=None, queryset=None, **kwargs):
        # FilterSet only needs the model of a queryset. Without one, the property below takes its place.
        super().__init__(data, self._meta.model._default_manager if queryset is None else queryset, **kwargs)
        if queryset is None:
            del self.queryset
        self._resolved = {}  # rows, counts and chips of a request need the same values

    @classmethod
    def get_filters(cls):
        """Return the declared filters in a dict that is quick to copy, as each request does."""
        return FilterDict(super().get_filters())

    @cached_property
    def queryset(self):
        """The rows that visitors may see. The index never needs them."""
        return self._meta.model.objects.published()

    @cached_property
    def engine(self):
        """The engine that answers for this request."""
        return next(filter(None, (engine.for_facets(self) for engine in self.engines)))

    @cached_property
    def selection(self):
        """The selected slugs by facet, and the text: filters without a value are left out."""
        items = {name: item for name, item in self.filters.items() if item.field_name in self.data}
        selection = {name: values for name, item in items.items() if (values := self._clean(item))}
        return _limited({name: self.current_slugs(name, values) for name, values in selection.items()})

    def _clean(self, item):
        """Clean the submitted values of one filter. Its field accepts anything, so no form is needed (0.7 ms)."""
        field = item.field
        return field.clean(field.widget.value_from_datadict(self.data, {}, item.field_name))

    def current_slugs(self, name, values):
        """Replace former and alternative slugs (``season-01``) by present ones, each once; a text is unchanged."""
        if name not in self.facets:
            return values
        resolved = self.resolve(name, values)
        return list(dict.fromkeys(resolved[slug][1] if slug in resolved else slug for slug in values))

    def resolve(self, name, slugs):
        """Return ``{slug: (key, present slug, label)}`` of those ``slugs`` that are values of the facet."""
        request = name, *slugs
        if request not in self._resolved:
            well_formed = [slug for slug in slugs if SLUG_PATTERN.fullmatch(slug)]
            self._resolved[request] = self.engine.resolve(name, well_formed) if well_formed else {}
        return self._resolved[request]

    @cached_property
    def facets(self):
        """The facets among the filters, in the order of declaration."""
        return {name: item for name, item in self.filters.items() if isinstance(item, Facet)}

    @property
    def sort(self):
        """The sort key in force; an unknown one means the default."""
        sort = self.data.get("sort", "") if hasattr(self.data, "get") else ""
        return sort if sort in self.sorts else next(iter(self.sorts))

    def rows(self, **changes):
        """Return the matching rows, unordered; ``changes`` replace the selected values of filters."""
        rows = self.queryset
        for name, values in (self.selection | changes).items():
            rows = self.filters[name].filter(rows, values)
        return rows

    def ordering(self):
        """Return the order_by arguments of the sort key in force."""
        ordering = self.sorts[self.sort][1]
        return ordering() if callable(ordering) else ordering

    def ordered(self):
        """Return the matching rows in the requested order."""
        return self.rows().order_by(*self.ordering())

    def values(self, name, limit):
        """Return (selected values, the first ``limit`` values without these, how many values there are).

        The key of an unknown selected value is None.
        """
        entries, total = self.engine.top_values(name, limit) if self.facets[name].lists_values else ([], 0)
        if name not in self.selection:
            return [], entries, total
        selected = self._selected_values(name, {entry[1]: entry for entry in entries})
        total += sum(key is None or not count for key, _, _, count in selected)  # the others are counted already
        selected_keys = {entry[0] for entry in selected}
        return selected, [entry for entry in entries if entry[0] not in selected_keys], total

    def all_values(self, name, find=""):
        """Return (selected values, a sequence of the others) of those whose labels contain ``find``."""
        selected, text = self._selected_values(name, {}), fold(find)
        unselected = self.engine.all_values(name, find, {key for key, *_ in selected if key is not None})
        return [entry for entry in selected if text in fold(entry[2])], unselected

    def _selected_values(self, name, counted):
        """Return the selected values, unknown ones last; ``counted`` are values by slug that need no counting."""
        slugs = self.selection.get(name, [])
        resolved = self.resolve(name, slugs)
        entries = [
            counted.get(slug) or (*resolved[slug], self._count_of(name, slug, resolved[slug][0]))
            for slug in slugs
            if slug in resolved
        ]
        entries = self.engine.in_order(name, entries) if len(entries) > 1 else entries
        return entries + [(None, slug, slug[:MAX_UNKNOWN_LABEL], 0) for slug in slugs if slug not in resolved]

    def _count_of(self, name, slug, key):
        if self.facets[name].lists_values:
            return self.engine.count_of(name, key)
        return self.engine.total(**{name: [slug]})

    def total_without(self, name, slug=""):
        """Return how many rows match without a selected value, or without a text."""
        remaining = [selected for selected in self.selection[name] if selected != slug] if slug else None
        return self.engine.total(**{name: remaining})

    def page(self, number, size):
        """Return page ``number`` (from 1) of the rows' primary keys; raises EmptyPage past the end.

        Without counts, its paginator ends with the next page.
        """
        if self.engine.is_counted:
            return Paginator(self.row_ids, size).page(number)
        start = (number - 1) * size
        keys = self.engine.page_ids(start, start + size + 1)
        page = Paginator(range(start + len(keys)), size).page(number)
        page.object_list = keys[:size]
        return page

    @property
    def row_ids(self) -> Any:
        """The primary keys of the matching rows in the requested order, as a sequence read a slice at a time."""
        return _RowIds(self.engine)


class _RowIds:
    """The primary keys of the matching rows, read a page at a time."""

    ordered = True

    def __init__(self, engine):
        self.engine = engine

    def __len__(self) -> int:
        return self.engine.total()

    def __getitem__(self, part: slice) -> list[int]:
        return self.engine.page_ids(part.start, part.stop)
