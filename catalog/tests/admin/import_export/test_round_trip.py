"""An exported file changes nothing when it is imported; a changed cell changes its field and nothing else."""

from io import BytesIO

import openpyxl
import pytest

from catalog.models import (
    Alias,
    AlternativeTitle,
    Availability,
    Change,
    Character,
    Company,
    Country,
    Credit,
    Cue,
    Department,
    Edit,
    Episode,
    Event,
    ExternalId,
    FeaturedCharacter,
    Genre,
    Language,
    Person,
    Review,
    Role,
    Season,
    Series,
    SeriesCompany,
    Song,
    Source,
)
from catalog.tests import factories as make
from catalog.tests.admin.import_export.import_page import CSV, XLSX, export_file, upload_for_dry_run
from catalog.tests.formats.sample_files import from_csv

LISTS = (
    *(Series, Season, Episode, Person, Company, Credit, Source, Character, Alias, AlternativeTitle, Availability),
    *(
        Country,
        Cue,
        Department,
        Event,
        ExternalId,
        FeaturedCharacter,
        Genre,
        Language,
        Review,
        Role,
        SeriesCompany,
        Song,
    ),
)


def test_importing_an_exported_list_changes_nothing(soundtrack, admin_client):
    for model in LISTS:
        for file_format, name in ((CSV, "list.csv"), (XLSX, "list.xlsx")):
            content = export_file(admin_client, model, file_format)
            page = upload_for_dry_run(admin_client, model, content, name)
            if model._default_manager.exists():
                assert (page.file_errors, page.row_errors, page.changes, page.can_confirm) == ([], {}, {}, False), (
                    model,
                    name,
                )
                assert f"{model._default_manager.count()} unchanged" in page.response.content.decode()


def test_a_changed_cell_changes_only_its_field_in_one_edit_with_the_edit_summary(soundtrack, admin_client, editor):
    rows = from_csv(export_file(admin_client, Episode))
    rows[4]["runtime"] = "99"
    rows[4]["title"] = ""
    was = Episode.objects.get(number=rows[4]["number"])
    page = upload_for_dry_run(admin_client, Episode, rows)
    assert page.changes == {6: {"runtime": (str(was.runtime or "empty"), "99"), "title": (was.title, "empty")}}
    assert not Edit.objects.exists(), "nothing is written yet"
    assert Episode.objects.get(pk=was.pk).title == was.title
    done = page.confirm(reason="the stopwatch")
    assert done.messages == [f"Imported: 0 added, 1 changed, {len(rows) - 1} unchanged."]
    edit = Edit.objects.get()
    assert (edit.kind, edit.reason, edit.user) == ("import", "the stopwatch", editor)
    changes = edit.changes.filter(kind="episode")
    assert [(change.record_id, change.fields) for change in changes] == [(was.pk, ["runtime", "title"])]
    now = Episode.objects.get(pk=was.pk)
    assert set(now.citations.filter(unchecked=True)) == set(now.citations.filter(field="title"))
    assert (now.runtime, now.title, now.synopsis) == (99, "", was.synopsis)


def test_columns_that_are_not_in_the_file_are_left_alone(soundtrack, admin_client):
    person = Person.objects.exclude(biography="").first() or Person.objects.first()
    page = upload_for_dry_run(admin_client, Person, [{"slug": person.slug, "died": "2020-03"}])
    assert page.changes == {2: {"died": ("empty", "2020-03")}}
    page.confirm()
    now = Person.objects.get(pk=person.pk)
    assert (now.died, now.name, now.biography) == ("2020-03", person.name, person.biography)


def test_a_new_record_is_added_to_the_owner_that_its_row_names(soundtrack, admin_client):
    person = Person.objects.get(name="Joe Swanberg")
    new = {"person": person.slug, "role": "editor", "series": "soundtrack", "season": "1", "episode": "3"}
    page = upload_for_dry_run(admin_client, Credit, [new | {"character": "", "billing": "2"}])
    assert page.changes[2]["billing"] == (None, "2")
    page.confirm()
    credit = Credit.objects.get(person=person, role__slug="editor")
    assert (credit.episode.code, credit.billing, credit.series, credit.season) == ("s01e03", 2, None, None)


def test_a_row_with_an_empty_slug_adds_a_record(vocabulary, admin_client):
    upload_for_dry_run(admin_client, Person, [{"slug": "", "name": "Nora Öberg", "born": "1971"}]).confirm()
    person = Person.objects.get()
    assert (person.slug, person.sort_name, person.born, person.published_at) == (
        "nora-oberg",
        "Öberg, Nora",
        "1971",
        None,
    )


def test_the_dry_run_names_the_stored_person_of_the_same_name_and_birth(vocabulary, admin_client):
    Person.objects.create(name="Nora Öberg", born="1971")
    page = upload_for_dry_run(admin_client, Person, [{"slug": "", "name": "Nora Öberg", "born": "1971"}])
    text = " ".join(page.page.cssselect("[data-row='2']")[0].text_content().split())
    notice = "A person called “Nora Öberg” (1971) is there already; to change it, give its slug: nora-oberg."
    assert text.startswith(f"2 Name is there already Nora Öberg {notice}")
    assert page.can_confirm


def test_many_to_many_relations_are_imported(soundtrack, admin_client):
    series = Series.objects.get()
    genres = sorted(series.genres.values_list("slug", flat=True))
    page = upload_for_dry_run(admin_client, Series, [{"slug": series.slug, "genres": f"{genres[0]}, western"}])
    if page.row_errors:  # the vocabulary has no western
        assert page.row_errors == {2: ["genres: There is no genre “western”."]}
        Genre.objects.create(name="Western")
        page = upload_for_dry_run(admin_client, Series, [{"slug": series.slug, "genres": f"{genres[0]}, western"}])
    assert page.changes == {2: {"genres": (", ".join(genres), ", ".join(sorted([genres[0], "western"])))}}
    page.confirm()
    assert set(series.genres.values_list("slug", flat=True)) == {genres[0], "western"}
    assert Change.objects.filter(edit__kind="import").exists()


def test_the_export_holds_the_filtered_list(soundtrack, admin_client):
    rows = from_csv(export_file(admin_client, Credit, query="?q=Swanberg"))
    assert {row["person"] for row in rows} == {"joe-swanberg"}
    assert len(rows) == Credit.objects.filter(person__slug="joe-swanberg").count()


@pytest.mark.parametrize("file_format", [CSV, XLSX])
def test_texts_that_look_like_formulas_stay_texts(db, admin_client, file_format):
    names = ["=1+1", "+49", "-30-", "@home", "'=quoted", "plain", "'Til"]
    for number, name in enumerate(names):
        make.song(name, "A", slug=f"song-{number}")
    content = export_file(admin_client, Song, file_format)
    if file_format == XLSX:
        cells = [cell for row in openpyxl.load_workbook(BytesIO(content)).active.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells if cell.value in names} == {"s"}
    else:
        titles = {row["title"] for row in from_csv(content)}
        assert titles == {"'=1+1", "'+49", "'-30-", "'@home", "''=quoted", "plain", "'Til"}
    page = upload_for_dry_run(admin_client, Song, content, "list.xlsx" if file_format == XLSX else "list.csv")
    assert (page.row_errors, page.changes) == ({}, {})
