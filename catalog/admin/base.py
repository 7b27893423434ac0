"""What every part of the desk shares: forms, autocompletes, what a list reads, publishing."""

from django.contrib import admin, messages
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst

from catalog.admin.changelist import RecordChangeList, limit_words, search_fields_filter
from catalog.admin.conflicts.admin import ConflictDetectionMixin
from catalog.admin.delete_preview import deletion_preview
from catalog.admin.edits import record_request_edit
from catalog.admin.filters import QualityFilter, StateFilter
from catalog.admin.history.admin import RecordHistoryMixin
from catalog.admin.import_export.admin import ImportExportAdminMixin
from catalog.admin.inline_rendering import InlineRows
from catalog.admin.inlines import AutocompleteFieldsMixin
from catalog.admin.pagination import UnionCountPaginator
from catalog.admin.permissions import DraftPermissionsMixin
from catalog.admin.tools.cite_source import CiteSourceMixin
from catalog.admin.tools.preview import PreviewMixin
from catalog.admin.tools.save_and_next import SaveAndNextMixin
from catalog.editing.permissions import may_publish
from catalog.models import Edit
from catalog.quality.rules import rules_for
from catalog.search import filter_by_text
from catalog.search.tokenizer import clean_query

MAX_INLINE_ROWS = 200  # rows; a longer list is worked on in its own page, and the form links there
MAIN_GROUP, DETAILS_GROUP, VOCABULARY_GROUP = (
    (1, "Catalogue"),
    (2, "Details"),
    (3, "Vocabulary"),
)  # groups of the sidebar
OWNER_RELATIONS = ("series", "season__series", "episode__season__series")  # all that names what a row stands on


def admin_link(record, text=None):
    """A link to the form of a record."""
    address = reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])
    return format_html('<a href="{}">{}</a>', address, text or record)


