"""Read a pasted episode table: its rows and columns, and each row as an ``EpisodeClaim``."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from catalog.sources.cell_values import (
    POSSIBLE_TITLES,
    AmbiguousDateError,
    IgnoredValueError,
    is_date,
    is_placeholder,
    parse_code,
    parse_date,
    parse_minutes,
    parse_whole_number,
    strip_quotes,
)
from catalog.sources.claims import NOT_ON_AN_EPISODE, CreditClaim, EpisodeClaim, FieldValue
from catalog.sources.episode_columns import (
    COLUMN_LABELS,
    EPISODE_NUMBER,
    columns_by_content,
    columns_by_header,
    looks_like_data,
)
from catalog.sources.person_names import clean_text, is_person_name, read_name, split_by_role, split_teams
from catalog.sources.table_rows import (
    MAX_CELL_LENGTH,
    MAX_TABLE_LENGTH,
    MAX_TABLE_ROWS,
    TableError,
    find_row_errors,
    read_rows,
)

MAX_EPISODE_NUMBER = 32767  # a small integer of the database
FIELD_READERS: dict[str, tuple[str, Callable[[str], FieldValue]]] = {
    "overall": ("overall_number", lambda text: _parse_first_number(text)),
    "title": ("title", strip_quotes),
    "date": ("air_date", parse_date),
    "date_day_first": ("air_date", lambda text: parse_date(text, "day")),
    "date_month_first": ("air_date", lambda text: parse_date(text, "month")),
    "code": ("production_code", parse_code),
    "runtime": ("runtime", parse_minutes),
}
MAX_CORRECTED_CELLS = 2_000  # a larger table is corrected in its text
CREDIT_COLUMNS = ("director", "writer")
TEAM_ROLES = {"writer", "story", "teleplay", "screenplay"}
SEASON_NUMBER = re.compile(r"(?:s|season)?\s?#?(\d{1,5})", re.IGNORECASE)
FIRST_NUMBER = re.compile(r"(\d{1,5})(?:\s?[-–/&]\s?|\s)\d{1,5}")  # 2–3: the overall numbers of a double episode


@dataclass
class EpisodeTable:
    """Rows of equally many cells, the column each cell belongs to, and the header row if there was one."""

    rows: list[list[str]]
    columns: list[str]
    headers: list[str]
    row_errors: list[str] = field(default_factory=list)  # of each row: a sentence if its cells do not fit the columns
    summary_count: int = 0  # lines of text between rows that were left out

    def rows_of_season(self, season: int) -> list[tuple[int, list[str]]]:
        """(number of the row from 1, cells) of the rows whose season is the given one or cannot be read."""
        numbered_rows = enumerate(self.rows, 1)
        return [(number, row) for number, row in numbered_rows if self._season(row) in (season, None)]

    def season_error(self, row: Sequence[str]) -> str:
        """A sentence if the row does not state its season though the table has a column for it."""
        if self.column_index("season") is None or self._season(row) is not None:
            return ""
        return f"“{self.cell(row, 'season')[:40]}” is not a season number."

    def position_in_season(self, position: int) -> int:
        """The position of a row, from 1, among the rows of its season."""
        seasons = [self._season(row) for row in self.rows[:position]]
        return seasons.count(seasons[-1])

    @property
    def can_be_corrected(self) -> bool:
        """True if a form can have a field for each cell."""
        return len(self.rows) * len(self.columns) <= MAX_CORRECTED_CELLS

    def correct_cells(self, texts: Mapping[tuple[int, int], str]) -> None:
        """Replace cells, by number of the row from 1 and index of the column. A corrected row fits the header."""
        for (number, index), text in texts.items():
            if number <= len(self.rows) and index < len(self.columns):
                corrected = clean_text(text[:MAX_CELL_LENGTH])
                if corrected != self.rows[number - 1][index]:
                    self.rows[number - 1][index] = corrected
                    self.row_errors[number - 1] = ""

    def _season(self, row: Sequence[str]) -> int | None:
        match = SEASON_NUMBER.fullmatch(self.cell(row, "season"))
        return int(match[1]) if match else None

    def column_index(self, column: str) -> int | None:
        """The position of a column, or None if the table has no such column."""
        return self.columns.index(column) if column in self.columns else None

    def cell(self, row: Sequence[str], column: str) -> str:
        """The text of a column in a row, empty if the table has no such column."""
        index = self.column_index(column)
        return row[index] if index is not None else ""


def parse_episode_table(
    text: str, columns: Sequence[str] = (), *, max_rows: int = MAX_TABLE_ROWS, max_length: int = MAX_TABLE_LENGTH
) -> EpisodeTable:
    """Read a pasted table; TableError if it is none. ``columns`` overrides the guessed columns if it fits the table."""
    rows, cell_counts, summary_count = read_rows(text, max_rows, max_length)
    width = len(rows[0])
    header_columns, headers = columns_by_header(rows), []
    if sum(map(bool, header_columns)) > 1 and not looks_like_data(rows[0]):
        headers, rows = rows[0], rows[1:]
        table_columns = header_columns
    else:
        table_columns = columns_by_content(rows)
    if len(rows) > max_rows:
        raise TableError(f"At most {max_rows} rows at once, besides the header.")
    if len(columns) == width and set(columns) <= set(COLUMN_LABELS):
        table_columns = list(columns)
    return EpisodeTable(rows, table_columns, headers, find_row_errors(rows, cell_counts, headers), summary_count)


def read_episode(table: EpisodeTable, row: Sequence[str], position: int) -> EpisodeClaim:
    """Read one row. ``position`` counts from 1 and is the episode's number if the table has no column for it."""
    claim = EpisodeClaim()
    claim.errors += filter(None, [table.row_errors[position - 1], table.season_error(row)])
    if claim.errors:
        return claim
    try:
        claim.number, last_number = _episode_numbers(table, row, position)
    except ValueError as error:
        claim.errors.append(str(error))
        return claim
    claim.values["last_number"] = last_number
    for column in filter(FIELD_READERS.get, table.columns):
        read_value(table.cell(row, column), column, claim)
    for column in CREDIT_COLUMNS:
        read_credits(table.cell(row, column), column, claim)
    return claim


