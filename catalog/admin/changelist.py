"""Lists of any length: the keys of a page are found first, then all that its rows show."""

from functools import reduce
from operator import and_, or_
from typing import Any

from django.contrib import messages
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q
from django.utils.text import smart_split

from catalog.admin.filters import CountColumn
from catalog.admin.pagination import LimitedCount
from catalog.models.sort_guess import GuessedSortText
from catalog.models.sort_key import sort_key_field
from catalog.search import filter_by_names
from catalog.text import first_words

MAX_SORTED_ROWS = 100_000  # of a table; longer ones are sorted by indexed columns only
NOT_SORTED_MESSAGE = "The list is too long to be sorted by this column: filter or search it first."


class RecordChangeList(ChangeList):
    """A ChangeList that queries the keys of the page, then its rows.

    A CountColumn is computed for all records only if they are sorted by it, otherwise for the rows of the page.
    """

    def get_queryset(self, request, exclude_parameters=None):
        sort_columns = [part.lstrip("-") for part in str(self.params.get(ORDER_VAR, "")).split(".")]
        for index, column in enumerate(self.list_display):
            if isinstance(column, CountColumn) and str(index) in sort_columns:
                self.root_queryset = column.annotate(self.root_queryset)
        return super().get_queryset(request, exclude_parameters)

    def get_ordering_field(self, field_name):
        """The column by which a list column is sorted: for a name or title the sort key."""
        ordering, field = super().get_ordering_field(field_name), sort_key_field(self.model)
        if field is None:
            return ordering
        columns = field.sources if issubclass(self.model, GuessedSortText) else field.sources[:1]
        return field.name if ordering in columns else ordering

    def get_results(self, request):
        """Set ``result_list`` to the rows of the page. Without results there is no further query."""
        super().get_results(request)
        keys = list(self._page_queryset(request).values_list("pk", flat=True)) if self.result_count else []
        rows = self.model_admin.get_queryset(request)
        for column in self.list_display:
            if isinstance(column, CountColumn):
                rows = column.annotate(rows)
        records = self.apply_select_related(rows).in_bulk(keys)
        self.result_list = [records[key] for key in keys if key in records]

    def _page_queryset(self, request):
        """The records of the page, sorted."""
        queryset = self.queryset
        if isinstance(self.result_count, LimitedCount) and self._is_long_table():
            queryset = self._sorted_by_index(request)
        elif self.paginator.alternatives is not None:
            queryset = queryset.filter(pk__in=self.paginator.alternatives)
        if not self.multi_page or (self.show_all and self.can_show_all):
            return queryset
        start = (self.page_num - 1) * self.list_per_page
        return queryset[start : start + self.list_per_page]

    def _sorted_by_index(self, request):
        """All records, sorted by the requested column if it has an index; without one in the usual order."""
        fields = [self.get_ordering_field(name) for name in self.list_display]
        self.sortable_by: Any = [
            name for name, field in zip(self.list_display, fields, strict=True) if self._is_indexed(field)
        ]
        requested = list(self.get_ordering_field_columns().items()) if ORDER_VAR in self.params else []
        if not requested:
            return self.queryset
        index, direction = requested[0]
        if self.list_display[index] in self.sortable_by:
            return self.queryset.order_by(f"{'-' if direction == 'desc' else ''}{fields[index]}", "-pk")
        messages.info(request, NOT_SORTED_MESSAGE)
        del self.params[ORDER_VAR]
        return self.queryset.order_by(*self.get_ordering(request, self.root_queryset))

    def _is_long_table(self):
        """True if the table has very many rows, judged by the highest key."""
        return (self.model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0) > MAX_SORTED_ROWS

    def _is_indexed(self, name):
        """True if a column of the model's own table is the first of an index."""
        try:
            field: Any = self.lookup_opts.get_field(name or "")
        except FieldDoesNotExist:
            return name == "pk"
        in_index = any(index.fields[:1] == [name] and not index.condition for index in self.lookup_opts.indexes)
        return not field.is_relation and (field.unique or field.db_index or in_index)


def limit_words(term):
    """The first words and quoted phrases of a search term, as many as the visitors' lists use.

    Each word is a condition on every search field: for 100 words PostgreSQL took 24 GB to plan the query.
    """
    return " ".join(first_words(smart_split(term)))


def search_fields_filter(queryset, fields, term):
    """Filter ``queryset`` by a search term as Django does, each word in any of ``fields``; None for to-many fields.

    Words are searched in each table by itself, and tables without a match are left out of the condition: joined, all
    fields would be compared for every row of a long table.
    """
    paths = [path.partition("__") for path in fields]
    if not all(_is_single_valued(queryset.model, name) for name, _, _ in paths):
        return None
    words = [word.strip("\"'") if word[0] in "\"'" and word[0] == word[-1] else word for word in smart_split(term)]
    conditions = [reduce(or_, _word_conditions(queryset.model, paths, word), Q(pk__in=[])) for word in words]
    return queryset.filter(reduce(and_, conditions, Q()))


def _is_single_valued(model, name):
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return field.concrete and not field.many_to_many


def _word_conditions(model, paths, word):
    """One condition for each field that contains the word in some record."""
    has_relations = any(lookup for _, _, lookup in paths)
    for name, _, lookup in paths:
        if not lookup:
            condition = Q(**{f"{name}__icontains": word})
            if not has_relations or model._default_manager.filter(condition).exists():
                yield condition
            continue
        field = model._meta.get_field(name)
        matches = filter_by_names(field.related_model, lookup, word)
        if matches.exists():
            not_null = {f"{name}__isnull": False} if field.null else {}  # lets partial indexes be used
            yield Q(**{f"{name}__in": matches.values("pk")}, **not_null)
