"""Filters by the lowest or highest value of a number: ``year__gte=2019``."""

from django import forms
from django.db.models import Q

from catalog.facets.text_filter import CopySharingFilter

MAX_DIGITS = 9  # what an integer column can hold
MAX_SHOWN = 40  # characters of what is no number, which a chip shows


class BoundField(forms.Field):
    """A number as text, without leading zeros. What is no number stays, to be shown; it matches nothing."""

    def clean(self, value):
        """Return the text."""
        text = (value or "").replace("\x00", "\ufffd").strip()[:MAX_SHOWN]
        return str(int(text)) if text.isdecimal() else text


class BoundFilter(CopySharingFilter):
    """Filters rows whose number, ``expression``, is at least (``lookup`` "gte") or at most ("lte") the one given.

    Rows without the number do not match. ``column`` names the numbers in the index.
    """

    field_class = BoundField

    def __init__(self, column, expression, lookup, **kwargs):
        super().__init__(**kwargs)
        self.column, self.expression, self.lookup = column, expression, lookup

    def limits(self, text):
        """Return (lowest, highest) number that matches, None for no limit; None if ``text`` is no number."""
        if not text.isdecimal():
            return None
        number = min(int(text), 10**MAX_DIGITS)
        return (number, None) if self.lookup == "gte" else (None, number)

    def filter(self, queryset, text):
        """Narrow to the rows within the limit."""
        if not text:
            return queryset
        limits = self.limits(text)
        if limits is None:
            return queryset.none()
        low, high = limits
        rows = queryset.model._base_manager.order_by().annotate(bounded=self.expression)
        within = Q(bounded__gte=low) if high is None else Q(bounded__lte=high)
        within &= Q(bounded__isnull=False)  # Django leaves out a limit above the column's range
        return queryset.filter(pk__in=rows.filter(within).values("pk"))
