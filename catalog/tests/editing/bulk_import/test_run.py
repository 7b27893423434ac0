"""The whole import of IMDb's data files: compared with the reader of one series, resumed, refused, taken back."""

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from catalog.editing.bulk_import import principals, run
from catalog.models import (
    Change,
    Character,
    Citation,
    Credit,
    Edit,
    Episode,
    Person,
    Season,
    Series,
    Source,
)
from catalog.sources import imdb
from catalog.sources.series_claims import SourceError
from catalog.tests import factories as make
from catalog.tests.editing.bulk_import.claims_and_records import claim_lines, record_lines
from catalog.tests.editing.bulk_import.conftest import differences, rows_of_catalogue, schema

SERIES = ["tt0000001", "tt0000003", "tt0000020", "tt0000040"]
TOTALS = {"series": 4, "seasons": 4, "episodes": 6, "people": 12, "characters": 5, "credits": 27}
BASICS_HEADER = b"tconst\ttitleType\tprimaryTitle\n"
pytestmark = pytest.mark.django_db


def import_all(files, **options):
    return run.import_files(files, **options)


@pytest.mark.parametrize("series_id", SERIES)
def test_records_are_what_the_reader_of_one_series_states(empty_catalogue, imdb_files, series_id):
    import_all(imdb_files)
    stated = set(claim_lines(imdb.read_series(imdb_files, series_id)))
    left_out = {line for line in stated if "foley artist" in line}
    left_out |= {"series ended 1999", "person John Two died 1950"} & stated  # before the beginning
    assert set(record_lines(series_id)) == stated - left_out
    assert len(stated) > 2


def test_every_record_is_valid(empty_catalogue, imdb_files):
    import_all(imdb_files)
    connection.check_constraints()
    for model in apps.get_app_config("catalog").get_models():
        for record in model._base_manager.all()[:200]:
            record.full_clean()


def test_sort_texts_and_slugs_are_those_of_the_models(empty_catalogue, imdb_files):
    import_all(imdb_files)
    stored = {model: list(model.objects.order_by("pk").values()) for model in (Series, Episode, Person, Character)}
    for model in stored:
        for record in model.objects.all():
            record.save()
    assert {model: list(model.objects.order_by("pk").values()) for model in stored} == stored
    assert list(Series.objects.order_by("pk").values_list("slug", flat=True)) == [
        "night-shift",
        "short-one",
        "the-twins",
        "the-twins-2019",
    ]


def test_namesakes_get_different_slugs(empty_catalogue, imdb_files):
    import_all(imdb_files)
    people = Person.objects.filter(name__startswith="John").order_by("pk")
    assert list(people.values_list("name", "slug")) == [
        ("John Two", "john-two"),
        ("John Two", "john-two-3"),
        ("John Two 2", "john-two-2"),
        ("John Two", "john-two-4"),
    ]
    characters = Character.objects.filter(name="Ann Lee")
    assert [character.series.slug for character in characters] == ["the-twins"]


def test_what_is_left_out_is_counted(empty_catalogue, imdb_files):
    progress = import_all(imdb_files)
    assert {sentence: tuple(omission) for sentence, omission in progress.omissions.items()} == {
        "Episodes without a number of their season or in it": (1, ["tt0000014"]),
        "Episodes of series without a line in title.basics": (1, ["of tt0000009"]),
        "Episodes with a number that another one of the season has": (1, ["tt0000022"]),
        "Ends before the beginning": (2, ["tt0000020: 2005–1999", "nm0000011: 1960–1950"]),
        "Running times that are none": (1, ["tt0000021: 5000"]),
        "Dates that are none": (1, ["nm0000012: 196"]),
        "Genres that the vocabulary lacks": (1, ["Film-Noir"]),
        "Credits in roles that the vocabulary lacks": (1, ["foley artist"]),
        "Credits of people whose name is not in name.basics, or is no name": (2, ["nm0000014"]),
    }
    assert {what: progress.totals[what] for what in TOTALS} == TOTALS


def test_genres_are_those_of_the_vocabulary(empty_catalogue, imdb_files):
    import_all(imdb_files)
    genres = {series.pk: sorted(series.genres.values_list("slug", flat=True)) for series in Series.objects.all()}
    assert genres == {1: ["drama", "science-fiction"], 3: [], 20: ["comedy"], 40: ["talk-show"]}


def test_pages_show_the_import(empty_catalogue, imdb_files, client):
    import_all(imdb_files)
    for path, text in {
        "/series/night-shift/": "Night &#34;Shift&#34;",
        "/series/night-shift/s01e01/": "A One",
        "/series/night-shift/season-2/": "3 May 2002",
        "/people/john-two/": "The Twins",
        "/episodes/?director=h-eight": "Begin",
        "/series/?genre=comedy": "The Twins",
        "/search/?q=ann+lee": "Ann",
        "/sources/imdb-data-files/": "(https://www.imdb.com). Used with permission.</p>",
        "/": "The Twins",
    }.items():
        response = client.get(path)
        assert response.status_code == 200, path
        assert text in response.content.decode(), path


