"""Files that are none, too large, cut off or wrong: each is told in words, and nothing is written."""

import io
import zipfile
from itertools import pairwise

import openpyxl
import pytest
from django.test import Client

from catalog.admin.import_export import upload_storage
from catalog.formats import spreadsheet_files
from catalog.models import Change, Credit, Episode, Person, Song
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url
from catalog.tests.admin.import_export.spreadsheets import as_csv, as_xlsx, export, upload_for_dry_run


def zipped(**parts):
    """An archive of parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def swelled():
    """A workbook whose first sheet unpacks to 60 MB."""
    stream = io.BytesIO(as_xlsx([["slug", "name"], ["a", "b"]]))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b" " * (60 * 2**20))
    return stream.getvalue()


def laughing():
    """A workbook whose sheet is entities of entities."""
    names = [f"e{place}" for place in range(12)]
    entities = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names))
    stream, out = io.BytesIO(as_xlsx([["slug", "name"], ["a", "b"]])), io.BytesIO()
    with zipfile.ZipFile(stream) as read, zipfile.ZipFile(out, "w") as written:
        for part in read.infolist():
            content = read.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(b"<t>b</t>", b"<t>&e11;</t>")
                content = f'<!DOCTYPE x [<!ENTITY e0 "ha">{entities}]>'.encode() + content
            written.writestr(part, content)
    return out.getvalue()


CASES = {
    "empty": (b"", "The submitted file is empty."),
    "blank": (b"\n\n", "The first row must name the columns, but it is empty."),
    "heads only": (b"slug,name\n", "There are no rows below the column names."),
    "blank rows": (b"slug,name\n,\n,\n", "There are no rows below the column names."),
    "latin": ("slug,name\na,Jos\xe9\n".encode("latin-1"), "The file is not in UTF-8: save it as “CSV UTF-8”."),
    "utf-16": ("slug,name\na,b\n".encode("utf-16"), "The file is not in UTF-8: save it as “CSV UTF-8”."),
    "nul": (b"slug,name\na,b\x00\n", "The file is neither CSV nor XLSX."),
    "rubbish": (bytes(range(256)) * 9, "The file is not in UTF-8: save it as “CSV UTF-8”."),
    "torn archive": (b"PK\x03\x04" + b"x" * 99, "The file cannot be read as XLSX."),
    "other archive": (zipped(a="b"), "The file cannot be read as XLSX."),
    "empty parts": (zipped(**{"[Content_Types].xml": "", "xl__workbook.xml": ""}), "The file cannot be read as XLSX."),
    "bomb": (swelled(), "Unpacked, the file is larger than 50 MB: split it."),
    "entities": (laughing(), "The file cannot be read as XLSX."),
    "cut off": (b"slug,name\na\n", "Row 2 has 1 cells, but there are 2 columns: the file may be incomplete."),
    "too wide": (b"slug,name\na,b,c\n", "Row 2 has 3 cells, but there are 2 columns: the file may be incomplete."),
    "long": (b"slug,name\n" + b"a,b\n" * 5001, "At most 5,000 rows can be imported at once: split the file."),
    "large": (b"slug,name\n" + b"a,b\n" * 1_400_000, "The file is larger than 5 MB: split it."),
    "wide": (",".join(map(str, range(101))).encode() + b"\n1\n", "There are more than 100 columns."),
    "huge cell": (b"slug,name\na," + b"b" * 200_000 + b"\n", "The file cannot be read as CSV: field larger than"),
    "unknown": (b"slug,wage\na,b\n", "Unknown columns: “wage”."),
    "twice": (b"slug,name,name\na,b,c\n", "Duplicate columns: “name”."),
    "no key": (b"name\na\n", "Missing columns: “slug”."),
}


@pytest.mark.parametrize("case", CASES)
def test_a_file_that_cannot_be_taken_is_told(db, admin_client, case):
    content, words = CASES[case]
    page = upload_for_dry_run(admin_client, Person, content)
    assert len(page.errors) == 1
    assert page.errors[0].startswith(words)
    assert not page.offers
    assert not Person.objects.exists()
    assert list(upload_storage.upload_folder().iterdir()) == []


def test_rows_are_told_what_is_wrong_with_them_all_at_once(soundtrack, admin_client):
    person = Person.objects.first()
    rows = [
        {"slug": person.slug, "name": "", "born": "2018-13", "died": "", "published_at": ""},
        {"slug": person.slug, "name": "Twin", "born": "", "died": "", "published_at": ""},
        {"slug": "new one", "name": "N" * 161, "born": "", "died": "", "published_at": "soon"},
        {"slug": "other", "name": "Other", "born": "1990", "died": "1980", "published_at": ""},
    ]
    page = upload_for_dry_run(admin_client, Person, rows)
    assert page.told[2] == [
        "born: Enter a date as 2018, 2018-03 or 2018-03-15, as much of it as is known.",
        "name: This field cannot be blank.",
    ]
    assert page.told[3] == ["Row 2 is about the same record."]
    assert {words.partition(":")[0] for words in page.told[4]} == {"published_at", "name", "slug"}
    assert page.told[5] == ["Nobody dies before being born: check the two dates."]
    assert not page.offers


def test_what_a_row_names_has_to_be_there(soundtrack, admin_client):
    credit = {
        "person": "nobody",
        "role": "director",
        "series": "soundtrack",
        "season": "1",
        "episode": "99",
        "character": "",
    }
    page = upload_for_dry_run(
        admin_client, Credit, [credit, credit | {"episode": "3"}, credit | {"season": "", "series": ""}]
    )
    assert page.told == {
        2: ["series: There is no series soundtrack, season 1, episode 99."],
        3: ["person: There is no person “nobody”."],
        4: ["series: There is no series (empty), season (empty), episode 99."],
    }


def test_a_record_that_moved_is_told_with_its_new_slug(db, admin_client):
    person = make.person("Old Name")
    person.slug = "new-name"
    person.save()
    assert upload_for_dry_run(admin_client, Person, [{"slug": "old-name", "name": "X"}]).told == {
        2: ["slug: “old-name” is called “new-name” now."]
    }


def test_a_constraint_is_told_in_its_own_words(soundtrack, admin_client):
    episode = {"series": "soundtrack", "season": "1", "number": "3"}
    assert upload_for_dry_run(admin_client, Episode, [episode | {"last_number": "2"}]).told == {
        2: ["The last number of a double episode comes after its first."]
    }
    song = {"slug": "", "title": "", "artist": "", "note": ""}
    page = upload_for_dry_run(admin_client, Song, [song, song | {"title": "Twice"}, song | {"title": "Twice"}])
    assert page.told == {2: ["Give the title or the artist, or both."], 4: ["This recording is there already."]}


@pytest.mark.parametrize("value", ["=A2", "=1+1"])
def test_a_formula_in_a_workbook_is_told_and_does_not_empty_the_field(db, admin_client, value):
    person = make.person("Somebody", biography="Known")
    page = upload_for_dry_run(admin_client, Person, as_xlsx([["slug", "biography"], [person.slug, value]]), "list.xlsx")
    assert page.told == {2: ["biography: This cell holds a formula: replace it by its value."]}


def test_workbooks_may_hold_numbers_dates_and_blank_cells_as_spreadsheets_write_them(soundtrack, admin_client):
    book = openpyxl.load_workbook(io.BytesIO(export(admin_client, Episode, 1)))
    heads = [cell.value for cell in book.active[1]]
    for place in range(len(heads)):
        cell = book.active.cell(2, place + 1)
        if isinstance(cell.value, int):
            cell.value = float(cell.value)
    stream = io.BytesIO()
    book.save(stream)
    page = upload_for_dry_run(admin_client, Episode, stream.getvalue(), "list.xlsx")
    assert (page.told, page.changes) == ({}, {})


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_files_of_spreadsheets_that_divide_otherwise_are_read(db, admin_client, delimiter):
    person = make.person("Somebody")
    content = f"slug{delimiter}born\r\n{person.slug}{delimiter}1970\r\n".encode("utf-8-sig")
    assert upload_for_dry_run(admin_client, Person, content).changes == {2: {"born": ("empty", "1970")}}


def test_a_text_too_long_for_a_workbook_is_told_and_not_cut(db, admin_client):
    make.person("Somebody", biography="x" * 40_000)
    response = admin_client.post(admin_url(Person, "export"), {"format": 1, "resource": 0})
    assert "characters of an XLSX cell: choose CSV" in response.content.decode()


def test_too_many_rows_to_export_are_told(db, admin_client, monkeypatch):
    monkeypatch.setattr("catalog.admin.import_export.admin.MAX_EXPORTED_ROWS", 1)
    make.person(), make.person()
    response = admin_client.post(admin_url(Person, "export"), {"format": 0, "resource": 0})
    assert "filter it and export it in parts" in response.content.decode()


def test_a_list_that_cannot_be_narrowed_so_is_exported_whole_after_a_word(db, admin_client):
    response = admin_client.get(admin_url(Person, "export") + "?credits__role__department__id__exact=x", follow=True)
    assert response.status_code == 200
    assert admin_client.get(admin_url(Person, "export") + "?published_at__year=x", follow=True).status_code in (
        200,
        400,
    )


def test_confirming_what_was_never_tried_or_by_somebody_else_writes_nothing(db, admin_client, django_user_model):
    person = make.person("Somebody")
    page = upload_for_dry_run(admin_client, Person, [{"slug": person.slug, "born": "1970"}])
    form = dict(next(form for form in page.page.forms if "import_file_name" in form.fields).form_values())
    version = Change.objects.version()
    other = Client()
    other.force_login(django_user_model.objects.create_superuser("other"))
    process = admin_url(Person, "process_import")
    for client, fields in [
        (other, form),
        (admin_client, form | {"import_file_name": "../../etc/passwd"}),
        (admin_client, form | {"import_file_name": "A" * 32}),
        (admin_client, {}),
    ]:
        text = client.post(process, fields, follow=True).content.decode()
        assert "this dry run has expired" in text
    assert Change.objects.version() == version
    assert page.confirm().messages == ["Imported: 0 added, 1 changed, 0 unchanged."]
    assert "this dry run has expired" in admin_client.post(process, form, follow=True).content.decode(), "written once"


def test_uploads_that_nobody_came_back_for_are_removed(db, admin_client, monkeypatch):
    person = make.person("Somebody")
    upload_for_dry_run(admin_client, Person, [{"slug": person.slug, "born": "1970"}])
    assert len(list(upload_storage.upload_folder().iterdir())) == 2
    monkeypatch.setattr(upload_storage, "MAX_AGE", -1)
    upload_storage.Upload.remove_expired()
    assert list(upload_storage.upload_folder().iterdir()) == []


def test_a_file_at_the_limit_is_taken(db, admin_client, monkeypatch):
    monkeypatch.setattr(spreadsheet_files, "MAX_ROWS", 2)
    people = [make.person(), make.person()]
    page = upload_for_dry_run(
        admin_client, Person, as_csv([{"slug": person.slug, "name": person.name} for person in people])
    )
    assert page.errors == []
