"""Split a pasted text into rows of cells, and join lines that were broken when the table was copied."""

import re
from collections import Counter
from collections.abc import Sequence

from catalog.sources.episode_columns import EPISODE_NUMBER, SHORT_NUMBER, columns_by_header
from catalog.sources.person_names import clean_text

MAX_TABLE_ROWS, MAX_TABLE_COLUMNS = 300, 20
MAX_TABLE_LENGTH = 300_000  # characters
MAX_CELL_LENGTH = 2_000
MAX_LINES_PER_ROW = 20  # blank lines, and lines within cells
LINES_SAMPLED = 100  # when the separator is guessed
SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?\n', re.IGNORECASE)  # as spreadsheet programs write it
HEADER_RULE = re.compile(r"[\s|:+=-]*")  # the line below the header of a Markdown or ASCII table


class TableError(ValueError):
    """The text cannot be read as a table; the message is for editors."""


def read_rows(
    text: str, max_rows: int = MAX_TABLE_ROWS, max_length: int = MAX_TABLE_LENGTH
) -> tuple[list[list[str]], list[int], int]:
    """(rows that are not empty, filled up to the same width; how many cells each had; lines that were left out)."""
    if len(text) > max_length:
        raise TableError(f"At most {max_length} characters at once.")
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    if (line_count := text.count("\n")) > MAX_LINES_PER_ROW * (max_rows + 1):
        raise TableError(f"At most {max_rows} rows at once; this text has {line_count} lines.")
    max_cells = MAX_TABLE_COLUMNS * (max_rows + 1)
    rows = [[clean_text(cell[:MAX_CELL_LENGTH]) for cell in row] for row in _split_cells(text, max_cells)]
    rows, summary_count = _join_lines([row for row in rows if any(row)])
    if not rows:
        raise TableError("There is no table yet: paste one.")
    if len(rows) > max_rows + 1:
        raise TableError(f"At most {max_rows} rows at once; this table has {len(rows)}.")
    width = max(map(len, rows))
    if width < 2:
        raise TableError("No columns were recognised: separate cells by tabs, commas, semicolons or “ | ”.")
    if width > MAX_TABLE_COLUMNS:
        raise TableError(f"At most {MAX_TABLE_COLUMNS} columns; the widest row has {width}.")
    return [row + [""] * (width - len(row)) for row in rows], list(map(len, rows)), summary_count


def _join_lines(rows: list[list[str]]) -> tuple[list[list[str]], int]:
    """Join the lines of cells that were broken when the table was copied. Returns (rows, number of summaries).

    The header ends above the first row that starts with a number. A row goes on until it is as wide as the header; a
    line of text behind a complete row is a summary, which has no column, and is left out.
    """
    first = next((index for index, row in enumerate(rows) if EPISODE_NUMBER.fullmatch(row[0])), 0)
    if first and len(rows[0]) >= max(map(len, rows)):
        first = 1  # the header is one line
    header: list[str] = []
    for row in rows[:first]:
        header = _join_cells(header, row)
    width = len(header)
    if sum(map(bool, columns_by_header([header, *rows[first:]]))) < 2:
        return rows, 0
    joined, summary_count = [header], 0
    for row in rows[first:]:
        previous = joined[-1]
        is_joined = len(joined) > 1 and len(previous) < width and len(previous) + len(row) - 1 <= width
        if SHORT_NUMBER.fullmatch(row[0]):  # a new row, unless it continues the numbers of a double episode
            is_joined = is_joined and bool(SHORT_NUMBER.fullmatch(previous[-1]))
        if is_joined:
            joined[-1] = _join_cells(previous, row)
        elif _is_summary(row) and len(previous) >= width:
            summary_count += 1
        else:
            joined.append(row)
    return joined, summary_count


def _is_summary(row: list[str]) -> bool:
    """True for a line of text, or for merged cells of a spreadsheet with several words."""
    is_text = not SHORT_NUMBER.fullmatch(row[0])
    return is_text and (len(row) == 1 or (_filled_width(row) == 1 and " " in row[0]))


def _join_cells(first: list[str], second: list[str]) -> list[str]:
    """One row of two lines: the last cell of the first line continues on the second."""
    return [*first[:-1], f"{first[-1]}\n{second[0]}", *second[1:]] if first else second


def find_row_errors(rows: list[list[str]], cell_counts: list[int], headers: list[str]) -> list[str]:
    """For each row a sentence if it has another number of cells than the header, else an empty text.

    Empty cells at the end count only as far as the header, or without a header most rows, has cells.
    """
    counts = cell_counts[-len(rows) :] if rows else []
    if headers:
        least, most, others = _filled_width(headers), cell_counts[0], "the header has"
    else:
        least = most = Counter(counts).most_common(1)[0][0]
        others = "most rows have"
    errors = []
    for row, count in zip(rows, counts, strict=True):
        fits = _filled_width(row) <= most and count >= least
        cell_count = count if count < least else _filled_width(row)
        errors.append("" if fits else f"This row has {cell_count} cells, but {others} {most}.")
    return errors


def _filled_width(row: Sequence[str]) -> int:
    """The number of cells up to the last one that is not empty."""
    return max((index for index, cell in enumerate(row, 1) if cell), default=0)


def _split_cells(text: str, max_cells: int) -> list[list[str]]:
    """Split rows into cells: by tabs or bars if there are any, else by the more regular of comma and semicolon.

    A first line ``sep=;`` names the separator instead.
    """
    if separator_line := SEPARATOR_LINE.match(text):
        return _split_separated(text[separator_line.end() :], separator_line[1], max_cells)
    lines = [line for line in text.splitlines() if line.strip()]
    if any("\t" in line for line in lines):
        return _split_separated(text, "\t", max_cells)
    if sum(" | " in line or line.strip().startswith("|") for line in lines) > len(lines) / 2:
        table_lines = [line for line in lines if not HEADER_RULE.fullmatch(line)]
        _check_cells(sum(line.count("|") for line in table_lines), max_cells)
        inner_lines = [line.strip().removeprefix("|").removesuffix("|") for line in table_lines]
        return [[cell.strip() for cell in line.split("|")] for line in inner_lines]
    return _split_separated(text, max(";,", key=lambda separator: _regularity(lines, separator)), max_cells)


def _check_cells(separator_count: int, max_cells: int) -> None:
    if separator_count > max_cells:
        raise TableError(f"The table has more than {max_cells} cells: split it.")


def _regularity(lines: list[str], separator: str) -> int:
    """In how many lines the separator occurs equally often."""
    line_counts = Counter(line.count(separator) for line in lines[:LINES_SAMPLED])
    return max((total for occurrences, total in line_counts.items() if occurrences), default=0)


def _split_separated(text: str, separator: str, max_cells: int) -> list[list[str]]:
    """Split separated values. Quotation marks enclose a cell only if they stand at both of its ends.

    Python's csv module would take the marks off “"Weird" Science”.
    """
    _check_cells(text.count(separator), max_cells)
    quoted = re.compile(rf' *"((?:[^"]|"")*+)" *(?=[{separator}\n]|\Z)')
    plain = re.compile(rf"[^{separator}\n]*")
    rows: list[list[str]] = [[]]
    position = 0
    while position <= len(text):
        match = quoted.match(text, position)
        if match and not (separator == "\t" and "\n" in match[1] and "\t" in match[1]):
            cell = match[1].replace('""', '"')
        else:
            match = plain.match(text, position)
            cell = match[0] if match else ""
        rows[-1].append(cell)
        position = (match.end() if match else position) + 1
        if text[position - 1 : position] == "\n":
            rows.append([])
    return rows
