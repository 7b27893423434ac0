"""Episode tables as people paste them: from a spreadsheet, a web page, a file; with a header or without."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.sources.claims import CreditClaim
from catalog.sources.episode_columns import COLUMN_LABELS
from catalog.sources.episode_table import parse_episode_table, read_episode
from catalog.sources.table_rows import MAX_TABLE_ROWS, TableError

ROWS = [["1", "One", "2019-12-18"], ["2", "Two", "2019-12-19"]]


@pytest.mark.parametrize(
    "text",
    [
        "1\tOne\t2019-12-18\n2\tTwo\t2019-12-19\n",
        "1,One,2019-12-18\r\n2,Two,2019-12-19",
        '1;"One";2019-12-18\n\n2;"Two";2019-12-19',
        "1 | One | 2019-12-18\n2 | Two | 2019-12-19",
        "| 1 | One | 2019-12-18 |\n|---|:--|---|\n| 2 | Two | 2019-12-19 |",
        '1\t"One"\t2019-12-18[3]\n2\t"Two"\t2019-12-19',
    ],
)
def test_cells_are_separated_by_tabs_commas_semicolons_or_bars(text):
    table = parse_episode_table(text)
    assert table.rows == ROWS
    assert table.columns == ["number", "title", "date"]
    assert table.headers == []


def test_a_header_names_the_columns_in_any_order():
    header = "No. overall\tNo. in season\tTitle\tDirected by\tWritten by\tOriginal release date\tProd. code\t"
    header += "Running time\tViewers"
    table = parse_episode_table(header + "\n" + "\t".join("123456789"))
    assert table.columns == ["overall", "number", "title", "director", "writer", "date", "code", "runtime", ""]
    assert table.rows == [list("123456789")]


def test_without_a_header_the_columns_are_guessed_from_their_cells():
    text = "1\tOne\tTi West\tLauren Yee\tDecember 18, 2019\t1ABC01\t45 min\n2\tTwo\tTi West\t\tTBA\t1ABC02\t50 min"
    assert parse_episode_table(text).columns == ["number", "title", "director", "writer", "date", "code", "runtime"]


def test_given_columns_are_used_if_they_are_valid():
    assert parse_episode_table("a\tb\nc\td", ["director", "title"]).columns == ["director", "title"]
    assert parse_episode_table("a\tb\nc\td", ["director", "nonsense"]).columns == ["title", "director"]


def test_a_quoted_cell_may_have_line_breaks_and_an_unclosed_quotation_mark_is_text():
    assert parse_episode_table('1\t"One\nmore"\n2\tTwo').rows == [["1", "One\nmore"], ["2", "Two"]]
    assert parse_episode_table('1\t"One\tA\n2\tTwo\tB').rows == [["1", '"One', "A"], ["2", "Two", "B"]]


@pytest.mark.parametrize(
    "text", ["", " \n\t\n", "one\ntwo", "\t".join("x" * 30), "a,b\n" * (MAX_TABLE_ROWS + 1), "x,y" * 200_000]
)
def test_a_text_that_is_no_table_or_is_too_long_is_an_error(text):
    with pytest.raises(TableError):
        parse_episode_table(text)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from('ab1,;\t|"\n\r -\x00\x85\u2028'), max_size=80))
def test_any_text_is_a_table_or_a_table_error(text):
    try:
        table = parse_episode_table(text)
    except TableError:
        return
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert set(table.columns) <= set(COLUMN_LABELS)


def test_a_row_is_read_as_a_claim_about_an_episode():
    header = "No. overall\tNo.\tTitle\tDirected by\tWritten by\tAir date\tProd. code\tLength\n"
    table = parse_episode_table(header + '13\tS02E03–04\t"One"\tTi West\tA One & B Two\tMay 2019\t1A01\t45 min')
    claim = read_episode(table, table.rows[0], 1)
    assert claim.number == 3
    assert claim.values == {
        "last_number": 4,
        "overall_number": 13,
        "title": "One",
        "air_date": "2019-05",
        "production_code": "1A01",
        "runtime": 45,
    }
    assert claim.credits == [
        CreditClaim("director", "Ti West"),
        CreditClaim("writer", "A One", team="writer-0"),
        CreditClaim("writer", "B Two", team="writer-0"),
    ]
    assert claim.errors == []


def test_a_row_lists_everything_that_cannot_be_read():
    table = parse_episode_table("No\tDate\tMinutes\tDirector\n1\t5/6/2019\tlong\t!!!\nx\t\t\t")
    first, second = (read_episode(table, row, position) for position, row in enumerate(table.rows, 1))
    assert first.errors == [
        "“5/6/2019” could be two dates: write the month as a word"
        " or choose “Air date, day first” or “Air date, month first” for the column.",
        "“long” is not a running time in minutes.",
        "“!!!” is not a name.",
    ]
    assert (second.number, second.errors) == (None, ["“x” is not an episode number."])


def test_without_a_column_of_numbers_episodes_are_numbered_by_their_rows():
    table = parse_episode_table("Title\tDirector\nOne\tTi West\nTwo\tTi West")
    assert [read_episode(table, row, position).number for position, row in enumerate(table.rows, 1)] == [1, 2]


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("Season,Episode,Title", ["season", "number", "title"]),
        ("No.,No. in season,Title", ["overall", "number", "title"]),
        ("number,season,episode,airdate,title", ["overall", "season", "number", "date", "title"]),
        ("serial_title,episode_number,episode_title", ["", "number", "title"]),
        ("Show title,Title,No.", ["", "title", "number"]),
        ("Series #,Season #,Title", ["overall", "number", "title"]),
        ("Season no.,Episode no.,Name", ["season", "number", "title"]),
        ("Production date,Original air date,Prod. code,Title", ["", "date", "code", "title"]),
        ("S,E,Title,Aired", ["season", "number", "title", "date"]),
        ("S#,Ep,Title,Broadcast date", ["season", "number", "title", "date"]),
        ("Ep.,Production date,Date of transmission", ["number", "", "date"]),
    ],
)
def test_the_most_specific_header_names_a_column(header, columns):
    row = ",".join("123456789"[: len(columns)])
    assert parse_episode_table(f"{header}\n{row}").columns == columns


def test_a_column_of_titles_is_not_the_number_because_its_header_is_episode():
    assert parse_episode_table("No.\tEpisode\tAired\n1\tPilot\t2019").columns == ["number", "title", "date"]


def test_a_season_column_chooses_rows():
    table = parse_episode_table("Season,Episode,Title\n1,1,A\n2,1,B\nSeason 2,2,C\nS02,3,D\n3,1,E\nx,4,F")
    assert [(number, row[-1]) for number, row in table.rows_of_season(2)] == [(2, "B"), (3, "C"), (4, "D"), (6, "F")]
    assert read_episode(table, table.rows[5], 6).errors == ["“x” is not a season number."]
    assert [number for number, _ in parse_episode_table("No,Title\n1,A\n2,B").rows_of_season(9)] == [1, 2]


def claims_of(text):
    """Read all rows of a table."""
    table = parse_episode_table(text)
    return [read_episode(table, row, position) for position, row in enumerate(table.rows, 1)]


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        (
            "No\tTitle\tDirector\tDate\n1\tA\tTi West\t2019\n2\tB\t2020",
            "This row has 3 cells, but the header has 4.",
        ),
        ("No,Title,Date\n1,A,2019\n2,B, C,2020", "This row has 4 cells, but the header has 3."),
        ("| No | Title | Date |\n| 1 | A | |\n| 2 | B |", "This row has 2 cells, but the header has 3."),
        ("1\tA\t2019\n2\t2020\n3\tC\t2021", "This row has 2 cells, but most rows have 3."),
    ],
)
def test_a_row_with_another_number_of_cells_is_an_error(text, errors):
    claims = claims_of(text)
    assert claims[0].errors == []
    assert claims[1].errors == [errors]


def test_empty_cells_beyond_the_header_are_no_error():
    assert [claim.errors for claim in claims_of("No,Title,,\n1,A,,\n2,B,,,\n3,C")] == [[], [], []]


@pytest.mark.parametrize("cell", ["2019-12-18", "December 18, 2019", "5/6/2019", "A One, 2019"])
def test_a_date_is_never_a_person(cell):
    (claim,) = claims_of(f"No\tTitle\tDirector\n1\tA\t{cell}")
    assert [credit.name for credit in claim.credits if credit.name != "A One"] == []
    assert len(claim.errors) == 1
    assert "is not a name." in claim.errors[0]


def test_a_person_is_never_a_date():
    (claim,) = claims_of("No\tTitle\tAir date\n1\tA\tTi West")
    assert claim.errors == ["“Ti West” is not a date."]


@pytest.mark.parametrize(("header", "number", "overall"), [("Nr. ges.\tNr. st.", 1, 47), ("#\tNo.", 1, 47)])
def test_an_overall_number_is_not_less_than_the_number_in_the_season(header, number, overall):
    claims = claims_of(f"{header}\tTitle\n47\t1\tA\n48\t2\tB")
    assert (claims[0].number, claims[0].values["overall_number"]) == (number, overall)
    assert (claims[1].number, claims[1].values["overall_number"]) == (number + 1, overall + 1)


@pytest.mark.parametrize("placeholder", ["TBA", "TBD", "N/A", "NA", "—"])
def test_placeholders_are_not_known_in_every_column(placeholder):
    header = "No.\tNo. overall\tTitle\tDirector\tWriter\tAir date\tProd. code\tLength\n"
    (claim,) = claims_of(header + "\t".join(["1", *[placeholder] * 7]))
    assert not any(claim.values.values())
    assert claim.credits == []
    assert claim.errors == []


@pytest.mark.parametrize("title", ["Unknown", "None", '"Unknown"', "?", "To be determined", "Various"])
def test_a_title_that_may_be_a_placeholder_is_doubtful(title):
    (claim,) = claims_of(f"No\tTitle\n1\t{title}")
    assert claim.values["title"] == title.strip('"')
    assert claim.doubtful == {"title"}


@pytest.mark.parametrize(
    "title",
    ['"Weird" Science', 'The Man Called "Flint"', "[REDACTED]", "Rick [Untitled] Two", '"Yes" and "No"'],
)
@pytest.mark.parametrize("separator", ["\t", ";"])
def test_pasting_keeps_marks_inside_titles(title, separator):
    (claim,) = claims_of(f"No{separator}Title{separator}Date\n1{separator}{title}{separator}2019")
    assert claim.values["title"] == title


def test_quotation_marks_of_a_file_enclose_cells():
    text = 'No,Title,Date\n1,"One, Two","December 18, 2019"\n2,"The Man Called ""Flint""",2019\n3,"Weird" Science,2020'
    assert [claim.values["title"] for claim in claims_of(text)] == [
        "One, Two",
        'The Man Called "Flint"',
        '"Weird" Science',
    ]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("S1.E22", (22, None)),
        ("S01E31E32", (31, 32)),
        ("S02E07-S02E08", (7, 8)),
        ("S1 E2", (2, None)),
        ("\u200b7", (7, None)),
        ("2\n3", (2, 3)),
    ],
)
def test_more_spellings_of_episode_numbers(text, numbers):
    cell = f'"{text}"'
    (claim,) = claims_of(f"Episode\tTitle\n{cell}\tA")
    assert (claim.number, claim.values["last_number"]) == numbers


