"""People, with links to their credits."""

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from catalog.admin.base import MAIN_GROUP, PublishedAdmin, admin_link
from catalog.admin.credit import AliasInline
from catalog.admin.external_id import ExternalIdInline
from catalog.admin.filters import AutocompleteFilterMixin, CountColumn, autocomplete_filter
from catalog.admin.source import CitationInline
from catalog.admin.tools.merge_records import MergeRecordsMixin
from catalog.models import Credit, Person

LISTED_CREDITS = 100
FREQUENT_ROLE = 10_000  # credits


def credited_in_role(people, role):
    """The people with a credit in the role.

    For a frequent role each person is looked up: the people of 320,000 credits took 55 ms for the page, and again for
    their number.
    """
    credits = Credit.objects.filter(role=role).order_by().values("person")
    if credits[FREQUENT_ROLE : FREQUENT_ROLE + 1].exists():
        return people.filter(Exists(credits.filter(person=OuterRef("pk"))))
    return people.filter(pk__in=credits)


@admin.register(Person)
class PersonAdmin(AutocompleteFilterMixin, MergeRecordsMixin, PublishedAdmin):
    """Everyone who is credited."""

    sidebar_group, sidebar_position = MAIN_GROUP, 4
    actions = (*PublishedAdmin.actions, "merge_selected")
    list_display = ("name", "sort_name", "born", "died", CountColumn(Credit, "person", "credits"), "is_published")
    list_filter = (
        autocomplete_filter(Credit._meta.get_field("role"), "role", credited_in_role),
        "credits__role__department",
    )
    list_select_related = ("picture",)
    search_fields = ("name", "sort_name", "aliases__name", "slug")
    readonly_fields = ("credit_links",)
    fieldsets = (
        (None, {"fields": ("name", "sort_name", "slug", "published_at")}),
        ("Life", {"fields": (("born", "died"), "biography", "picture")}),
        ("Credits", {"fields": ("credit_links",)}),
    )
    inlines = (AliasInline, ExternalIdInline, CitationInline)

    @admin.display(description="credited for")
    def credit_links(self, person):
        """Links to the first credits, and to the list of all."""
        credits = list(person.credits.for_page().in_order()[: LISTED_CREDITS + 1]) if person.pk else []
        if not credits:
            return "Nothing yet."
        rows = (
            (admin_link(credit, credit.role), f" ({credit.character})" if credit.character else "", credit.subject)
            for credit in credits[:LISTED_CREDITS]
        )
        lines = format_html_join("", "<li>{}{}: {}</li>", rows)
        url = reverse("admin:catalog_credit_changelist")
        all_credits = format_html('<li><a href="{}?person__id__exact={}">All credits</a></li>', url, person.pk)
        return format_html("<ul>{}{}</ul>", lines, all_credits)
