"""Read a pasted episode table: find its rows and cells, guess its columns, read each row as an ``EpisodeClaim``."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from catalog.sources.cell_values import (
    UNKNOWN_VALUES,
    parse_date,
    parse_minutes,
    parse_whole_number,
    strip_quotes,
)
from catalog.sources.claims import CreditClaim, EpisodeClaim, FieldValue
from catalog.sources.person_names import clean_text, is_person_name, split_by_role, split_teams

MAX_TABLE_ROWS, MAX_TABLE_COLUMNS = 300, 20
MAX_TABLE_LENGTH = 300_000  # characters
MAX_CELL_LENGTH = 2_000
MAX_EPISODE_NUMBER = 32767  # a small integer of the database
LINES_SAMPLED = 100  # when the separator is guessed
COLUMN_SHARE = 0.7  # of the filled cells of a column have to look alike for it to be guessed
IGNORED_COLUMN = ""
COLUMN_LABELS = {
    IGNORED_COLUMN: "– leave out –",
    "number": "Number in season",
    "overall": "Number overall",
    "title": "Title",
    "date": "Air date",
    "code": "Production code",
    "runtime": "Running time",
    "director": "Directors",
    "writer": "Writers",
}
# How headers name the columns. The first pattern that matches wins, so the more specific ones come first.
HEADER_PATTERNS = (
    ("overall", r"overall|no\. ?in ?series|series ?no"),
    ("code", r"prod|code"),
    ("runtime", r"run|length|duration|minutes|^min"),
    ("director", r"direct"),
    ("writer", r"writ|teleplay|screenplay"),
    ("date", r"date|aired?\b|released?|premiere|shown"),
    ("title", r"title|^name$|^episode ?name"),
    ("number", r"^(no|nr|number|episode|ep|#)\b|^#|season"),
)
FIELD_READERS: dict[str, tuple[str, Callable[[str], FieldValue]]] = {
    "overall": ("overall_number", parse_whole_number),
    "title": ("title", strip_quotes),
    "date": ("air_date", parse_date),
    "code": ("production_code", strip_quotes),
    "runtime": ("runtime", parse_minutes),
}
CREDIT_COLUMNS = ("director", "writer")
HEADER_RULE = re.compile(r"[\s|:+=-]*")  # the line below the header of a Markdown or ASCII table
PRODUCTION_CODE = re.compile(r"[A-Z0-9][A-Z0-9.-]{2,39}", re.ASCII)
SHORT_NUMBER = re.compile(r"#?\d{1,4}")
# 7, #7, S02E07, 2x07, Episode 7; double episodes: 7–8, S02E07-E08
EPISODE_NUMBER = re.compile(
    r"(?:s\s?\d+\s?e|\d+x|#|e|ep\.?|episode)?\s?(\d{1,5})(?:\s?[-–/&]\s?e?(\d{1,5}))?", re.IGNORECASE
)


class TableError(ValueError):
    """The text cannot be read as a table; the message is for editors."""


@dataclass
class EpisodeTable:
    """Rows of equally many cells, the column each cell belongs to, and the header row if there was one."""

    rows: list[list[str]]
    columns: list[str]
    headers: list[str]

    def column_index(self, column: str) -> int | None:
        """The position of a column, or None if the table has no such column."""
        return self.columns.index(column) if column in self.columns else None

    def cell(self, row: Sequence[str], column: str) -> str:
        """The text of a column in a row, empty if the table has no such column."""
        index = self.column_index(column)
        return row[index] if index is not None else ""


def parse_episode_table(text: str, columns: Sequence[str] = ()) -> EpisodeTable:
    """Read a pasted table; TableError if it is none. ``columns`` overrides the guessed columns if it fits the table."""
    rows = _read_rows(text)
    width = len(rows[0])
    header_columns, headers = _columns_by_header(rows[0]), []
    if sum(map(bool, header_columns)) > 1 and not _looks_like_data(rows[0]):
        headers, rows = rows[0], rows[1:]
        table_columns = header_columns
    else:
        table_columns = _columns_by_content(rows)
    if len(rows) > MAX_TABLE_ROWS:
        raise TableError(f"At most {MAX_TABLE_ROWS} rows at once, besides the header.")
    if len(columns) == width and set(columns) <= set(COLUMN_LABELS):
        table_columns = list(columns)
    return EpisodeTable(rows, table_columns, headers)


def read_episode(table: EpisodeTable, row: Sequence[str], position: int) -> EpisodeClaim:
    """Read one row. ``position`` counts from 1 and is the episode's number if the table has no column for it."""
    claim = EpisodeClaim()
    try:
        claim.number, last_number = _episode_numbers(table, row, position)
    except ValueError as error:
        claim.errors.append(str(error))
        return claim
    claim.values["last_number"] = last_number
    for column, (field, parse) in FIELD_READERS.items():
        try:
            claim.values[field] = parse(table.cell(row, column))
        except ValueError as error:
            claim.errors.append(f"{error}.")
    for column in CREDIT_COLUMNS:
        _read_credits(table.cell(row, column), column, claim)
    return claim


