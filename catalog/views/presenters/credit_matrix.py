"""Credit matrices: a row for each person or kind of work, a column for each episode or year."""

from dataclasses import dataclass, field
from functools import cached_property

from catalog.models import WRITING_ROLES

MAX_COLUMNS = 60  # that can still be told apart on a wide page
MAX_SINGLE_LABELS = 24  # columns that can each have a label; if there are more, every fifth has one


@dataclass
class MatrixRow:
    """A person or a kind of work, with the indexes of the marked columns, from 0."""

    label: str
    url: str
    columns: list[int] = field(default_factory=list)
    total: int | None = None  # printed at the end of the row instead of the number of marked columns


@dataclass(frozen=True)
class Matrix:
    """``columns`` are episodes, or years if ``unit`` is "year"; ``parts`` are (name, mark, rows).

    A mark is the class of the symbol: "d" a disc, "w" a ring, "k" a bar.
    """

    columns: list
    parts: list[tuple[str, str, list[MatrixRow]]]
    unit: str = "episode"

    @cached_property
    def spans_seasons(self) -> bool:
        """Whether the episodes are of several seasons, so that their numbers alone do not tell them apart."""
        return self.unit == "episode" and len({episode.season_id for episode in self.columns}) > 1

    def column_labels(self):
        """(index, label) above the columns: numbers, years, or the first column of each season."""
        if self.spans_seasons:
            season = None
            for index, episode in enumerate(self.columns):
                if episode.season_id != season:
                    yield index, f"S{episode.season_number}"
                season = episode.season_id
            return
        total = len(self.columns)
        step = 1 + (total - 1) // 8 if self.unit == "year" else 1 if total <= MAX_SINGLE_LABELS else 5
        yield from ((index, self.columns[index].number_range) for index in range(0, total, step))

    def x(self, index: int) -> str:
        """The middle of a column, in percent of the width."""
        return f"{100 * (index + 0.5) / len(self.columns):.2f}%"

    def bars(self, row: MatrixRow) -> list[tuple[str, str]]:
        """(start, width) of each run of marked columns, in percent of the width."""
        column_width = 100 / len(self.columns)
        runs: list[list[int]] = []
        for index in row.columns:
            if runs and runs[-1][1] == index:
                runs[-1][1] += 1
            else:
                runs.append([index, index + 1])
        return [(f"{column_width * start:.2f}", f"{column_width * (end - start):.2f}") for start, end in runs]

    def columns_in_words(self, row: MatrixRow) -> str:
        """The episodes or years of a row's marks: ``1, 3``, ``s01e01, s02e02``."""
        columns = (self.columns[index] for index in row.columns)
        return ", ".join(column.code if self.spans_seasons else column.number_range for column in columns)


def director_writer_matrix(episodes, credits) -> Matrix | None:
    """Directors and writers of ``episodes`` by their own credits; None if there is nothing to compare."""
    if not 1 < len(episodes) <= MAX_COLUMNS:
        return None
    index_of = {episode.pk: index for index, episode in enumerate(episodes)}
    credits = sorted(credits, key=lambda credit: (index_of.get(credit.episode_id, 0), credit.billing or 0))
    parts = []
    for name, mark, roles in (("Directors", "d", ("director",)), ("Writers", "w", WRITING_ROLES)):
        rows: dict[int, MatrixRow] = {}
        for credit in credits:
            if credit.episode_id not in index_of or credit.role.slug not in roles:
                continue
            row = rows.setdefault(credit.person_id, MatrixRow(credit.person.name, credit.person.get_absolute_url()))
            if index_of[credit.episode_id] not in row.columns:
                row.columns.append(index_of[credit.episode_id])
        if rows:
            parts.append((name, mark, list(rows.values())))
    return Matrix(episodes, parts) if parts else None


def person_matrix(episodes, work) -> Matrix | None:
    """One person's work on a series; ``work`` is (label, mark, {episode ids}) for each role."""
    if not 1 < len(episodes) <= MAX_COLUMNS:
        return None
    index_of = {episode.pk: index for index, episode in enumerate(episodes)}
    parts = [
        (label, mark, [MatrixRow(label, "", sorted(index_of[pk] for pk in episode_ids if pk in index_of))])
        for label, mark, episode_ids in work
    ]
    return Matrix(episodes, parts)


@dataclass(frozen=True)
class YearColumn:
    """A column for a year."""

    number: int

    @property
    def number_range(self) -> str:
        """The year as text."""
        return str(self.number)


def year_matrix(work) -> Matrix | None:
    """A person's work by year; ``work`` is (title, URL, {year: number of episodes}) for each series.

    None if all of it is of one year, or if it spans more than MAX_COLUMNS years.
    """
    all_years = {year for _, _, years in work for year in years}
    if not all_years or not 1 < max(all_years) - min(all_years) + 1 <= MAX_COLUMNS:
        return None
    first = min(all_years)
    rows = [
        MatrixRow(title, url, sorted(year - first for year in years), sum(years.values()))
        for title, url, years in work
        if years
    ]
    columns = [YearColumn(number) for number in range(first, max(all_years) + 1)]
    return Matrix(columns, [("Series", "k", rows)], "year")