def test_one_edit_with_one_entry_that_cannot_be_undone(empty_catalogue, imdb_files, admin_client, editor):
    version = Change.objects.version()
    import_all(imdb_files, user=editor)
    edit = Edit.objects.get()
    assert (edit.kind, edit.by, edit.changes.count()) == ("import", "editor", 1)
    assert edit.reason.startswith("IMDb's data files: 4 series, 4 seasons, 6 episodes, ")
    assert Change.objects.filter(pk__gt=version).count() == 1
    for path, text in {
        "/admin/": "Imported from IMDb",
        "/admin/catalog/edit/": "Imported from IMDb",
        f"/admin/catalog/edit/{edit.pk}/change/": "4 series, 4 seasons, 6 episodes",
        f"/admin/catalog/edit/{edit.pk}/undo/": "Nothing would change.",
    }.items():
        assert text in admin_client.get(path).content.decode(), path


def test_the_source_states_its_terms_and_is_cited_once_for_each_record(empty_catalogue, imdb_files):
    import_all(imdb_files)
    source = Source.objects.get()
    assert "personal and non-commercial use only" in source.licence
    assert "Information courtesy of IMDb (https://www.imdb.com). Used with permission." in source.licence
    cited = [(citation.target_kind, citation.target.pk, citation.locator) for citation in Citation.objects.all()]
    expected = [("series", series.pk, f"title {series.external_ids.get().value}") for series in Series.objects.all()]
    expected += [
        ("episode", episode.pk, f"title {episode.external_ids.get().value}") for episode in Episode.objects.all()
    ]
    expected += [("person", person.pk, f"name {person.external_ids.get().value}") for person in Person.objects.all()]
    assert sorted(cited) == sorted(expected)


def test_schema_and_new_keys_afterwards(empty_catalogue, imdb_files):
    before = schema()
    import_all(imdb_files)
    assert schema() == before
    last = Person.objects.latest("pk").pk, Series.objects.latest("pk").pk
    assert make.person("New One").pk > last[0]
    assert make.series("New Series").pk > last[1]


def test_only_some_series(empty_catalogue, imdb_files):
    import_all(imdb_files, series=["tt0000003"])
    assert list(Series.objects.values_list("title", flat=True)) == ["Short One"]
    assert list(Person.objects.values_list("slug", flat=True)) == ["john-two"]
    assert set(record_lines("tt0000003")) == set(claim_lines(imdb.read_series(imdb_files, "tt0000003")))


def test_visitors_see_nothing_before_the_end(empty_catalogue, imdb_files, client):
    observations = []

    def look(stage, seconds):
        for model in (Series, Season, Episode, Person):
            assert not model.objects.published().exists()
        pages = [client.get(path) for path in ("/people/a-one/", "/series/night-shift/", "/search/?q=night")]
        observations.append(
            (stage, [page.status_code for page in pages], b"Night" in pages[2].content.split(b"<main")[1])
        )

    import_all(imdb_files, report=look)
    assert [stage for stage, *_ in observations] == [name for name, _ in run.STAGES]
    assert {tuple(codes) for _, codes, _ in observations} == {(404, 404, 200)}
    assert client.get("/people/a-one/").status_code == 200


def test_character_keys_do_not_depend_on_the_size_of_the_cache(empty_catalogue, imdb_files, monkeypatch):
    monkeypatch.setattr(principals, "MAX_CACHED_KEYS", 0)
    monkeypatch.setattr(principals, "MAX_CACHED_LISTS", 0)
    monkeypatch.setattr("catalog.sources.tsv_files.BLOCK_SIZE", 50)
    import_all(imdb_files)
    assert sorted(Character.objects.values_list("series", "name")) == [
        (1, "Cop"),
        (1, "Twin"),
        (3, 'Ann "A" Lee'),
        (20, "Ann Lee"),
        (20, "O'Hara"),
    ]


def test_credits_that_unsorted_files_repeat(empty_catalogue, imdb_files):
    path = next(path for path in imdb_files if "principals" in path.name)
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([*lines, *lines[1:], b"tt0000011\t1", b"x\t1\tnm1\tactor\t\\N\t\\N"]))
    progress = import_all(imdb_files)
    assert progress.omissions["Credits that the files have twice"][0] == 13
    assert progress.omissions["Lines of title.principals with too many or too few cells"] == (1, ["tt0000011"])
    assert Credit.objects.count() == TOTALS["credits"]


