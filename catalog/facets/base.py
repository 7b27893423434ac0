"""The facets of one list, and all that follows from their declarations for one request.

Values of one facet widen (any of them), facets narrow (all of them). The counts of a facet leave its own
selection out.
"""

from urllib.parse import quote_plus

import django_filters
from django.core.paginator import Paginator
from django.utils.functional import cached_property

from catalog.facets.display import FacetBlock, FacetValue, FilterChip, LazyFacetValues, facet_value
from catalog.facets.facet import SLUG_PATTERN, Facet
from catalog.facets.sql_engine import SqlEngine
from catalog.facets.text_filter import FilterDict
from catalog.text import fold

VALUES_PER_FACET = 10  # values of a facet shown on a list; its own page shows all
MAX_SELECTION_LENGTH = 2_000  # of all chosen values: each link of a page repeats them, and 30 kB made a page of 16 MB


def encode_parameter(name, value):
    """A parameter as an address has it, repeated for a list of values, and nothing for none: ``urlencode``, quicker."""
    values = value if isinstance(value, list) else [value] if value else []
    return "&".join([f"{name}={quote_plus(str(one))}" for one in values])


def _within(letters, chosen):
    """What was chosen, up to so many letters of values as addresses write them; a text, which is short, stays."""
    kept = {}
    for name, given in chosen.items():
        if isinstance(given, str):
            kept[name] = given
            continue
        for slug in given:
            letters -= len(quote_plus(slug))
            if letters >= 0:
                kept.setdefault(name, []).append(slug)
    return kept


