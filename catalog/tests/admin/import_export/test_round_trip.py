"""What is exported and imported again changes nothing; what is changed in the file changes, and nothing else."""

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
from catalog.tests.admin.import_export.spreadsheets import export, read_csv, upload_for_dry_run

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


def test_every_list_comes_back_as_it_was_in_both_formats(soundtrack, admin_client):
    for model in LISTS:
        for form, name in enumerate(("list.csv", "list.xlsx")):
            content = export(admin_client, model, form)
            page = upload_for_dry_run(admin_client, model, content, name)
            if model._default_manager.exists():
                assert (page.errors, page.told, page.changes, page.offers) == ([], {}, {}, False), (model, name)
                assert f"{model._default_manager.count()} unchanged" in page.response.content.decode()


def test_one_changed_cell_changes_just_that_field_in_one_edit_with_its_reason(soundtrack, admin_client, editor):
    rows = read_csv(export(admin_client, Episode))
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
    assert [(change.kind, change.record_id, change.fields) for change in edit.changes.all()] == [
        ("episode", was.pk, ["runtime", "title"])
    ]
    now = Episode.objects.get(pk=was.pk)
    assert (now.runtime, now.title, now.synopsis) == (99, "", was.synopsis)


def test_columns_that_the_file_does_not_have_are_left_alone(soundtrack, admin_client):
    person = Person.objects.exclude(biography="").first() or Person.objects.first()
    page = upload_for_dry_run(admin_client, Person, [{"slug": person.slug, "died": "2020-03"}])
    assert page.changes == {2: {"died": ("empty", "2020-03")}}
    page.confirm()
    now = Person.objects.get(pk=person.pk)
    assert (now.died, now.name, now.biography) == ("2020-03", person.name, person.biography)


def test_new_rows_are_added_each_in_its_place(soundtrack, admin_client):
    person = Person.objects.get(name="Joe Swanberg")
    new = {"person": person.slug, "role": "editor", "series": "soundtrack", "season": "1", "episode": "3"}
    page = upload_for_dry_run(admin_client, Credit, [new | {"character": "", "billing": "2"}])
    assert page.changes[2]["billing"] == (None, "2")
    page.confirm()
    credit = Credit.objects.get(person=person, role__slug="editor")
    assert (credit.episode.code, credit.billing, credit.series, credit.season) == ("s01e03", 2, None, None)


def test_a_person_without_a_slug_is_new_and_gets_one(vocabulary, admin_client):
    upload_for_dry_run(admin_client, Person, [{"slug": "", "name": "Nora Öberg", "born": "1971"}]).confirm()
    person = Person.objects.get()
    assert (person.slug, person.sort_name, person.born, person.published_at) == (
        "nora-oberg",
        "Öberg, Nora",
        "1971",
        None,
    )


def test_several_relations_are_told_and_written(soundtrack, admin_client):
    series = Series.objects.get()
    genres = sorted(series.genres.values_list("slug", flat=True))
    page = upload_for_dry_run(admin_client, Series, [{"slug": series.slug, "genres": f"{genres[0]}, western"}])
    if page.told:  # the vocabulary has no western
        assert page.told == {2: ["genres: There is no genre “western”."]}
        Genre.objects.create(name="Western")
        page = upload_for_dry_run(admin_client, Series, [{"slug": series.slug, "genres": f"{genres[0]}, western"}])
    assert page.changes == {2: {"genres": (", ".join(genres), ", ".join(sorted([genres[0], "western"])))}}
    page.confirm()
    assert set(series.genres.values_list("slug", flat=True)) == {genres[0], "western"}
    assert Change.objects.filter(edit__kind="import").exists()


def test_the_file_holds_the_list_as_it_is_narrowed(soundtrack, admin_client):
    narrowed = read_csv(export(admin_client, Credit, narrowed="?q=Swanberg"))
    assert {row["person"] for row in narrowed} == {"joe-swanberg"}
    assert len(narrowed) == Credit.objects.filter(person__slug="joe-swanberg").count()


@pytest.mark.parametrize("form", [0, 1])
def test_a_text_that_a_spreadsheet_would_take_for_a_formula_is_text_and_comes_back(db, admin_client, form):
    names = ["=1+1", "+49", "-30-", "@home", "'=quoted", "plain", "'Til"]
    for place, name in enumerate(names):
        Song.objects.create(title=name, artist="A", slug=f"song-{place}")
    content = export(admin_client, Song, form)
    if form:
        cells = [cell for row in openpyxl.load_workbook(BytesIO(content)).active.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells if cell.value in names} == {"s"}
    else:
        written = {row["title"] for row in read_csv(content)}
        assert written == {"'=1+1", "'+49", "'-30-", "'@home", "''=quoted", "plain", "'Til"}
    page = upload_for_dry_run(admin_client, Song, content, "list.xlsx" if form else "list.csv")
    assert (page.told, page.changes) == ({}, {})
