"""IMDb's data files: samples of our own, and real files where they are."""

import gzip
import tracemalloc

import pytest

from catalog.sources import imdb
from catalog.sources.readers import detect_kind
from catalog.sources.series_claims import OtherTitle, SourceError
from catalog.tests.sources.claim_summary import credit_line, episode_line
from catalog.tests.sources.real_files import FOLDER, needs_real_files

BASICS = r"""
tconst titleType primaryTitle originalTitle isAdult startYear endYear runtimeMinutes genres img_url_asset
tt0000001 tvSeries Night_"Shift" Nachtschicht 0 2001 2004 42 Drama,Sci-Fi \N
tt0000002 movie A_Film A_Film 0 2001 \N 90 Drama \N
tt0000011 tvEpisode "Begin" "Begin" 0 2001 \N 60 Drama \N
tt0000012 tvEpisode Episode_#1.2 Episode_#1.2 0 2001 \N \N Drama \N
tt0000013 tvEpisode Episode_dated_3_May_2002 Episode_dated_3_May_2002 0 2002 \N \N \N \N
tt0000014 tvEpisode Lost Lost 0 \N \N \N \N \N
tt0000003 tvMiniSeries Short_One Short_One 0 2010 2010 \N \N \N
tt0000031 tvEpisode Only Only 0 2010 \N \N \N \N
"""
EPISODES = r"""
tconst parentTconst seasonNumber episodeNumber
tt0000012 tt0000001 1 2
tt0000011 tt0000001 1 1
tt0000013 tt0000001 2 1
tt0000014 tt0000001 \N \N
tt0000031 tt0000003 1 1
tt0000099 tt0000009 1 1
"""
PRINCIPALS = r"""
tconst ordering nconst category job characters
tt0000001 1 nm0000001 actor \N ["Cop","Twin"]
tt0000001 2 nm0000002 producer executive_producer \N
tt0000011 1 nm0000001 actor \N ["Cop_(voice)"]
tt0000011 2 nm0000003 self \N "[""Self""]"
tt0000011 3 nm0000002 writer created_by \N
tt0000011 4 nm0000004 writer story \N
tt0000011 5 nm0000005 cinematographer director_of_photography \N
tt0000011 6 nm0000006 writer dialogue \N
tt0000011 7 nm0000007 writer based_on_the_novel_by \N
tt0000011 8 nm0000009 foley_artist \N \N
"""
CREW = r"""
tconst directors writers
tt0000011 nm0000008 nm0000002,nm0000004,nm0000008
tt0000012 nm0000008,nm0000001 \N
"""
NAMES = r"""
nconst primaryName birthYear deathYear primaryProfession knownForTitles
nm0000001 A_One 1950 2010 actor \N
nm0000002 B_Two \N \N \N \N
nm0000003 C_Three \N \N \N \N
nm0000004 D_Four \N \N \N \N
nm0000005 E_Five \N \N \N \N
nm0000006 F_Six \N \N \N \N
nm0000007 G_Seven \N \N \N \N
nm0000008 H_Eight \N \N \N \N
"""
AKAS = r"""
titleId ordering title region language types attributes isOriginalTitle
tt0000001 1 Nachtschicht \N \N original \N 1
tt0000001 2 Night_Job GB \N working \N 0
tt0000001 3 Ночь RU ru imdbDisplay literal_title 0
tt0000011 1 Los DE \N \N \N 0
"""


def tsv(text):
    """A file of cells that are separated by spaces and have “_” for a space."""
    return text.lstrip().replace(" ", "\t").replace("_", " ").encode()


FILES = [tsv(text) for text in (BASICS, EPISODES, PRINCIPALS, CREW, NAMES, AKAS)]
EXPECTED_CREDITS = [
    "cast: A One as Cop (voice)",
    "cast: C Three (as themselves)",
    "story: D Four",
    "cinematographer: E Five",
    "writer: F Six (dialogue)",
    "based-on: G Seven (based on the novel by)",
    "director: H Eight",
    "writer: H Eight",
]


def test_a_series_of_the_files():
    claims = imdb.read_series(FILES, "tt0000001")
    assert claims.values == {
        **{"title": 'Night "Shift"', "premiered": "2001", "ended": "2004", "runtime_min": 42, "runtime_max": 42}
    }
    assert claims.lists == {"genres": ["Drama", "Sci-Fi"]}
    assert claims.external_ids == (("imdb", "tt0000001"),)
    assert claims.source.url == "https://www.imdb.com/title/tt0000001/"
    assert claims.other_titles == [
        OtherTitle("Nachtschicht", "original"),
        OtherTitle("Night Job", "working", note="GB"),
        OtherTitle("Ночь", "also", "ru", "RU, literal title"),
    ]
    assert [credit_line(credit) for credit in claims.credits] == [
        "cast: A One as Cop (some)",
        "cast: A One as Twin (some)",
        "executive-producer: B Two",
        "creator: B Two",
    ]
    assert [season.number for season in claims.seasons] == [1, 2]


def test_episodes_of_the_files():
    claims = imdb.read_series(FILES, "tt0000001")
    assert list(map(episode_line, claims.episodes)) == [
        '1x01 "Begin" 2001 60',
        "1x02 Episode #1.2 2001",
        "2x01 Episode dated 3 May 2002 2002-05-03",
    ]
    first, second, third = claims.episodes
    assert list(map(credit_line, first.claim.credits)) == EXPECTED_CREDITS
    assert list(map(credit_line, second.claim.credits)) == ["director: H Eight", "director: A One"]
    assert [first.claim.doubtful, second.claim.doubtful, third.claim.doubtful] == [set(), {"title"}, {"title"}]
    assert first.other_titles == [OtherTitle("Los", note="DE")]
    assert first.locator == "IMDb title tt0000011"
    one = first.people[0]
    assert (one.name, one.external_ids) == ("A One", (("imdb", "nm0000001"),))
    assert dict(one.values) == {"born": "1950", "died": "2010"}