class FacetSet(django_filters.FilterSet):
    """The facets of one list, and all that follows from them for one request.

    ``sorts`` maps each sort key to (label, ordering or a function that gives it); the first is the default.
    ``record_type`` is what a row is, as (one, many).
    """

    sorts = {}
    record_type = ("row", "rows")
    engines = (SqlEngine,)  # what counts: the first that can answer now does

    def __init__(self, data=None, queryset=None, **kwargs):
        # Without rows given it wants to know only whose they are.
        super().__init__(data, self._meta.model._default_manager if queryset is None else queryset, **kwargs)
        if queryset is None:
            del self.queryset
        self._resolved = {}  # a request asks for the same values many times: for rows, counts, chips

    @classmethod
    def get_filters(cls):
        """Those declared, quick to copy for each request."""
        return FilterDict(super().get_filters())

    @cached_property
    def queryset(self):
        """The rows to narrow, where none were given: all that visitors may see. The index never asks for them."""
        return self._meta.model.objects.published()

    @cached_property
    def engine(self):
        """What answers for this request."""
        return next(filter(None, (kind.for_facets(self) for kind in self.engines)))

    @cached_property
    def selection(self):
        """What was chosen: ``{facet name: [slug, …]}``, facets without a choice left out."""
        asked = {name: item for name, item in self.filters.items() if item.field_name in self.data}
        chosen = {name: given for name, item in asked.items() if (given := self._given(item))}
        return _within(MAX_SELECTION_LENGTH, {name: self.current_slugs(name, given) for name, given in chosen.items()})

    def _given(self, item):
        """What the visitor gave for one filter. The fields refuse nothing, so there is no form to make (0.7 ms)."""
        field = item.field
        return field.clean(field.widget.value_from_datadict(self.data, {}, item.field_name))

    def current_slugs(self, name, chosen):
        """The slugs of a facet as they are written today (a former slug, ``season-01``), each value once."""
        if name not in self.facets:
            return chosen
        known = self.resolve(name, chosen)
        return list(dict.fromkeys(known[slug][1] if slug in known else slug for slug in chosen))

    def resolve(self, name, slugs):
        """The values among what a visitor gave: ``{slug: (key, present slug, label)}``. What is no slug is none."""
        asked = name, *slugs
        if asked not in self._resolved:
            fit = [slug for slug in slugs if SLUG_PATTERN.fullmatch(slug)]
            self._resolved[asked] = self.engine.resolve(name, fit) if fit else {}
        return self._resolved[asked]

    @cached_property
    def facets(self):
        """The facets among the filters, in the order declared."""
        return {name: item for name, item in self.filters.items() if isinstance(item, Facet)}

    @property
    def sort(self):
        """The sort key in force; one that is not known means the default."""
        asked = self.data.get("sort", "") if hasattr(self.data, "get") else ""
        return asked if asked in self.sorts else next(iter(self.sorts))

    def rows(self, **changes):
        """The matching rows, unordered; ``changes`` put other values in the place of what was chosen of a filter."""
        rows = self.queryset
        for name, chosen in (self.selection | changes).items():
            rows = self.filters[name].filter(rows, chosen)
        return rows

    def ordering(self):
        """What the rows are ordered by, as asked for."""
        ordering = self.sorts[self.sort][1]
        return ordering() if callable(ordering) else ordering

    def ordered(self):
        """The matching rows in the order asked for."""
        return self.rows().order_by(*self.ordering())

    def url(self, path="", **changes):
        """The address of this list with ``changes`` to its parameters; a changed list starts at page one."""
        written = self._written | {name: encode_parameter(name, value) for name, value in changes.items()}
        query = "&".join(written[name] for name in self._parameters if written.get(name))
        return f"{path}?{query}" if query else path or "?"

    @cached_property
    def _parameters(self):
        return (*self.filters, "sort", "page", "find")

    @cached_property
    def _written(self):
        """What the address of this list says by parameter: the selection, and the sort key if it is not the default."""
        said = self.selection | ({"sort": self.sort} if self.sort != next(iter(self.sorts)) else {})
        return {name: encode_parameter(name, value) for name, value in said.items()}

    def page_url(self, number):
        """The address of page ``number`` of the same rows."""
        return self.url(page=None if number == 1 else number)

    def toggle_url(self, name, slug):
        """The address with ``slug`` added to facet ``name``, or taken out where it was chosen."""
        chosen = self.selection.get(name, [])
        return self.url(**{name: [s for s in chosen if s != slug] if slug in chosen else [*chosen, slug]})

    def add_url(self, name):
        """A function from a slug that is not chosen to the address with it added: ``toggled``, made once a facet."""
        here = self._parameters.index(name)
        before, after = (
            "&".join(self._written[other] for other in names if other in self._written)
            for names in (self._parameters[: here + 1], self._parameters[here + 1 :])
        )
        before, after = f"?{before}&{name}=" if before else f"?{name}=", f"&{after}" if after else ""
        return lambda slug: before + slug + after if SLUG_PATTERN.fullmatch(slug) else self.toggle_url(name, slug)

    def values(self, name, most):
        """(values, how many there are): chosen ones first, then the first ``most`` under the choice of the others."""
        facet = self.facets[name]
        entries, total = self.engine.top_values(name, most) if facet.lists_values else ([], 0)
        added = self.add_url(name) if entries else None
        if name not in self.selection:
            return [facet_value(entry, added) for entry in entries], total
        first, mine = self._chosen(name, {entry[1]: entry for entry in entries})
        total += len(first) - sum(count > 0 for *_, count in mine)  # the others are among those counted
        keys = {entry[0] for entry in mine}
        return first + [facet_value(entry, added) for entry in entries if entry[0] not in keys], total

    def all_values(self, name, find=""):
        """All values of a facet whose labels hold ``find``, the chosen ones first: a sequence, made where looked at."""
        first, mine = self._chosen(name, {})
        first = [value for value in first if fold(find) in fold(value.label)]
        rest = self.engine.all_values(name, find, {entry[0] for entry in mine})
        return LazyFacetValues(first, rest, self.add_url(name))

    def _chosen(self, name, counted):
        """(the chosen values of a facet, the entries of those that are known); ``counted``: entries by slug."""
        facet, chosen = self.facets[name], self.selection.get(name, [])
        known = self.resolve(name, chosen)
        mine = [
            counted.get(slug) or (*known[slug], self._count_of(name, slug, known)) for slug in chosen if slug in known
        ]
        mine.sort(key=facet.sort_key)
        first = [
            FacetValue(slug, label, count, True, True, self.toggle_url(name, slug)) for _, slug, label, count in mine
        ]
        first += [FacetValue(s, s[:60], 0, True, False, self.toggle_url(name, s)) for s in chosen if s not in known]
        return first, mine

    def _count_of(self, name, slug, known):
        if self.facets[name].lists_values:
            return self.engine.count_of(name, known[slug][0])
        return self.engine.total(**{name: [slug]})

    def blocks(self, all_url=None):
        """The facets as a list page shows them; those with nothing to show are left out.

        ``all_url`` gives the path of a facet's own page by its name.
        """
        blocks = []
        for name, facet in self.facets.items():
            values, total = self.values(name, VALUES_PER_FACET)
            chosen = sum(value.selected for value in values)
            if values:
                more = self.url(path=all_url(name)) if all_url and total > max(VALUES_PER_FACET, chosen) else ""
                blocks.append(
                    FacetBlock(name, facet.label, values[: max(VALUES_PER_FACET, chosen)], total, chosen, more)
                )
        return blocks

    def chips(self):
        """The chosen values, each with the address that takes it away and what that would give."""
        chips = []
        for name, chosen in self.selection.items():
            item = self.filters[name]
            if not isinstance(item, Facet):
                chips.append(FilterChip(name, item.label, f"“{chosen}”", True, self.url(**{name: None})))
                continue
            known = self.resolve(name, chosen)
            for slug in chosen:
                label = known[slug][2] if slug in known else slug[:60]
                chips.append(FilterChip(name, item.label, label, slug in known, self.toggle_url(name, slug), slug))
        return chips

    def total_without(self, chip):
        """How many rows there would be without a chip's value."""
        left = [slug for slug in self.selection[chip.name] if slug != chip.slug] if chip.slug else None
        return self.engine.total(**{chip.name: left})

    def sort_links(self):
        """(label, address, chosen) for each sort key."""
        default = next(iter(self.sorts))
        return [
            (label, self.url(sort=None if key == default else key), key == self.sort)
            for key, (label, _) in self.sorts.items()
        ]

    def page(self, number, size):
        """Page ``number`` (from 1) of the rows' primary keys; django.core.paginator.EmptyPage past the end."""
        return Paginator(_Keys(self.engine), size).page(number)


class _Keys:
    """The primary keys of the matching rows, read a page at a time."""

    ordered = True

    def __init__(self, engine):
        self.engine = engine

    def __len__(self):
        return self.engine.total()

    def __getitem__(self, part):
        return self.engine.page_ids(part.start, part.stop)
