"""Pasting a table of episodes into a season: preview first, then save all or nothing."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog.editing.fingerprint import STALE_PREVIEW_MESSAGE
from catalog.models import Change, Credit, Edit, Episode, Person
from catalog.spreadsheet_files import MAX_FILE_SIZE
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import change_url, row_counts

TABLE = (
    "No.\tTitle\tDirected by\tWritten by\tOriginal air date\tProd. code\tLength\n"
    '1\t"One"\tTi West\tLauren Yee & Matt Smith\tDecember 18, 2019\t1A01\t45\n'
    '2\t"Two"\tTi West\tStory by: Lauren Yee Teleplay by: Matt Smith\tTBA\t\t50 min\n'
)


@pytest.fixture
def season(vocabulary):
    """A season without episodes; three people exist."""
    for name in ("Ti West", "Lauren Yee", "Matt Smith"):
        make.person(name)
    return make.season()


def paste_url(season):
    return reverse("admin:catalog_season_paste", args=[season.pk])


def preview(client, season, text, **fields):
    """The HTML of the preview of a table."""
    response = client.post(paste_url(season), {"text": text, "step": "look"} | fields)
    assert response.status_code == 200
    return response.content.decode()


def save(client, season, text, page=None, **fields):
    """Preview a table and confirm it."""
    page = page or preview(client, season, text)
    fingerprint = re.search(r'name="_fingerprint" value="(\w+)"', page)[1]
    return client.post(paste_url(season), {"text": text, "step": "save", "_fingerprint": fingerprint} | fields)


def test_a_table_is_previewed_first_and_written_once_it_is_confirmed(season, admin_client):
    before = row_counts()
    page = preview(admin_client, season, TABLE)
    assert row_counts() == before
    assert page.count("<b>New episode") == 2
    assert save(admin_client, season, TABLE).status_code == 302
    first, second = season.episodes.order_by("number")
    assert (first.title, first.air_date, first.production_code, first.runtime) == ("One", "2019-12-18", "1A01", 45)
    assert (second.title, second.air_date, second.production_code, second.runtime) == ("Two", None, "", 50)
    assert not first.is_published
    rows = Credit.objects.order_by("episode", "role__slug", "billing")
    assert list(rows.values_list("episode__number", "role__slug", "person__name", "team")) == [
        (1, "director", "Ti West", None),
        (1, "writer", "Lauren Yee", 1),
        (1, "writer", "Matt Smith", 1),
        (2, "director", "Ti West", None),
        (2, "story", "Lauren Yee", None),
        (2, "teleplay", "Matt Smith", None),
    ]


def test_all_changes_are_one_edit_with_the_edit_summary(season, admin_client, editor):
    assert save(admin_client, season, TABLE, _edit_summary="From the network’s sheet").status_code == 302
    edit = Edit.objects.get()
    assert (edit.user, edit.kind, edit.reason) == (editor, "paste", "From the network’s sheet")
    assert set(Change.objects.filter(kind__in=["episode", "credit"]).values_list("edit", flat=True)) == {edit.pk}


def test_pasting_the_same_table_again_changes_nothing(season, admin_client):
    save(admin_client, season, TABLE)
    before, log = row_counts(), Change.objects.version()
    page = preview(admin_client, season, TABLE)
    assert "<b>New episode" not in page
    assert page.count("exists</b>") == 2
    assert page.count("(exists)") == 6
    assert save(admin_client, season, TABLE).status_code == 302
    assert row_counts() == before
    assert Change.objects.version() == log


def test_empty_values_are_filled_and_existing_values_are_overwritten_only_if_ticked(season, admin_client):
    episode = make.episode(season, 1, title="Old", runtime=40)
    text = "1\tNew\t45\tDecember 2019\n2\tTwo\t46\tDecember 2019"
    page = preview(admin_client, season, text)
    assert "Title: New instead of Old" in page
    assert "Air date: 2019-12" in page
    save(admin_client, season, text, over=["1-runtime"])
    episode.refresh_from_db()
    assert (episode.title, episode.runtime, episode.air_date) == ("Old", 45, "2019-12")


def test_ambiguous_names_are_asked_about_before_anything_is_written(season, admin_client):
    make.person("Ti West")
    text = "1\tOne\tTi West\n2\tTwo\tNew Body"
    fields = {"column-0": "number", "column-1": "title", "column-2": "director"}
    page = preview(admin_client, season, text, **fields)
    assert "Who is “Ti West”?" in page
    before = row_counts()
    response = save(admin_client, season, text, page, **fields)
    assert response.status_code == 200
    assert "Choose who “Ti West” is." in response.content.decode()
    assert row_counts() == before
    namesake = Person.objects.filter(name="Ti West").last()
    answers = {"who-tiwest": str(namesake.pk)}
    assert save(admin_client, season, text, page, **fields, **answers).status_code == 302
    assert Credit.objects.get(episode__number=1).person == namesake
    person = Credit.objects.get(episode__number=2).person
    assert (person.name, person.published_at) == ("New Body", None)


def test_a_new_person_is_not_asked_about_but_a_person_added_meanwhile_makes_the_preview_stale(season, admin_client):
    text = "No\tTitle\tDirector\n1\tOne\tNew Body"
    page = preview(admin_client, season, text)
    assert "New Body (new person)" in page
    assert "Who is" not in page
    make.person("New Body")
    response = save(admin_client, season, text, page)
    assert STALE_PREVIEW_MESSAGE in response.content.decode()
    assert "New Body (new person)" not in response.content.decode()


def cells_of(page):
    """The fields of the cells, and what identifies their text."""
    cells = re.findall(r'<textarea name="(cell-\d+-\d+)"[^>]*>\n([^<]*)</textarea>', page)
    return dict(cells) | {"_text_of_cells": re.search(r'name="_text_of_cells" value="(\w+)"', page)[1]}


def test_cells_are_corrected_in_the_preview(season, admin_client):
    text = "No\tTitle\tDirector\n1\tOne\tTy West\nx\tTwo\n"
    page = preview(admin_client, season, text)
    assert "“x” is not an episode number" not in page, "the row is too short to be read"
    assert "This row has 2 cells" in page
    cells = cells_of(page) | {"cell-1-2": " Ti\u200b West ", "cell-2-0": "2", "cell-2-2": "Lauren Yee"}
    page = preview(admin_client, season, text, **cells)
    assert "This row has 2 cells" not in page
    assert save(admin_client, season, text, page, **cells).status_code == 302
    rows = Credit.objects.order_by("episode__number").values_list("episode__number", "episode__title", "person__name")
    assert list(rows) == [(1, "One", "Ti West"), (2, "Two", "Lauren Yee")]


def test_a_cell_corrected_after_the_preview_shows_a_new_one_first(season, admin_client):
    text = "No\tTitle\n1\tOne\n"
    page = preview(admin_client, season, text)
    response = save(admin_client, season, text, page, **(cells_of(page) | {"cell-1-1": "Uno"}))
    assert STALE_PREVIEW_MESSAGE in response.content.decode()
    assert not Episode.objects.exists()


@pytest.mark.parametrize("name", ["cell-0-0", "cell-9-0", "cell-1-99", "cell-x-1", "cell--1-1"])
def test_cells_that_the_table_does_not_have_are_ignored(season, admin_client, name):
    text = "No\tTitle\n1\tOne\n"
    page = preview(admin_client, season, text)
    assert preview(admin_client, season, text, **(cells_of(page) | {name: "Other"})).count("New episode 1") == 1


def test_cells_of_an_earlier_text_are_ignored(season, admin_client):
    cells = cells_of(preview(admin_client, season, "No\tTitle\n1\tOne\n"))
    page = preview(admin_client, season, "No\tTitle\n7\tSeven\n", **cells)
    assert "New episode 7" in page


def test_nothing_is_written_until_rows_with_errors_are_left_out(season, admin_client):
    text = "No\tTitle\tDate\n1\tOne\t5/6/2019\nx\tTwo\t\n3\tThree\t\n3\tAgain\t\n5-4\tFive\t\n"
    page = preview(admin_client, season, text)
    messages = ("could be two dates", "“x” is not an episode number", "is in a row above", "must be greater than")
    for message in messages:
        assert message in page
    assert save(admin_client, season, text, page).status_code == 200
    assert not Episode.objects.exists()
    out = {"out": ["1", "2", "4", "5"]}
    assert save(admin_client, season, text, page, **out).status_code == 302
    assert Episode.objects.get().title == "Three"


def test_a_stale_preview_is_shown_again(season, admin_client):
    page = preview(admin_client, season, TABLE)
    make.episode(season, 1, title="Meanwhile")
    response = save(admin_client, season, TABLE, page)
    assert STALE_PREVIEW_MESSAGE in response.content.decode()
    assert season.episodes.get().title == "Meanwhile"
    assert not Edit.objects.exists()


def test_double_episodes_and_overall_numbers(season, admin_client):
    text = "No. overall\tNo. in season\tTitle\n13\tS02E03–04\tTwo in one\n15\t5\tFive"
    assert save(admin_client, season, text).status_code == 302
    rows = season.episodes.order_by("number").values_list("number", "last_number", "overall_number")
    assert list(rows) == [(3, 4, 13), (5, None, 15)]


@pytest.mark.parametrize(
    "text", ["", "\n".join(["x\ty\t\"z'<>"] * 2000), "\x00,\x00\n" * 50, "a\tb\n" * 200, "1\t" * 9]
)
@pytest.mark.parametrize("step", ["look", "save", "other"])
def test_invalid_input_gets_a_page_and_nothing_is_written(season, admin_client, text, step):
    before = row_counts()
    response = admin_client.post(
        paste_url(season), {"text": text, "step": step, "over": "x", "out": "y", "_fingerprint": "z"}
    )
    assert response.status_code == 200
    assert row_counts() == before


def test_season_and_series_link_to_the_page_and_opening_it_changes_nothing(season, admin_client):
    for record in (season, season.series):
        assert paste_url(season) in admin_client.get(change_url(record)).content.decode()
    before = row_counts()
    assert admin_client.get(paste_url(season)).status_code == 200
    assert row_counts() == before
    assert admin_client.get(reverse("admin:catalog_season_paste", args=[99999])).status_code == 404
    assert admin_client.get(reverse("admin:catalog_season_paste", args=["x"])).status_code == 404


def test_a_table_with_too_many_names_is_not_matched_and_not_written(season, admin_client):
    rows = [f"{n}\tTitle {n}\t" + ", ".join(f"Name{n} Nr{m}" for m in range(40)) for n in range(1, 21)]
    text = "No\tTitle\tDirector\n" + "\n".join(rows)
    page = preview(admin_client, season, text)
    assert "Who is" not in page
    response = save(admin_client, season, text, page)
    assert "At most 300 names at once." in response.content.decode()
    assert not Episode.objects.exists()


def test_the_preview_shows_the_values_that_would_be_stored(season, admin_client):
    page = preview(admin_client, season, 'No\tTitle\tAir date\n1\t"Pilot"[3]\t22 Sep 04\n2\t"Weird" Science\tTBA')
    assert "Title: Pilot<" in page
    assert "Air date: 2004-09-22" in page
    assert "Title: &quot;Weird&quot; Science<" in page


def test_the_preview_tells_what_was_left_out(season, admin_client):
    text = "Season\tNo.\tTitle\tMinutes\n1\t1\tA\t44–47\nIt begins.\n2\t1\tB\t45\n2\t2\tC\t45"
    page = " ".join(preview(admin_client, season, text).split())
    assert "1 row was read" in page
    assert "2 rows of other seasons were left out" in page
    assert "1 line of text between the rows was left out" in page
    assert "“44–47” is left empty: one running time is needed." in page


def test_a_title_that_may_be_a_placeholder_is_asked_about(season, admin_client):
    text = "No\tTitle\n1\tUnknown\n2\tTBA"
    page = preview(admin_client, season, text)
    assert page.count('name="over"') == 1
    assert "Title is really “Unknown”" in " ".join(page.split())
    assert save(admin_client, season, text, page, over=["1-title"]).status_code == 302
    assert list(season.episodes.order_by("number").values_list("title", flat=True)) == ["Unknown", ""]


def test_the_order_of_ambiguous_dates_is_chosen_with_the_column(season, admin_client):
    text = "No\tTitle\tAir date\n1\tA\t03/04/2019\n2\tB\t05/04/2019"
    fields = {"column-0": "number", "column-1": "title", "column-2": "date_day_first"}
    page = preview(admin_client, season, text)
    assert "choose “Air date, day first” or “Air date, month first” for the column" in page
    page = preview(admin_client, season, text, **fields)
    assert save(admin_client, season, text, page, **fields).status_code == 302
    assert list(season.episodes.order_by("number").values_list("air_date", flat=True)) == ["2019-04-03", "2019-04-05"]


def test_the_edit_summary_counts_the_rows_of_the_season(season, admin_client):
    save(admin_client, season, "Season,Episode,Title\n1,1,A\n2,1,B")
    assert Edit.objects.get().reason == "Pasted a table of 1 episode"


def test_a_table_may_be_a_file(season, admin_client):
    content = "No;Title\n1;Café\n2;Two".encode("windows-1252")
    page = preview(admin_client, season, "", file=SimpleUploadedFile("season.csv", content))
    assert "1;Café" in page
    assert "was read as Windows-1252" in page
    assert save(admin_client, season, "No;Title\n1;Café\n2;Two", page).status_code == 302
    assert list(season.episodes.order_by("number").values_list("title", flat=True)) == ["Café", "Two"]


def test_a_new_file_is_previewed_before_it_is_saved(season, admin_client):
    upload = SimpleUploadedFile("season.csv", b"No,Title\n1,New")
    response = admin_client.post(paste_url(season), {"text": "No,Title\n1,Old", "step": "save", "file": upload})
    assert response.status_code == 200
    assert "<b>New episode" in response.content.decode()
    assert not season.episodes.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04", "The file cannot be read as XLSX."),
        (b"\x00\x01", "The file is neither CSV nor XLSX."),
        (b"x" * (MAX_FILE_SIZE + 1), "The file is larger than 5 MB"),
        (b"one line", "No columns were recognised"),
    ],
)
def test_a_file_that_cannot_be_read_keeps_the_text(season, admin_client, content, message):
    page = preview(admin_client, season, "typed before", file=SimpleUploadedFile("season.csv", content))
    assert message in page
