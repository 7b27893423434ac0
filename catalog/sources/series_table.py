"""Read a table (CSV, XLSX, JSON rows) with a row for each episode of a whole series."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from catalog.sources.claims import CreditClaim, EpisodeClaim
from catalog.sources.document import Document
from catalog.sources.episode_columns import IGNORED_COLUMN
from catalog.sources.episode_table import EpisodeTable, parse_episode_table, read_credits, read_episode
from catalog.sources.glued_names import (
    is_glued,
    separate_names,
    separate_roles,
    split_glued_titles,
    split_parts,
)
from catalog.sources.json_values import Record, as_record, as_records, as_text
from catalog.sources.person_names import read_name, split_by_role, split_teams
from catalog.sources.role_words import ROLE_SLUGS
from catalog.sources.season_columns import fill_season_and_number
from catalog.sources.series_claims import (
    OtherTitle,
    PersonClaim,
    PlacedEpisode,
    SeasonClaim,
    SeriesClaims,
    SourceError,
    SourceFacts,
)
from catalog.sources.table_rows import MAX_TABLE_COLUMNS, TableError
from catalog.sources.table_text import TableText, read_table_text, rows_as_text
from catalog.spreadsheet_rows import FileError

MAX_ROWS, MAX_LENGTH = 5_000, 3_000_000
MAX_RECOGNISED_ROWS, RECOGNISED_LENGTH = 50, 20_000
SERIES_HEADERS = {"series", "show", "tv show", "programme", "series title", "series name", "show title", "show name"}
COLUMN_ROLES = {"staff writer": "staff-writer", "story editor": "story-editor", "cinematography": "cinematographer"}
COLUMN_ROLES |= {"cinematographer": "cinematographer", "music": "composer", "edited": "editor", "produced": "producer"}
NO_CREW = {"cast", "guest", "presenter"}
CREDIT_COLUMNS = {"director", "writer"}
PLACE_COLUMNS, FACT_COLUMNS = {"season", "number", "overall"}, {"title", "date", "director", "writer"}
DROPPED_FIELDS = (None, "")


def is_workbook(document: Document) -> bool:
    """True for an XLSX file."""
    return isinstance(document.data, bytes) and document.data.startswith(b"PK")


def recognises(document: Document) -> bool:
    """True for CSV and JSON rows whose header names episodes: a number and a title, date, director or writer.

    Only the beginning is looked at, so that the reader says what is wrong with the rest.
    """
    try:
        if document.is_json:
            table = _parse(_json_text(document, MAX_RECOGNISED_ROWS)).table
        else:
            head = document.data[:RECOGNISED_LENGTH]
            table = _parse(head if len(document.data) <= RECOGNISED_LENGTH else _whole_lines(head)).table
    except SourceError:
        return False
    return bool(
        table.headers and PLACE_COLUMNS.intersection(table.columns) and FACT_COLUMNS.intersection(table.columns)
    )


def read_series(data: bytes | str, *more: bytes | str) -> SeriesClaims:
    """Read one or more tables of one series; each may have some of its seasons."""
    reader = _SeriesTableReader()
    for file in (data, *more):
        reader.read(_parse(file))
    return reader.finish()


@dataclass
class _ParsedFile:
    table: EpisodeTable
    remarks: list[str] = field(default_factory=list)


def _parse(data: bytes | str) -> _ParsedFile:
    try:
        text = read_table_text(data, MAX_LENGTH) if isinstance(data, bytes) else TableText(data)
        if text.text.lstrip("\ufeff \t\r\n")[:1] in ("[", "{"):
            text = TableText(_json_text(Document(text.text)))
        table = parse_episode_table(text.text, max_rows=MAX_ROWS, max_length=MAX_LENGTH)
    except (FileError, TableError) as error:
        raise SourceError(str(error)) from error
    remarks = [f"The file is not in UTF-8: it was read as {text.guessed_encoding}."] if text.guessed_encoding else []
    if table.summary_count:
        remarks.append(f"Lines of text between the rows are left out: {table.summary_count}.")
    return _ParsedFile(table, remarks)


def _whole_lines(head: bytes | str) -> bytes | str:
    """The text up to the end of its last whole line."""
    if isinstance(head, bytes):
        return head[: head.rfind(b"\n") + 1]
    return head[: head.rfind("\n") + 1]


def _json_text(document: Document, first_rows: int | None = None) -> str:
    """JSON rows, or the first of them, as the text of a table: a list of objects, or an object with one such list."""
    value = document.json
    lists = [as_records(member) for member in ([value] if isinstance(value, list) else as_record(value).values())]
    lists = [rows[:first_rows] for rows in lists if rows]
    if len(lists) != 1:
        raise SourceError("The JSON file is no list of rows.")
    if len(lists[0]) > MAX_ROWS:
        raise SourceError(f"At most {MAX_ROWS} rows at once; this file has {len(lists[0])}.")
    headers = list(dict.fromkeys(key for row in lists[0] for key in row))
    if len(headers) > MAX_TABLE_COLUMNS:
        raise SourceError(
            f"The JSON rows have {len(headers)} different keys, but at most {MAX_TABLE_COLUMNS} are read."
        )
    return rows_as_text([headers, *([_json_cell(row.get(key)) for key in headers] for row in lists[0])])


def _json_cell(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(filter(None, map(_json_cell, value[:300]))) if len(value) else ""
    record: Record = as_record(value)
    return as_text(next((record[key] for key in ("name", "title") if key in record), value))


class _SeriesTableReader:
    """Collects the claims of the rows of one or more tables."""

    def __init__(self) -> None:
        self.claims = SeriesClaims(SourceFacts(""))
        self.locators: dict[tuple[int, int], str] = {}  # by season and number

    def finish(self) -> SeriesClaims:
        if not self.claims.episodes:
            reasons = "".join(f" {sentence}" for sentence in self.claims.unmapped[:1])
            raise SourceError(f"The table has no rows of episodes.{reasons}")
        numbers = sorted({episode.season for episode in self.claims.episodes})
        self.claims.seasons = [SeasonClaim(number) for number in numbers]
        self.claims.unmapped = list(dict.fromkeys(self.claims.unmapped))
        return self.claims

    def read(self, file: _ParsedFile) -> None:
        table = file.table
        self.claims.unmapped += file.remarks
        self._read_series_title(table)
        if remark := fill_season_and_number(table):
            self.claims.unmapped.append(remark)
        roles = _credit_columns(table)
        self._report_columns(table, roles)
        names = _names_of_cells(row[index] for row in table.rows for index in roles)
        # The columns of credits are read here, as their cells may be glued.
        plain_table = replace(
            table, columns=[IGNORED_COLUMN if column in CREDIT_COLUMNS else column for column in table.columns]
        )
        for position, row in enumerate(table.rows, 1):
            claim = read_episode(plain_table, row, position)
            for index, role in roles.items() if claim.number is not None else ():
                _read_credits_of_cell(row[index], role, claim, names)
            self._add_episode(table, row, claim, f"row {position + bool(table.headers)}")

    def _read_series_title(self, table: EpisodeTable) -> None:
        index = next((index for index, header in enumerate(table.headers) if _words(header) in SERIES_HEADERS), None)
        titles = {row[index] for row in table.rows if row[index]} if index is not None else set()
        if titles:
            titles |= {str(self.claims.values.get("title", next(iter(titles))))}
        if len(titles) > 1:
            raise SourceError(
                f"The table has {len(titles)} series, such as “{min(titles)[:60]}”: read them one by one."
            )
        for title in titles:
            self.claims.values["title"] = title[:200]

    def _report_columns(self, table: EpisodeTable, roles: Collection[int]) -> None:
        for index, column in enumerate(table.columns):
            header = table.headers[index] if table.headers else str(index + 1)
            has_place = column != IGNORED_COLUMN or index in roles or _words(header) in SERIES_HEADERS
            if not has_place and any(row[index] for row in table.rows):
                self.claims.unmapped.append(f"The column “{header[:60]}” has no place, so it is left out.")

    def _add_episode(self, table: EpisodeTable, row: Sequence[str], claim: EpisodeClaim, locator: str) -> None:
        """Add an episode; what is wrong with its cells is unmapped."""
        self.claims.unmapped += [f"{locator.capitalize()}: {error}" for error in claim.errors]
        if claim.number is None:
            return
        claim.errors = []
        season = int("".join(filter(str.isdecimal, table.cell(row, "season"))))
        if first := self.locators.get((season, claim.number)):
            self.claims.unmapped.append(
                f"{locator.capitalize()}: season {season} has episode {claim.number} in {first} already."
            )
            return
        self.locators[season, claim.number] = locator
        claim.values = {name: value for name, value in claim.values.items() if value not in DROPPED_FIELDS}
        episode = PlacedEpisode(season, claim, locator=locator)
        if title := str(claim.values.get("title", "")):
            claim.values["title"], *others = split_glued_titles(title)
            episode.other_titles = [OtherTitle(other) for other in others]
        episode.people = [PersonClaim(credit.name) for credit in claim.credits]
        self.claims.episodes.append(episode)


def _words(header: str) -> str:
    return " ".join(header.casefold().replace("_", " ").replace("(s)", "").split())


def _credit_columns(table: EpisodeTable) -> dict[int, str]:
    """The role of each column with credits, by the column's index."""
    roles = {}
    for index, column in enumerate(table.columns):
        header = table.headers[index] if table.headers else ""
        role = _role_of_header(header) or (column if column in CREDIT_COLUMNS else "")
        if role and column in (IGNORED_COLUMN, *CREDIT_COLUMNS):
            roles[index] = role
    return roles


