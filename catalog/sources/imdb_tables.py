"""IMDb's data files as tables: recognised by their headers, scanned in the stream or copied to a temporary database."""

import sqlite3
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from catalog.sources.series_claims import SourceError
from catalog.sources.tsv_files import File, Row, TsvFile

# The columns that tell a table, and the column by which its rows are looked up.
TABLES: dict[str, tuple[set[str], str]] = {
    "title.basics": ({"tconst", "titleType", "primaryTitle"}, "tconst"),
    "title.episode": ({"tconst", "parentTconst", "seasonNumber", "episodeNumber"}, "parentTconst"),
    "title.principals": ({"tconst", "nconst", "category"}, "tconst"),
    "title.crew": ({"tconst", "directors", "writers"}, "tconst"),
    "title.akas": ({"titleId", "title"}, "titleId"),
    "title.ratings": ({"tconst", "averageRating"}, "tconst"),  # of users: recognised, not taken
    "name.basics": ({"nconst", "primaryName"}, "nconst"),
}
MAX_ROWS = 500_000  # of one series in one table; the longest soaps have 15,000 episodes
QUERY_SIZE = 500  # keys in one query
LookUp = Callable[[str, Collection[str]], Iterator[Row]]  # (table, keys) -> rows


def table_of(columns: Collection[str]) -> str:
    """The name of the table with these columns; empty for another file."""
    return next((table for table, (needed, _) in TABLES.items() if needed <= {*columns}), "")


class ImdbTables:
    """Some or all of IMDb's files, by table."""

    def __init__(self, files: Sequence[File]) -> None:
        self.files: dict[str, TsvFile] = {}
        for file in map(TsvFile, files):
            table = table_of(file.columns)
            if not table:
                raise SourceError(f"{file.name} has none of the headers of IMDb's data files.")
            if table in self.files:
                raise SourceError(f"There are two files of the kind {table}: choose one.")
            self.files[table] = file

    def read_all(self, table: str, column: str) -> Iterator[str]:
        """The cells of one column, whole table."""
        if table in self.files:
            for cell, _ in self.files[table].read_lines(column):
                yield cell.decode("utf-8", "replace")

    def scan(self, table: str, keys: Collection[str]) -> Iterator[Row]:
        """Look up rows by reading the file from its begin to its end: right for one series, slow for many."""
        file = self.files.get(table)
        if file and keys:
            yield from _limited(table, file.read_rows(TABLES[table][1], {key.encode() for key in keys}))

    @contextmanager
    def copy(self) -> Iterator[LookUp]:
        """Copy the rows to a temporary SQLite file, so that many series are looked up; it needs twice their space."""
        with tempfile.TemporaryDirectory(prefix="imdb-") as folder, closing(_connect(Path(folder))) as connection:
            for number, (table, file) in enumerate(self.files.items()):
                connection.execute(f"CREATE TABLE t{number} (key TEXT, line BLOB)")
                lines = ((key.decode("utf-8", "replace"), line) for key, line in file.read_lines(TABLES[table][1]))
                connection.executemany(f"INSERT INTO t{number} VALUES (?, ?)", lines)
                connection.execute(f"CREATE INDEX i{number} ON t{number} (key)")
            positions = {table: number for number, table in enumerate(self.files)}

            def look_up(table: str, keys: Collection[str]) -> Iterator[Row]:
                if table in positions:
                    lines = _select_lines(connection, positions[table], sorted(keys))
                    yield from _limited(table, map(self.files[table].parse, lines))

            yield look_up


def _limited(table: str, rows: Iterable[Row]) -> Iterator[Row]:
    for number, row in enumerate(rows):
        if number == MAX_ROWS:
            raise SourceError(f"{table} has more than {MAX_ROWS:,} rows of one series.")
        yield row


def _select_lines(connection: sqlite3.Connection, number: int, keys: Sequence[str]) -> Iterator[bytes]:
    for start in range(0, len(keys), QUERY_SIZE):
        part = keys[start : start + QUERY_SIZE]
        query = f"SELECT line FROM t{number} WHERE key IN ({', '.join('?' * len(part))}) ORDER BY rowid"
        yield from (line for (line,) in connection.execute(query, part))


def _connect(folder: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / "rows.sqlite3", isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "temp_store = FILE"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    return connection
