"""Permissions of import and export: readers export, contributors import drafts only, editors import everything."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User

from catalog.admin.import_export.admin import ImportExportAdminMixin
from catalog.models import Change, Citation, Credit, Episode, FormerSlug, Person, Picture, Source
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url
from catalog.tests.admin.import_export.import_page import export_file, upload_for_dry_run
from catalog.tests.formats.sample_files import from_csv


@pytest.fixture
def reader(db, client):
    """A client whose user may only view people."""
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_person"))
    client.force_login(user)
    return client


def test_a_reader_may_export_but_not_import(reader):
    make.person("Ada")
    assert [row["name"] for row in from_csv(export_file(reader, Person))] == ["Ada"]
    text = reader.get(admin_url(Person)).content.decode()
    assert ">Export</a>" in text
    assert ">Import</a>" not in text
    assert reader.get(admin_url(Person, "import")).status_code == 403
    assert reader.post(admin_url(Person, "process_import")).status_code == 403


def test_export_needs_the_view_permission(reader, client):
    for page in ("export", "import", "process_import"):
        assert reader.get(admin_url(Episode, page)).status_code == 403
        assert reader.post(admin_url(Episode, page)).status_code == 403
    client.logout()
    assert client.get(admin_url(Person, "export")).status_code == 302


@pytest.mark.parametrize("model", [Picture, Citation, Change])
def test_models_without_a_natural_key_are_neither_exported_nor_imported(admin_client, model):
    assert ">Export</a>" not in admin_client.get(admin_url(model)).content.decode()
    for page in ("export", "import", "process_import"):
        assert admin_client.get(admin_url(model, page)).status_code == 403


def test_a_read_only_admin_exports_but_does_not_import(admin_client):
    assert admin_client.get(admin_url(FormerSlug, "export")).status_code == 200
    assert admin_client.get(admin_url(FormerSlug, "import")).status_code == 403


def test_a_contributor_imports_drafts_but_no_published_records(contributor):
    draft, published = make.person("Draft", published_at=None), make.person("Published")
    page = upload_for_dry_run(
        contributor, Person, [{"slug": person.slug, "born": "1970"} for person in (draft, published)]
    )
    assert page.row_errors == {3: ["This record is published, or you may not change it."]}
    assert not page.can_confirm
    upload_for_dry_run(contributor, Person, [{"slug": draft.slug, "born": "1970"}]).confirm()
    assert Person.objects.get(pk=draft.pk).born == "1970"


def test_a_contributor_cannot_publish_by_import(contributor):
    draft = make.person("Draft", published_at=None)
    moment = "2020-01-01 00:00:00+00:00"
    rows = [
        {"slug": draft.slug, "name": "Draft", "published_at": moment},
        {"slug": "", "name": "New", "published_at": moment},
    ]
    assert upload_for_dry_run(contributor, Person, rows).row_errors == {
        number: ["published_at: “2020-01-01 00:00:00+00:00”: Only those who may publish can set this."]
        for number in (2, 3)
    }


def test_a_contributor_cannot_add_to_a_published_record(contributor):
    episodes = make.episode(), make.episode(published_at=None)
    person, role = make.person(), make.role()
    rows = [
        {
            **{
                "person": person.slug,
                "role": role.slug,
                "series": episode.series.slug,
                "season": episode.season.number,
            },
            **{"episode": episode.number, "character": ""},
        }
        for episode in episodes
    ]
    assert upload_for_dry_run(contributor, Credit, rows).row_errors == {
        2: [f"{episodes[0]} is published: only those who may publish can add to it."]
    }


def test_a_contributor_cannot_import_a_reference_of_a_source_that_visitors_see(contributor):
    cited, uncited = make.source("Cited"), make.source("Uncited")
    Citation.objects.create(source=cited, series=make.series())
    rows = [{"slug": "", "title": "Memo", "part_of": source.slug, "mark": "1"} for source in (cited, uncited)]
    assert upload_for_dry_run(contributor, Source, rows).row_errors == {
        2: ["Cited is published: only those who may publish can add to it."]
    }


def test_a_contributor_adds_sources_but_does_not_change_them(contributor):
    source = make.source("Report")
    page = upload_for_dry_run(
        contributor, Source, [{"slug": source.slug, "title": "Other"}, {"slug": "", "title": "New"}]
    )
    assert page.row_errors == {2: ["This record is published, or you may not change it."]}
    assert page.changes[3] == {"title": (None, "New")}


def test_permissions_are_checked_again_at_the_import(contributor):
    draft = make.person("Draft", published_at=None)
    page = upload_for_dry_run(contributor, Person, [{"slug": draft.slug, "born": "1970"}])
    draft.published_at = make.person().published_at
    draft.save()
    page = page.confirm()
    assert page.row_errors == {2: ["This record is published, or you may not change it."]}
    assert Person.objects.get(pk=draft.pk).born is None


def test_every_model_with_a_natural_key_is_exported(admin_client):
    for model, model_admin in admin.site._registry.items():
        if isinstance(model_admin, ImportExportAdminMixin):
            has_schema = model_admin.table_schema is not None
            assert admin_client.get(admin_url(model, "export")).status_code == (200 if has_schema else 403)