def test_a_range_of_running_times_is_reported_and_left_empty():
    (claim,) = claims_of("No\tTitle\tMinutes\n1\tA\t44–47 minutes")
    assert claim.errors == []
    assert claim.notes == ["“44–47 minutes” is left empty: one running time is needed."]
    assert "runtime" not in claim.values


def test_the_order_of_ambiguous_dates_is_chosen_for_the_whole_column():
    text = "No\tTitle\tAir date\n1\tA\t03/04/2019\n2\tB\t04/04/2019\n3\tC\t05/04/2019"
    assert claims_of(text)[0].errors == [
        "“03/04/2019” could be two dates: write the month as a word"
        " or choose “Air date, day first” or “Air date, month first” for the column."
    ]
    for column, dates in (
        ("date_day_first", ["2019-04-03", "2019-04-04", "2019-04-05"]),
        ("date_month_first", ["2019-03-04", "2019-04-04", "2019-05-04"]),
    ):
        table = parse_episode_table(text, ["number", "title", column])
        assert [read_episode(table, row, 1).values["air_date"] for row in table.rows] == dates


def test_writers_may_have_roles_of_their_own():
    (claim,) = claims_of("No\tTitle\tWriter\n1\tA\tA One & B Two (story), C Three (teleplay), D Four")
    assert [(credit.role, credit.name) for credit in claim.credits] == [
        ("story", "A One"),
        ("story", "B Two"),
        ("teleplay", "C Three"),
        ("writer", "D Four"),
    ]


