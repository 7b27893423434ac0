"""The facets of one list for one request: which rows the selection matches, and how many have each value.

A row matches if it fulfils the ``Choice`` of every facet. The counts of a facet leave its own selection out of account,
but for the values that rows must not have; if rows must have all of several values, a count says how many rows remain
when that value is added to them.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import quote_plus

import django_filters
from django.core.paginator import Paginator
from django.utils.functional import cached_property

from catalog.facets.choice import ALL, MISSING, Choice, choices_of, split_parameter
from catalog.facets.facet import MAX_SELECTED_VALUES, SLUG_PATTERN, Facet
from catalog.facets.sql_engine import SqlEngine
from catalog.facets.text_filter import FilterDict
from catalog.models.role import RESERVED_SLUGS, Role
from catalog.text import fold

# Characters of all selected values: each link of a page repeats them, and 30 kB made a page of 16 MB.
MAX_SELECTION_LENGTH = 2_000
MAX_UNKNOWN_LABEL = 60  # characters shown of a value that the catalogue does not know


def _limited(selection, parameters):
    """Return the selection up to MAX_SELECTION_LENGTH, as addresses encode it, and MAX_SELECTED_VALUES of each facet.

    A text is short, and stays. ``parameters`` name the filter of each parameter.
    """
    limited: dict[str, Any] = {}
    remaining, totals = MAX_SELECTION_LENGTH, dict.fromkeys(parameters.values(), 0)
    for parameter, values in selection.items():
        if isinstance(values, str):
            limited[parameter] = values
            continue
        for slug in values:
            remaining -= len(quote_plus(slug))
            totals[parameters[parameter]] += 1
            if remaining >= 0 and totals[parameters[parameter]] <= MAX_SELECTED_VALUES:
                limited.setdefault(parameter, []).append(slug)
    return limited


def _parameters_of(filters) -> dict[str, str]:
    return {name + suffix: name for name, item in filters.items() for suffix in item.suffixes}


class FacetSet(django_filters.FilterSet):
    """The facets of one list, filtered and counted for one request.

    ``sorts`` maps each sort key to (label, ordering or a function that returns it); the first is the default.
    ``record_type`` is the name of a row, as (singular, plural). ``engines`` count: the first that can answer is used.
    ``people_facet`` makes the facets of roles, which are parameters as well; None if the list has none.
    Values are tuples (key, slug, label, count).
    """

    sorts: dict[str, tuple] = {}
    record_type = ("row", "rows")
    engines: tuple[Any, ...] = (SqlEngine,)
    people_facet: Any = None

    def __init__(self, data=None, queryset=None, role="", **kwargs):
        """``role`` is the slug of a role whose facet is needed, though no parameter of ``data`` names it."""
        # FilterSet only needs the model of a queryset. Without one, the property below takes its place.
        super().__init__(data, self._meta.model._default_manager if queryset is None else queryset, **kwargs)
        if queryset is None:
            del self.queryset
        self._resolved = {}  # rows, counts and chips of a request need the same values
        if self.people_facet is not None:
            roles = self.data.getlist("role") if hasattr(self.data, "getlist") else ()
            self._add_role_facets({role, *roles, *(split_parameter(parameter)[0] for parameter in self.data)})

    def _add_role_facets(self, names):
        """Add a facet for each role whose slug is among ``names``; a declared facet wins."""
        names = names - self.filters.keys() - RESERVED_SLUGS - {""}
        if not names:
            return
        for pk, slug, label in Role.objects.values_list("pk", "slug", "name"):
            if slug in names:
                facet = self.people_facet(roles=(slug,), label=label, field_name=slug).in_roles([pk])
                facet.model, facet.parent = self._meta.model, self
                self.filters[slug] = facet

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
    def parameters(self) -> dict[str, str]:
        """The name of the filter of each parameter, in the order of addresses."""
        added = {name: item for name, item in self.filters.items() if name not in self.base_filters}
        return self._declared_parameters() | _parameters_of(added) if added else self._declared_parameters()

    @classmethod
    @cache
    def _declared_parameters(cls) -> dict[str, str]:
        return _parameters_of(cls.base_filters)

    @cached_property
    def selection(self):
        """The selected slugs by parameter, and texts: parameters without a value are left out."""
        selection = {
            parameter: values
            for parameter, name in self.parameters.items()
            if parameter in self.data and (values := self._selected(name, parameter.removeprefix(name)))
        }
        return _limited(selection, self.parameters)

    def _selected(self, name, suffix):
        """Clean the submitted values of one parameter. Its field accepts anything, so no form is needed (0.7 ms)."""
        field = self.filters[name].field
        values = field.clean(field.widget.value_from_datadict(self.data, {}, name + suffix))
        if suffix == MISSING:
            return ["1"] if "1" in values else []
        return self.current_slugs(name, values)

    @cached_property
    def choices(self) -> dict[str, Choice]:
        """What is selected of each facet, by name."""
        return choices_of(self.selection, self.facets)

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

    def conditions(self, changes: dict[str, Any]) -> Iterable[tuple[str, Any, Any]]:
        """Return (name, filter, ``Choice`` or text) of the filters by which rows are selected.

        ``changes`` replace the selected values of parameters. Roles selected beside people whom they qualify do not
        filter by themselves.
        """
        selection = self.selection | changes
        choices = choices_of(selection, self.facets) if changes else self.choices
        qualifying = {self.facets[name].qualified_by for name in choices}
        for name, choice in choices.items():
            if name in qualifying and choice.any:
                choice = replace(choice, any=(), missing=False)
            yield name, self.facet_in_roles(name, choices), choice
        for name, text in selection.items():
            if isinstance(text, str) and text:
                yield name, self.filters[name], text

    def facet_in_roles(self, name: str, choices: dict[str, Choice]) -> Facet:
        """Return a facet, over people limited to the roles that are selected in the facet by which it is qualified."""
        facet: Any = self.facets[name]
        choice = choices.get(facet.qualified_by)
        if choice is None or not choice.any:
            return facet
        resolved = self.resolve(facet.qualified_by, choice.any)
        return facet.in_roles([key for key, _, _ in resolved.values()])

    def is_counted_by_total(self, name: str) -> bool:
        """Whether the facet's values say in which role the selected people are credited.

        The count of such a value is the total with that value in place of the facet's selection.
        """
        is_qualifying = any(self.facets[choice].qualified_by == name for choice in self.choices)
        return is_qualifying and not self.choices.get(name, Choice()).all

    def own_changes(self, name: str) -> dict[str, Any]:
        """Return the changes to the selection by which the values of a facet are counted."""
        return {} if self.choices.get(name, Choice()).all else {name: None, name + MISSING: None}

    def rows(self, **changes):
        """Return the matching rows, unordered; ``changes`` replace the selected values of parameters."""
        rows = self.queryset
        for _, item, value in self.conditions(changes):
            rows = item.filter(rows, value)
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

        Selected are those of which rows must have any or all. The key of an unknown one is None.
        """
        entries, total = self.engine.top_values(name, limit) if self.facets[name].lists_values else ([], 0)
        if name not in self.choices:
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
        choice = self.choices.get(name, Choice())
        slugs = list(dict.fromkeys(choice.any + choice.all))
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
        changes = self.own_changes(name)
        added = {name: [slug]} if changes else {name + ALL: [*self.selection[name + ALL], slug]}
        return self.engine.total(**(changes | added))

    def not_recorded(self, name):
        """Return how many of the rows that the other filters leave have no value of a facet; 0 if it cannot tell."""
        return self.engine.not_recorded(name) if MISSING in self.facets[name].suffixes else 0

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
