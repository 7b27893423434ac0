"""Filters of lists, among them by a record that an autocomplete finds, and the column that counts related rows."""

from django.contrib import admin
from django.db.models import IntegerField, OuterRef, Q, Subquery
from django.forms import ModelChoiceField
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from catalog.admin.pagination import MAX_COUNTED, limited_count
from catalog.admin.widgets import KEY_PATTERN, PreloadedSelect
from catalog.quality.rules import rules_for


class StateFilter(admin.SimpleListFilter):
    """Published, scheduled or draft: the state of the record itself, whatever its series is."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("published", "Published"), ("scheduled", "Scheduled"), ("draft", "Draft")]

    def queryset(self, request, queryset):
        """The records in the selected state; none for an unknown state."""
        state = self.value()
        if state is None:
            return queryset
        now = timezone.now()
        states = {
            "published": Q(published_at__lte=now),
            "scheduled": Q(published_at__gt=now),
            "draft": Q(published_at__isnull=True),
        }
        return queryset.filter(states[state]) if state in states else queryset.none()


class QualityFilter(admin.SimpleListFilter):
    """The records that a quality rule finds."""

    title = "quality"
    parameter_name = "quality"

    def lookups(self, request, model_admin):
        return [(rule.name, rule.label) for rule in rules_for(model_admin.model)]

    def queryset(self, request, queryset):
        """The records that the rule finds; none for an unknown rule."""
        if self.value() is None:
            return queryset
        matches = (rule.narrow(queryset) for rule in rules_for(queryset.model) if rule.name == self.value())
        return next(matches, queryset.none())


def year_filter(field, label):
    """A filter class by the year of a partial date; Django's date hierarchy needs complete dates."""

    class YearFilter(admin.SimpleListFilter):
        title = label
        parameter_name = f"{field}_year"

        def lookups(self, request, model_admin):
            """All years from the first date to the last, newest first: two look-ups in the index of the dates."""
            dates = model_admin.model._default_manager.filter(**{f"{field}__isnull": False}).order_by(field)
            first, last = dates.values_list(field, flat=True).first(), dates.values_list(field, flat=True).last()
            years = range(int(last[:4]), int(first[:4]) - 1, -1) if first else ()
            return [(f"{year:04}", f"{year:04}") for year in years]

        def queryset(self, request, queryset):
            year = self.value()
            if year is None:
                return queryset
            if year not in dict(self.lookup_choices):
                return queryset.none()
            return queryset.filter(**{f"{field}__gte": year, f"{field}__lt": f"{int(year) + 1:04}"})

    return YearFilter


def autocomplete_filter(field, parameter, narrow=None):
    """A filter class by a related record, which an autocomplete finds: there are too many to list.

    ``field`` is a foreign key to the record. ``narrow`` takes the queryset and the primary key; by default the query
    ``parameter`` is the lookup.
    """

    class AutocompleteFilter(admin.SimpleListFilter):
        title = field.verbose_name
        parameter_name = parameter
        template = "admin/catalog/autocomplete_filter.html"

        def has_output(self):
            return True

        def lookups(self, request, model_admin):
            return ()

        def queryset(self, request, queryset):
            """The records of the related one; none for a key that is no number."""
            key = self.value()
            if not key:
                return queryset
            if not KEY_PATTERN.fullmatch(key):
                return queryset.none()
            return narrow(queryset, key) if narrow else queryset.filter(**{parameter: key})

        def choices(self, changelist):
            """One entry: the field, the other parameters of the list, and the URL without this filter."""
            widget = PreloadedSelect(field, changelist.model_admin.admin_site, attrs={"aria-label": self.title})
            records = ModelChoiceField(field.remote_field.model._default_manager.all(), widget=widget, required=False)
            yield {
                "field": records.widget.render(parameter, self.value() or "", {"id": f"id_filter_{field.name}"}),
                "parameters": [item for item in changelist.filter_params.items() if item[0] != parameter],
                "clear_url": self.value() and changelist.get_query_string(remove=[parameter]),
            }

    return AutocompleteFilter


class AutocompleteFilterMixin(admin.ModelAdmin):
    """A ModelAdmin with filters by autocomplete."""

    @property
    def media(self):
        """Django's scripts, and those of autocompletes."""
        return super().media + PreloadedSelect(self.opts.pk, self.admin_site).media


class LimitedRowCount(Subquery):
    """Counts the rows of a subquery that ends at a limit."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


class CountColumn:
    """A column with the number of rows of ``model`` that reference the record by ``path``, linked to their list.

    Counted by a subquery, so that several such columns do not multiply each other's rows, and up to MAX_COUNTED: some
    roles have millions of credits.
    """

    def __init__(self, model, path, label):
        self.model, self.path = model, path
        self.short_description = label
        self.__name__ = self.admin_order_field = f"{label.replace(' ', '_')}_total"

    def annotate(self, queryset):
        """``queryset`` with the count on each record."""
        rows = self.model._default_manager.filter(**{self.path: OuterRef("pk")}).order_by().values("pk")
        return queryset.annotate(**{self.__name__: LimitedRowCount(rows[: MAX_COUNTED + 1])})

    def __call__(self, record):
        total = limited_count(getattr(record, self.__name__))
        url = reverse(f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_changelist")
        return format_html('<a href="{}?{}__id__exact={}">{}</a>', url, self.path, record.pk, total) if total else 0
