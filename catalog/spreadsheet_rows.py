"""Rows of a spreadsheet of either format: their limits, and formulas."""

from collections.abc import Iterable, Iterator, Sequence

MAX_ROWS, MAX_COLUMNS = 5_000, 100  # blank rows do not count
MAX_BLANK_ROWS = 100_000  # of a sheet that is formatted down to its end


class FileError(ValueError):
    """A file that cannot be read or written; its text is shown to the user."""


class Formula(str):
    """The value of an XLSX cell that holds a formula."""

    __slots__ = ()


def is_blank(cell: object) -> bool:
    """True for a cell without a value or with white space only."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def filled_rows(rows: Iterable[tuple[int, Sequence[object]]]) -> Iterator[tuple[int, Sequence[object]]]:
    """Yield the rows that are not blank, with their numbers.

    FileError above ``MAX_BLANK_ROWS``, or if more than ``MAX_ROWS`` follow the first, which names the columns.
    """
    blank_rows = row_count = 0
    for number, row in rows:
        if not all(map(is_blank, row)):
            if (row_count := row_count + 1) > MAX_ROWS + 1:
                raise FileError(f"At most {MAX_ROWS:,} rows can be imported at once: split the file.")
            yield number, row
        elif (blank_rows := blank_rows + 1) > MAX_BLANK_ROWS:
            raise FileError(f"There are more than {MAX_BLANK_ROWS:,} blank rows: delete them.")
