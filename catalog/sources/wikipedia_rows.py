"""Find the rows of episodes in a Wikipedia article, with the headings and the column headers above each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mwparserfromhell.nodes import Heading, Tag, Template
from mwparserfromhell.wikicode import Wikicode

from catalog.sources.person_names import clean_text
from catalog.sources.wikipedia_tables import read_table
from catalog.sources.wikitext import Renderer, arguments, normalize, parameters

ROW_TEMPLATES = ("episode list", "japanese episode list", "#invoke:episode list", "#invoke:japanese episode list")
TABLE_TEMPLATES = ("episode table", "#invoke:episode table")
# The order in which a row shows its cells, so that the headers of a plain table name them.
CELLS_IN_ORDER = (
    *("episodenumber", "episodenumber2", "episodenumber3", "title", "aux1", "directedby", "writtenby", "aux2", "aux3"),
    *("originalairdate", "altdate", "guests", "musicalguests", "prodcode", "viewers", "aux4"),
)
SAME_CELLS = {
    "englishtitle": "title",
    "rtitle": "title",
    "kanjititle": "nativetitle",
    "romajititle": "translittitle",
    "firstengairdate": "altdate",
}
NOT_READ = {"shortsummary", "linecolor", "toptitle", "numparts", "serialtitle", "nativetitlelangcode"}
TITLE_CELLS = ("title", "rtitle", "nativetitle", "translittitle")
PART_BY_DIGIT = re.compile(r"([a-z]+\d?) (\d{1,2})")
PART_BY_LETTER = re.compile(r"([a-z]+title)([a-h])")
NUMBER_WORDS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen"),
)
ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
    *("eleventh", "twelfth"),
)
SEASON = re.compile(
    rf"\b(?:season|series|book|volume|cycle)\s+(\d{{1,4}}|{'|'.join(NUMBER_WORDS)})\b"
    rf"|\b({'|'.join(ORDINALS)})\s+(?:season|series)\b",
    re.IGNORECASE,
)
SPECIALS = re.compile(r"\b(?:specials?|unaired|pilot|ova|oav|webisodes?|minisodes?|shorts)\b", re.IGNORECASE)


def season_number(text: str) -> int | None:
    """The number of the season that a title or heading names, or None."""
    match = SEASON.search(text)
    if not match:
        return None
    word = (match[1] or match[2]).casefold()
    if word.isdecimal():
        return int(word)
    return (NUMBER_WORDS if word in NUMBER_WORDS else ORDINALS).index(word) + 1


@dataclass
class EpisodeRow:
    """One episode: its cells by lower-case parameter name, and the headers of those that mean nothing by themselves.

    ``segments`` are the titles of an episode of several parts. ``season`` is what the headings say: 0 for specials.
    """

    cells: dict[str, str]
    season: int | None
    headers: dict[str, str] = field(default_factory=dict)
    segments: list[str] = field(default_factory=list)
    language: str = ""  # of the native title


class RowFinder:
    """Walks through an article in reading order and collects its episodes in ``rows``."""

    def __init__(self, renderer: Renderer) -> None:
        self.rows: list[EpisodeRow] = []
        self.transcluded_pages: list[str] = []
        self.sublist_pages: list[str] = []  # pages that rows say they are shown on
        self._renderer = renderer
        self._headings: dict[int, str] = {}
        self._headers: list[str] = []  # of the plain table around the rows
        self._aux_headers: dict[str, str] = {}  # of {{Episode table}}
        self._reads_plain_tables = False

    def walk(self, code: Wikicode) -> None:
        """Collect the episodes of a part of the article."""
        for node in code.nodes:
            if isinstance(node, Heading):
                lower = {level: text for level, text in self._headings.items() if level < node.level}
                self._headings = lower | {node.level: self._renderer.line(node.title)}
            elif isinstance(node, Template):
                self._walk_template(node)
            elif isinstance(node, Tag) and node.contents is not None:
                self._walk_tag(node)

    def walk_plain_tables(self, code: Wikicode) -> None:
        """Collect the episodes of tables without templates, where the article has no others."""
        self._headings, self._reads_plain_tables = {}, True
        self.walk(code)

    def _walk_tag(self, tag: Tag) -> None:
        name = normalize(tag.tag)
        if name == "table":
            self._headers = []
            if self._reads_plain_tables:
                season = self._season()
                self.rows += [EpisodeRow(cells, season) for cells in read_table(tag, self._renderer)]
                return
        if name == "th":
            header = [node for node in tag.contents.nodes if not isinstance(node, Template)]
            self._headers.append(self._renderer.line(Wikicode(header)))
        if name != "ref":
            self.walk(tag.contents)

    def _walk_template(self, template: Template) -> None:
        name = normalize(template.name)
        if name.startswith(ROW_TEMPLATES):
            self._add_rows(template, name)
        elif name.startswith(TABLE_TEMPLATES):
            values = parameters(template)
            self._headers = []
            aux_headers = {f"aux{number}": values.get(f"aux{number}t") for number in range(1, 5)}
            self._aux_headers = {cell: self._renderer.line(value) for cell, value in aux_headers.items() if value}
            if "episodes" in values:
                self.walk(values["episodes"])
            self._aux_headers = {}
        elif name.startswith(":") and len(name) > 1:
            self.transcluded_pages.append(str(template.name).strip().lstrip(":"))

    def _season(self) -> int | None:
        """The season that the headings name, the nearest first."""
        for _, heading in sorted(self._headings.items(), reverse=True):
            if SPECIALS.search(heading):
                return 0
            if (number := season_number(heading)) is not None:
                return number
        return None

    def _add_rows(self, template: Template, name: str) -> None:
        values = parameters(template)
        if "sublist" in name or name.startswith("#invoke"):
            pages = [self._renderer.line(value) for value in arguments(template)]
            self.sublist_pages += [page for page in pages if page not in ("main", "sublist", "")]
        language = self._renderer.line(values.get("nativetitlelangcode")) or ("ja" if "japanese" in name else "")
        cells = {
            key: clean_text(self._renderer.names(value))
            for key, value in values.items()
            if key not in NOT_READ and not key.isdecimal()
        }
        for part_cells, segments in _split_parts({key: text for key, text in cells.items() if text}):
            if not part_cells:
                continue
            row_cells = {SAME_CELLS.get(key, key): text for key, text in part_cells.items() if key != "rtitle"}
            if "title" not in row_cells and "rtitle" in part_cells:
                row_cells["title"] = part_cells["rtitle"]
            self.rows.append(EpisodeRow(row_cells, self._season(), self._row_headers(row_cells), segments, language))

    def _row_headers(self, cells: dict[str, str]) -> dict[str, str]:
        """The headers of the cells, by {{Episode table}} or by their position in the plain table."""
        if self._aux_headers or not self._headers:
            return self._aux_headers
        shown_cells = [cell for cell in CELLS_IN_ORDER if cell in cells]
        if len(shown_cells) != len(self._headers):
            return {}
        return dict(zip(shown_cells, self._headers, strict=True))


def _split_parts(cells: dict[str, str]) -> Iterator[tuple[dict[str, str], list[str]]]:
    """(cells, titles of its segments) of each episode in a row: one, unless the parts have numbers of their own."""
    shared: dict[str, str] = {}
    parts: dict[int, dict[str, str]] = {}
    for key, text in cells.items():
        by_digit, by_letter = PART_BY_DIGIT.fullmatch(key), PART_BY_LETTER.fullmatch(key)
        if by_digit:
            parts.setdefault(int(by_digit[2]), {})[by_digit[1]] = text
        elif by_letter:
            parts.setdefault("abcdefgh".index(by_letter[2]), {})[by_letter[1]] = text
        else:
            shared[key] = text
    ordered = [parts[number] for number in sorted(parts)]
    if any("episodenumber" in part or "episodenumber2" in part for part in ordered):
        for part in ordered:
            yield shared | part, []
        return
    segments = [part[key] for part in ordered for key in ("title", "englishtitle", "rtitle") if key in part]
    joined = {
        key: (" / " if key.endswith("title") else "\n").join(part[key] for part in ordered if key in part)
        for key in dict.fromkeys(key for part in ordered for key in part)
    }
    yield shared | joined, segments if len(segments) > 1 else []
