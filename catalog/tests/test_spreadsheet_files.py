"""Reading and writing of CSV and XLSX."""

import datetime as dt

import pytest

from catalog.spreadsheet_files import FORMATS, CsvFormat, XlsxFormat, cell_text, read_file
from catalog.spreadsheet_rows import FileError, Formula
from catalog.tests.formats.sample_files import INVALID_FILES, formatted_xlsx, to_xlsx

ROWS = [["name", "number", "is_draft", "note"], ["=1+1", 3, True, ""], ["'Til", -2, False, "two\nlines"]]


def texts(content):
    """The rows of a file as texts, by row number."""
    return {number: list(map(cell_text, row)) for number, row in read_file(content).rows.items()}


@pytest.mark.parametrize("file_format", FORMATS, ids=lambda file_format: file_format.title)
def test_a_written_table_is_read_as_it_was(file_format):
    table = read_file(file_format.write(ROWS))
    assert table.headers == ROWS[0]
    assert [[cell_text(cell).lower() for cell in row] for row in table.rows.values()] == [
        [cell_text(cell).lower() for cell in row] for row in ROWS[1:]
    ]


@pytest.mark.parametrize("case", INVALID_FILES)
def test_an_invalid_file_raises_an_error_with_a_message_for_users(case):
    content, message = INVALID_FILES[case]
    with pytest.raises(FileError) as error:
        read_file(content)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize("text", ["=1+1", "+49", "-30-", "@home", "\tx", "'=quoted"])
def test_csv_escapes_a_text_that_spreadsheet_programs_evaluate(text):
    content = CsvFormat().write([["title"], [text]])
    assert f"'{text}" in content.decode("utf-8-sig")
    assert CsvFormat().read(content).rows == {2: [text]}


def test_an_apostrophe_that_escapes_nothing_is_left_alone():
    assert CsvFormat().read(b"title\n'Til\n").rows == {2: ["'Til"]}


def test_csv_starts_with_a_byte_order_mark():
    assert CsvFormat().write([["a"]]) == b"\xef\xbb\xbfa\r\n"


def test_xlsx_marks_formulas_and_keeps_types():
    table = XlsxFormat().read(to_xlsx([["a", "b", "c"], ["=A2", 1.0, dt.date(2018, 3, 1)]]))
    formula, number, date = table.rows[2]
    assert isinstance(formula, Formula)
    assert (number, cell_text(date)) == (1, "2018-03-01")


def test_short_rows_of_xlsx_are_padded():
    assert texts(to_xlsx([["a", "b"], ["1"]])) == {2: ["1", ""]}


BLANK_ROWS = {  # name: (content, rows below the header)
    "one between": (b"a,b\n1,2\n\n3,4\n", {2: ["1", "2"], 4: ["3", "4"]}),
    "spaces": (b"a,b\n1,2\n , \t\n \n3,4\n\xc2\xa0,\n", {2: ["1", "2"], 5: ["3", "4"]}),
    "other width": (b"a;b\n1;2\n;;;;\n;\n3;4\n", {2: ["1", "2"], 5: ["3", "4"]}),
    "before the header": (b"\n,\na,b\n1,2\n", {4: ["1", "2"]}),
    "5,997 at the end": (b"a,b\n1,2\n" + b",\n" * 5_997, {2: ["1", "2"]}),
    "5,997 between": (b"a,b\n1,2\n" + b" , \n" * 5_997 + b"3,4\n", {2: ["1", "2"], 6_000: ["3", "4"]}),
    "xlsx": (to_xlsx([["a", "b"], ["1", "2"], [], [" ", "\n"], ["3"]]), {2: ["1", "2"], 5: ["3", ""]}),
    "xlsx before the header": (to_xlsx([[], [None, " "], ["a"], ["1"]]), {4: ["1"]}),
    "xlsx, 5,997 between": (to_xlsx([["a"], ["1"], *[[" "]] * 5_997, ["3"]]), {2: ["1"], 6_000: ["3"]}),
}


@pytest.mark.parametrize("case", BLANK_ROWS)
def test_blank_rows_are_left_out_and_the_others_keep_their_numbers(case):
    content, rows = BLANK_ROWS[case]
    assert texts(content) == rows


@pytest.mark.parametrize(
    "content",
    [
        b"sep=;\na;b\n1,5;2\n",
        b"SEP=|\r\na|b\r\n1,5|2\r\n",
        b'\xef\xbb\xbf"sep=;"\na;b\n1,5;2\n',
        b"sep=\t\na\tb\n1,5\t2\n",
        b'sep=,\na,b\n"1,5",2\n',
    ],
)
def test_a_line_that_names_the_separator_is_not_a_row(content):
    """Spreadsheet programs do not show it either."""
    table = read_file(content)
    assert (table.headers, table.rows) == (["a", "b"], {2: ["1,5", "2"]})


def test_formatted_rows_without_values_are_blank():
    assert XlsxFormat().read(formatted_xlsx(rows=6_000)).rows == {2: ["1"], 6_001: ["2"]}


def test_a_sheet_may_end_with_a_formatted_row_at_its_limit():
    assert XlsxFormat().read(formatted_xlsx(rows=3, last_row=2**20)).rows == {2: ["1"], 4: ["2"]}


def test_blank_rows_are_limited(monkeypatch):
    monkeypatch.setattr("catalog.spreadsheet_rows.MAX_BLANK_ROWS", 2)
    assert read_file(b"a\n1\n \n \n2\n").rows == {2: ["1"], 5: ["2"]}
    for content in (b"a\n1\n \n \n \n2\n", formatted_xlsx(rows=9)):
        with pytest.raises(FileError, match="There are more than 2 blank rows: delete them."):
            read_file(content)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "TRUE"),
        (False, "FALSE"),
        (3.0, "3"),
        (3.5, "3.5"),
        (dt.datetime(2018, 3, 1), "2018-03-01"),  # noqa: DTZ001  (spreadsheets know no time zones)
        (" a\r\nb\x01 ", "a\nb"),
    ],
)
def test_cells_of_any_type_are_compared_as_text(value, text):
    assert cell_text(value) == text
