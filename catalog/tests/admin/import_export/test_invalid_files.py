"""Files and rows with errors are reported in plain words, and nothing is imported."""

import io
import stat
from pathlib import Path

import openpyxl
import pytest
from django.test import Client

from catalog import limited_process, spreadsheet_rows
from catalog.admin.import_export import upload_storage
from catalog.limited_process import BusyError
from catalog.models import Change, Credit, Episode, Person, Series, Song
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url
from catalog.tests.admin.import_export.import_page import CSV, XLSX, export_file, upload_for_dry_run
from catalog.tests.formats.sample_files import INVALID_FILES, to_xlsx
from soundtrack_site import settings as site_settings

CASES = INVALID_FILES | {
    "empty": (b"", "The submitted file is empty."),
    "too large": (b"slug,name\n" + b"a,b\n" * 1_400_000, "The file is larger than 5 MB: split it."),
    "unknown column": (b"slug,wage\na,b\n", "Unknown columns: “wage”."),
    "duplicate column": (b"slug,name,name\na,b,c\n", "Duplicate columns: “name”."),
    "no key column": (b"name\na\n", "Missing columns: “slug”."),
}


@pytest.mark.parametrize("case", CASES)
def test_an_invalid_file_is_reported_and_not_stored(db, admin_client, case):
    content, message = CASES[case]
    page = upload_for_dry_run(admin_client, Person, content)
    assert len(page.file_errors) == 1
    assert page.file_errors[0].startswith(message)
    assert not page.can_confirm
    assert not Person.objects.exists()
    assert list(upload_storage.upload_folder().iterdir()) == []


def test_all_errors_of_all_rows_are_reported_at_once(soundtrack, admin_client):
    person = Person.objects.first()
    rows = [
        {"slug": person.slug, "name": "", "born": "2018-13", "died": "", "published_at": ""},
        {"slug": person.slug, "name": "Twin", "born": "", "died": "", "published_at": ""},
        {"slug": "new one", "name": "N" * 161, "born": "", "died": "", "published_at": "soon"},
        {"slug": "other", "name": "Other", "born": "1990", "died": "1980", "published_at": ""},
    ]
    page = upload_for_dry_run(admin_client, Person, rows)
    assert page.row_errors[2] == [
        "born: “2018-13”: Enter a date as 2018, 2018-03 or 2018-03-15, as much of it as is known.",
        "name: Every person needs this, and this cell is empty.",
    ]
    assert page.row_errors[3] == ["Row 2 is about the same record."]
    assert {error.partition(":")[0] for error in page.row_errors[4]} == {"published_at", "name", "slug"}
    assert page.row_errors[5] == ["Nobody dies before being born: check the two dates."]
    assert not page.can_confirm


def test_unknown_related_records_are_reported(soundtrack, admin_client):
    credit = {
        "person": "nobody",
        "role": "director",
        "series": "soundtrack",
        "season": "1",
        "episode": "99",
        "character": "",
    }
    rows = [credit, credit | {"episode": "3"}, credit | {"season": "", "series": ""}]
    assert upload_for_dry_run(admin_client, Credit, rows).row_errors == {
        2: ["series: There is no series “soundtrack”, season “1”, episode “99”."],
        3: ["person: There is no person “nobody”."],
        4: ["series: There is no series (empty), season (empty), episode “99”."],
    }


def test_a_former_slug_is_reported_with_the_current_one(db, admin_client):
    person = make.person("Old Name")
    person.slug = "new-name"
    person.save()
    assert upload_for_dry_run(admin_client, Person, [{"slug": "old-name", "name": "X"}]).row_errors == {
        2: ["slug: “old-name” is called “new-name” now."]
    }


def test_a_broken_constraint_is_reported_with_its_own_message(soundtrack, admin_client):
    episode = {"series": "soundtrack", "season": "1", "number": "3"}
    assert upload_for_dry_run(admin_client, Episode, [episode | {"last_number": "2"}]).row_errors == {
        2: ["The last number of a double episode comes after its first."]
    }
    rows = [episode | {"number": "11", "last_number": "13"}, episode | {"number": "12", "last_number": ""}]
    overlap = "Another episode of the season covers one of these numbers already."
    assert upload_for_dry_run(admin_client, Episode, rows).row_errors == {3: [overlap]}
    rows = [episode | {"last_number": "4"}, episode | {"number": "11", "last_number": "12"}]
    assert upload_for_dry_run(admin_client, Episode, rows).row_errors == {2: [overlap]}
    dates = {"slug": "soundtrack", "premiered": "2019-12-18", "ended": "2018"}
    assert upload_for_dry_run(admin_client, Series, [dates]).row_errors == {
        2: ["A series cannot end before it begins: check when it was first and last released."]
    }
    song = {"slug": "", "title": "", "artist": "", "note": "In a bar"}
    page = upload_for_dry_run(admin_client, Song, [song, song | {"title": "Twice"}, song | {"title": "Twice"}])
    assert page.row_errors == {2: ["Give the title or the artist, or both."], 4: ["This recording is there already."]}


def test_a_number_larger_than_the_database_can_hold_is_reported(soundtrack, admin_client):
    rows = [{"series": "soundtrack", "season": "1", "number": "9" * 23}]
    errors = upload_for_dry_run(admin_client, Episode, rows).row_errors
    assert errors == {2: [f"number: “{'9' * 23}”: Ensure this value is less than or equal to 32767."]}


