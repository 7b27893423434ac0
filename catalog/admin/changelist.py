"""Lists of the desk at any size: which records stand on a page is found first, all that is shown of them then.

Measured with 480,000 credits on SQLite: sorted by role 1.3 s with all that rows show read along, 160 ms by keys alone,
35 ms by the keys of those roles that stand on the page (``stretch``).
"""

from functools import reduce
from operator import and_, or_

from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q
from django.utils.text import smart_split

from catalog.admin.filters import CountColumn
from catalog.admin.pagination import page_slice
from catalog.text import first_words


class RecordChangeList(ChangeList):
    """Reads the keys of a page in their order, then its rows with totals and names.

    A total is counted for all records only where they are sorted by it.
    """

    def get_queryset(self, request, exclude_parameters=None):
        """The records of the list, without totals but for those that it is sorted by."""
        places = [part.lstrip("-") for part in str(self.params.get(ORDER_VAR, "")).split(".")]
        for place, column in enumerate(self.list_display):
            if isinstance(column, CountColumn) and str(place) in places:
                self.root_queryset = column.annotate(self.root_queryset)
        return super().get_queryset(request, exclude_parameters)

    def get_results(self, request):
        """The rows of the page; none are looked for where none were counted."""
        super().get_results(request)
        keys = list(self._on_the_page().values_list("pk", flat=True)) if self.result_count else []
        rows = self.model_admin.get_queryset(request)
        for column in self.list_display:
            if isinstance(column, CountColumn):
                rows = column.annotate(rows)
        found = self.apply_select_related(rows).in_bulk(keys)
        self.result_list = [found[key] for key in keys if key in found]

    def _on_the_page(self):
        if self.query or self.has_active_filters or (self.show_all and self.can_show_all) or not self.multi_page:
            return self.result_list
        start = (self.page_num - 1) * self.list_per_page
        return page_slice(self.queryset, start, self.list_per_page, self.result_count)


def limit_words(term):
    """The first words and quoted phrases of ``term``, as few as the visitors' lists look for.

    Every word is a condition in every field: of 100 words PostgreSQL took 24 GB to plan the credits that hold them.
    """
    return " ".join(first_words(smart_split(term)))


def search_fields_filter(queryset, fields, term):
    """``queryset`` narrowed to what holds each word of ``term`` in one of ``fields``, as Django's search does.

    Words are looked for in each table by itself, and a table that has none is left out: joined to a long one, all
    would be compared for every row of it. None when a field leads to several records.
    """
    paths = [path.partition("__") for path in fields]
    if not all(_is_single(queryset.model, name) for name, _, _ in paths):
        return None
    words = [word.strip("\"'") if word[0] in "\"'" and word[0] == word[-1] else word for word in smart_split(term)]
    conditions = [reduce(or_, _places(queryset.model, paths, word), Q(pk__in=[])) for word in words]
    return queryset.filter(reduce(and_, conditions, Q()))


def _is_single(model, name):
    try:
        return model._meta.get_field(name).concrete and not model._meta.get_field(name).many_to_many
    except FieldDoesNotExist:
        return False


def _places(model, paths, word):
    apart = any(rest for _, _, rest in paths)
    for name, _, rest in paths:
        own = Q(**{f"{name}__icontains": word})
        if not rest:
            if not apart or model._default_manager.filter(own).exists():
                yield own
            continue
        field = model._meta.get_field(name)
        found = field.related_model._default_manager.filter(**{f"{rest}__icontains": word}).order_by()
        if found.exists():
            there = {f"{name}__isnull": False} if field.null else {}  # as partial indexes want it
            yield Q(**{f"{name}__in": found.values("pk")}, **there)
