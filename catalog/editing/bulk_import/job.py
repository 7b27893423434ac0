"""What every stage of a bulk import works with."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from operator import itemgetter

from catalog.editing.bulk_import.progress import Progress
from catalog.editing.bulk_import.values import ValueReader
from catalog.sources.imdb_tables import ImdbTables
from catalog.sources.tsv_files import NULL

Rows = list[tuple[str, ...]]
Picker = Callable[[list[str]], tuple[str, ...]]


@dataclass
class Job:
    """The files and the state of an import. ``series`` are the numbers of the titles to import; empty: all."""

    tables: ImdbTables
    progress: Progress
    values: ValueReader
    series: Collection[int]

    def blocks(self, table: str, *columns: str, start: int = 0) -> Iterator[tuple[int, Rows]]:
        """Yield (number of lines, their ``columns`` as they are) for blocks of a file's lines, from line ``start`` on.

        A column that the file lacks is empty. Lines that lack one are left out.
        """
        file = self.tables.files.get(table)
        if file is None:
            return
        end = len(file.columns)
        positions = [file.columns.index(column) if column in file.columns else end for column in columns]
        pick, is_complete = itemgetter(*positions), end not in positions
        for block in file.read_blocks(start):
            lines = block.split("\n")
            if not is_complete or block.count("\t") != len(lines) * (end - 1):
                yield len(lines), self._pick_carefully(table, lines, end, pick)
                continue
            try:
                yield len(lines), [pick(line.split("\t")) for line in lines]
            except IndexError:
                yield len(lines), self._pick_carefully(table, lines, end, pick)

    def _pick_carefully(
        self, table: str, lines: list[str], end: int, pick: Callable[[list[str]], tuple[str, ...]]
    ) -> Rows:
        rows = []
        for line in lines:
            cells = line.split("\t")
            if len(cells) == end:
                rows.append(pick([*cells, ""]))
            else:
                self.progress.omit(f"Lines of {table} with too many or too few cells", cells[0][:20])
        return rows

    def rows(self, table: str, *columns: str) -> Iterator[tuple[str, ...]]:
        r"""Yield the ``columns`` of a file's lines; empty text for ``\N``."""
        for _, lines in self.blocks(table, *columns):
            for cells in lines:
                yield tuple(["" if cell == NULL else cell for cell in cells])

    def count(self, what: str, total: int) -> None:
        """Add to the totals of the summary."""
        self.progress.totals[what] = self.progress.totals.get(what, 0) + total


# It starts from a position, and yields the position from which to go on after each part.
Stage = Callable[[Job, int], Iterator[int]]
