"""The form that collects the sources of an import: what is recognised, kept, refused in one line, and proposed."""

import pytest
from django.urls import reverse

from catalog.admin.source_import import forms
from catalog.editing.ingest import fetched_files
from catalog.models import Series, SourceFile, SourceImport
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import change_url, form_errors, row_counts
from catalog.tests.admin.source_import.review_page import ADD_URL, begin_import, sample_files, upload
from catalog.tests.admin.source_import.samples import TITLE, article, database_json
from catalog.tests.fetching.local_service import LocalService
from catalog.tests.fetching.sample_services import TVMAZE

OMDB = '{"Title": "X", "imdbID": "tt0000001", "Response": "True"}'
TABLE = "season,episode,title\n1,1,Tide\n"


def test_files_of_several_kinds_begin_one_import(admin_client, vocabulary, editor):
    pages = begin_import(admin_client, *sample_files())
    source_import = pages.source_import
    assert (source_import.user, source_import.series) == (editor, None)
    kinds = source_import.files.order_by("pk").values_list("kind", "file_name")
    assert list(kinds) == [("wikipedia", "Lamplight Row.wikitext"), ("tvmaze", "lamplight-row.json")]
    assert pages.document.cssselect("h1")[0].text == TITLE
    assert not Series.objects.exists()


def test_a_pasted_text_is_a_source_whose_address_is_kept(admin_client, vocabulary):
    address = "https://en.wikipedia.org/wiki/Lamplight_Row"
    begin_import(admin_client, text=article().replace("\n", "\r\n"), address=address)
    file = SourceFile.objects.get()
    assert (file.kind, file.url, b"\r" in file.content) == ("wikipedia", address, False)


def test_a_kind_can_be_chosen(admin_client, vocabulary):
    begin_import(admin_client, upload("x.txt", TABLE), kind="table")
    assert SourceFile.objects.get().kind == "table"
    page = admin_client.post(ADD_URL, {"documents": [upload("x.txt", TABLE)], "kind": "tvmaze"})
    (error,) = form_errors(page)
    assert error.startswith("“x.txt”: ")


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("x.bin", b"\x00\x01", "“x.bin”: The file is none of the formats that can be read."),
        ("x.json", OMDB, "“x.json”: OMDb's data are not read: their licence, CC BY-NC, forbids commercial use."),
        ("x.json", '{"id": 1, "seasons"', "“x.json”: The JSON file ends too early: download it again."),
        ("x.gz", b"\x1f\x8b\x08", "“x.gz”: The file is compressed: unpack it first."),
        ("x.csv", b"", "“x.csv”: The file is empty."),
    ],
)
def test_a_file_that_cannot_be_read_is_named_in_one_line_and_nothing_is_stored(admin_client, name, content, error):
    before = row_counts()
    page = admin_client.post(ADD_URL, {"documents": [upload(name, content)], "address": "https://example.org/x"})
    assert form_errors(page) == [error]
    assert 'value="https://example.org/x"' in page.content.decode()
    assert row_counts() == before


def test_what_can_be_read_is_kept_beside_what_cannot_and_the_text_stays_in_its_field(admin_client, vocabulary):
    files = [*sample_files(), upload("x.bin", b"\x00\x01")]
    page = admin_client.post(ADD_URL, {"documents": files, "text": "no source at all"})
    assert form_errors(page) == [
        "“x.bin”: The file is none of the formats that can be read.",
        "The file is none of the formats that can be read.",
    ]
    source_import = SourceImport.objects.get()
    text = page.content.decode()
    assert "no source at all</textarea>" in text
    assert f'action="{reverse("admin:catalog_sourceimport_sources", args=[source_import.pk])}"' in text
    assert source_import.files.count() == 2


def test_nothing_to_read_is_an_error(admin_client, db):
    assert form_errors(admin_client.post(ADD_URL, {})) == ["Add a file, paste a text, or say what to fetch."]
    page = admin_client.post(ADD_URL, {"service": "tvmaze"})
    assert form_errors(page) == ["Choose a service, and say what to fetch from it."]


