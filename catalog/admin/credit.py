"""Credits, roles, departments, characters and aliases."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import Case, Q, QuerySet, Value, When

from catalog.admin.base import MAIN_GROUP, OWNER_RELATIONS, VOCABULARY_GROUP, RecordAdmin
from catalog.admin.conflicts.field_values import parse_key
from catalog.admin.filters import CountColumn
from catalog.admin.forms import WordListField
from catalog.admin.inlines import FoldedInline, RecordInline
from catalog.admin.source import CitationInline
from catalog.admin.tools.merge_records import MergeRecordsMixin
from catalog.admin.tools.set_role import SetRoleMixin
from catalog.models import Alias, Character, Credit, Department, Role


def first_where(condition: Q, queryset: QuerySet, *ordering: str) -> QuerySet:
    """The records in that order, but those that match the condition first."""
    return queryset.order_by(Case(When(condition, then=Value(0)), default=Value(1)), *ordering)


class CreditInline(RecordInline):
    """Credits in the form of an episode."""

    model = Credit
    fields: ClassVar[tuple[str, ...]] = (
        *("role", "person", "character", "kind", "billing", "team"),
        *("credited_as", "pilot_only", "note"),
    )
    folded = ("credited_as", "pilot_only", "note")
    related = ("person", "role", "character__series")

    class Media:
        js = ("catalog/admin-rows.js",)


class WholeCreditInline(CreditInline):
    """Credits in the form of a season. Each row shows whether it is for every episode."""

    fields = (*CreditInline.fields[:-3], "for_some_episodes", *CreditInline.fields[-3:])


class AliasInline(FoldedInline):
    """Aliases in the form of a person, character or company."""

    model = Alias
    fields = ("name", "since", "until", "note")
    classes = ()


class CharacterInline(FoldedInline):
    """Characters in the form of a series."""

    model = Character
    fields = ("name", "full_name", "description")


@admin.register(Credit)
class CreditAdmin(SetRoleMixin, RecordAdmin):
    """All credits, the last added first."""

    sidebar_group, sidebar_position = MAIN_GROUP, 5
    list_display = ("person", "role", "owner_link", "character", "kind", "billing", "credited_as")
    list_filter = ("kind", "pilot_only", "role__department", "role")
    list_select_related = ("person", "role", "character__series", *OWNER_RELATIONS)
    search_fields = (
        *("person__name", "role__name", "character__name"),  # names as credited are names of the person
        *("series__title", "season__series__title", "episode__title"),
    )
    ordering = ("-pk",)
    fieldsets = (
        (None, {"fields": ("person", "role", "character")}),
        ("On exactly one of these", {"fields": ("series", "season", "episode")}),
        ("How", {"fields": (("kind", "billing", "team"), "credited_as", "for_some_episodes", "pilot_only", "note")}),
    )
    inlines = (CitationInline,)

    def option_label(self, record):
        return f"{record}: {record.subject}"


@admin.register(Role)
class RoleAdmin(RecordAdmin):
    """Roles in the order in which credits are listed."""

    sidebar_group = VOCABULARY_GROUP
    list_display = ("name", "department", "position", CountColumn(Credit, "role", "credits"), "slug")
    list_filter = ("department",)
    list_select_related = ("department",)
    search_fields = ("name", "slug", "synonyms")
    fields = ("name", "department", "position", "synonyms", "slug")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """The form field; synonyms are edited one per line."""
        if db_field.name == "synonyms":
            return WordListField(required=False, help_text="Other names in sources, one per line: Directed by.")
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_search_results(self, request, queryset, search_term):
        """The search results; in an autocomplete, roles whose name begins with the term come first."""
        queryset, may_have_duplicates = super().get_search_results(request, queryset, search_term)
        if request.resolver_match.url_name == "autocomplete":
            is_first = Q(name__istartswith=search_term.strip())
            queryset = first_where(is_first, queryset, "department__position", "position", "sort_key", "name")
        return queryset, may_have_duplicates


@admin.register(Department)
class DepartmentAdmin(RecordAdmin):
    """Departments in the order in which credits are listed."""

    sidebar_group = VOCABULARY_GROUP
    list_display = ("name", "position", CountColumn(Role, "department", "roles"), "slug")
    search_fields = ("name", "slug")
    fields = ("name", "position", "slug")


@admin.register(Character)
class CharacterAdmin(MergeRecordsMixin, RecordAdmin):
    """Characters of all series."""

    actions = ("merge_selected",)
    list_display = ("name", "full_name", "series", CountColumn(Credit, "character", "credits"))
    list_select_related = ("series",)
    search_fields = ("name", "full_name", "aliases__name", "series__title")
    fields = ("series", "name", "full_name", "description", "slug")
    inlines = (AliasInline, CitationInline)

    def get_search_results(self, request, queryset, search_term):
        """The search results; in an autocomplete, characters of the series in the form come first."""
        queryset, may_have_duplicates = super().get_search_results(request, queryset, search_term)
        series = parse_key(request.GET.get("series", ""))
        if request.resolver_match.url_name == "autocomplete" and series is not None:
            queryset = first_where(Q(series=series), queryset, "sort_key", "pk")
        return queryset, may_have_duplicates

    def option_label(self, record):
        """The name and the series: many series have a Sam."""
        return f"{record} ({record.series})"


@admin.register(Alias)
class AliasAdmin(RecordAdmin):
    """All aliases of people, characters and companies."""

    list_display = ("name", "owner_link", "since", "until", "note")
    list_select_related = ("person", "character__series", "company")
    search_fields = ("name", "person__name", "character__name", "company__name")
    fieldsets = (
        (None, {"fields": ("name", ("since", "until"), "note")}),
        ("Of exactly one of these", {"fields": ("person", "character", "company")}),
    )

    def option_label(self, record):
        return f"{record} ({record.person or record.character or record.company})"
