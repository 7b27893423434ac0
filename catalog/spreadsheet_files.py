"""Read and write spreadsheets as CSV and XLSX.

Uploads are not trusted: rows, columns and unpacked size are limited. An exported text is never evaluated as a formula:
in CSV it gets a leading apostrophe, which is removed again when the file is read; in XLSX the cell is typed as text.
"""

import csv
import datetime as dt
import io
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from catalog.spreadsheet_rows import MAX_COLUMNS, FileError, Formula, filled_rows
from catalog.text import remove_invisible
from catalog.xlsx_reader import read_workbook

MAX_FILE_SIZE = 5 * 2**20  # bytes
MAX_CELL_LENGTH = 32_767  # characters, a limit of XLSX
DELIMITERS = ",;\t"  # spreadsheet programs write ";" in locales with a decimal comma
SEPARATOR_LINE = re.compile(r'"?sep=([^"\r\n])"?\r?\n', re.IGNORECASE)
# What a formula without a result shows: in English, as XLSX stores it, and as CSV has it in other languages.
ERROR_VALUE = re.compile(
    r"#(n/a|n/d|nv|getting_data|(name|nom|¿nombre)\?"
    r"|(ref|div/0|value|num|null|spill|calc|field|blocked|connect|unknown|error)!"
    r"|(bezug|wert|zahl|überlauf|valeur|nombre|nul|¡ref|¡valor|¡num)!)"
    r"|err:[0-9]{3}",
    re.IGNORECASE,
)
FORMULA = re.compile(r"'*[=+\-@\t\r]")
ESCAPED_FORMULA = re.compile(r"'+[=+\-@\t\r]")


@dataclass
class Table:
    """The rows of a spreadsheet below its header, without blank ones, by number as spreadsheet programs show it.

    Each row has as many cells as there are headers.
    """

    headers: list[str]
    rows: dict[int, Sequence[object]]

    def records(self) -> Iterator[tuple[int, dict[str, object]]]:
        """Yield the number of each row and its cells by header."""
        for number, row in self.rows.items():
            yield number, dict(zip(self.headers, row, strict=True))


class SpreadsheetFormat(ABC):
    """Base class of the formats: subclasses read and write one table."""

    title: ClassVar[str]
    extension: ClassVar[str]
    content_type: ClassVar[str]

    @abstractmethod
    def read(self, content: bytes) -> Table:
        """Return the table in a file; FileError if it cannot be read."""

    @abstractmethod
    def write(self, rows: Iterable[Sequence[object]]) -> bytes:
        """Return a file with these rows, the first of which holds the headers; FileError if they do not fit."""


def read_table(rows: Iterator[tuple[int, Sequence[object]]]) -> Table:
    """Split numbered rows into headers and cells; FileError for too many columns or without content.

    The first row holds the headers. Rows are padded or cut to the number of headers.
    """
    headers = [str(name or "").strip() for name in next(rows, (0, ()))[1]]
    while headers and not headers[-1]:
        headers.pop()
    if not headers:
        raise FileError("The first row must name the columns, but it is empty.")
    if len(headers) > MAX_COLUMNS:
        raise FileError(f"There are more than {MAX_COLUMNS} columns.")
    width = len(headers)
    table = Table(headers, {})
    for number, row in rows:
        table.rows[number] = [*row[:width], *[""] * (width - len(row))]
    if not table.rows:
        raise FileError("There are no rows below the column names.")
    return table


