"""Episode tables as people paste them: from a spreadsheet, a web page, a file; with a header or without."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.sources.claims import CreditClaim
from catalog.sources.episode_table import (
    COLUMN_LABELS,
    MAX_TABLE_ROWS,
    TableError,
    parse_episode_table,
    read_episode,
)

ROWS = [["1", "One", "2019-12-18"], ["2", "Two", "2019-12-19"]]


@pytest.mark.parametrize(
    "text",
    [
        "1\tOne\t2019-12-18\n2\tTwo\t2019-12-19\n",
        "1,One,2019-12-18\r\n2,Two,2019-12-19",
        '1;"One";2019-12-18\n\n2;"Two";2019-12-19',
        "1 | One | 2019-12-18\n2 | Two | 2019-12-19",
        "| 1 | One | 2019-12-18 |\n|---|:--|---|\n| 2 | Two | 2019-12-19 |",
        '1\t"One"[3]\t2019-12-18\n2\t"Two"\t2019-12-19',
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
    assert parse_episode_table('1\t"One\nmore"\n2\tTwo').rows == [["1", "One more"], ["2", "Two"]]
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
        "“5/6/2019” could be two dates: write the month as a word.",
        "“long” is not a running time in minutes.",
        "“!!!” is not a name.",
    ]
    assert (second.number, second.errors) == (None, ["“x” is not an episode number."])


def test_without_a_column_of_numbers_episodes_are_numbered_by_their_rows():
    table = parse_episode_table("Title\tDirector\nOne\tTi West\nTwo\tTi West")
    assert [read_episode(table, row, position).number for position, row in enumerate(table.rows, 1)] == [1, 2]
