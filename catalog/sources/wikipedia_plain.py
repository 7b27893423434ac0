"""Read the text of a Wikipedia article as it is copied from the page: cells separated by bars, no links, no markup."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from catalog.sources.claims import CreditClaim
from catalog.sources.episode_table import EpisodeTable, parse_episode_table, read_episode
from catalog.sources.linked_people import LinkedPeople
from catalog.sources.person_names import clean_text, is_person_name, read_name, split_teams
from catalog.sources.series_claims import (
    PersonClaim,
    PersonCredit,
    PlacedEpisode,
    SeasonClaim,
    SeriesClaims,
    SourceError,
    SourceFacts,
)
from catalog.sources.table_rows import TableError
from catalog.sources.wikipedia_episodes import end_on_one_day
from catalog.sources.wikipedia_infobox import Infobox, read_infobox
from catalog.sources.wikipedia_prose import read_reviews
from catalog.sources.wikipedia_rows import season_number
from catalog.sources.wikitext import normalize

INFOBOX_START = re.compile(r"^([^|\n]{1,200}?) ?\| ?\|\n-{3,}\|-{3,}\|$", re.MULTILINE)
INFOBOX_ROW = re.compile(r"([A-Z][^|]{1,40}?) ?\|(.*?)\|?")
LIST_ITEM = re.compile(r"\s*[-*•]\s+(.*?)\|?")
TABLE_HEADER = re.compile(r"(?:No\.|#)[^|]*\|.*\bTitle\b.*\|.*", re.IGNORECASE)
TABLE_RULE = re.compile(r"[-|: ]+")
NUMBERED_ROW = re.compile(r"\d{1,5}\b[^|]*\|")
REFERENCE_MARK = re.compile(r"\[(\d{1,3})\]")
CANCELLED = re.compile(r"\b(?:series|show) was cancell?ed after\b", re.IGNORECASE)
# The sentence ends at a point, but not at that of an initial, and at that of “Jr.” only before another sentence.
STARS = re.compile(
    r"\bstars ([^\n]{3,1500}?(?:(?<!\b[A-Z])(?<!\b[JS]r)(?=\.(?:\s|$))"
    r"|\b[JS]r\.(?=\s*$|\s+(?:In|On|It|Its|The|This|After)\b)))",
    re.MULTILINE,
)
EXECUTIVE_PRODUCERS = re.compile(r"\bexecutive produced by ([^\n.]{3,300}?)(?: and stars\b|\.|;)")
REMARK = re.compile(r"\s*\(([^()]{1,100})\)")
POSSESSIVE = re.compile(r"^in (?:his|her|their) ")  # final acting role
SHORTEST_GLUED = 4  # words: a cell of fewer is one name


def is_plain_article(text: str) -> bool:
    """True for a text without markup that has an infobox or a table of episodes in bars."""
    has_table = any(map(TABLE_HEADER.fullmatch, text.splitlines()))
    return not re.search(r"\{\{|\[\[", text) and (has_table or bool(INFOBOX_START.search(text)))


def read_plain_article(text: str, source: SourceFacts) -> SeriesClaims:
    """Read a copied article. What its tables lost is taken from its first paragraph: the cast and who produced it."""
    claims = SeriesClaims(source)
    people = LinkedPeople({})
    start = INFOBOX_START.search(text)
    title, texts = _read_infobox_rows(text[start.start() :] if start else "")
    infobox = read_infobox(texts, people, "series")
    lead = clean_text(text[: start.start()] if start else text.split("\n\n")[0])
    claims.values = {"title": title or source.title, **infobox.values}
    if CANCELLED.search(lead):
        claims.values["status"] = "cancelled"
    claims.lists, claims.unmapped, claims.credits = infobox.lists, infobox.unmapped, infobox.credits
    claims.episodes = list(_read_tables(text, {credit.claim.name for credit in infobox.credits}))
    known_names = {credit.claim.name: None for credit in infobox.credits}
    known_names |= {credit.name: None for episode in claims.episodes for credit in episode.claim.credits}
    claims.credits += _read_lead(lead, infobox, known_names)
    claims.reviews = read_reviews(text, None)
    numbers = {episode.season for episode in claims.episodes} | set(range(1, infobox.season_count + 1))
    claims.seasons = [SeasonClaim(number) for number in sorted(numbers)]
    if infobox.season_count == 1 and "announced_episodes" in infobox.values:
        claims.seasons[-1].values["announced_episodes"] = infobox.values["announced_episodes"]
    end_on_one_day(claims)
    if marks := set(REFERENCE_MARK.findall(text)):
        claims.unmapped.append(f"The text has the marks of {len(marks)} references, but not the references themselves.")
    return claims


def _read_infobox_rows(text: str) -> tuple[str, dict[str, str]]:
    """(title, lines by label) of the rows from the title of the infobox on."""
    texts: dict[str, str] = {}
    lines = text.splitlines()
    label = ""
    for line in lines[2:]:
        if TABLE_HEADER.fullmatch(line):
            break
        if item := LIST_ITEM.fullmatch(line):
            texts[label] = f"{texts.get(label, '')}\n{item[1].strip()}".strip()
        elif row := INFOBOX_ROW.fullmatch(line):
            label = normalize(row[1])
            texts[label] = clean_text(row[2])
        elif "|" not in line:
            break
    texts = {name: lines for name, lines in texts.items() if lines}
    return (lines[0].split("|")[0].strip() if lines else ""), texts


def _read_tables(text: str, names: set[str]) -> Iterator[PlacedEpisode]:
    """The episodes of all tables; a line such as “Season 2” above a table names its season."""
    lines, season, tables = text.splitlines(), 1, []
    for index, line in enumerate(lines):
        if "|" not in line and len(line) < 60 and (number := season_number(line)) is not None:
            season = number
        if TABLE_HEADER.fullmatch(line):
            tables.append((season, _parse_table(line, lines[index + 1 :])))
    for _, table in tables:
        names |= {cell for row in table.rows for cell in _people_cells(table, row) if _is_one_name(cell)}
    for season, table in tables:
        for position, row in enumerate(table.rows, 1):
            yield _read_table_row(table, row, position, season, names)


def _parse_table(header: str, lines: Iterable[str]) -> EpisodeTable:
    """The table below a header; lines without a number are summaries."""
    rows = [header]
    for line in lines:
        if "|" not in line or TABLE_HEADER.fullmatch(line):
            break
        if NUMBERED_ROW.match(line) and not TABLE_RULE.fullmatch(line):
            rows.append(line)
    try:
        return parse_episode_table("\n".join(rows))
    except TableError as error:
        raise SourceError(str(error)) from None


def _people_cells(table: EpisodeTable, row: list[str]) -> list[str]:
    return [text for column in ("director", "writer") if (text := table.cell(row, column))]


def _is_one_name(cell: str) -> bool:
    return len(cell.split()) < SHORTEST_GLUED and is_person_name(cell) and len(split_teams(cell)) == 1


def _read_table_row(table: EpisodeTable, row: list[str], position: int, season: int, names: set[str]) -> PlacedEpisode:
    """Read a row. Names that lost the line break between them are separated by the names of other cells."""
    cells, notes = list(row), []
    for column in ("director", "writer"):
        index = table.column_index(column)
        if index is not None and (parts := split_glued_names(cells[index], names)):
            notes.append(f"“{cells[index][:100]}” has no separator and is read as {len(parts)} names.")
            cells[index] = ", ".join(parts)
    claim = read_episode(table, cells, position)
    claim.notes += notes
    if season == 1 and claim.number is not None:
        claim.values.setdefault("overall_number", claim.number)
    people = [PersonClaim(credit.name) for credit in claim.credits]
    return PlacedEpisode(season, claim, people=people, locator=f"season {season}, row {position}")


def split_glued_names(cell: str, names: set[str]) -> list[str]:
    """“Khiyon Hursey Harrison Richlin” as names: those known from other cells, the rest in pairs of words.

    Empty if the cell has separators, is short enough for one name, or cannot be split like that.
    """
    words = cell.split()
    if len(words) < SHORTEST_GLUED or cell in names or len(split_teams(cell)) != 1 or len(split_teams(cell)[0]) != 1:
        return []
    parts: list[str] = []
    unknown: list[str] = []
    index = 0
    while index < len(words):
        lengths = [length for length in (4, 3, 2) if " ".join(words[index : index + length]) in names]
        if lengths:
            parts += [*_pairs(unknown), " ".join(words[index : index + lengths[0]])]
            unknown = []
        else:
            unknown.append(words[index])
        index += lengths[0] if lengths else 1
    parts += _pairs(unknown)
    return parts if all(" " in part for part in parts) and len(parts) > 1 else []


def _pairs(words: list[str]) -> list[str]:
    """Names of two words each; three words or an odd number are left together."""
    if len(words) % 2:
        return [" ".join(words)]
    return [" ".join(words[index : index + 2]) for index in range(0, len(words), 2)]


def _read_lead(lead: str, infobox: Infobox, names: Iterable[str]) -> Iterator[PersonCredit]:
    """Cast and executive producers of the first paragraph, if the infobox lost them."""
    roles = {credit.claim.role for credit in infobox.credits}
    if "cast" not in roles and (match := STARS.search(lead)):
        for team in split_teams(match[1]):
            for name in team:
                remark = REMARK.search(name)
                details = read_name(REMARK.sub("", name))
                note = POSSESSIVE.sub("", remark[1]) if remark else ""
                claim = CreditClaim("cast", details.name, "main", note=note)
                yield from _as_credit(claim)
    if "executive-producer" not in roles and (match := EXECUTIVE_PRODUCERS.search(lead)):
        for team in split_teams(re.sub(r"\s+(?:alongside|with)\s+", ", ", match[1])):
            for name in team:
                yield from _as_credit(CreditClaim("executive-producer", _full_name(name, names)))


def _full_name(name: str, names: Iterable[str]) -> str:
    """The one full name that ends with a surname, else the name as it is."""
    matches = [full_name for full_name in names if full_name.endswith(f" {name}")]
    return matches[0] if " " not in name and len(matches) == 1 else name


def _as_credit(claim: CreditClaim) -> Iterator[PersonCredit]:
    claim = replace(claim, name=claim.name.strip())
    if is_person_name(claim.name):
        yield PersonCredit(claim, PersonClaim(claim.name))