def test_what_has_no_place_is_listed():
    assert imdb.read_series(FILES, "tt0000001").unmapped == [
        "The episode Lost (tt0000014) has no number of its season or no number in it, so it is left out.",
        "The names of 1 people are not in the files, so they are left out: nm0000009.",
    ]
    claims = imdb.read_series(FILES, "tt0000009")
    assert list(map(episode_line, claims.episodes)) == ["1x01"]
    assert claims.unmapped == [
        "The files have no facts about the series tt0000009, only about its episodes.",
        "The files have the number of tt0000099, but not its title.",
    ]


def test_endless_rows_are_limited(monkeypatch):
    titles = b"titleId\ttitle\n" + b"".join(b"tt0000001\tTitle %d\n" % number for number in range(600))
    assert len(imdb.read_series([FILES[0], titles], "tt0000001").other_titles) == 601
    monkeypatch.setattr("catalog.sources.imdb_tables.MAX_ROWS", 500)
    for read in (lambda files: imdb.read_series(files, "tt0000001"), lambda files: list(imdb.read_all(files))):
        with pytest.raises(SourceError, match=r"title\.akas has more than 500 rows of one series\."):
            read([FILES[0], titles])


def test_every_series_is_the_same_alone():
    every = list(imdb.read_all([gzip.compress(file) for file in FILES]))
    ids = ["tt0000001", "tt0000003", "tt0000009"]
    assert every == [imdb.read_series(FILES, series_id) for series_id in ids]


def test_files_may_be_packed_or_paths(tmp_path):
    paths = []
    for number, file in enumerate(FILES):
        paths.append(tmp_path / f"{number}.tsv.gz")
        paths[-1].write_bytes(gzip.compress(file.replace(b"\n", b"\r\n")))
        assert detect_kind(paths[-1].read_bytes()) == detect_kind(file) == "imdb"
    assert imdb.read_series(paths, "tt0000001") == imdb.read_series(FILES, "tt0000001")


@pytest.mark.parametrize(
    ("files", "series_id", "message"),
    [
        (FILES, "", "The files have several series: say which by its id."),
        (FILES, "1", "“1” is no id of an IMDb title, such as tt0000001."),
        (FILES, "tt0000002", "tt0000002 is no series: IMDb says “movie”."),
        (FILES, "tt0000004", "The files have nothing about tt0000004."),
        (FILES[2:], "", "The files have no series: choose others."),
        ([FILES[0], FILES[0]], "tt0000001", "There are two files of the kind title.basics: choose one."),
        ([b"a\tb\n"], "tt0000001", "The file has none of the headers of IMDb's data files."),
        ([gzip.compress(FILES[0])[:-30]], "tt0000001", "is damaged or ends too early: download it again."),
        ([FILES[0].replace(b"2004", "é".encode("latin-1"))], "tt0000001", "is not UTF-8 text"),
        ([FILES[0] + b"x" * 2_200_000], "tt0000001", "has a line of more than 1 MB"),
        ([gzip.compress(FILES[0] + b"x\n" * 6_000_000)], "tt0000001", "unpacks to more than 60 times its size"),
    ],
)
def test_files_that_are_refused(files, series_id, message):
    with pytest.raises(SourceError, match=message.replace(".", r"\.")):
        imdb.read_series(files, series_id)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(SourceError, match=r"none\.tsv cannot be read: No such file or directory\."):
        imdb.read_series([tmp_path / "none.tsv"], "tt0000001")


def test_memory_does_not_grow_with_the_file(tmp_path):
    path = tmp_path / "principals.tsv"
    line = b"tt0000777\t1\tnm0000001\tactor\t\\N\t\\N\n"
    path.write_bytes(FILES[2] + line * 150_000)  # 5 MB
    tracemalloc.start()
    imdb.read_series([*FILES[:2], path, *FILES[3:]], "tt0000001")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3_000_000


REAL_SETS = {"ntuaflix": (59, 135, 15), "tiny": (4, 3, 2)}


@needs_real_files
@pytest.mark.parametrize("name", REAL_SETS)
def test_real_files(name):
    series_count, episode_count, unplaced_count = REAL_SETS[name]
    every = list(imdb.read_all(sorted((FOLDER / "imdb").glob(f"{name}_*.tsv"))))
    assert len(every) == series_count
    assert sum(len(claims.episodes) for claims in every) == episode_count
    sentences = [sentence for claims in every for sentence in claims.unmapped]
    assert sum("only about its episodes" in sentence for sentence in sentences) == series_count
    assert sum("no number of its season" in sentence for sentence in sentences) == unplaced_count


@needs_real_files
def test_real_people():
    files = sorted((FOLDER / "imdb").glob("ntuaflix_*.tsv"))
    claims = imdb.read_series(files, "tt0298685")
    episode = next(episode for episode in claims.episodes if ("imdb", "tt0073481") in episode.external_ids)
    assert episode_line(episode) == "1x04 Old Times 1991 78"
    assert list(map(credit_line, episode.claim.credits))[0] == "cast: John Malkovich as Deeley"
    assert [credit_line(claim) for claim in episode.claim.credits if claim.role != "cast"] == [
        "director: Simon Curtis",
        "based-on: Harold Pinter (play)",
        "composer: Jeremy Sams",
        "editor: Stan Pow",
        "production-designer: Barbara Gosnold",
    ]