def _role_of_header(header: str) -> str:
    """The slug that a header such as “Teleplay by” or “staff_writer” names; the cast is not read."""
    words = _words(header)
    candidates = (words, words.removesuffix("s"), words.removesuffix(" by"))
    slug = next((roles[word] for word in candidates for roles in (ROLE_SLUGS, COLUMN_ROLES) if word in roles), "")
    return "" if slug in NO_CREW else slug


def _names_of_cells(cells: Iterable[str]) -> set[str]:
    """The names that stand alone in a cell or between separators, without those that may be two."""
    return {name for cell in set(cells) for name in _names_of_cell(cell) if not is_glued(name)}


def _names_of_cell(cell: str) -> Iterator[str]:
    for _, part in split_parts(separate_roles(cell)):
        for _, names in split_by_role(part, ""):
            for members in split_teams(names):
                yield from (read_name(member).name for member in members)


def _read_credits_of_cell(cell: str, role: str, claim: EpisodeClaim, names: Collection[str]) -> None:
    """Add the credits of a cell, each person once in a role; a double episode's parts are notes."""
    text = separate_roles(cell)
    for glued in filter(is_glued, set(_names_of_cell(cell)) - {*names}):
        separate = separate_names(glued, names)
        if len(separate) > 1:
            text = text.replace(glued, "\n".join(separate))
            claim.notes.append(f"“{glued[:120]}” is read as {len(separate)} names.")
        else:
            claim.notes.append(f"“{glued[:120]}” may be more than one name.")
    part_claim = EpisodeClaim()
    for note, part in split_parts(text):
        start = len(part_claim.credits)
        read_credits(part, role, part_claim)
        part_claim.credits[start:] = [
            replace(
                credit,
                note=", ".join(filter(None, (credit.note, note))),
                team=credit.team and f"{role}-{note}-{credit.team}",
            )
            for credit in part_claim.credits[start:]
        ]
    claim.errors += part_claim.errors
    claim.credits += _unite_credits(part_claim.credits)


def _unite_credits(credits: Iterable[CreditClaim]) -> list[CreditClaim]:
    united: dict[tuple[str, str], CreditClaim] = {}
    for credit in credits:
        first = united.setdefault((credit.role, credit.name), credit)
        if credit.note not in first.note:
            united[credit.role, credit.name] = replace(first, note=", ".join(filter(None, (first.note, credit.note))))
    return list(united.values())
