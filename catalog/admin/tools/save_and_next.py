"""“Save and next”: from the form of a record to that of the one behind it, in the list that the user came from."""

from copy import copy

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.db.models import F, Q
from django.db.models.expressions import OrderBy
from django.http import HttpResponseRedirect, QueryDict
from django.urls import reverse

NEXT_BUTTON = "_next"
CHANGELIST_FILTERS = "_changelist_filters"  # the parameter in which Django keeps the list that one came from


class SaveAndNextMixin:
    """Part of a desk: which record is next is settled before this one is saved, which may take it off the list."""

    def next_record(self, request, record):
        """The record behind ``record`` in the list as the user left it; None behind the last."""
        asked = copy(request)
        asked.GET = QueryDict(request.GET.get(CHANGELIST_FILTERS, ""))
        try:
            listed = self.get_changelist_instance(asked)
        except (IncorrectLookupParameters, PermissionDenied):
            return None
        ordering = listed.get_ordering(asked, listed.queryset)
        return first_after(listed.queryset.order_by(*ordering), record, ordering)

    def save_model(self, request, obj, form, change):
        """Look for the next one first."""
        if change and NEXT_BUTTON in request.POST:
            request.next_record = self.next_record(request, obj)
        super().save_model(request, obj, form, change)

    def response_change(self, request, obj):
        """To the next record; behind the last, to the list."""
        response = super().response_change(request, obj)
        if NEXT_BUTTON not in request.POST:
            return response
        found = getattr(request, "next_record", None)
        if found is None:
            self.message_user(request, "That was the last one of the list.")
            return response
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[quote(found.pk)])
        kept = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return HttpResponseRedirect(add_preserved_filters(kept, address))


def first_after(queryset, record, ordering):
    """The first of ``queryset`` behind ``record`` by ``ordering``, which ends with the key; None when it is the last.

    It compares values and counts no rows, so that it takes no longer in a list of a million. Where nothing is known,
    SQLite sorts that before all values, PostgreSQL behind them.
    """
    orders = [order for order in map(_order, ordering) if order]
    names = [name for name, _, _ in orders]
    values = queryset.model._default_manager.filter(pk=record.pk)
    values = queryset.filter(pk=record.pk).values_list(*names).first() or values.values_list(*names).first()
    if values is None:
        return None
    nulls_first = connections[queryset.db].vendor == "sqlite"
    behind, same = Q(), Q()
    for (name, descending, nulls_last), value in zip(orders, values, strict=True):
        first = not nulls_last if nulls_last is not None else nulls_first != descending
        behind |= same & _beyond(name, value, descending, first)
        same &= Q(**{f"{name}__isnull": True} if value is None else {name: value})
    return queryset.filter(behind).exclude(pk=record.pk).first()


def _order(order):
    """(name, whether descending, whether unknown comes last) of a field of an ordering; None for what has no name."""
    if isinstance(order, str):
        return order.lstrip("-"), order.startswith("-"), None
    if isinstance(order, OrderBy) and isinstance(order.expression, F):
        nulls = True if order.nulls_last else False if order.nulls_first else None
        return order.expression.name, order.descending, nulls
    return None


def _beyond(name, value, descending, nulls_first):
    """The condition that a value comes behind ``value``."""
    unknown = Q(**{f"{name}__isnull": True})
    if value is None:
        return ~unknown if nulls_first else Q(pk__in=())
    further = Q(**{f"{name}__{'lt' if descending else 'gt'}": value})
    return further if nulls_first else further | unknown