ENCYCLOPEDIA = """No.
overall\tNo. in
season\tTitle
1\t1\t"Pilot"
The plane falls.
2
3\t2
3\t"Night"
"""


def test_a_table_copied_from_a_page_has_broken_lines_and_summaries():
    table = parse_episode_table(ENCYCLOPEDIA)
    assert table.columns == ["overall", "number", "title"]
    assert table.summary_count == 1
    first, second = claims_of(ENCYCLOPEDIA)
    assert (first.number, first.values) == (1, {"last_number": None, "overall_number": 1, "title": "Pilot"})
    assert (second.number, second.values) == (2, {"last_number": 3, "overall_number": 2, "title": "Night"})
    assert first.errors == second.errors == []


def test_names_on_broken_lines_are_separate_people():
    text = "No. in\nseason\tTitle\tDirected by\tWritten by\tOriginal\nair date\n"
    text += '1\t"A"\tA One\nB Two\tStory by: C Three &\nD Four\nTeleplay by: E Five\tMay 1, 2019\nIt begins.\n'
    text += '2\t"B"\tA One\tC Three\tMay 8, 2019\nIt, too, goes on;\nand ends.\n'
    first, second = claims_of(text)
    assert [(credit.role, credit.name) for credit in first.credits] == [
        ("director", "A One"),
        ("director", "B Two"),
        ("story", "C Three"),
        ("story", "D Four"),
        ("teleplay", "E Five"),
    ]
    assert [claim.values["air_date"] for claim in (first, second)] == ["2019-05-01", "2019-05-08"]
    assert first.errors == second.errors == []


