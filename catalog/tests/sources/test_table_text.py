"""Files with the table of a season, read without choosing a column or an encoding."""

import csv
import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest

from catalog.sources.episode_table import parse_episode_table, read_episode
from catalog.sources.table_text import read_table_text
from catalog.spreadsheet_rows import FileError

LIBREOFFICE_FILE = Path(__file__).parent / "libreoffice_season.xlsx"
HEADER = ["Season", "Episode", "No. overall", "Title", "Directed by", "Written by", "Air date", "Prod. code", "Minutes"]
TITLES = {2: "Das Café in der Straße", 3: 'Weird, "Science"', 4: "L’été à Zürich", 5: "Señor Número Ñandú"}


def title(number):
    return TITLES.get(number, f"Title {number}")


def air_date(number):
    return dt.date(2004, 9, 22) + dt.timedelta(weeks=number - 1)


def season_rows():
    """A season of 22 episodes, with letters outside ASCII."""
    return [HEADER] + [
        [
            *(1, number, number, title(number), "Zoë Ærø" if number % 2 else "François Müller"),
            *("Ann One & José Ibáñez", air_date(number).isoformat(), f"1ABC{number:02}", 45),
        ]
        for number in range(1, 23)
    ]


def csv_text(separator):
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator).writerows(season_rows())
    return stream.getvalue()


def read_season(content):
    """The claims of all rows, none of which has an error."""
    table = parse_episode_table(read_table_text(content).text)
    claims = [read_episode(table, row, position) for position, row in enumerate(table.rows, 1)]
    assert [claim.errors for claim in claims] == [[]] * 22
    return claims


def assert_is_the_season(claims):
    for number, claim in enumerate(claims, 1):
        assert claim.number == number
        assert claim.values == {
            "last_number": None,
            "overall_number": number,
            "title": title(number),
            "air_date": air_date(number).isoformat(),
            "production_code": f"1ABC{number:02}",
            "runtime": 45,
        }
        director = "Zoë Ærø" if number % 2 else "François Müller"
        people = [(credit.role, credit.name) for credit in claim.credits]
        assert people == [("director", director), ("writer", "Ann One"), ("writer", "José Ibáñez")]


@pytest.mark.parametrize(
    ("encoding", "separator", "guessed"),
    [
        ("utf-8", ",", ""),
        ("utf-8-sig", ";", ""),
        ("utf-16", "\t", ""),
        ("windows-1252", ";", "Windows-1252"),
        ("mac_roman", ",", "Mac Roman"),
    ],
)
def test_a_season_is_read_from_csv_in_any_encoding_and_separator(encoding, separator, guessed):
    content = csv_text(separator).encode(encoding)
    assert_is_the_season(read_season(content))
    assert read_table_text(content).guessed_encoding == guessed


def test_a_line_may_name_the_separator():
    assert_is_the_season(read_season(f"sep=;\r\n{csv_text(';')}".encode()))


def test_a_season_is_read_from_a_file_of_libreoffice():
    assert_is_the_season(read_season(LIBREOFFICE_FILE.read_bytes()))


def workbook(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_dates_numbers_and_line_ends_of_cells_are_read():
    rows = [["No.\noverall", "No. in\nseason", "Title", "Directed by", "Original air date", "Running time"]]
    rows += [[1, 1, 'The Man Called "Flint"', "A One\nB Two", dt.date(2019, 12, 18), dt.time(0, 45, 12)]]
    rows += [["A summary in merged cells.", None, None, None, None, None]]
    rows += [["2\n3", "2\n3", '"Night"', "Tab\tName", dt.date(2019, 12, 19), None]]
    table = parse_episode_table(read_table_text(workbook(rows)).text)
    first, second = (read_episode(table, row, position) for position, row in enumerate(table.rows, 1))
    assert first.errors == second.errors == []
    assert first.values == {
        "last_number": None,
        "overall_number": 1,
        "title": 'The Man Called "Flint"',
        "air_date": "2019-12-18",
        "runtime": 45,
    }
    assert [credit.name for credit in first.credits] == ["A One", "B Two"]
    assert (second.number, second.values["last_number"], second.values["title"]) == (2, 3, "Night")
    assert [credit.name for credit in second.credits] == ["Tab Name"]


EPGUIDES = "number,season,episode,airdate,title,link\n" + "\n".join(
    f'{number},1,{number},{air_date(number):%d %b %y},"{title(number).replace(chr(34), chr(34) * 2)}",https://a.test'
    for number in range(1, 23)
)


def test_a_season_is_read_from_csv_of_an_episode_guide():
    claims = read_season(EPGUIDES.encode())
    assert [claim.number for claim in claims] == list(range(1, 23))
    assert [claim.values["overall_number"] for claim in claims] == list(range(1, 23))
    assert [claim.values["title"] for claim in claims] == [title(number) for number in range(1, 23)]
    assert [claim.values["air_date"] for claim in claims] == [air_date(number).isoformat() for number in range(1, 23)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "neither CSV nor XLSX"),
        (b"PK\x03\x04 truncated", "cannot be read as XLSX"),
        (b"x,y\n" * 100_000, "At most 300,000 characters"),
        (workbook([["No", "Title"], [1, "=A1"]]), "Row 2: “=A1” is a formula"),
        (workbook([["No", "Title"], [1, "#N/A"]]), "Row 2: “#N/A” is an error of the spreadsheet"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content, message):
    with pytest.raises(FileError, match=message.replace("(", r"\(")):
        read_table_text(content)