def test_what_is_sent_at_once_is_limited_in_number_size_and_time(admin_client, vocabulary, monkeypatch):
    tables = [upload(f"{number}.csv", TABLE.replace("Tide", f"Tide {number}")) for number in range(3)]

    def errors():
        for table in tables:
            table.seek(0)
        return form_errors(admin_client.post(ADD_URL, {"documents": tables}))

    monkeypatch.setattr(forms, "MAX_SECONDS", -1)
    assert errors() == [forms.TOO_SLOW_MESSAGE]
    monkeypatch.setattr(forms, "MAX_TOTAL_SIZE", 50)
    assert errors() == ["At most 0 MB at once."]
    monkeypatch.setattr(forms, "MAX_FILES", 2)
    assert errors() == ["At most 2 files at once."]
    assert not SourceImport.objects.exists()


def test_sources_are_added_and_removed_later(admin_client, vocabulary):
    first, second = sample_files()
    pages = begin_import(admin_client, first)
    url = reverse("admin:catalog_sourceimport_sources", args=[pages.pk])
    assert admin_client.post(url, {"documents": [second]})["Location"] == pages.url()
    assert [file.kind for file in pages.source_import.files.order_by("pk")] == ["wikipedia", "tvmaze"]
    assert "TVmaze" in pages.open().text
    admin_client.post(url, {"remove": pages.source_import.files.get(kind="tvmaze").pk})
    assert [file.kind for file in pages.source_import.files.all()] == ["wikipedia"]
    assert SourceFile.objects.count() == 2
    for impossible in ("9" * 5000, "9" * 20, "x", "-1"):
        assert admin_client.post(url, {"remove": impossible}).status_code == 200
    assert [file.kind for file in pages.source_import.files.all()] == ["wikipedia"]
    admin_client.post(url, {"remove": pages.source_import.files.get().pk})
    assert "has no sources" in pages.open().text


def test_a_series_with_the_same_title_is_proposed_and_another_answer_is_kept(admin_client, vocabulary):
    series = make.series(TITLE)
    pages = begin_import(admin_client, *sample_files())
    assert f"Compared with {TITLE}" in pages.document.text_content().replace("\n", " ").replace("  ", " ")
    assert pages.form["series"] == [str(series.pk)]
    pages.press("series", series="new")
    assert "A new series, added as a draft." in pages.text
    pages.press("series", series=str(series.pk))
    assert pages.source_import.series == series


def test_two_series_with_the_title_are_asked_about_before_anything_is_compared(admin_client, vocabulary):
    series = [make.series(TITLE), make.series(TITLE)]
    pages = begin_import(admin_client, *sample_files())
    assert pages.document.cssselect("h1")[0].text == "Which series is it?"
    assert "series" not in pages.form
    labels = [label.text_content().strip() for label in pages.document.cssselect(".person-choice label")]
    assert len(set(labels)) == 3
    assert not pages.document.cssselect(".import-record table")
    pages.press("series", series=str(series[1].pk))
    assert pages.source_import.series == series[1]
    assert pages.document.cssselect(".import-record table")


def test_the_title_that_no_source_states_is_entered(admin_client, vocabulary):
    pages = begin_import(admin_client, upload("sea.csv", TABLE))
    assert "No source states the title of the series" in pages.errors()[0]
    assert pages.form["title"] == [""]
    assert [field.get("name") for field in pages.document.cssselect("[autofocus]")][:1] == ["title"]
    pages.press("apply", title="  ")
    assert (len(pages.errors()), Series.objects.count()) == (1, 0)
    pages.press("save", title=" The  Sea\0 ")
    assert (pages.errors(), pages.form["title"]) == ([], ["The Sea"])
    assert pages.document.cssselect("h1")[0].text == "The Sea"
    assert "The Sea (new)" in admin_client.get("/admin/catalog/sourceimport/").content.decode()
    pages.open(page="s01").press("apply")
    assert [series.title for series in Series.objects.all()] == ["The Sea"]
    assert "title" not in pages.form


def test_a_title_is_entered_and_applied_at_once(admin_client, vocabulary):
    pages = begin_import(admin_client, upload("sea.csv", TABLE))
    pages.press("apply", title="<i>Sea</i>" + "x" * 300)
    assert [(series.title[:10], len(series.title)) for series in Series.objects.all()] == [("<i>Sea</i>", 200)]
    assert "<i>Sea" not in pages.text


def test_an_entered_title_of_the_catalogue_proposes_its_series(admin_client, vocabulary):
    series = make.series("Sea")
    pages = begin_import(admin_client, upload("sea.csv", TABLE))
    pages.press("apply", title="SEA")
    assert pages.errors()
    assert (Series.objects.count(), pages.form["series"]) == (1, [str(series.pk)])
    pages.press("series", series="new")
    assert pages.form["title"] == ["SEA"]
    pages.press("apply")
    assert sorted(Series.objects.values_list("title", flat=True)) == ["SEA", "Sea"]


