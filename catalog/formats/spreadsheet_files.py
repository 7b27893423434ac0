"""The files that lists travel in: CSV and XLSX, read with suspicion and written so that no cell is a formula.

The library's own escaping takes a leading ``=`` away, so that what comes back is another text, and leaves ``+ - @`` be.
Here a CSV cell gets an apostrophe before it, which is taken off again when the file comes back; in XLSX a cell says
by its type that it is text.
"""

import csv
import datetime as dt
import io
import re
import zipfile
import zlib
from itertools import islice

import openpyxl
import tablib
from import_export.formats import base_formats
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

MAX_ROWS, MAX_COLUMNS = 5_000, 100
MAX_FILE_SIZE = 5 * 2**20  # bytes of an upload
MAX_UNPACKED_SIZE = 50 * 2**20  # bytes that an XLSX may hold
MAX_CELL_LENGTH = 32_767  # characters that an XLSX cell can hold
DELIMITERS = ",;\t"  # spreadsheets write the second where the comma divides decimals
FORMULA = re.compile(r"'*[=+\-@\t\r]")
ESCAPED = re.compile(r"'+[=+\-@\t\r]")
# What reading an archive, its XML (an error there is a SyntaxError) and what openpyxl makes of it can end in.
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, SyntaxError),
    *(LookupError, ValueError, TypeError, AttributeError),
)
CUT = "Row {number} has {cells} cells, and there are {columns} columns: something is missing."


class FileError(ValueError):
    """A file that cannot be taken, with the reason in words."""


def read_table(rows):
    """A dataset of rows, the first of which names the columns. Blank rows keep their numbers and say nothing."""
    headers = next(rows, None)
    names = [str(name or "").strip() for name in headers or ()]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise FileError("The first row has to name the columns, and it is empty.")
    if len(names) > MAX_COLUMNS:
        raise FileError(f"There are more than {MAX_COLUMNS} columns.")
    dataset = tablib.Dataset(headers=names)
    for row in islice(rows, MAX_ROWS + 1):
        dataset.append([*row, *[""] * (len(names) - len(row))][: len(names)])
    if len(dataset) > MAX_ROWS:
        raise FileError(f"At most {MAX_ROWS:,} rows can be imported at once: divide the file.")
    if not any(any(cell not in ("", None) for cell in row) for row in dataset):
        raise FileError("There are no rows below the names of the columns.")
    return dataset


class CsvFormat(base_formats.CSV):
    """Text in UTF-8, as spreadsheets export it."""

    def get_title(self):
        """Its name."""
        return "CSV"

    def is_binary(self):
        """Read as bytes, so that a wrong encoding is told."""
        return True

    def get_read_mode(self):
        """Bytes."""
        return "rb"

    def create_dataset(self, in_stream, **kwargs):
        """The rows of a file; Unreadable when it is none."""
        try:
            text = in_stream.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise FileError("The file is not in UTF-8: save it as “CSV UTF-8”.") from error
        if "\x00" in text:
            raise FileError("This is neither CSV nor XLSX.")
        first = text.partition("\n")[0]
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=first.count))
        try:
            return read_table(self._whole(rows))
        except csv.Error as error:
            raise FileError(f"This cannot be read as CSV: {error}.") from error

    @staticmethod
    def _whole(rows):
        """The rows; one that lacks cells may have been cut off, and what it lacks would be emptied."""
        width = 0
        for number, row in enumerate(rows, 1):
            width = width or len(row)
            if row and len(row) != width:
                raise FileError(CUT.format(number=number, cells=len(row), columns=width))
            yield [cell[1:] if ESCAPED.match(cell) else cell for cell in row]

    def export_data(self, dataset, **kwargs):
        """The file, with the mark by which spreadsheets know UTF-8."""
        stream = io.StringIO(newline="")
        writer = csv.writer(stream)
        writer.writerow(dataset.headers)
        writer.writerows(map(self._safe, dataset))
        return stream.getvalue().encode("utf-8-sig")

    @staticmethod
    def _safe(row):
        return [f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell for cell in row]


class XlsxFormat(base_formats.XLSX):
    """A workbook, of which the first sheet counts."""

    def get_title(self):
        """Its name."""
        return "XLSX"

    def create_dataset(self, in_stream, **kwargs):
        """The rows of the first sheet; Unreadable when it is no workbook, or one that unpacks to too much."""
        try:
            self._judge(in_stream)
            book = openpyxl.load_workbook(io.BytesIO(in_stream), read_only=True)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what a file says of its own size need not be so
            return read_table(map(self._plain, sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS + 1)))
        except FileError:
            raise
        except BROKEN as error:
            raise FileError("This cannot be read as XLSX.") from error

    @staticmethod
    def _judge(content):
        """A part is never unpacked beyond the size that the archive says it has."""
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED_SIZE:
                raise FileError(f"Unpacked, this is more than {MAX_UNPACKED_SIZE // 2**20} MB: divide the file.")

    @staticmethod
    def _plain(row):
        """The values of a row as CSV would have them. A formula's value is not known here: it is told, not guessed."""
        return [cell.value if cell.data_type != "f" else Formula(cell.value) for cell in row]

    def export_data(self, dataset, **kwargs):
        """The file: numbers and yes or no as such, all else as text that stays text when somebody edits it."""
        if any(isinstance(cell, str) and len(cell) > MAX_CELL_LENGTH for row in dataset for cell in row):
            raise ValueError(
                f"A cell of XLSX holds {MAX_CELL_LENGTH:,} characters, and a text here is longer: choose CSV."
            )
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Liner")
        sheet.freeze_panes = "A2"
        for row in (dataset.headers, *dataset):
            sheet.append([self._cell(sheet, value) for value in row])
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    @staticmethod
    def _cell(sheet, value):
        if not isinstance(value, str) or not value:
            return value if value != "" else None
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
        cell.data_type, cell.number_format = "s", "@"
        return cell


class Formula(str):
    """What stands in a cell instead of a value."""

    __slots__ = ()


def text_of(value):
    """A cell as text, whatever kind of value a file has in it, so that two can be compared."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    text = value if isinstance(value, str) else str(value)
    return ILLEGAL_CHARACTERS_RE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def format_of(content):
    """The format of a file, by what is in it."""
    return XlsxFormat if content[:2] == b"PK" else CsvFormat