@pytest.mark.parametrize("formula", ["=A2", "=1+1"])
def test_a_formula_is_reported_and_does_not_empty_the_field(db, admin_client, formula):
    person = make.person("Somebody", biography="Known")
    content = to_xlsx([["slug", "biography"], [person.slug, formula]])
    page = upload_for_dry_run(admin_client, Person, content, "list.xlsx")
    assert page.row_errors == {2: [f"biography: “{formula}” is a formula: replace it by its value."]}


def test_numbers_that_a_spreadsheet_program_saved_as_floats_change_nothing(soundtrack, admin_client):
    workbook = openpyxl.load_workbook(io.BytesIO(export_file(admin_client, Episode, XLSX)))
    for cell in workbook.active[2]:
        if isinstance(cell.value, int):
            cell.value = float(cell.value)
    stream = io.BytesIO()
    workbook.save(stream)
    page = upload_for_dry_run(admin_client, Episode, stream.getvalue(), "list.xlsx")
    assert (page.row_errors, page.changes) == ({}, {})


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_are_recognised(db, admin_client, delimiter):
    person = make.person("Somebody")
    content = f"slug{delimiter}born\r\n{person.slug}{delimiter}1970\r\n".encode("utf-8-sig")
    assert upload_for_dry_run(admin_client, Person, content).changes == {2: {"born": ("empty", "1970")}}


def test_a_text_too_long_for_xlsx_is_reported_and_not_cut(db, admin_client):
    make.person("Somebody", biography="x" * 40_000)
    response = admin_client.post(admin_url(Person, "export"), {"format": XLSX})
    assert "characters of an XLSX cell: choose CSV" in response.content.decode()


def test_too_many_rows_to_export_are_reported(db, admin_client, monkeypatch):
    monkeypatch.setattr("catalog.admin.import_export.admin.MAX_EXPORTED_ROWS", 1)
    make.person(), make.person()
    response = admin_client.post(admin_url(Person, "export"), {"format": CSV})
    assert "filter it and export it in parts" in response.content.decode()


def test_invalid_filters_of_an_export_are_dropped_with_a_warning(db, admin_client):
    url = admin_url(Person, "export")
    response = admin_client.get(url + "?credits__role__department__id__exact=x", follow=True)
    assert response.status_code == 200
    assert admin_client.get(url + "?published_at__year=x", follow=True).status_code in (200, 400)


def test_only_the_user_who_uploaded_a_file_can_confirm_it_and_only_once(db, admin_client, django_user_model):
    person = make.person("Somebody")
    page = upload_for_dry_run(admin_client, Person, [{"slug": person.slug, "born": "1970"}])
    version = Change.objects.version()
    other_client = Client()
    other_client.force_login(django_user_model.objects.create_superuser("other"))
    url = admin_url(Person, "process_import")
    for client, data in [
        (other_client, page.confirm_data),
        (admin_client, page.confirm_data | {"import_file_name": "../../etc/passwd"}),
        (admin_client, page.confirm_data | {"import_file_name": "A" * 32}),
        (admin_client, {}),
    ]:
        text = client.post(url, data, follow=True).content.decode()
        assert "This dry run has expired" in text
    assert Change.objects.version() == version
    assert page.confirm().messages == ["Imported: 0 added, 1 changed, 0 unchanged."]
    assert "This dry run has expired" in admin_client.post(url, page.confirm_data, follow=True).content.decode()


def test_a_confirmed_file_that_cannot_be_read_now_can_be_confirmed_again(db, admin_client, monkeypatch):
    """The worker reads other files just then."""
    person = make.person("Somebody")
    content = to_xlsx([["slug", "born"], [person.slug, "1970"]])
    page = upload_for_dry_run(admin_client, Person, content, "list.xlsx")

    def refuse(*args):
        raise BusyError

    with monkeypatch.context() as patch:
        patch.setattr(limited_process, "call_in_new_process", refuse)
        assert page.confirm().messages == ["Nothing was imported. Other files are being read: try again in a minute."]
    assert page.confirm().messages == ["Imported: 0 added, 1 changed, 0 unchanged."]


def test_expired_uploads_are_removed(db, admin_client, monkeypatch):
    person = make.person("Somebody")
    upload_for_dry_run(admin_client, Person, [{"slug": person.slug, "born": "1970"}])
    assert len(list(upload_storage.upload_folder().iterdir())) == 2
    monkeypatch.setattr(upload_storage, "MAX_AGE", -1)
    upload_storage.Upload.remove_expired()
    assert list(upload_storage.upload_folder().iterdir()) == []


def test_a_file_with_the_maximum_number_of_rows_is_accepted(db, admin_client, monkeypatch):
    monkeypatch.setattr(spreadsheet_rows, "MAX_ROWS", 2)
    people = [make.person(), make.person()]
    rows = [{"slug": person.slug, "name": person.name} for person in people]
    assert upload_for_dry_run(admin_client, Person, rows).file_errors == []


def test_uploads_are_in_a_folder_of_the_site_that_only_its_account_can_read(settings, tmp_path):
    settings.IMPORT_ROOT = tmp_path / "var" / "imports"
    upload = upload_storage.Upload.create(b"name")
    (stored,) = settings.IMPORT_ROOT.iterdir()
    assert (stored.name, stored.read_bytes()) == (upload.name, b"name")
    assert stat.S_IMODE(settings.IMPORT_ROOT.stat().st_mode) == 0o700
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600


def test_no_upload_is_below_the_folder_that_is_served():
    assert not Path(site_settings.IMPORT_ROOT).is_relative_to(site_settings.MEDIA_ROOT)
    assert Path(site_settings.IMPORT_ROOT).is_relative_to(site_settings.VAR)
