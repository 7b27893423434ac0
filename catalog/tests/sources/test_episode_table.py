"""Tables as people paste them: from a sheet, a page, a file; with a header or without."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.sources.cell_values import parse_date, parse_minutes
from catalog.sources.episode_table import COLUMN_LABELS, MAX_TABLE_ROWS, TableError, parse_episode_table

ROWS = [["1", "One", "2019-12-18"], ["2", "Two", "2019-12-19"]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("December 18, 2019", "2019-12-18"),
        ("Dec. 18th, 2019", "2019-12-18"),
        ("18 December 2019", "2019-12-18"),
        ("Wednesday, 18 Dec 2019", "2019-12-18"),
        ("Sept 3, 2019", "2019-09-03"),
        ("December 18, 2019 (2019-12-18)", "2019-12-18"),
        ("2019-12-18", "2019-12-18"),
        ("2019/12/8", "2019-12-08"),
        ("18/12/2019", "2019-12-18"),
        ("12/18/2019", "2019-12-18"),
        ("5/5/2019", "2019-05-05"),
        ("5.6.2019", "2019-06-05"),
        ("December 2019", "2019-12"),
        ("2019", "2019"),
        ("TBA", None),
        (" ", None),
    ],
)
def test_dates_are_read_as_people_write_them(text, found):
    assert parse_date(text) == found


@pytest.mark.parametrize("text", ["5/6/2019", "30 February 2019", "18 Foo 2019", "13/13/2019", "x", "99999", "0000"])
def test_what_is_no_date_or_could_be_two_is_refused_in_words(text):
    with pytest.raises(ValueError, match="could be two days" if text == "5/6/2019" else "is no date"):
        parse_date(text)


@pytest.mark.parametrize(
    ("text", "found"), [("45", 45), ("45 min", 45), ("~45 minutes", 45), ("1h 5m", 65), ("1 hour", 60), ("–", None)]
)
def test_running_times_are_minutes(text, found):
    assert parse_minutes(text) == found


@pytest.mark.parametrize("text", ["0", "x", "1:05", "999 h", "33000"])
def test_what_is_no_running_time_is_refused(text):
    with pytest.raises(ValueError, match="is no running time"):
        parse_minutes(text)


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
def test_cells_stand_between_tabs_commas_semicolons_or_bars(text):
    table = parse_episode_table(text)
    assert table.rows == ROWS
    assert table.columns == ["number", "title", "date"]
    assert table.headers == []


def test_a_header_says_what_the_columns_are_whatever_their_order():
    head = "No. overall\tNo. in season\tTitle\tDirected by\tWritten by\tOriginal release date\tProd. code\t"
    head += "Running time\tViewers"
    table = parse_episode_table(head + "\n" + "\t".join("123456789"))
    assert table.columns == ["overall", "number", "title", "director", "writer", "date", "code", "runtime", ""]
    assert table.rows == [list("123456789")]


def test_without_a_header_columns_are_guessed_by_what_is_in_them():
    text = "1\tOne\tTi West\tLauren Yee\tDecember 18, 2019\t1ABC01\t45 min\n2\tTwo\tTi West\t\tTBA\t1ABC02\t50 min"
    assert parse_episode_table(text).columns == ["number", "title", "director", "writer", "date", "code", "runtime"]


def test_columns_may_be_said():
    assert parse_episode_table("a\tb\nc\td", ["director", "title"]).columns == ["director", "title"]
    assert parse_episode_table("a\tb\nc\td", ["director", "nonsense"]).columns == ["title", "director"]


def test_a_cell_may_have_lines_and_a_quotation_mark_that_never_ends_is_one_of_the_text():
    assert parse_episode_table('1\t"One\nmore"\n2\tTwo').rows == [["1", "One more"], ["2", "Two"]]
    assert parse_episode_table('1\t"One\tA\n2\tTwo\tB').rows == [["1", '"One', "A"], ["2", "Two", "B"]]


@pytest.mark.parametrize(
    "text", ["", " \n\t\n", "one\ntwo", "\t".join("x" * 30), "a,b\n" * (MAX_TABLE_ROWS + 1), "x,y" * 200_000]
)
def test_what_is_no_table_or_too_much_is_refused(text):
    with pytest.raises(TableError):
        parse_episode_table(text)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from('ab1,;\t|"\n\r -\x00\x85\u2028'), max_size=80))
def test_whatever_is_pasted_is_a_table_or_refused(text):
    try:
        table = parse_episode_table(text)
    except TableError:
        return
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert set(table.columns) <= set(COLUMN_LABELS)
