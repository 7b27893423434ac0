"""Sources, and the citations that tie a fact to the place where it is said."""

from django import forms
from django.contrib import admin

from catalog.admin.base import MAIN_GROUP, OWNER_RELATIONS, RecordAdmin, admin_link
from catalog.admin.filters import CountColumn, year_filter
from catalog.admin.inlines import FoldedInline
from catalog.models import CITABLE_MODELS, Citation, Source

# What is read to name each kind of cited record: for a whole page of citations at once, not for each.
NAMED_BY = (
    *OWNER_RELATIONS,
    "person",
    "character",
    "alias",
    "company",
    *("series_company__company", "series_company__series", "availability__platform", "availability__series"),
    *("alternative_title", "external_id", "credit__person", "credit__role", "feature__character"),
    *("feature__episode__season__series", "event", "review", "cue__song"),
)


def citable_fields(model):
    """What of a record can be cited: the record as a whole, or one of its fields."""
    relations = [field for field in model._meta.get_fields() if field.name not in ("id", "slug", "citations")]
    named = [(field.name, str(getattr(field, "verbose_name", field.name.replace("_", " ")))) for field in relations]
    return [("", "the whole record"), *sorted(named, key=lambda choice: choice[1])]


class CitationInline(FoldedInline):
    """Where the facts of the form are said."""

    model = Citation
    fields = ("source", "field", "locator", "certainty", "claim", "note")
    folded = ("claim", "note")
    related = ("source__part_of",)
    may_exceed_form = True

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """The field cited is one of those that the record has."""
        if db_field.name == "field":
            choices = citable_fields(self.parent_model)
            select = forms.Select(attrs={"aria-label": "Field"})
            return forms.ChoiceField(choices=choices, required=False, label="field", widget=select)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    """All sources, with how many facts rest on each."""

    sidebar_group, sidebar_position = MAIN_GROUP, 5
    list_display = ("__str__", "kind", "published", "mark", CountColumn(Citation, "source", "citations"))
    list_filter = ("kind", year_filter("published", "year"))
    list_select_related = ("part_of",)
    search_fields = ("title", "author", "publisher", "url", "mark", "slug")
    fieldsets = (
        (None, {"fields": ("title", "author", "publisher", "kind", "url", ("published", "accessed"), "slug")}),
        ("A reference that another source gives", {"fields": ("part_of", "mark")}),
        (None, {"fields": ("note",)}),
    )


@admin.register(Citation)
class CitationAdmin(RecordAdmin):
    """All citations."""

    list_display = ("source", "cited", "field", "locator", "claim", "certainty")
    list_filter = ("certainty", ("claim", admin.EmptyFieldListFilter))
    list_select_related = ("source__part_of",)
    list_prefetch_related = NAMED_BY
    search_fields = ("source__title", "source__publisher", "field", "locator", "claim", "note")
    ordering = ("-pk",)
    fieldsets = (
        (None, {"fields": ("source", "locator", "field", "claim", "certainty", "note")}),
        ("Cited for exactly one of these", {"fields": tuple(CITABLE_MODELS)}),
    )

    @admin.display(description="cited for")
    def cited(self, citation):
        """The record that the citation is for, linked to its form."""
        return admin_link(citation.target, f"{citation.target._meta.verbose_name}: {citation.target}")
