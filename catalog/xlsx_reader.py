"""Read the first sheet of an XLSX workbook, in a process with limits of time and memory.

A workbook of 100 kB can have millions of strings, styles or empty rows, for which openpyxl needs minutes and gigabytes.
Their number is limited before a part is opened; the limits of the process end what this does not foresee.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from catalog.limited_process import BusyError, ProcessError, TimeLimitError, run_limited
from catalog.spreadsheet_rows import MAX_COLUMNS, FileError, Formula, filled_rows

MAX_UNPACKED_SIZE = 50 * 2**20  # bytes of all parts of the archive
MAX_PARTS = 1_000
# XML elements of a sheet and of its texts: 5,000 rows of 30 columns have 150,000 cells of two or three elements each.
# openpyxl reads 500,000 in two to four seconds; of formats it reads 10,000 in a fifth of a second.
MAX_CELL_ELEMENTS = 500_000
MAX_ELEMENTS = 50_000  # of any other part
CELL_PARTS = ("xl/worksheets/", "xl/sharedstrings")
MAX_SHEET_ROWS = 2**20  # a limit of XLSX
MAX_SECONDS = 10
MAX_MEMORY = 600_000_000  # bytes of address space
BLOCK_SIZE = 2**20
UNREADABLE = "The file cannot be read as XLSX."
TOO_COMPLEX = "The workbook has too many cells or formats: save its first sheet as CSV, or split it."
# What zipfile, the XML parser (a SyntaxError) and openpyxl raise for broken files.
XLSX_ERRORS = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, SyntaxError),
    *(LookupError, ValueError, TypeError, AttributeError),
)
Row = tuple[int, Sequence[object]]


def read_workbook(content: bytes) -> list[Row]:
    """The rows of the first sheet that are not blank, with their numbers.

    FileError if this is no workbook or above the limits.
    """
    try:
        rows: list[Row] = run_limited(
            read_first_sheet, content, seconds=MAX_SECONDS, memory=MAX_MEMORY, error=FileError
        )
    except BusyError:
        raise FileError("Other files are being read: try again in a minute.") from None
    except TimeLimitError:
        raise FileError(TOO_COMPLEX) from None
    except ProcessError as error:
        raise FileError(UNREADABLE) from error
    return rows


def read_first_sheet(content: bytes) -> list[Row]:
    """``read_workbook`` in this process."""
    try:
        check_parts(content)
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()  # the size that a file states need not be true
        return list(filled_rows(_numbered_rows(sheet)))
    except FileError:
        raise
    except MemoryError:
        raise FileError(TOO_COMPLEX) from None
    except XLSX_ERRORS as error:
        raise FileError(UNREADABLE) from error


def check_parts(content: bytes) -> None:
    """FileError if the archive or a part of it is above the limits; no more than a block is unpacked at once."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        # zipfile never unpacks a part beyond the size that the archive states.
        if sum(part.file_size for part in parts) > MAX_UNPACKED_SIZE:
            raise FileError(f"Unpacked, the file is larger than {MAX_UNPACKED_SIZE // 2**20} MB: split it.")
        if len(parts) > MAX_PARTS:
            raise FileError(TOO_COMPLEX)
        for part in parts:
            if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise FileError(UNREADABLE)
            limit = MAX_CELL_ELEMENTS if part.filename.casefold().startswith(CELL_PARTS) else MAX_ELEMENTS
            if _count_elements(archive, part, limit) > limit:
                raise FileError(TOO_COMPLEX)


def _count_elements(archive: zipfile.ZipFile, part: zipfile.ZipInfo, limit: int) -> int:
    """The number of XML elements in a part of an archive, at least; counting ends above the limit."""
    count, last_byte = 0, b""
    with archive.open(part) as stream:
        while count <= limit and (block := stream.read(BLOCK_SIZE)):
            count += block.count(b"<") - (last_byte + block).count(b"</")
            last_byte = block[-1:]
    return count


def _numbered_rows(sheet: Worksheet) -> Iterator[Row]:
    """Yield the values of each row. Formulas are marked, as their results are not known here."""
    previous_row: object = None
    for number, row in enumerate(sheet.iter_rows(max_row=MAX_SHEET_ROWS, max_col=MAX_COLUMNS + 1), 1):
        if row is previous_row:
            continue  # openpyxl repeats one tuple for missing rows, of which there may be a million
        previous_row = row
        yield number, [Formula(cell.value) if cell.data_type == "f" else cell.value for cell in row]
