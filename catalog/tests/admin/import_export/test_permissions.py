"""Who may export and import: readers read, contributors work on drafts, what is published is for editors."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User

from catalog.models import Change, Citation, Credit, Episode, FormerSlug, Person, Picture, Source
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url
from catalog.tests.admin.import_export.spreadsheets import export, read_csv, upload_for_dry_run


@pytest.fixture
def reader(db, client):
    """A client of somebody who may only look at people."""
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_person"))
    client.force_login(user)
    return client


def test_who_may_read_may_export_and_not_import(reader):
    make.person("Ada")
    assert [row["name"] for row in read_csv(export(reader, Person))] == ["Ada"]
    text = reader.get(admin_url(Person)).content.decode()
    assert ">Export</a>" in text
    assert ">Import</a>" not in text
    assert reader.get(admin_url(Person, "import")).status_code == 403
    assert reader.post(admin_url(Person, "process_import")).status_code == 403


def test_who_may_not_read_gets_nothing(reader, client):
    for page in ("export", "import", "process_import"):
        assert reader.get(admin_url(Episode, page)).status_code == 403
        assert reader.post(admin_url(Episode, page)).status_code == 403
    client.logout()
    assert client.get(admin_url(Person, "export")).status_code == 302


@pytest.mark.parametrize("model", [Picture, Citation, Change])
def test_lists_of_what_no_natural_key_tells_are_neither_exported_nor_imported(admin_client, model):
    assert ">Export</a>" not in admin_client.get(admin_url(model)).content.decode()
    for page in ("export", "import", "process_import"):
        assert admin_client.get(admin_url(model, page)).status_code == 403


def test_what_the_catalogue_writes_by_itself_is_exported_and_not_imported(admin_client):
    assert admin_client.get(admin_url(FormerSlug, "export")).status_code == 200
    assert admin_client.get(admin_url(FormerSlug, "import")).status_code == 403


def test_a_contributor_imports_drafts_and_is_told_what_is_published(contributor):
    draft, seen = make.person("Draft", published_at=None), make.person("Seen")
    page = upload_for_dry_run(contributor, Person, [{"slug": who.slug, "born": "1970"} for who in (draft, seen)])
    assert page.told == {3: ["It is published, or not yours to change."]}
    assert not page.offers
    upload_for_dry_run(contributor, Person, [{"slug": draft.slug, "born": "1970"}]).confirm()
    assert Person.objects.get(pk=draft.pk).born == "1970"


def test_a_contributor_publishes_nothing_by_a_file(contributor):
    draft = make.person("Draft", published_at=None)
    moment = "2020-01-01 00:00:00+00:00"
    rows = [
        {"slug": draft.slug, "name": "Draft", "published_at": moment},
        {"slug": "", "name": "New", "published_at": moment},
    ]
    assert upload_for_dry_run(contributor, Person, rows).told == {
        number: ["published_at: Only those who may publish set this."] for number in (2, 3)
    }


def test_a_contributor_adds_nothing_to_what_is_published(contributor):
    episodes = make.episode(), make.episode(published_at=None)
    who, role = make.person(), make.role()
    rows = [
        {
            **{"person": who.slug, "role": role.slug, "series": of.series.slug, "season": of.season.number},
            **{"episode": of.number, "character": ""},
        }
        for of in episodes
    ]
    assert upload_for_dry_run(contributor, Credit, rows).told == {
        2: [f"{episodes[0]} is published: only those who may publish can add to it."]
    }


def test_sources_are_added_by_a_contributor_and_not_changed(contributor):
    source = make.source("Report")
    page = upload_for_dry_run(
        contributor, Source, [{"slug": source.slug, "title": "Other"}, {"slug": "", "title": "New"}]
    )
    assert page.told == {2: ["It is published, or not yours to change."]}
    assert page.changes[3] == {"title": (None, "New")}


def test_rights_that_went_between_dry_run_and_import_are_gone(contributor):
    draft = make.person("Draft", published_at=None)
    page = upload_for_dry_run(contributor, Person, [{"slug": draft.slug, "born": "1970"}])
    draft.published_at = make.person().published_at
    draft.save()
    again = page.confirm()
    assert again.told == {2: ["It is published, or not yours to change."]}
    assert Person.objects.get(pk=draft.pk).born is None


def test_every_desk_of_the_catalogue_answers_for_its_list(admin_client):
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label == "catalog":
            able = model_admin.table_schema is not None
            assert admin_client.get(admin_url(model, "export")).status_code == (200 if able else 403)