def _episode_numbers(table: EpisodeTable, row: Sequence[str], position: int) -> tuple[int, int | None]:
    """(number, last number of a double episode) of a row."""
    if table.column_index("number") is None:
        return table.position_in_season(position), None
    text = table.cell(row, "number")
    match = EPISODE_NUMBER.fullmatch(text)
    if not match or int(match[1]) > MAX_EPISODE_NUMBER:
        raise ValueError(f"“{text[:40]}” is not an episode number.")
    last_number = match[2] or match[3]
    return int(match[1]), int(last_number) if last_number else None


def _parse_first_number(text: str) -> int | None:
    match = FIRST_NUMBER.fullmatch(text)
    return int(match[1]) if match else parse_whole_number(text)


def read_value(text: str, column: str, claim: EpisodeClaim) -> None:
    """Add the value of a cell to the claim, or what is wrong with it."""
    field_name, parse = FIELD_READERS[column]
    try:
        value = parse(text)
    except IgnoredValueError as error:
        claim.notes.append(f"{error}.")
        return
    except AmbiguousDateError as error:
        orders = " or ".join(f"“{COLUMN_LABELS[order]}”" for order in ("date_day_first", "date_month_first"))
        claim.errors.append(f"{error} or choose {orders} for the column.")
        return
    except ValueError as error:
        claim.errors.append(f"{error}.")
        return
    if column == "title" and str(value).casefold() in POSSIBLE_TITLES:
        claim.doubtful.add(field_name)
    elif column == "title" and is_placeholder(str(value)):
        value = ""
    claim.values[field_name] = value


def read_credits(text: str, column: str, claim: EpisodeClaim) -> None:
    """Add the credits of a cell to the claim; ``column`` is the role. Only writers work in teams."""
    if is_date(text):
        claim.errors.append(f"“{text[:60]}” is not a name.")
        return
    teams = [(role, members) for role, names in split_by_role(text, column) for members in split_teams(names)]
    for index, (default_role, members) in enumerate(teams):
        team = f"{default_role}-{index}" if len(members) > 1 and column in TEAM_ROLES else None
        team_roles = read_name(members[-1]).roles  # “A One & B Two (story)” are both meant
        for member in map(read_name, members):
            invalid = [name for name in filter(None, (member.name, member.credited_as)) if not is_person_name(name)]
            if invalid:
                claim.errors.append(f"“{invalid[0][:60]}” is not a name.")
                continue
            if member.for_some_episodes:
                claim.errors.append(f"{member.name}: {NOT_ON_AN_EPISODE}.")
            credited_as, note = member.credited_as, ", ".join(member.notes)
            for role in member.roles or team_roles or [default_role]:
                claim.credits.append(CreditClaim(role, member.name, credited_as=credited_as, note=note, team=team))