def _read_rows(text: str) -> list[list[str]]:
    """All rows that are not empty, filled up to the same width."""
    if len(text) > MAX_TABLE_LENGTH:
        raise TableError(f"At most {MAX_TABLE_LENGTH} characters at once.")
    rows = [[clean_text(cell[:MAX_CELL_LENGTH]) for cell in row] for row in _split_cells(text.replace("\x00", ""))]
    rows = [row for row in rows if any(row)]
    if not rows:
        raise TableError("There is no table yet: paste one.")
    if len(rows) > MAX_TABLE_ROWS + 1:
        raise TableError(f"At most {MAX_TABLE_ROWS} rows at once; this table has {len(rows)}.")
    width = max(map(len, rows))
    if width < 2:
        raise TableError("No columns were recognised: separate cells by tabs, commas, semicolons or “ | ”.")
    if width > MAX_TABLE_COLUMNS:
        raise TableError(f"At most {MAX_TABLE_COLUMNS} columns; the widest row has {width}.")
    return [row + [""] * (width - len(row)) for row in rows]


def _split_cells(text: str) -> list[list[str]]:
    """Split rows into cells: by tabs or bars if there are any, else by the more regular of comma and semicolon."""
    lines = [line for line in text.splitlines() if line.strip()]
    if any("\t" in line for line in lines):
        return _read_csv(text, "\t")
    if sum(" | " in line or line.strip().startswith("|") for line in lines) > len(lines) / 2:
        table_lines = [line for line in lines if not HEADER_RULE.fullmatch(line)]
        return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in table_lines]
    return _read_csv(text, max(";,", key=lambda separator: _regularity(lines, separator)))


def _regularity(lines: list[str], separator: str) -> int:
    """In how many lines the separator occurs equally often."""
    line_counts = Counter(line.count(separator) for line in lines[:LINES_SAMPLED])
    return max((total for occurrences, total in line_counts.items() if occurrences), default=0)


def _read_csv(text: str, separator: str) -> list[list[str]]:
    """Read as CSV. If a quotation mark is never closed, read again with quotation marks as part of the text."""
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        stream = io.StringIO(text, newline="")
        try:
            rows = list(csv.reader(stream, delimiter=separator, quoting=quoting, skipinitialspace=True))
        except csv.Error:
            continue
        if not any("\n" in cell and separator in cell for row in rows for cell in row):
            return rows
    raise TableError("The text could not be read as a table.")


def _columns_by_header(header: list[str]) -> list[str]:
    """The columns that a header row names; each column at most once."""
    columns: list[str] = []
    for cell in header:
        names = (name for name, pattern in HEADER_PATTERNS if cell and re.search(pattern, cell.casefold()))
        columns.append(next((name for name in names if name not in columns), IGNORED_COLUMN))
    return columns


def _looks_like_data(row: list[str]) -> bool:
    """True if the row has a number or a date and so is not a header."""
    return any(SHORT_NUMBER.fullmatch(cell) or _is_value(parse_date, cell) for cell in row)


def _is_value(parse: Callable[[str], object], cell: str) -> bool:
    try:
        return parse(cell) is not None
    except ValueError:
        return False


def _columns_by_content(rows: list[list[str]]) -> list[str]:
    """Guess the columns of a table without header, in the order of the tests below."""
    filled_cells = [
        [cell for cell in cells if cell.casefold() not in UNKNOWN_VALUES] for cells in zip(*rows, strict=True)
    ]
    tests: tuple[tuple[str, Callable[[str], object]], ...] = (
        ("date", lambda cell: not SHORT_NUMBER.fullmatch(cell) and _is_value(parse_date, cell)),
        ("number", SHORT_NUMBER.fullmatch),
        ("runtime", lambda cell: _is_value(parse_minutes, cell)),
        ("code", lambda cell: PRODUCTION_CODE.fullmatch(cell) and any(map(str.isdigit, cell))),
        ("title", lambda cell: True),
        ("director", lambda cell: True),
        ("writer", lambda cell: True),
    )
    columns: dict[int, str] = {}
    for column, test in tests:
        for index, cells in enumerate(filled_cells):
            if index not in columns and cells and sum(bool(test(cell)) for cell in cells) >= COLUMN_SHARE * len(cells):
                columns[index] = column
                break
    return [columns.get(index, IGNORED_COLUMN) for index in range(len(rows[0]))]


def _episode_numbers(table: EpisodeTable, row: Sequence[str], position: int) -> tuple[int, int | None]:
    """(number, last number of a double episode) of a row."""
    if table.column_index("number") is None:
        return position, None
    text = table.cell(row, "number")
    match = EPISODE_NUMBER.fullmatch(text)
    if not match or int(match[1]) > MAX_EPISODE_NUMBER:
        raise ValueError(f"“{text[:40]}” is not an episode number.")
    return int(match[1]), int(match[2]) if match[2] else None


def _read_credits(text: str, column: str, claim: EpisodeClaim) -> None:
    """Add the credits of a cell to the claim. Only writers work in teams."""
    for role, names in split_by_role(text, column):
        for index, members in enumerate(split_teams(names)):
            team = f"{role}-{index}" if len(members) > 1 and column == "writer" else None
            for name in members:
                if is_person_name(name):
                    claim.credits.append(CreditClaim(role, name, team=team))
                else:
                    claim.errors.append(f"“{name[:60]}” is not a name.")