def test_a_title_is_not_asked_for_if_a_source_states_it(admin_client, vocabulary):
    pages = begin_import(admin_client, *sample_files())
    assert "title" not in pages.form
    pages.press("apply", title="Something else")
    assert Series.objects.get().title == TITLE


def test_the_series_can_be_chosen_later(admin_client, vocabulary):
    series = make.series("Sea")
    pages = begin_import(admin_client, upload("sea.csv", TABLE))
    assert "No source states the title of the series" in pages.errors()[0]
    url = reverse("admin:catalog_sourceimport_sources", args=[pages.pk])
    assert admin_client.post(url, {"series": series.pk})["Location"] == pages.url()
    assert pages.source_import.series == series
    assert pages.open().errors() == []
    assert form_errors(admin_client.post(url, {})) == ["Add a file, paste a text, or say what to fetch."]
    assert pages.source_import.series == series
    admin_client.post(url, {"series": "", "text": TABLE.replace("Tide", "Fog")})
    assert (pages.source_import.series, pages.source_import.files.count()) == (None, 2)


def test_a_title_is_typed_for_a_new_series_whose_sources_do_not_state_it(admin_client, vocabulary):
    pages = begin_import(admin_client, upload("sea.csv", TABLE), title="Sea", series="")
    assert pages.errors() == []
    url = reverse("admin:catalog_sourceimport_sources", args=[pages.pk])
    assert 'value="Sea"' in admin_client.get(url).content.decode()
    pages.press("apply")
    assert Series.objects.get().title == "Sea"


def test_the_form_of_a_series_leads_to_an_import_into_it(admin_client, vocabulary):
    series = make.series("Elsewhere")
    link = f'href="{ADD_URL}?series={series.pk}"'
    assert link in admin_client.get(change_url(series)).content.decode()
    page = admin_client.get(f"{ADD_URL}?series={series.pk}").content.decode()
    assert f'<option value="{series.pk}" selected>Elsewhere</option>' in page
    pages = begin_import(admin_client, *sample_files(), series=series.pk)
    assert pages.source_import.series == series


def test_the_start_page_and_the_list_of_series_lead_to_a_new_import(admin_client, db):
    for url in (reverse("admin:index"), reverse("admin:catalog_series_changelist")):
        assert f'<a href="{ADD_URL}">Import from sources</a>' in admin_client.get(url).content.decode()


def test_a_series_is_fetched(admin_client, vocabulary, monkeypatch):
    with LocalService(TVMAZE).running() as settings:
        monkeypatch.setattr(fetched_files, "fetch_settings", lambda: settings)
        pages = begin_import(admin_client, service="tvmaze", reference="9001")
    assert {file.kind for file in pages.source_import.files.all()} == {"tvmaze"}
    page = admin_client.post(ADD_URL, {"service": "tvmaze", "reference": "https://example.org/shows/1"})
    assert len(form_errors(page)) == 1
    assert 'value="https://example.org/shows/1"' in page.content.decode()


def test_tmdb_is_offered_with_a_key(admin_client, db, settings):
    assert 'value="tmdb">TMDB</option>' in admin_client.get(ADD_URL).content.decode()
    services = admin_client.get(ADD_URL).content.decode().partition('name="service"')[2]
    assert "TMDB" not in services
    settings.TMDB_API_KEY = "0123456789abcdef" * 2
    assert "TMDB" in admin_client.get(ADD_URL).content.decode().partition('name="service"')[2]


def test_a_file_of_another_series_is_named_and_nothing_of_it_is_ticked(admin_client, vocabulary):
    other = database_json().replace(TITLE, "Harbour Row").replace("tt0009022", "tt0009023")
    pages = begin_import(admin_client, upload(f"{TITLE}.wikitext", article()), upload("other.json", other))
    assert "TVmaze may be about another series, “Harbour Row”, so nothing of it is ticked." in pages.text
    assert not [words for words in [*pages.ticked(), *pages.open(page="s01").ticked()] if "TVmaze" in words]


def test_a_pasted_text_is_named_a_text(admin_client, vocabulary):
    pages = begin_import(admin_client, text=TABLE)
    assert str(pages.source_import.files.get()).startswith("Text ")
