"""Tables with the episodes of a whole series: samples of our own, and real files where they are."""

import io
import json

import openpyxl
import pytest

from catalog.sources.readers import READERS, detect_kind
from catalog.sources.series_claims import OtherTitle, SourceError
from catalog.sources.series_table import read_series
from catalog.tests.sources.claim_summary import credit_line, episode_line
from catalog.tests.sources.real_files import needs_real_files, read_file

HEADERS = ["Series", "Season", "Episode", "Title", "Directed by", "Written by", "Staff writer", "Air date", "Viewers"]
ROWS = [
    ["Night Shift", 1, 1, "Begin", "A One", "B Two & C Three", "D Four", "February 3, 2001(2001-02-03)", "1.2"],
    ["Night Shift", 1, "2–3", 'Middle"Part of it"', "A One; E Five", "Story by:B TwoTeleplay:C Three", "", "2001", ""],
    ["Night Shift", "Specials", 1, "Extra", "A One", "C ThreeB Two", "", "", ""],
    ["Night Shift", 2, 1, 'The "Weird" End', "A One", "Part 1: B TwoPart 2: B Two & C Three", "", "2002-01-05", ""],
]
EXPECTED = ["1x01 Begin 2001-02-03", '1x02 Middle"Part of it" 2001', "0x01 Extra", '2x01 The "Weird" End 2002-01-05']


def workbook(rows):
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


def csv_text(rows):
    return "\n".join(",".join('"{}"'.format(str(cell).replace('"', '""')) for cell in row) for row in rows)


FILES = {
    "csv": csv_text([HEADERS, *ROWS]).encode(),
    "xlsx": workbook([HEADERS, *ROWS]),
    "json": json.dumps([dict(zip(HEADERS, row, strict=True)) for row in ROWS]).encode(),
}


@pytest.mark.parametrize("name", FILES)
def test_a_series_in_a_table(name):
    data = FILES[name]
    kind = detect_kind(data)
    assert kind == ("xlsx" if name == "xlsx" else "table")
    claims = READERS[kind].read_series(data)
    assert claims.values == {"title": "Night Shift"}
    assert list(map(episode_line, claims.episodes)) == EXPECTED
    assert [season.number for season in claims.seasons] == [0, 1, 2]
    assert claims.episodes[1].claim.values["last_number"] == 3
    assert claims.unmapped == ["The column “Viewers” has no place, so it is left out."]
    assert [list(map(credit_line, episode.claim.credits)) for episode in claims.episodes] == [
        ["director: A One", "writer: B Two", "writer: C Three", "staff-writer: D Four"],
        ["director: A One", "director: E Five", "story: B Two", "teleplay: C Three"],
        ["director: A One", "writer: C Three", "writer: B Two"],
        ["director: A One", "writer: B Two (part 1, part 2)", "writer: C Three (part 2)"],
    ]
    first = claims.episodes[0]
    assert [person.name for person in first.people] == ["A One", "B Two", "C Three", "D Four"]
    assert first.claim.credits[1].team == first.claim.credits[2].team is not None
    assert claims.episodes[2].claim.notes == ["“C ThreeB Two” is read as 2 names."]
    assert first.locator == "row 2"


@pytest.mark.parametrize(
    ("title", "titles"),
    [
        ('Begin"The Start"Pilot', ["Begin", "The Start", "Pilot"]),
        ('The "Weird" End', ['The "Weird" End']),
        ('The Old Man and the C" Student', ['The Old Man and the C" Student']),
        ('"Weird" Science', ['"Weird" Science']),
    ],
)
def test_titles_glued_to_their_alternatives(title, titles):
    episode = read_series(csv_text([["season", "episode", "title"], [1, 1, title]])).episodes[0]
    assert [episode.claim.values["title"], *(other.title for other in episode.other_titles)] == titles
    assert all(isinstance(other, OtherTitle) for other in episode.other_titles)


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        (["Dan McGrathand Bill Can", "Dan McGrath"], ["Dan McGrath", "Bill Can"]),
        (["Kim OneJo TwoAl Three", "Jo Two", "Kim One"], ["Kim One", "Jo Two", "Al Three"]),
        (["Kim OneJo Two", "Al Three"], ["Kim OneJo Two"]),
        (["Dan McGrath andPeter DeVito", "X Y"], ["Dan McGrath", "Peter DeVito"]),
        (["Roland Barthes", "Rol X"], ["Roland Barthes"]),
    ],
)
def test_names_glued_to_each_other(cells, names):
    rows = [["season", "episode", "writer"], *([1, number, cell] for number, cell in enumerate(cells, 1))]
    assert [credit.name for credit in read_series(csv_text(rows)).episodes[0].claim.credits] == names


