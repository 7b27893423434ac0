"""What a facet is: one declaration, from which the filter, the counts, the links and the chips follow.

Every value is a slug; one that the catalogue does not know matches nothing and is shown so.
"""

import re

from django import forms
from django.core.exceptions import EmptyResultSet
from django.db import connections

from catalog.facets.text_filter import CopySharingFilter

MAX_SLUG_LENGTH = 120
SLUG_PATTERN = re.compile(r"[a-z0-9_-]{1,120}", re.ASCII)
MAX_SELECTED_VALUES = 50  # chosen values of one facet that are looked at: no person picks more by hand


class SlugsField(forms.Field):
    """Any number of slugs under one parameter, in the order given, each once. Nothing is refused."""

    widget = forms.MultipleHiddenInput

    def clean(self, value):
        """The values in small letters, without blanks and repeats; what is no slug is kept, to be shown as unknown."""
        values = [text.replace("\x00", "\ufffd").strip().lower()[: MAX_SLUG_LENGTH + 10] for text in value or []]
        return list(dict.fromkeys(text for text in values if text))[:MAX_SELECTED_VALUES]


class Facet(CopySharingFilter):
    """A facet of the rows of a list. Subclasses say three things of its values:

    - ``find(slugs)``: the known ones as ``{slug: (key, present slug, label)}``,
    - ``matching(keys)``: the condition for the rows that have one of them,
    - ``pairs(rows)``: querysets of ``(row, key)`` for all ``rows``, and ``names(keys)`` as
      ``{key: (slug, label)}``.
    """

    field_class = SlugsField
    singular = ""
    lists_values = True  # False: too many to list, so only chosen values are shown
    by_count = True  # False: in an order of their own, such as the alphabet

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self._resolved = {}  # a request asks for the same values many times: for rows, counts, chips

    def __deepcopy__(self, memo):
        """With a memory of its own."""
        made = super().__deepcopy__(memo)
        made._resolved = {}
        return made

    def resolve_slugs(self, slugs):
        """The known ones among ``slugs``: ``{slug: (key, present slug, label)}``."""
        raise NotImplementedError

    def condition(self, keys):
        """The condition, without joins that double rows, for the rows that have one of ``keys``."""
        raise NotImplementedError

    def row_value_pairs(self, rows):
        """Querysets of (row's primary key, value's key): all that hold for ``rows``."""
        raise NotImplementedError

    def labels(self, keys):
        """Slug and label of each key: ``{key: (slug, label)}``."""
        raise NotImplementedError

    def resolve(self, slugs):
        """The known ones among what a visitor gave; what is no slug never reaches the database."""
        fit = tuple(slug for slug in slugs if SLUG_PATTERN.fullmatch(slug))
        if fit not in self._resolved:
            self._resolved[fit] = self.resolve_slugs(fit) if fit else {}
        return self._resolved[fit]

    def filter(self, queryset, slugs):
        """Narrow to rows with any of ``slugs``; unknown ones match nothing."""
        if not slugs:
            return queryset
        keys = [key for key, _, _ in self.resolve(slugs).values()]
        return queryset.filter(self.condition(keys)) if keys else queryset.none()

    def counts(self, rows):
        """How many of ``rows`` have each value: ``{key: count}``, by one query."""
        if not self.lists_values:
            return {}
        first, *others = self.row_value_pairs(rows.order_by())
        first = first.order_by()  # a default ordering would add its columns to the pairs
        query = first.union(*(other.order_by() for other in others)) if others else first.distinct()
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
        """What values are sorted by: the most frequent first, then by name. ``entry`` is (key, slug, label, count)."""
        _, slug, label, count = entry
        return (-count, label.casefold(), slug)
