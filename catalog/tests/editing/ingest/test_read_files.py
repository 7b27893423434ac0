"""Files into the sources of an import: which make one source, their origin, and errors that name them."""

import json

import pytest

from catalog.editing.ingest.read_files import group_files, read_every_series, read_source, read_source_files
from catalog.models import SourceFile
from catalog.sources.readers import READERS, detect_kind
from catalog.sources.series_claims import SourceError
from catalog.tests.sources.samples import SAMPLES
from catalog.tests.sources.test_tvmaze import SHOW
from catalog.tests.sources.wikipedia_samples import EPISODE_LIST, SERIES

SEASON_2 = """{{Infobox television season|season_number=2}}
{{Episode list|EpisodeNumber=4|EpisodeNumber2=1|Title=Ice|OriginalAirDate={{Start date|2002|4|4}}}}
"""
TABLE = b"season,episode,title\n1,1,Tide\n"


def json_file(kind, value, name="file.json"):
    return SourceFile.of(kind, json.dumps(value).encode(), file_name=name)


def article(title, text, **values):
    return SourceFile.of("wikipedia", text.encode(), file_name=f"{title}.wikitext", **values)


def show_in_parts():
    embedded = SHOW["_embedded"]
    show = SHOW | {"_embedded": {"seasons": embedded["seasons"]}}
    return [json_file("tvmaze", part) for part in (show, embedded["episodes"], embedded["cast"], embedded["crew"])]


def test_files_of_a_database_are_one_source_and_each_page_and_table_is_one():
    files = [*show_in_parts(), article("Night Ferry", SERIES), article("Night Ferry season 2", SEASON_2)]
    files += [SourceFile.of("table", TABLE, file_name="one.csv"), SourceFile.of("table", TABLE + b"1,2,Fog\n")]
    sources = read_source_files([files[4], *files[:4], *files[5:]])
    assert [(source.kind, len(source.files)) for source in sources] == [
        ("wikipedia", 1),
        ("tvmaze", 4),
        ("wikipedia", 1),
        ("table", 1),
        ("table", 1),
    ]
    assert len(sources[1].claims.episodes) == 3
    assert sources[1].claims.source.url == "https://www.tvmaze.com/shows/9001"


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_file_of_every_kind(kind):
    content = SAMPLES[kind].encode()
    assert detect_kind(content) == kind
    source = read_source([SourceFile.of(kind, content, file_name="List of Night Ferry episodes.txt")])
    assert (source.kind, source.files[0].content) == (kind, content)
    assert SAMPLES.keys() | {"xlsx"} == READERS.keys()


def test_a_page_has_the_title_of_its_address_or_file_and_its_revision():
    url = "https://en.wikipedia.org/wiki/Night_Ferry_(season_2)"
    sources = read_source_files(
        [article("x", SEASON_2, url=url, revision="12"), article("Night_Ferry_season_3", SEASON_2 + "\n")]
    )
    assert [(source.claims.values["title"], source.claims.source.url) for source in sources] == [
        ("Night Ferry", url),
        ("Night Ferry", ""),
    ]
    assert sources[0].claims.source.revision == "12"


def test_a_saved_file_has_the_address_that_was_given_for_it():
    url = "https://example.org/table"
    assert read_source([SourceFile.of("table", TABLE, url=url)]).claims.source.url == url


def test_a_page_that_is_read_too_is_not_told_as_missing():
    listed = article("List of Night Ferry episodes", "{{:night Ferry season 2}}{{:Night Ferry season 3}}")
    sources = read_source_files([listed, article("Night_Ferry_season_2", SEASON_2)])
    missing = [sentence for sentence in sources[0].claims.unmapped if "page of their own" in sentence]
    assert missing == ["The episodes of “Night Ferry season 3” are on a page of their own, which has to be read too."]


def test_a_file_of_several_series_gives_a_source_for_each():
    other = SHOW | {"id": 9002, "name": "Day", "externals": {}, "_embedded": {}}
    file = json_file("tvmaze", [SHOW, other], "list.json")
    assert [source.claims.values["title"] for source in read_every_series(file)] == ["Night & Shift", "Day"]
    with pytest.raises(SourceError, match="“list.json”: The file is about 2 series"):
        read_source([file])


def test_a_file_whose_format_has_one_series_gives_one_source():
    assert len(read_every_series(article("Night Ferry", EPISODE_LIST))) == 1


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([json_file("tvmaze", {}, "a.json"), json_file("tvmaze", [], "b.json")], "“a.json”, “b.json”: The file has no"),
        ([SourceFile.of("tvmaze", b"", file_name="empty.json")], "“empty.json”: The file is empty, or was too large"),
        ([SourceFile.of("film", b"{}", file_name="film.json")], "“film.json”: There is no reader for this kind"),
    ],
)
def test_an_error_names_the_files(files, sentence):
    with pytest.raises(SourceError) as caught:
        read_source_files(files)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"<html>"])
def test_a_file_without_any_series(content):
    with pytest.raises(SourceError, match="^“list.json”: The"):
        read_every_series(SourceFile.of("tvmaze", content, file_name="list.json"))


def test_of_equal_files_one_is_read():
    files = [SourceFile.of("table", TABLE, file_name=name) for name in ("one.csv", "two.csv")]
    assert [[file.file_name for file in group] for group in group_files(files)] == [["one.csv"]]


def test_groups_are_in_the_order_of_their_first_file():
    files = [SourceFile.of(kind, f"{kind}{part}".encode()) for part in "ab" for kind in ("table", "tmdb")]
    assert [[file.kind for file in group] for group in group_files(files)] == [["table"], ["tmdb", "tmdb"], ["table"]]


@pytest.mark.django_db
def test_equal_files_are_one_row():
    first = SourceFile.of("table", TABLE, file_name="one.csv", url="https://example.org/").stored()
    again = SourceFile.of("table", TABLE, file_name="two.csv").stored()
    assert (first.pk, first.file_name, first.content) == (again.pk, "one.csv", TABLE)
    assert SourceFile.keep("table", TABLE) == first
