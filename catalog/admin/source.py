"""Sources, and the citations that link a fact to the place in a source that states it."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied

from catalog.admin.base import MAIN_GROUP, RecordAdmin, admin_link
from catalog.admin.edits import record_request_edit
from catalog.admin.filters import CountColumn, year_filter
from catalog.admin.inlines import FoldedInline
from catalog.admin.tools.cite_source import in_form_order
from catalog.models import CITABLE_MODELS, Citation, Edit, Source
from catalog.models.citation import citable_fields

# The labels of all kinds of cited records, read for a whole page of citations at once.
CITED_LABEL_RELATIONS = tuple(
    f"{kind}__{relation}" if relation else kind
    for kind, model in CITABLE_MODELS.items()
    for relation in model.label_relations or ("",)
)


class CitationInline(FoldedInline):
    """The citations of the record of the form."""

    model = Citation
    fields = ("source", "field", "locator", "certainty", "claim", "note", "unchecked")
    folded = ("claim", "note", "unchecked")
    related = ("source__part_of",)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Offer the facts of the record of the form, in its order."""
        if db_field.name == "field":
            facts = dict(citable_fields(self.parent_model))
            names = in_form_order(self.admin_site.get_model_admin(self.parent_model), request, list(facts))
            choices = [("", "the whole record"), *((name, facts[name]) for name in names)]
            select = forms.Select(attrs={"aria-label": "Field"})
            return forms.ChoiceField(choices=choices, required=False, label="field", widget=select)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    """All sources, with the number of citations of each."""

    sidebar_group, sidebar_position = MAIN_GROUP, 7
    list_display = ("__str__", "kind", "published", "mark", CountColumn(Citation, "source", "citations"))
    list_filter = ("kind", year_filter("published", "year"))
    list_select_related = ("part_of",)
    search_fields = ("title", "author", "publisher", "url", "mark", "slug")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "title",
                    "author",
                    "publisher",
                    "kind",
                    "url",
                    "licence",
                    "revision",
                    ("published", "accessed"),
                    "slug",
                )
            },
        ),
        ("A reference that another source gives", {"fields": ("part_of", "mark")}),
        (None, {"fields": ("note",)}),
    )


@admin.register(Citation)
class CitationAdmin(RecordAdmin):
    """All citations."""

    list_display = ("source", "cited", "field", "locator", "claim", "certainty")
    list_filter = ("certainty", ("claim", admin.EmptyFieldListFilter))
    list_select_related = ("source__part_of",)
    list_prefetch_related = CITED_LABEL_RELATIONS
    search_fields = ("source__title", "source__publisher", "field", "locator", "claim", "note")
    ordering = ("-pk",)
    actions = ("mark_checked",)
    fieldsets = (
        (None, {"fields": ("source", "locator", "field", "claim", "certainty", "note", "unchecked")}),
        ("Cited for exactly one of these", {"fields": tuple(CITABLE_MODELS)}),
    )

    @admin.display(description="cited for")
    def cited(self, citation):
        """The record that the citation is for, linked to its form."""
        return admin_link(citation.target, f"{citation.target._meta.verbose_name}: {citation.target}")

    @admin.action(description="Mark the selected citations as checked", permissions=["change"])
    def mark_checked(self, request, queryset):
        """Say that the sources state the facts as they are now."""
        unchecked = list(queryset.filter(unchecked=True))
        if not all(self.has_change_permission(request, citation) for citation in unchecked):
            raise PermissionDenied
        with record_request_edit(request, Edit.Kind.BULK, default_summary="Checked what the sources say"):
            for citation in unchecked:
                citation.unchecked = False
                citation.save(update_fields=["unchecked"])
        message = f"{len(unchecked)} citation{'' if len(unchecked) == 1 else 's'} marked as checked."
        self.message_user(request, message, messages.SUCCESS if unchecked else messages.WARNING)