class CsvFormat(SpreadsheetFormat):
    """CSV in UTF-8, as spreadsheet programs export it."""

    title, extension, content_type = "CSV", "csv", "text/csv"

    def read(self, content: bytes) -> Table:
        """Read comma, semicolon or tab separated text; FileError if it is not in UTF-8 or rows are incomplete.

        A first line ``sep=;`` names the separator. It does not count, as spreadsheet programs do not show it.
        """
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise FileError("The file is not in UTF-8: save it as “CSV UTF-8”.") from error
        if "\x00" in text:
            raise FileError("The file is neither CSV nor XLSX.")
        if separator_line := SEPARATOR_LINE.match(text):
            delimiter, text = separator_line[1], text[separator_line.end() :]
        else:
            delimiter = max(DELIMITERS, key=text.lstrip().partition("\n")[0].count)
        try:
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            return read_table(self._unescape(filled_rows(enumerate(rows, 1))))
        except csv.Error as error:
            raise FileError(f"The file cannot be read as CSV: {error}.") from error

    @staticmethod
    def _unescape(rows: Iterable[tuple[int, Sequence[object]]]) -> Iterator[tuple[int, Sequence[object]]]:
        """Remove the apostrophes of ``write``; refuse rows of another length than the first.

        A shorter row may come from a truncated file, and its missing cells would empty fields.
        """
        width = 0
        for number, row in rows:
            width = width or len(row)
            if len(row) != width:
                cells = "1 cell" if len(row) == 1 else f"{len(row)} cells"
                columns = "1 column" if width == 1 else f"{width} columns"
                raise FileError(f"Row {number} has {cells}, but the header has {columns}: the file may be incomplete.")
            texts = map(str, row)
            yield number, [text[1:] if ESCAPED_FORMULA.match(text) else text for text in texts]

    def write(self, rows: Iterable[Sequence[object]]) -> bytes:
        """Write CSV with a byte order mark, by which spreadsheet programs recognise UTF-8."""
        stream = io.StringIO(newline="")
        csv.writer(stream).writerows([self._escape(cell) for cell in row] for row in rows)
        return stream.getvalue().encode("utf-8-sig")

    @staticmethod
    def _escape(cell: object) -> object:
        return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell


class XlsxFormat(SpreadsheetFormat):
    """The first sheet of an Excel workbook."""

    title, extension = "XLSX", "xlsx"
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def read(self, content: bytes) -> Table:
        """Read the first sheet; FileError if this is no workbook or it is above the limits of ``xlsx_reader``."""
        return read_table(self.read_rows(content))

    @staticmethod
    def read_rows(content: bytes) -> Iterator[tuple[int, Sequence[object]]]:
        """The rows of the first sheet that are not blank, with their numbers; FileError as ``read``."""
        return iter(read_workbook(content))

    def write(self, rows: Iterable[Sequence[object]]) -> bytes:
        """Write numbers and booleans as such, everything else as text that stays text when it is edited."""
        rows = list(rows)
        if any(isinstance(cell, str) and len(cell) > MAX_CELL_LENGTH for row in rows for cell in row):
            raise FileError(f"A text is longer than the {MAX_CELL_LENGTH:,} characters of an XLSX cell: choose CSV.")
        workbook = openpyxl.Workbook(write_only=True)
        sheet = workbook.create_sheet("Liner")
        sheet.freeze_panes = "A2"
        for row in rows:
            sheet.append([self._cell(sheet, value) for value in row])
        stream = io.BytesIO()
        workbook.save(stream)
        return stream.getvalue()

    @staticmethod
    def _cell(sheet: WriteOnlyWorksheet, value: object) -> object:
        if not isinstance(value, str) or not value:
            return None if value == "" else value
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
        cell.data_type, cell.number_format = "s", "@"
        return cell


FORMATS: tuple[SpreadsheetFormat, ...] = (CsvFormat(), XlsxFormat())


def read_file(content: bytes) -> Table:
    """Return the table in a CSV or XLSX file; the format is recognised by its first bytes."""
    return (XlsxFormat() if content[:2] == b"PK" else CsvFormat()).read(content)


def cell_text(value: object) -> str:
    """A cell as text without outer space and invisible characters, so that cells of either format can be compared."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    text = value if isinstance(value, str) else str(value)
    text = ILLEGAL_CHARACTERS_RE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return remove_invisible(text).strip()


def check_cell(value: object) -> None:
    """Raise ValueError for a cell that holds a formula or the error value of a spreadsheet."""
    text = cell_text(value)
    if isinstance(value, Formula):
        raise ValueError(f"“{text}” is a formula: replace it by its value.")
    if ERROR_VALUE.fullmatch(text):
        raise ValueError(f"“{text}” is an error of the spreadsheet: replace it by a value, or empty the cell.")