@pytest.mark.parametrize("create", [make.person, make.series, make.source, make.song])
def test_a_catalogue_with_records_is_refused(empty_catalogue, imdb_files, create):
    create()
    before = rows_of_catalogue(), schema()
    with pytest.raises(run.BulkImportRefused, match="The catalogue is not empty: it has "):
        import_all(imdb_files)
    assert differences(before) == set()


def test_a_catalogue_that_had_records_is_refused(empty_catalogue, imdb_files):
    make.person().delete()
    with pytest.raises(run.BulkImportRefused, match="The catalogue had records before"):
        import_all(imdb_files)


def test_the_vocabulary_is_needed(db, imdb_files):
    with pytest.raises(run.BulkImportRefused, match="run manage.py loaddata vocabulary first"):
        import_all(imdb_files)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("name.basics", None, "The file name.basics is missing."),
        (
            "title.basics",
            b"tconst\ttitleType\tprimaryTitle\ntt0000002\tmovie\tFilm\n",
            "no series that can be imported",
        ),
        ("title.basics", b"tconst\ttitleType\tprimaryTitle\n" + 2 * b"tt0000001\ttvSeries\tOne\n", "in two lines"),
        ("name.basics", b"nconst\tprimaryName\n\xff", "is not UTF-8 text"),
        ("name.basics", b"nconst\tprimaryName\n" + 2 * b"nm0000001\tA One\n", "nm0000001 in two lines"),
        ("title.crew", b"a\tb\n", "none of the headers"),
    ],
)
def test_files_that_cannot_be_read_change_nothing(empty_catalogue, imdb_files, name, content, message):
    before = rows_of_catalogue(), schema()
    path = next(path for path in imdb_files if path.stem == name)
    if content is None:
        imdb_files.remove(path)
    else:
        path.write_bytes(content)
    with pytest.raises((run.BulkImportRefused, SourceError), match=message):
        import_all(imdb_files)
    assert differences(before) == set()


def interrupt(files, stage):
    """Import until a stage is done."""

    def stop(name, seconds):
        if name == stage:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_all(files, report=stop)


def test_an_import_that_is_not_finished(empty_catalogue, imdb_files, tmp_path):
    with pytest.raises(run.BulkImportRefused, match="There is no import to resume"):
        import_all(imdb_files, resume=True)
    interrupt(imdb_files, "Add people")
    with pytest.raises(run.BulkImportRefused, match="An import is not finished: resume it, or take it back"):
        import_all(imdb_files)
    content = imdb_files[0].read_bytes()
    imdb_files[0].write_bytes(content + b"\n")
    with pytest.raises(run.BulkImportRefused, match="The files are not those with which the import began"):
        import_all(imdb_files, resume=True)
    imdb_files[0].write_bytes(content)
    assert import_all(imdb_files, resume=True).totals["people"] == TOTALS["people"]


def test_taking_an_import_back(empty_catalogue, imdb_files):
    before = rows_of_catalogue(), schema()
    assert not run.discard()
    for stage in ("Read titles", "Add credits", "Create indexes", "Build the search index"):
        interrupt(imdb_files, stage)
        assert Series.objects.exists() == (stage != "Read titles")
        assert run.discard()
        assert differences(before) == set()
    import_all(imdb_files)


def test_an_edit_during_the_import_is_not_overwritten(empty_catalogue, imdb_files):
    interrupt(imdb_files, "Add people")
    make.genre("Opera")
    with pytest.raises(run.BulkImportRefused, match="The catalogue was edited during the import"):
        import_all(imdb_files, resume=True)
    run.discard()


def test_two_processes_cannot_go_on_with_one_import(empty_catalogue, imdb_files):
    interrupt(imdb_files, "Add people")
    first = run.prepare(imdb_files, resume=True)
    import_all(imdb_files, resume=True)
    with pytest.raises(run.BulkImportRefused, match="Another process goes on with this import"):
        run.run_stage(first, run.STAGES[7][1])


def test_command(empty_catalogue, imdb_files, capsys):
    with pytest.raises(CommandError, match="There is no import to take back"):
        call_command("import_imdb", discard=True)
    with pytest.raises(CommandError, match="Name the data files"):
        call_command("import_imdb")
    interrupt(imdb_files, "Add series")
    call_command("import_imdb", discard=True)
    call_command("import_imdb", imdb_files[0].parent)
    output = capsys.readouterr().out
    assert "The catalogue is empty again." in output
    assert "4 series, 4 seasons, 6 episodes, " in output
    assert "Left out: Credits in roles that the vocabulary lacks: 1, such as foley artist." in output
    with pytest.raises(CommandError, match="The catalogue is not empty"):
        call_command("import_imdb", imdb_files[0].parent)
