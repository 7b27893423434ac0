"""The table of an uploaded CSV or XLSX file as text, which is then read like a pasted table."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.sources.table_rows import MAX_TABLE_LENGTH
from catalog.spreadsheet_files import XlsxFormat, cell_text, check_cell
from catalog.spreadsheet_rows import FileError

BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


@dataclass
class TableText:
    """The text of a file, and the name of its encoding if that had to be guessed."""

    text: str
    guessed_encoding: str = ""


def read_table_text(content: bytes, max_length: int = MAX_TABLE_LENGTH) -> TableText:
    """Read a file; FileError if it is neither CSV nor XLSX, has formulas or errors in cells, or is too long."""
    if content[:2] == b"PK":
        table = TableText(_join_rows([_row_cells(number, row) for number, row in XlsxFormat().read_rows(content)]))
    else:
        table = _decode(content)
    if "\x00" in table.text:
        raise FileError("The file is neither CSV nor XLSX.")
    if len(table.text) > max_length:
        raise FileError(f"At most {max_length:,} characters at once: split the file.")
    return table


def rows_as_text(rows: Sequence[Sequence[object]]) -> str:
    """Rows of cells as a clipboard has them, separated by tabs."""
    return _join_rows([_row_cells(number, row) for number, row in enumerate(rows, 1)])


def _join_rows(rows: list[list[str]]) -> str:
    width = max((index for row in rows for index, cell in enumerate(row, 1) if cell), default=0)
    return "\n".join("\t".join([*row, *[""] * width][:width]) for row in rows)


def _row_cells(number: int, row: Sequence[object]) -> list[str]:
    """The cells of one row. One with line ends or quotation marks is quoted, as in a clipboard."""
    cells = []
    for value in row:
        try:
            check_cell(value)
        except ValueError as error:
            raise FileError(f"Row {number}: {error}") from error
        cell = cell_text(value).replace("\t", " ")
        cells.append('"{}"'.format(cell.replace('"', '""')) if {'"', "\n"} & {*cell} else cell)
    return cells


def _decode(content: bytes) -> TableText:
    """Decode text by its byte order mark, else as UTF-8, else as Windows-1252, which has the letters of Latin-1 and 9.

    The few bytes that Windows-1252 lacks are letters of Mac Roman. charset-normalizer was tried: it took Windows-1252
    for Windows-1250, and so ñ for ń.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return TableText(content.removeprefix(mark).decode(encoding, errors="replace"))
    try:
        return TableText(content.decode("utf-8"))
    except UnicodeDecodeError:
        try:
            return TableText(content.decode("windows-1252"), "Windows-1252")
        except UnicodeDecodeError:
            return TableText(content.decode("mac_roman"), "Mac Roman")
