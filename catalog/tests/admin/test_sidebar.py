"""The lists in the sidebar and on the dashboard: in groups, the main record types first."""

import lxml.html
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse

from catalog.models import Change


def groups(client, page="index", *args):
    """The groups on a page: ``{name: [URLs of lists]}``."""
    document = lxml.html.document_fromstring(client.get(reverse(f"admin:{page}", args=args)).content)
    tables = document.cssselect("#content .module table")
    return {
        table.find("caption").text_content().strip(): [link.get("href") for link in table.cssselect("th[scope=row] a")]
        for table in tables
    }


def lists(*names):
    """The URLs of lists of the catalogue."""
    return [reverse(f"admin:catalog_{name}_changelist") for name in names]


def test_main_record_types_come_first_then_details_vocabulary_edits_and_accounts(admin_client):
    sections = groups(admin_client)
    assert list(sections) == [
        *("Catalogue", "Details", "Vocabulary", "Edits and redirects", "Authentication and Authorization")
    ]
    main = ("series", "season", "episode", "person", "credit", "company", "source", "sourceimport")
    assert sections["Catalogue"] == lists(*main)
    assert sections["Vocabulary"] == lists("country", "department", "genre", "language", "role")
    assert sections["Edits and redirects"] == lists("edit", "formerslug")
    assert sections["Details"][:3] == lists("alias", "alternativetitle", "availability")


def test_every_model_is_in_one_group_but_the_change_log_whose_entries_are_grouped_by_edit(admin_client):
    listed = [address for addresses in groups(admin_client).values() for address in addresses]
    names = [(model._meta.app_label, model._meta.model_name) for model in admin.site._registry if model is not Change]
    assert sorted(listed) == sorted(reverse(f"admin:{app}_{name}_changelist") for app, name in names)


def test_an_editor_sees_the_groups_of_what_they_may_see(client, django_user_model):
    user = django_user_model.objects.create_user("genres", password="genres-password", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_genre"))
    client.force_login(user)
    assert groups(client) == {"Vocabulary": lists("genre")}


def test_the_page_of_one_app_lists_all_of_it(admin_client):
    listed = groups(admin_client, "app_list", "catalog")
    assert list(listed) == ["Catalogue"]
    ours = [model for model in admin.site._registry if model._meta.app_label == "catalog" and model is not Change]
    assert len(listed["Catalogue"]) == len(ours)
