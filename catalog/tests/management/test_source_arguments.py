"""The arguments of ``import_source``: kinds hold for what follows; a file comes before a reference."""

import gzip

import pytest

from catalog.editing.ingest import fetched_files
from catalog.fetching.fetched_text import FetchError
from catalog.management import source_arguments
from catalog.management.source_arguments import UsageError, load_files, split_arguments
from catalog.sources.series_claims import SourceError
from catalog.tests.fetching.local_service import LocalService
from catalog.tests.fetching.sample_services import TVMAZE

TABLE = "season,episode,title\n1,1,Tide\n"


@pytest.fixture
def tvmaze(monkeypatch):
    """A server that answers like TVmaze, which is asked in its place."""
    service = LocalService(TVMAZE)
    with service.running() as settings:
        monkeypatch.setattr(fetched_files, "fetch_settings", lambda: settings)
        yield service


@pytest.mark.parametrize(
    ("arguments", "pairs"),
    [
        (["tvmaze", "169"], [("tvmaze", "169")]),
        (["auto", "a.json", "b.json"], [("auto", "a.json"), ("auto", "b.json")]),
        (["table", "a.csv", "tmdb", "1396", "x"], [("table", "a.csv"), ("tmdb", "1396"), ("tmdb", "x")]),
        (["tvmaze", "./tvmaze", "tvmaze", "2"], [("tvmaze", "./tvmaze"), ("tvmaze", "2")]),
    ],
)
def test_a_kind_holds_until_the_next(arguments, pairs):
    assert list(split_arguments(arguments)) == pairs


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["a.json"], "Before “a.json” its kind is missing: auto, imdb, "),
        (["tvmaze"], "After “tvmaze” a file, an id, a title or an address has to follow."),
        (["tvmaze", "tmdb", "1"], "After “tvmaze” a file"),
        (["tvmaze", "1", "tmdb"], "After “tmdb” a file"),
    ],
)
def test_arguments_without_sense(arguments, sentence):
    with pytest.raises(UsageError) as caught:
        list(split_arguments(arguments))
    assert str(caught.value).startswith(sentence)


def test_a_file_whose_kind_is_recognised(tmp_path):
    path = tmp_path / "episodes.csv"
    path.write_text(TABLE)
    (file,), notes = load_files("auto", str(path))
    assert (file.pk, file.kind, file.file_name, file.content.decode(), notes) == (
        None,
        "table",
        "episodes.csv",
        TABLE,
        [],
    )
    assert load_files("wikipedia", str(path))[0][0].kind == "wikipedia"


def test_a_file_with_the_name_of_a_reference_is_read(tmp_path, monkeypatch, tvmaze):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "9001").write_text(TABLE)
    assert load_files("tvmaze", "9001")[0][0].file_name == "9001"
    assert tvmaze.requests == []


def test_what_is_no_file_is_fetched(tvmaze):
    files, _ = load_files("tvmaze", "tt0000001")
    assert [file.kind for file in files] == ["tvmaze", "tvmaze"]


@pytest.mark.parametrize(
    ("kind", "text", "error", "sentence"),
    [
        ("tvmaze", "show.JSON", SourceError, "There is no file “show.JSON”."),
        ("wikipedia", "~nobody/page", SourceError, "There is no file “~nobody/page”."),
        ("wikipedia", "./Night Ferry", SourceError, "There is no file “./Night Ferry”."),
        ("wikipedia", "/tmp/\x00", SourceError, "There is no file “/tmp/\x00”."),
        ("auto", "Night Ferry", UsageError, "“Night Ferry” is no file, and only tvmaze, wikipedia, wikidata, tmdb "),
        ("table", "Night Ferry", UsageError, "“Night Ferry” is no file, and only tvmaze, "),
        ("tvmaze", "404", FetchError, "“404”: TVmaze has no series with the number 404."),
        ("tvmaze", "http://www.tvmaze.com/shows/1", FetchError, "“http://www.tvmaze.com/shows/1”: This is no address"),
        ("tvmaze", "x" * 5_000, FetchError, "“xxx"),
    ],
)
def test_what_is_neither(tvmaze, kind, text, error, sentence):
    with pytest.raises(error) as caught:
        load_files(kind, text)
    assert str(caught.value).startswith(sentence)


def test_files_that_cannot_be_read(tmp_path, monkeypatch):
    packed = tmp_path / "page.gz"
    packed.write_bytes(gzip.compress(b"<html>"))
    with pytest.raises(SourceError, match="^“page.gz”: The file is compressed"):
        load_files("auto", str(packed))
    monkeypatch.setattr(source_arguments, "MAX_KEPT_SIZE", 10)
    with pytest.raises(SourceError, match="^“page.gz”: The file is larger than 0 MB"):
        load_files("auto", str(packed))
    with pytest.raises(SourceError, match="^There is no file"):
        load_files("auto", str(tmp_path))