SEASONS = {
    "in the number": (["number", "title"], ["S01E02", "S02E01", "3x04"], ["1x02 A", "2x01 A", "3x04 A"]),
    "starting again": (["number", "title"], ["1", "2", "1"], ["1x01 A", "1x02 A", "2x01 A"]),
    "without numbers": (["season", "title"], ["1", "2", "2"], ["1x01 A", "2x01 A", "2x02 A"]),
}


@pytest.mark.parametrize("name", SEASONS)
def test_seasons_are_made(name):
    headers, cells, lines = SEASONS[name]
    claims = read_series(csv_text([headers, *([cell, "A"] for cell in cells)]))
    assert list(map(episode_line, claims.episodes)) == lines


def test_cells_that_cannot_be_read_are_listed():
    rows = [[1, 1, "A", "5/6/2019"], ["x", 2, "B", ""], [1, 1, "C", ""], [1, "b", "D", ""], [1, 4, "E", "2019-31-31"]]
    claims = read_series(csv_text([["season", "episode", "title", "date"], *rows]))
    assert list(map(episode_line, claims.episodes)) == ["1x01 A", "1x04 E"]
    assert claims.unmapped == [
        "Row 2: “5/6/2019” could be two dates: write the month as a word or choose “Air date, day first” or “Air date,"
        " month first” for the column.",
        "Row 3: “x” is not a season number.",
        "Row 4: season 1 has episode 1 in row 2 already.",
        "Row 5: “b” is not an episode number.",
        "Row 6: “2019-31-31” is not a date.",
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (csv_text([["show", "season", "title"], ["A", 1, "x"], ["B", 1, "x"]]), "The table has 2 series"),
        ('[{"season": 1, "title": "A"}, {"season": 1', "The JSON file ends too early"),
        (json.dumps([{f"key {number}": 1} for number in range(2_000)]), "The JSON rows have 2000 different keys"),
        ("[1, 2]", "The JSON file is no list of rows."),
        (b"PK\x03\x04" + b"x" * 100, "The file cannot be read as XLSX."),
        (
            "season,episode,title\nx,2,y\n1,b,y\n",
            "The table has no rows of episodes. Row 2: “x” is not a season number.",
        ),
        (csv_text([["season", "title"], *([1, "A"] for _ in range(5_001))]), "At most 5000 rows at once"),
        (workbook([["season", "title"], [1, "=1+1"]]), "is a formula: replace it by its value."),
    ],
)
def test_tables_that_are_refused(data, message):
    with pytest.raises(SourceError, match=message.replace(".", r"\.").replace("+", r"\+")):
        read_series(data)


REAL_FILES = {
    "the_golden_girls": (173, 7, "1x01 The Engagement 1985-09-14", ["director: Jay Sandrich", "writer: Susan Harris"]),
    "seinfeld": (
        *(171, 9, "1x02 The Stake Out 1990-05-31"),
        ["director: Tom Cherones", "writer: Larry David", "writer: Jerry Seinfeld"],
    ),
    "the_simpsons": (
        *(596, 27, "14x08 The Dad Who Knew Too Little 2003-01-12"),
        ["director: Mark Kirkland", "writer: Matt Selman"],
    ),
    "the_office_us_directors_writers": (
        *(186, 9, "1x01"),
        ["director: Ken Kwapis", "writer: Ricky Gervais", "writer: Stephen Merchant", "writer: Greg Daniels"],
    ),
}


@needs_real_files
@pytest.mark.parametrize("name", REAL_FILES)
def test_real_tables(name):
    episode_count, season_count, line, credits = REAL_FILES[name]
    data = read_file(f"tables/{name}.csv")
    assert detect_kind(data) == "table"
    claims = read_series(data)
    assert (len(claims.episodes), len(claims.seasons)) == (episode_count, season_count)
    assert set(claims.unmapped) <= {"The column “id” has no place, so it is left out."}
    episode = next(episode for episode in claims.episodes if episode_line(episode) == line)
    assert list(map(credit_line, episode.claim.credits)) == credits
    assert not [note for episode in claims.episodes for note in episode.claim.notes if "may be more than one" in note]
