"""Give a table of a whole series a season and a number in each row."""

import re

from catalog.sources.episode_columns import EPISODE_NUMBER
from catalog.sources.episode_table import EpisodeTable

SEASON_IN_NUMBER = re.compile(r"(?:s\s?(\d{1,4})[\s.]?e|(\d{1,4})x)", re.IGNORECASE)  # S02E07, 2x07
SPECIALS = {"special", "specials"}


def fill_season_and_number(table: EpisodeTable) -> str:
    """Add the columns that the table lacks. Returns a sentence if the seasons are only inferred."""
    remark = ""
    if table.column_index("season") is None:
        seasons, remark = _infer_seasons(table)
        _add_column(table, "season", seasons)
    else:
        index = table.columns.index("season")
        for row in table.rows:
            row[index] = "0" if row[index].casefold() in SPECIALS else row[index]
    if table.column_index("number") is None:
        counts: dict[str, int] = {}
        for row in table.rows:
            season = table.cell(row, "season")
            counts[season] = counts.get(season, 0) + 1
            row.append(str(counts[season]))
        _add_column(table, "number", [])
    return remark


def _add_column(table: EpisodeTable, column: str, cells: list[str]) -> None:
    for row, cell in zip(table.rows, cells, strict=False):
        row.append(cell)
    table.columns.append(column)
    if table.headers:
        table.headers.append("")


def _infer_seasons(table: EpisodeTable) -> tuple[list[str], str]:
    """(season of each row, sentence): as S02E07 states it, else a new season wherever the numbers start again."""
    cells = [table.cell(row, "number") for row in table.rows]
    stated = [SEASON_IN_NUMBER.match(cell) for cell in cells]
    if any(stated):
        return [match[1] or match[2] if match else "" for match in stated], ""
    season, previous, seasons = 1, 0, []
    for cell in cells:
        match = EPISODE_NUMBER.fullmatch(cell)
        number = int(match[1]) if match else previous
        season += number < previous
        previous = number
        seasons.append(str(season))
    how = "its rows were numbered from 1 again for each" if season > 1 else "all rows were taken for season 1"
    return seasons, f"The table states no seasons: {how}."