@pytest.mark.parametrize("separator", ["\t", ",", ";"])
def test_a_spreadsheet_quotes_cells_with_line_ends(separator):
    rows = [
        ['"No.\noverall"', '"No. in\nseason"', "Title", '"Directed\nby"'],
        ["1", "1", "Pilot", '"A One\nB Two"'],
        ['"2\n3"', '"2\n3"', "Night", "C Three"],
    ]
    text = "\r\n".join(separator.join(row) for row in rows)
    assert parse_episode_table(text).columns == ["overall", "number", "title", "director"]
    first, second = claims_of(text)
    assert [credit.name for credit in first.credits] == ["A One", "B Two"]
    assert (second.number, second.values["last_number"], second.values["overall_number"]) == (2, 3, 2)


def test_a_short_row_is_not_joined_with_the_row_below():
    text = "No\tTitle\tDirector\tDate\n1\tA\t2019\n2\tB\tTi West\t2020\n3\tC\tTi West\t2021"
    assert [claim.errors for claim in claims_of(text)] == [["This row has 3 cells, but the header has 4."], [], []]


def test_a_summary_above_a_complete_row_is_left_out():
    text = "No\tTitle\n1\tA\nIt begins.\n2\tB\nIt goes on.\n3\tC\nIt ends.\nReally."
    table = parse_episode_table(text)
    assert [row[1] for row in table.rows] == ["A", "B", "C"]
    assert table.summary_count == 4


@pytest.mark.parametrize("separator", ["\t", ","])
def test_short_rows_are_not_joined_with_each_other(separator):
    text = "No,Title,Date\n1,A\n2,B\n3,C,2021".replace(",", separator)
    error = "This row has 2 cells, but the header has 3."
    assert [claim.errors for claim in claims_of(text)] == [[error], [error], []]


def test_a_row_without_a_number_does_not_belong_to_the_header():
    table = parse_episode_table("No\tTitle\nTBA\tA\n2\tB")
    assert (table.headers, [row[1] for row in table.rows]) == (["No", "Title"], ["A", "B"])


def test_teams_of_one_role_are_different_teams():
    (claim,) = claims_of("No\tTitle\tWriter\n1\tA\tA One, B Two & C Three Written by D Four & E Five")
    teams = {credit.name: credit.team for credit in claim.credits}
    assert teams["A One"] is None
    assert teams["B Two"] == teams["C Three"] != teams["D Four"] == teams["E Five"]


def test_a_line_may_name_the_separator():
    assert parse_episode_table("sep=;\nNo;Title, full\n1;One, Two").rows == [["1", "One, Two"]]


@pytest.mark.parametrize(
    ("cell", "title"),
    [
        ('"Part, One"\n"(Part 1)"', "Part, One (Part 1)"),
        ('"Pilot\n(part 1)"', "Pilot (part 1)"),
        ('"A"\n"B"\n"C"', "A B C"),
    ],
)
def test_each_line_of_a_title_may_have_quotation_marks(cell, title):
    (claim,) = claims_of(f"No\tTitle\tDirector\n1\t{cell}\tA One")
    assert (claim.values["title"], claim.errors) == (title, [])


def test_a_summary_in_merged_cells_is_left_out():
    table = parse_episode_table("No\tTitle\tDirector\n1\tA\tB One\nThe plane falls.\t\t\n2\tC\tD Two")
    assert ([row[1] for row in table.rows], table.summary_count) == (["A", "C"], 1)
