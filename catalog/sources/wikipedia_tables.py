"""Read episodes of plain tables of wikitext, whose rows are no templates: the headers say what the cells are."""

from collections.abc import Iterator

from mwparserfromhell.nodes import Tag
from mwparserfromhell.wikicode import Wikicode

from catalog.sources.episode_columns import columns_by_header
from catalog.sources.wikitext import Renderer, normalize

CELL_OF_COLUMN = {
    "number": "episodenumber2",
    "overall": "episodenumber",
    "title": "title",
    "date": "originalairdate",
    "code": "prodcode",
    "director": "directedby",
    "writer": "writtenby",
}
NUMBERS = {"number", "overall"}
CREDITS = {"director", "writer"}


def read_table(table: Tag, renderer: Renderer) -> Iterator[dict[str, str]]:
    """The cells of each episode by parameter name; none unless there are numbers, titles, and dates or credits.

    Rows with another number of cells than the header, such as summaries, are left out.
    """
    rows = [row for row in _table_rows(table.contents, renderer) if any(row)]
    if not rows:
        return
    columns = columns_by_header(rows)
    stated = set(columns)
    if "title" not in stated or not NUMBERS & stated or not (CREDITS | {"date"}) & stated:
        return
    for row in rows[1:]:
        if len(row) == len(columns):
            cells = {
                CELL_OF_COLUMN[column]: text
                for column, text in zip(columns, row, strict=True)
                if column in CELL_OF_COLUMN
            }
            if "episodenumber" not in cells:
                cells["episodenumber"] = cells.pop("episodenumber2", "")
            yield {name: text for name, text in cells.items() if text}


def _table_rows(contents: Wikicode, renderer: Renderer) -> Iterator[list[str]]:
    """The texts of the cells of each row; cells before the first row mark are a row."""
    cells: list[str] = []
    for node in contents.nodes:
        if not isinstance(node, Tag):
            continue
        name = normalize(node.tag)
        if name in ("td", "th"):
            cells.append(renderer.names(node.contents))
        elif name == "tr" and node.contents is not None:
            yield cells
            cells = []
            yield from _table_rows(node.contents, renderer)
    yield cells
