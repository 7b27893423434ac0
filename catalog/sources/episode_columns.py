"""Columns of a pasted episode table: their labels, and which columns a header row or the cells themselves suggest."""

import re
from collections.abc import Callable

from catalog.sources.cell_values import is_date, is_placeholder, parse_minutes

COLUMN_SHARE = 0.7  # of the filled cells of a column have to look alike for it to be guessed
IGNORED_COLUMN = ""
COLUMN_LABELS = {
    IGNORED_COLUMN: "– leave out –",
    "season": "Number of the season",
    "number": "Number in season",
    "overall": "Number overall",
    "title": "Title",
    "date": "Air date",
    "date_day_first": "Air date, day first",
    "date_month_first": "Air date, month first",
    "code": "Production code",
    "runtime": "Running time",
    "director": "Directors",
    "writer": "Writers",
}
ANY_NUMBER = r"^(no|nr|number|#)\b|^#"
# How headers name the columns, in lower case and with spaces for underscores. Each pattern in turn takes the first
# header that is left, so the more specific patterns come first: “No.” is the overall number beside “No. in season”.
HEADER_PATTERNS = (
    ("overall", r"overall|in ?series|series ?(no\b|#)|absolute"),
    ("code", r"prod.*(code|no\b|num|#)|\bcodes?\b|^prod(uction)?\.?$"),
    ("runtime", r"^run|running|length|duration|minutes|^min"),
    ("director", r"direct"),
    ("writer", r"writ|teleplay|screenplay"),
    ("title", r"^episode ?(title|name)"),
    ("date", r"\bair|release|premiere"),
    ("date", r"^dates?\b|shown|broadcast|transmission"),
    ("number", r"in ?season|^ep(isode)?\b\.? ?(no\b|nr|num|#)"),
    ("number", r"^ep(isode)?\b|^e ?#?$"),
    ("number", r"^season ?#|^season ?no\b"),
    ("number", ANY_NUMBER),
    ("season", r"^s(eason)?( ?(#|no|nr|number))?\.?$"),
    ("overall", ANY_NUMBER),
    ("title", r"^title"),
    ("title", r"^(?!.*\b(serial|series|show|season)\b).*title|^name$|^episodes?$"),
)
NUMBER_COLUMNS = ("number", "overall", "season")
PRODUCTION_CODE = re.compile(r"[A-Z0-9][A-Z0-9.-]{2,39}", re.ASCII)
SHORT_NUMBER = re.compile(r"#?\d{1,4}")
# 7, #7, S02E07, S2.E7, 2x07, Episode 7; double episodes: 7–8, S02E07-E08, S02E07E08
EPISODE_NUMBER = re.compile(
    r"(?:s\s?\d+[\s.]?e|\d+x|#|e|ep\.?|episode)?\s?(\d{1,5})(?:(?:\s?[-–/&]\s?|\s)(?:s\d+)?e?(\d{1,5})|e(\d{1,5}))?",
    re.IGNORECASE,
)


def columns_by_header(rows: list[list[str]]) -> list[str]:
    """The columns that the first row names; each column at most once."""
    names = [" ".join(cell.casefold().replace("_", " ").split()) for cell in rows[0]]
    columns, vague_columns = [IGNORED_COLUMN] * len(names), set()
    for column, pattern in HEADER_PATTERNS:
        if column in columns:
            continue
        for index, name in enumerate(names):
            is_free = name and columns[index] == IGNORED_COLUMN and re.search(pattern, name)
            if is_free and (column not in NUMBER_COLUMNS or _has_numbers(rows[1:], index)):
                columns[index] = column
                if pattern == ANY_NUMBER:
                    vague_columns.add(column)
                break
    if {"number", "overall"} == vague_columns:
        _order_numbers(columns, rows[1:])
    return columns


def _order_numbers(columns: list[str], rows: list[list[str]]) -> None:
    """Swap two columns that are only called numbers if the number in the season would exceed the one overall."""
    number, overall = columns.index("number"), columns.index("overall")
    cells = [(row[number], row[overall]) for row in rows if max(number, overall) < len(row)]
    if any(one.isdecimal() and two.isdecimal() and int(one) > int(two) for one, two in cells):
        columns[number], columns[overall] = "overall", "number"


def _has_numbers(rows: list[list[str]], index: int) -> bool:
    """True if a column has a number or nothing at all: a column called “Episode” may have titles."""
    cells = [row[index] for row in rows if index < len(row) and row[index]]
    return not cells or any(SHORT_NUMBER.match(cell) or EPISODE_NUMBER.fullmatch(cell) for cell in cells)


def looks_like_data(row: list[str]) -> bool:
    """True if the row has a number or a date and so is not a header."""
    return any(SHORT_NUMBER.fullmatch(cell) or is_date(cell) for cell in row)


def _is_value(parse: Callable[[str], object], cell: str) -> bool:
    try:
        return parse(cell) is not None
    except ValueError:
        return False


def columns_by_content(rows: list[list[str]]) -> list[str]:
    """Guess the columns of a table without header, in the order of the tests below."""
    filled_cells = [[cell for cell in cells if not is_placeholder(cell)] for cells in zip(*rows, strict=True)]
    tests: tuple[tuple[str, Callable[[str], object]], ...] = (
        ("date", lambda cell: not SHORT_NUMBER.fullmatch(cell) and is_date(cell)),
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
