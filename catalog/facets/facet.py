"""A facet: one declaration, from which the filter, the counts, the links and the chips follow.

Every value has a slug. A slug that the catalogue does not know matches nothing and is shown as unknown.
"""

import re

from django import forms
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Q

from catalog.facets.choice import SUFFIXES
from catalog.facets.text_filter import CopySharingFilter
from catalog.models.slug import MAX_SLUG_LENGTH
from catalog.models.sort_key import title_sort_key

SLUG_PATTERN = re.compile(r"[a-z0-9_-]{1,120}", re.ASCII)
MAX_SELECTED_VALUES = 50  # of one facet, under all of its parameters; nobody selects more by hand


class SlugsField(forms.Field):
    """Any number of slugs under one parameter, in the order given, without repeats. Nothing is refused."""

    widget = forms.MultipleHiddenInput

    def clean(self, value):
        """Return the values in lower case, without blank ones; malformed slugs stay, to be shown as unknown."""
        values = [text.replace("\x00", "\ufffd").strip().lower()[: MAX_SLUG_LENGTH + 10] for text in value or []]
        return list(dict.fromkeys(text for text in values if text))[:MAX_SELECTED_VALUES]


class Facet(CopySharingFilter):
    """A facet of the rows of a list. A value has a key, by which the database knows it, a slug and a label."""

    field_class = SlugsField
    suffixes: tuple[str, ...] = SUFFIXES
    lists_values = True  # False: there are too many to list, so only selected values are shown
    has_block = True  # False: a parameter for links, which the page shows as a chip only
    by_count = True  # False: values have an order of their own, such as the alphabet
    names_roles = False  # True: each value is a person, shown with the roles that count
    is_indexed = True  # False: the index asks the database for the rows of a selection
    within = ""  # the facet without which the values say nothing: season 1 of any series
    has_one_value = False  # True: a row has at most one value
    qualified_by = ""  # the facet whose selected values say in which role: those of ``role`` for ``crew``

    def __init__(self, phrase=None, has_one_value=None, **kwargs):
        """``phrase`` (``catalog.facets.wording.Phrase``) words a selection; credits of one role need none."""
        super().__init__(**kwargs)
        self.phrase = phrase
        if has_one_value is not None:
            self.has_one_value = has_one_value
        self._resolved = {}  # rows, counts and chips of a request need the same values

    def __deepcopy__(self, memo):
        """A request's copy has a cache of its own."""
        copy = super().__deepcopy__(memo)
        copy._resolved = {}
        return copy

    def resolve_slugs(self, slugs):
        """Return the values that have one of ``slugs``: ``{slug: (key, present slug, label)}``."""
        raise NotImplementedError

    def condition(self, keys):
        """Return the condition, without joins that repeat rows, for the rows that have one of ``keys``."""
        raise NotImplementedError

    def row_value_pairs(self, rows):
        """Return querysets of (row's primary key, value's key): together, all values of ``rows``."""
        raise NotImplementedError

    def labels(self, keys):
        """Return slug and label of each key: ``{key: (slug, label)}``."""
        raise NotImplementedError

    def recorded(self):
        """Return the condition for the rows that have a value which visitors may see."""
        raise NotImplementedError

    def resolve(self, slugs):
        """Resolve what a visitor submitted; malformed slugs are not sent to the database."""
        well_formed = tuple(slug for slug in slugs if SLUG_PATTERN.fullmatch(slug))
        if well_formed not in self._resolved:
            self._resolved[well_formed] = self.resolve_slugs(well_formed) if well_formed else {}
        return self._resolved[well_formed]

    def keys(self, slugs):
        """Return the keys of those ``slugs`` that are values."""
        return [key for key, _, _ in self.resolve(slugs).values()]

    def filter(self, queryset, choice):
        """Narrow to the rows that match ``choice``; an unknown value matches nothing."""
        if choice.any or choice.missing:
            keys = self.keys(choice.any)
            if not keys and not choice.missing:
                return queryset.none()
            condition = self.condition(keys) if keys else Q()
            queryset = queryset.filter(condition | ~self.recorded() if choice.missing else condition)
        for slug in choice.all:
            keys = self.keys([slug])
            if not keys:
                return queryset.none()
            queryset = queryset.filter(self.condition(keys))
        excluded = self.keys(choice.none)
        return queryset.filter(~self.condition(excluded)) if excluded else queryset

    def counts(self, rows):
        """Return how many of ``rows`` have each value, by one query: ``{key: count}``."""
        return self.count_pairs(rows) if self.lists_values else {}

    def count_pairs(self, rows):
        """Return ``counts``, also of a facet whose values are not listed."""
        query, *more = self.row_value_pairs(rows.order_by())
        query = query.order_by()  # a default ordering would add its columns to the pairs
        query = query.union(*(pairs.order_by() for pairs in more)) if more else query.distinct()
        try:
            sql, params = query.query.get_compiler(using=rows.db).as_sql()
        except EmptyResultSet:  # another facet's selection matches nothing
            return {}
        with connections[rows.db].cursor() as cursor:
            cursor.execute(
                f"WITH pairs (record, value) AS ({sql}) "
                "SELECT value, COUNT(*) FROM pairs WHERE value IS NOT NULL GROUP BY value",
                params,
            )
            return dict(cursor.fetchall())

    def sort_key(self, entry):
        """Sort the most frequent values first, then by label. ``entry`` is (key, slug, label, count)."""
        _, slug, label, count = entry
        return (-count, title_sort_key(label), slug)

    def sorted_values(self, entries):
        """Sort ``entries`` of values from ``labels``, which may be in an order already."""
        return sorted(entries, key=self.sort_key)
