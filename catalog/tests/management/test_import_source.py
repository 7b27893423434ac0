"""The command ``import_source``: what it prints and writes, and its exit codes."""

import json

import pytest
from django.core.management import CommandError, call_command

from catalog.editing.ingest import fetched_files
from catalog.models import Change, Citation, Edit, Episode, Series, Source, SourceFile, record_edit
from catalog.tests.fetching.local_service import LocalService
from catalog.tests.fetching.sample_services import TVMAZE
from catalog.tests.sources.test_tvmaze import SHOW
from catalog.tests.sources.wikipedia_samples import EPISODE_LIST, SERIES

pytestmark = pytest.mark.django_db
TABLE = "season,episode,title,director,date\n1,1,Tide,Ada Holt,2001-09-29\n1,2,Fog,Ben Okri,2001-10-06\n"


@pytest.fixture
def folder(tmp_path, monkeypatch, vocabulary):
    """A folder with files, in which the command runs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Night_Ferry.csv").write_text(TABLE)
    (tmp_path / "Night_Ferry.wikitext").write_text(SERIES)
    (tmp_path / "List_of_Night_Ferry_episodes.wikitext").write_text(EPISODE_LIST)
    (tmp_path / "show.json").write_text(json.dumps(SHOW))
    return tmp_path


@pytest.fixture
def run(capsys):
    """Run the command: (exit code, standard output, standard error)."""

    def run_command(*arguments):
        code = 0
        try:
            call_command("import_source", *arguments)
        except SystemExit as exit:
            code = exit.code
        except CommandError as error:
            code = error.returncode
            print(error)  # noqa: T201
        output = capsys.readouterr()
        return code, output.out, output.err

    return run_command


def rows():
    """How many rows of each kind there are."""
    return [model.objects.count() for model in (Series, Episode, Citation, Source, SourceFile, Edit, Change)]


def test_a_preview_writes_nothing(folder, run):
    before = rows()
    code, out, err = run("--new", "auto", "show.json")
    assert rows() == before
    assert out.startswith("Night & Shift: not in the catalogue yet.\nSource: TVmaze (https://www.tvmaze.com/shows/9001")
    assert "Nothing was written: add --apply for that." in out
    assert (code, err) == (3, "")  # the sample states what has no place


def test_a_table_that_leaves_nothing_open(folder, run):
    series = Series.objects.create(title="Night Ferry", slug="night-ferry")
    code, out, _ = run("--series", "night-ferry", "--apply", "table", "Night_Ferry.csv")
    assert (code, list(series.seasons.values_list("number", "episodes__title"))) == (0, [(1, "Tide"), (1, "Fog")])
    assert "Added: " in out
    edit = Edit.objects.get()
    assert (edit.kind, edit.reason, edit.user) == (Edit.Kind.SOURCE, "import_source: Table in CSV or JSON", None)
    stored = SourceFile.objects.get()
    assert (stored.content.decode(), stored.file_name) == (TABLE, "Night_Ferry.csv")
    assert stored.source == Source.objects.get()
    assert Citation.objects.filter(source=stored.source).exists()


def test_the_second_run_changes_nothing(folder, run):
    arguments = ("--new", "--apply", "auto", "show.json")
    assert run(*arguments)[0] == 3
    before = rows()
    assert before[0] == 1
    code, out, _ = run(*arguments)
    assert rows() == before
    assert (code, "Nothing had to be written." in out) == (3, True)


def test_an_editors_correction_stays_and_is_listed(folder, run):
    run("--new", "--apply", "auto", "show.json")
    episode = Episode.objects.get(title="Pilot")
    with record_edit(None, "Corrected"):
        episode.title = "Begin"
        episode.save()
    before = rows()
    code, out, _ = run("--apply", "auto", "show.json")
    episode.refresh_from_db()
    assert (episode.title, code) == ("Begin", 3)
    assert "recorded “Begin”; TVmaze “Pilot”." in out
    assert rows()[1] == before[1]


def test_several_sources_of_one_series(folder, run):
    code, out, _ = run(
        *("--new", "--apply", "wikipedia", "Night_Ferry.wikitext", "List_of_Night_Ferry_episodes.wikitext"),
        *("table", "Night_Ferry.csv"),
    )
    assert code == 3
    assert Series.objects.get().title == "Night Ferry"
    assert SourceFile.objects.count() == 3
    assert Edit.objects.count() == 1
    assert "Source: Wikipedia: Night Ferry." in out


def test_a_series_that_is_fetched(folder, run, monkeypatch):
    with LocalService(TVMAZE).running() as settings:
        monkeypatch.setattr(fetched_files, "fetch_settings", lambda: settings)
        run("--new", "--apply", "tvmaze", "tt0000001")
    assert Series.objects.get().title == "Night & Shift"
    assert set(SourceFile.objects.values_list("url", flat=True)) == {
        "https://www.tvmaze.com/shows/9001",
        "https://www.tvmaze.com/seasons/31",
    }


def test_a_list_of_series_is_imported_in_one_edit(folder, run):
    other = SHOW | {"id": 9002, "name": "Day", "externals": {}, "_embedded": {}}
    (folder / "list.json").write_text(json.dumps([SHOW, other]))
    assert run("--series", "x", "auto", "list.json")[0] == 2
    code, out, _ = run("--new", "--apply", "--json", "auto", "list.json")
    assert (code, [row["title"] for row in json.loads(out)["imports"]]) == (3, ["Night & Shift", "Day"])
    assert set(Series.objects.values_list("title", flat=True)) == {"Night & Shift", "Day"}
    assert (Edit.objects.count(), SourceFile.objects.count()) == (1, 1)


def test_one_series_of_a_list_that_is_refused_leaves_nothing(folder, run):
    Series.objects.create(title="Night & Shift", slug="night-shift")
    other = SHOW | {"id": 9002, "name": "Day", "externals": {}, "_embedded": {}}
    (folder / "list.json").write_text(json.dumps([SHOW, other]))
    before = rows()
    code, out, _ = run("--apply", "auto", "list.json")
    assert (code, rows()) == (1, before)
    assert out == "No series matches “Day”: say which with --series, or add it with --new.\n"


def test_json_for_scripts(folder, run):
    code, out, err = run("--json", "--new", "auto", "show.json")
    data = json.loads(out)
    (result,) = data["imports"]
    assert (code, err, data["notes"], result["series"], result["result"]) == (3, "", [], None, None)
    assert result["counts"]["new"] > 10
    code, out, _ = run("--json", "--new", "--apply", "auto", "show.json")
    (result,) = json.loads(out)["imports"]
    assert (result["series"], result["result"]["added"]["episode"]) == (Series.objects.get().slug, 2)


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["auto", "missing.json"], 1, "There is no file “missing.json”."),
        (["auto", "show.json"], 1, "No series matches “Night & Shift”: say which with --series, or add it with --new."),
        (["--series", "nowhere", "auto", "show.json"], 1, "There is no series with the slug “nowhere”."),
        (["tmdb", "show.json"], 1, "“show.json”: The file has "),
        (["tmdb", "1396"], 1, "“1396”: TMDB needs a key: set TMDB_API_KEY in the environment of the site."),
        (["show.json"], 2, "Before “show.json” its kind is missing: "),
        (["auto"], 2, "After “auto” a file, an id, a title or an address has to follow."),
        (["imdb", "tt0000001"], 2, "“tt0000001” is no file, and only tvmaze, "),
    ],
)
def test_refusals_are_one_line(folder, run, arguments, code, sentence):
    before = rows()
    answer, out, err = run("--apply", *arguments)
    assert (answer, out.count("\n"), rows()) == (code, 1, before)
    assert (out + err).startswith(sentence)


def test_two_series_that_match_are_a_question(folder, run):
    for slug in ("first", "second"):
        Series.objects.create(title="Night & Shift", slug=slug)
    code, out, _ = run("auto", "show.json")
    assert (code, out) == (1, "Several series match (first, second): say which with --series.\n")


def test_a_table_does_not_state_the_title_of_its_series(folder, run):
    before = rows()
    refusal = "No source states the title of the series: say it with --title, or the series with --series.\n"
    assert run("--new", "--apply", "table", "Night_Ferry.csv") == (1, refusal, "")
    assert rows() == before
    run("--new", "--title", "Night Ferry", "--apply", "table", "Night_Ferry.csv")
    series = Series.objects.get()
    assert (series.title, Episode.objects.count()) == ("Night Ferry", 2)
    assert not series.citations.filter(field="title").exists()
    before = rows()
    run("--new", "--title", "Night Ferry", "--apply", "table", "Night_Ferry.csv")
    assert rows() == before
