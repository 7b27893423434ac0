"""Reading and writing of CSV and XLSX."""

import datetime as dt

import pytest

from catalog.formats.spreadsheet_files import FORMATS, CsvFormat, FileError, Formula, XlsxFormat, cell_text, read_file
from catalog.tests.formats.sample_files import INVALID_FILES, to_xlsx

ROWS = [["name", "number", "is_draft", "note"], ["=1+1", 3, True, ""], ["'Til", -2, False, "two\nlines"]]


@pytest.mark.parametrize("file_format", FORMATS, ids=lambda file_format: file_format.title)
def test_a_written_table_is_read_as_it_was(file_format):
    table = read_file(file_format.write(ROWS))
    assert table.headers == ROWS[0]
    assert [[cell_text(cell).lower() for cell in row] for row in table.rows] == [
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
    assert CsvFormat().read(content).rows == [[text]]


def test_an_apostrophe_that_escapes_nothing_is_left_alone():
    assert CsvFormat().read(b"title\n'Til\n").rows == [["'Til"]]


def test_csv_starts_with_a_byte_order_mark():
    assert CsvFormat().write([["a"]]) == b"\xef\xbb\xbfa\r\n"


def test_xlsx_marks_formulas_and_keeps_types():
    table = XlsxFormat().read(to_xlsx([["a", "b", "c"], ["=A2", 1.0, dt.date(2018, 3, 1)]]))
    formula, number, date = table.rows[0]
    assert isinstance(formula, Formula)
    assert (number, cell_text(date)) == (1, "2018-03-01")


def test_rows_are_padded_and_blank_rows_count():
    table = XlsxFormat().read(to_xlsx([["a", "b"], ["1"], [], ["2", "3"]]))
    assert [(number, [cell_text(cell) for cell in row.values()]) for number, row in table.records()] == [
        (2, ["1", ""]),
        (3, ["", ""]),
        (4, ["2", "3"]),
    ]


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
