"""Base classes of the catalogue's ModelAdmins."""

import time
from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.urls import reverse
from django.utils.html import format_html

from catalog.admin.autosave import AutosaveMixin
from catalog.admin.changelist import RecordChangeList, limit_words, search_fields_filter
from catalog.admin.citation_questions import CitationQuestionsMixin
from catalog.admin.conflicts.admin import ConflictDetectionMixin
from catalog.admin.delete_preview import deletion_preview
from catalog.admin.edits import record_request_edit
from catalog.admin.filters import QualityFilter, StateFilter
from catalog.admin.history.admin import RecordHistoryMixin
from catalog.admin.import_export.admin import ImportExportAdminMixin
from catalog.admin.inline_rendering import InlineRows
from catalog.admin.inlines import AutocompleteFieldsMixin, series_id_of
from catalog.admin.long_inlines import LongInlinesMixin
from catalog.admin.pagination import RecordPaginator
from catalog.admin.permissions import DraftPermissionsMixin
from catalog.admin.tools.cite_source import CiteSourceMixin
from catalog.admin.tools.preview import PreviewMixin
from catalog.admin.tools.publish import PublishMixin
from catalog.admin.tools.save_and_next import SaveAndNextMixin
from catalog.editing.permissions import may_publish
from catalog.models import Edit, Person, Series
from catalog.models.namesakes import namesake_notes, with_notes
from catalog.models.time_limit import TimeLimitExceeded, time_limit
from catalog.quality.rules import rules_for
from catalog.search import filter_by_text
from catalog.search.tokenizer import clean_query

MAX_LIST_SECONDS = 3  # pages are meant to take a third of it; the rest is for a busy machine
TOO_SLOW_MESSAGE = "This search or filter takes too long among so many records. Use more words or another filter."
# Of the sidebar, in this order.
MAIN_GROUP, DETAILS_GROUP, VOCABULARY_GROUP = (1, "Catalogue"), (2, "Details"), (3, "Vocabulary")
LOG_GROUP = (4, "Edits and redirects")
OWNER_RELATIONS = ("series", "season__series", "episode__season__series")  # the owner of a part and its label


def admin_link(record, text=None):
    """A link to the form of a record."""
    url = reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])
    return format_html('<a href="{}">{}</a>', url, text or record)