class RecordAdmin(
    SaveAndNextMixin,
    CiteSourceMixin,
    ConflictDetectionMixin,
    RecordHistoryMixin,
    DraftPermissionsMixin,
    AutocompleteFieldsMixin,
    ImportExportAdminMixin,
    admin.ModelAdmin,
):
    """One kind of record at the desk.

    ``list_select_related`` and ``list_prefetch_related`` are read with every list and choice, ``linked_from``
    are the lookups by which other lists link to this one.
    """

    sidebar_group = DETAILS_GROUP
    list_per_page = 50
    paginator = UnionCountPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # a count a line of the filter: 3 s for 50,000 episodes; the start page counts
    save_on_top = True
    list_prefetch_related = ()
    allowed_lookups = ()

    def get_queryset(self, request):
        """The records with what names them."""
        queryset = super().get_queryset(request).prefetch_related(*self.list_prefetch_related)
        return queryset.select_related(*self.list_select_related) if self.list_select_related else queryset

    def get_changelist(self, request, **kwargs):
        """A list that reads only the rows that it shows."""
        return RecordChangeList

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Who may not publish adds nothing to what is published."""
        form = super().get_form(request, obj, change, **kwargs)
        form.drafts_only = not may_publish(request.user)
        return form

    def get_list_filter(self, request):
        """What is missing, where there are rules for it."""
        return [*([QualityFilter] if rules_for(self.model) else []), *super().get_list_filter(request)]

    def get_search_results(self, request, queryset, search_term):
        """By the index of search where there is one, drafts too; else by ``search_fields``.

        At most 200 characters and eight words are looked for.
        """
        term = limit_words(clean_query(search_term))
        found = filter_by_text(queryset, term)
        if found is queryset and term:
            found = search_fields_filter(queryset, self.get_search_fields(request), term)
        if found is None or found is queryset:
            return super().get_search_results(request, queryset, term)
        return found, False

    def get_deleted_objects(self, objs, request):
        """What a page that asks before deleting says."""
        return deletion_preview(objs, request, self.admin_site)

    def lookup_allowed(self, lookup, value, request=None):
        """Also what other lists link by."""
        return lookup in self.allowed_lookups or super().lookup_allowed(lookup, value, request)

    def option_label(self, record):
        """What a record is called where it is chosen."""
        return str(record)

    def get_inlines(self, request, obj):
        """All of them, but for lists that grew too long for a form."""
        return [inline for inline in self.inlines if not self.is_long(inline, obj)]

    def get_inline_formsets(self, request, formsets, inline_instances, obj=None):
        """The rows, as this desk shows them."""
        return [InlineRows.like(rows) for rows in super().get_inline_formsets(request, formsets, inline_instances, obj)]

    def is_long(self, inline, obj):
        """Whether ``obj`` has more rows of that kind than a form can hold."""
        if obj is None or not inline.may_exceed_form:
            return False
        rows = inline.model._default_manager.filter(**{self.owner_name(inline): obj}).order_by()
        return rows[: MAX_INLINE_ROWS + 1].count() > MAX_INLINE_ROWS

    def owner_name(self, inline):
        """The field by which rows of that kind belong to the record of the form."""
        return next(field.name for field in inline.model._meta.fields if field.related_model is self.model)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """Says where the rows are that are too many for the form."""
        for inline in self.inlines:
            if self.is_long(inline, obj):
                address = reverse(f"admin:catalog_{inline.model._meta.model_name}_changelist")
                told = '{} are too many for this form: <a href="{}?{}__id__exact={}">they have a list of their own</a>.'
                words = capfirst(inline.model._meta.verbose_name_plural)
                messages.info(request, format_html(told, words, address, self.owner_name(inline), obj.pk))
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def get_view_on_site_url(self, obj=None):
        """The page of the record as it is stored, when there is one that visitors may see."""
        if obj is None or not hasattr(obj, "get_absolute_url"):
            return None
        readings = type(obj)._default_manager.filter(pk=obj.pk)
        stored = (readings.published() if hasattr(readings, "published") else readings).first()
        return stored and stored.get_absolute_url()

    @admin.display(description="on")
    def owner_link(self, record):
        """The record that this one belongs to, linked to its form."""
        names = [name.partition("__")[0] for name in OWNER_RELATIONS] + ["person", "character", "company"]
        owners = (getattr(record, name) for name in names if getattr(record, f"{name}_id", None))
        owner = next(owners, None)
        return admin_link(owner) if owner else "–"


class PublishedAdmin(PreviewMixin, RecordAdmin):
    """A kind of record that visitors see once it is published."""

    actions = ("publish", "unpublish")

    def get_list_filter(self, request):
        """Its state first."""
        return [StateFilter, *super().get_list_filter(request)]

    @admin.display(description="published", boolean=True, ordering="published_at")
    def is_published(self, record):
        """Whether it is published now, taken by itself."""
        return record.is_published

    @admin.action(description="Publish the selected %(verbose_name_plural)s now", permissions=["publish"])
    def publish(self, request, queryset):
        """Show drafts and scheduled records from now on; what is published keeps its moment."""
        self._put(request, queryset.exclude(published_at__lte=timezone.now()), timezone.now(), "published")

    @admin.action(description="Unpublish the selected %(verbose_name_plural)s", permissions=["publish"])
    def unpublish(self, request, queryset):
        """Make drafts of them: visitors no longer see them."""
        self._put(request, queryset.exclude(published_at=None), None, "made drafts")

    def _put(self, request, queryset, moment, done):
        """Each is saved by itself, so that the change log has an entry for each; all or none."""
        with record_request_edit(request, Edit.Kind.BULK):
            records = list(queryset)
            for record in records:
                record.published_at = moment
                record.save(update_fields=["published_at"])
                self.log_change(request, record, [{"changed": {"fields": ["published at"]}}])
        names = self.opts.verbose_name if len(records) == 1 else self.opts.verbose_name_plural
        self.message_user(request, f"{len(records)} {names} {done}.", messages.SUCCESS)


class ReadOnlyAdmin(RecordAdmin):
    """What the catalogue writes by itself: to be read here and not changed."""

    def has_add_permission(self, request):
        """Nobody adds."""
        return False

    def has_change_permission(self, request, obj=None):
        """Nobody changes."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Nobody deletes."""
        return False
