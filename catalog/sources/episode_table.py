"""A table that was pasted: its rows and cells, and what each column is."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from catalog.sources.cell_values import UNKNOWN_VALUES, parse_date, parse_minutes
from catalog.sources.person_names import clean_text

MAX_TABLE_ROWS, MAX_TABLE_COLUMNS = 300, 20
MAX_TABLE_LENGTH = 300_000  # characters
MAX_CELL_LENGTH = 2_000
IGNORED_COLUMN = ""
COLUMN_LABELS = {
    IGNORED_COLUMN: "– leave out –",
    "number": "Number in season",
    "overall": "Number overall",
    "title": "Title",
    "date": "First shown",
    "code": "Production code",
    "runtime": "Running time",
    "director": "Directors",
    "writer": "Writers",
}
# What headers call them, the more telling first.
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
RULE = re.compile(r"[\s|:+=-]*")  # the line below the header of a table drawn with signs
CODE = re.compile(r"[A-Z0-9][A-Z0-9.-]{2,39}", re.ASCII)
NUMBER = re.compile(r"#?\d{1,4}")


class TableError(ValueError):
    """The text is no table."""


@dataclass
class EpisodeTable:
    """Rows of as many cells each; what each column is; whether the first line named them."""

    rows: list
    columns: list
    headers: list

    def column(self, name):
        """The place of a column, or None."""
        return self.columns.index(name) if name in self.columns else None


def parse_episode_table(text, chosen=()):
    """The Table in ``text``, Unreadable when it is none. ``chosen`` is what its columns are, where somebody said so."""
    if len(text) > MAX_TABLE_LENGTH:
        raise TableError(f"At most {MAX_TABLE_LENGTH} characters at once.")
    rows = [[clean_text(cell[:MAX_CELL_LENGTH]) for cell in row] for row in _rows(text.replace("\x00", ""))]
    rows = [row for row in rows if any(row)]
    if not rows:
        raise TableError("Paste a table: there is none yet.")
    if len(rows) > MAX_TABLE_ROWS + 1:
        raise TableError(f"At most {MAX_TABLE_ROWS} rows at once; these are {len(rows)}.")
    width = max(map(len, rows))
    if width < 2:
        raise TableError("No columns were found: separate cells by tabs, commas, semicolons or “ | ”.")
    if width > MAX_TABLE_COLUMNS:
        raise TableError(f"At most {MAX_TABLE_COLUMNS} columns; the widest row has {width}.")
    rows = [row + [""] * (width - len(row)) for row in rows]
    columns, headers = _by_header(rows[0]), []
    if sum(map(bool, columns)) > 1 and not _looks_like_data(rows[0]):
        headers, rows = rows[0], rows[1:]
    else:
        columns = _guessed(rows)
    if len(rows) > MAX_TABLE_ROWS:
        raise TableError(f"At most {MAX_TABLE_ROWS} rows at once, besides the names of the columns.")
    if len(chosen) == width and set(chosen) <= set(COLUMN_LABELS):
        columns = list(chosen)
    return EpisodeTable(rows, columns, headers)


def _rows(text):
    """Lists of cells, by whichever sign separates most lines alike."""
    lines = [line for line in text.splitlines() if line.strip()]
    if any("\t" in line for line in lines):
        return _separated(text, "\t")
    if sum(" | " in line or line.strip().startswith("|") for line in lines) > len(lines) / 2:
        drawn = [line for line in lines if not RULE.fullmatch(line)]
        return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in drawn]
    return _separated(text, max(";,", key=lambda sign: _evenness(lines, sign)))


def _evenness(lines, sign):
    """How many lines have the sign the same number of times."""
    counts = Counter(line.count(sign) for line in lines[:100])
    return max((total for number, total in counts.items() if number), default=0)


def _separated(text, sign):
    """As csv reads it; a quotation mark that never ends is one of the text."""
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        try:
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, quoting=quoting, skipinitialspace=True)
            rows = list(reader)
        except csv.Error:
            continue
        if not any("\n" in cell and sign in cell for row in rows for cell in row):
            return rows
    raise TableError("The text could not be read as a table.")


def _by_header(cells):
    """What each column is by its name; each is one column only."""
    found = []
    for cell in cells:
        names = (name for name, pattern in HEADER_PATTERNS if cell and re.search(pattern, cell.casefold()))
        name = next((name for name in names if name not in found), IGNORED_COLUMN)
        found.append(name)
    return found


def _looks_like_data(cells):
    """Whether a first line has a date or a number where the names of columns would have none."""
    return any(NUMBER.fullmatch(cell) or _is(parse_date, cell) for cell in cells)


def _is(reader, cell):
    try:
        return reader(cell) is not None
    except ValueError:
        return False


def _guessed(rows):
    """What each column is by what is in it: numbers first, then a date, the title before people."""
    width, found = len(rows[0]), {}
    cells = [[row[place] for row in rows if row[place].casefold() not in UNKNOWN_VALUES] for place in range(width)]

    def mostly(place, test):
        return bool(cells[place]) and sum(bool(test(cell)) for cell in cells[place]) >= 0.7 * len(cells[place])

    tests = (
        ("date", lambda cell: not NUMBER.fullmatch(cell) and _is(parse_date, cell)),
        ("number", NUMBER.fullmatch),
        ("runtime", lambda cell: _is(parse_minutes, cell)),
        ("code", lambda cell: CODE.fullmatch(cell) and any(map(str.isdigit, cell))),
        ("title", lambda cell: True),
        ("director", lambda cell: True),
        ("writer", lambda cell: True),
    )
    for name, test in tests:
        place = next((place for place in range(width) if place not in found and mostly(place, test)), None)
        if place is not None:
            found[place] = name
    return [found.get(place, IGNORED_COLUMN) for place in range(width)]