class RecordAdmin(
    AutosaveMixin,
    SaveAndNextMixin,
    CiteSourceMixin,
    CitationQuestionsMixin,
    ConflictDetectionMixin,
    LongInlinesMixin,
    RecordHistoryMixin,
    DraftPermissionsMixin,
    AutocompleteFieldsMixin,
    ImportExportAdminMixin,
    admin.ModelAdmin,
):
    """The ModelAdmin of one record type.

    ``list_select_related`` and ``list_prefetch_related`` are read for lists and autocompletes. ``allowed_lookups`` are
    the query parameters by which other pages link to the list. ``sidebar_group`` is (position, name).
    """

    sidebar_group = DETAILS_GROUP
    list_per_page = 50
    paginator = RecordPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # a count for each choice of a filter: 3 s for 50,000 episodes
    save_on_top = True
    list_prefetch_related: tuple[str, ...] = ()
    allowed_lookups: tuple[str, ...] = ()

    def get_queryset(self, request):
        """The records with what their labels read."""
        queryset: Any = super().get_queryset(request)
        related: Any = self.list_select_related
        queryset = queryset.prefetch_related(*self.list_prefetch_related)
        return queryset.select_related(*related) if related else queryset

    def get_changelist(self, request, **kwargs):
        return RecordChangeList

    def get_changelist_instance(self, request):
        """The list; without search, filter and order if they take too long."""
        if request.method != "GET" or request.GET.keys() <= {ERROR_FLAG}:
            return super().get_changelist_instance(request)
        try:
            with time_limit(time.monotonic() + MAX_LIST_SECONDS):
                return super().get_changelist_instance(request)
        except TimeLimitExceeded as error:
            messages.warning(request, TOO_SLOW_MESSAGE)
            raise IncorrectLookupParameters from error

    def get_form(self, request, obj=None, change=False, **kwargs):
        """The form class, which knows whether the user may publish."""
        form = super().get_form(request, obj, change, **kwargs)
        form.drafts_only = not may_publish(request.user)
        return form

    def get_changeform_initial_data(self, request):
        """The values of fields in the address, but for the date of publication: Django's field shows no text."""
        data = super().get_changeform_initial_data(request)
        data.pop("published_at", None)
        return data

    def get_list_filter(self, request):
        """The filters; first that by quality rules, if there are any for the model."""
        return [*([QualityFilter] if rules_for(self.model) else []), *super().get_list_filter(request)]

    def get_search_results(self, request, queryset, search_term):
        """Search by the full-text index, drafts included, or by ``search_fields`` for a model without an index.

        Only the first 200 characters and eight words count.
        """
        term = limit_words(clean_query(search_term))
        results = filter_by_text(queryset, term)
        if results is queryset and term:
            results = search_fields_filter(queryset, self.get_search_fields(request), term)
        if results is None or results is queryset:
            return super().get_search_results(request, queryset, term)
        return results, False

    def get_deleted_objects(self, objs, request):
        return deletion_preview(objs, request, self.admin_site)

    def lookup_allowed(self, lookup, value, request=None):
        return lookup in self.allowed_lookups or super().lookup_allowed(lookup, value, request)

    def option_label(self, record):
        return str(record)

    def option_labels(self, records):
        """The labels in autocompletes by primary key; people and series say what tells them from their namesakes."""
        if self.model is Person:
            notes = namesake_notes(Person, {record.pk for record in records})
        else:
            series_ids = {record.pk: series_id_of(record) for record in records}
            series_notes = namesake_notes(Series, set(series_ids.values()) - {None})
            notes = {pk: series_notes[key] for pk, key in series_ids.items() if key in series_notes}
        return with_notes({record.pk: self.option_label(record) for record in records}, notes)

    def get_inline_formsets(self, request, formsets, inline_instances, obj=None):
        inlines = super().get_inline_formsets(request, formsets, inline_instances, obj)
        return list(map(InlineRows.from_inline, inlines))

    def get_view_on_site_url(self, obj=None):
        """The visitors' page of the stored record; None if visitors may not see it."""
        if obj is None or not hasattr(obj, "get_absolute_url"):
            return None
        records = type(obj)._default_manager.filter(pk=obj.pk)
        stored = (records.published() if hasattr(records, "published") else records).first()
        return stored and stored.get_absolute_url()

    @admin.display(description="on")
    def owner_link(self, record):
        """A link to the record that this one belongs to."""
        names = [name.partition("__")[0] for name in OWNER_RELATIONS] + ["person", "character", "company"]
        owners = (getattr(record, name) for name in names if getattr(record, f"{name}_id", None))
        owner = next(owners, None)
        return admin_link(owner) if owner else "–"


class PublishedAdmin(PublishMixin, PreviewMixin, RecordAdmin):
    """The ModelAdmin of a record type with a time of publication."""

    actions: Sequence[Any] = ("publish", "unpublish")

    def get_list_filter(self, request):
        return [StateFilter, *super().get_list_filter(request)]

    @admin.display(description="published", boolean=True, ordering="published_at")
    def is_published(self, record):
        """True if the record is published, whatever its series is."""
        return record.is_published

    @admin.action(description="Unpublish the selected %(verbose_name_plural)s", permissions=["publish"])
    def unpublish(self, request, queryset):
        """Make the records drafts, which visitors cannot see."""
        with record_request_edit(request, Edit.Kind.BULK):
            records = list(queryset.exclude(published_at=None))
            for record in records:  # each by itself, so that each has an entry in the change log
                record.published_at = None
                record.save(update_fields=["published_at"])
                self.log_change(request, record, [{"changed": {"fields": ["published at"]}}])
        names = self.opts.verbose_name if len(records) == 1 else self.opts.verbose_name_plural
        self.message_user(request, f"{len(records)} {names} made drafts.", messages.SUCCESS)


class ReadOnlyAdmin(RecordAdmin):
    """The ModelAdmin of what the catalogue writes itself, such as the change log: view only."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
