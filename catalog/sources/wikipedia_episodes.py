"""Read the rows of episodes of a Wikipedia article as claims."""

import re
from collections import Counter
from itertools import groupby

from catalog.sources.cell_values import is_date, is_placeholder, strip_quotes
from catalog.sources.claims import EpisodeClaim
from catalog.sources.episode_columns import EPISODE_NUMBER, HEADER_PATTERNS
from catalog.sources.episode_table import MAX_EPISODE_NUMBER, read_credits, read_value
from catalog.sources.linked_people import LinkedPeople
from catalog.sources.person_names import ROLE_WORD
from catalog.sources.series_claims import OtherTitle, PlacedEpisode, SeriesClaims
from catalog.sources.wikipedia_rows import EpisodeRow

MAX_TITLE_LENGTH = 200
MAX_CODE_LENGTH = 40
AUX_CELLS = ("aux1", "aux2", "aux3", "aux4")
TITLE_WITH_MARK = re.compile(r'["“]([^"“”]+)["”]\s*(\(.{1,60}\))?')  # “"Surprise" (Part 1)”
# Headers of columns with people, and their roles; other such columns keep their header as the role.
ROLE_HEADERS = (
    ("director", r"directed(?: by)?|directors?(?:\(s\))?"),
    ("writer", r"written(?: by)?|writers?(?:\(s\))?"),
    ("teleplay", r"teleplay(?: by)?"),
    ("story", r"story(?: by)?"),
    ("screenplay", r"screenplay(?: by)?"),
)
PEOPLE_HEADER = re.compile(
    r".+ by|.*\b(?:director|artist|designer|composer|animator|editor|presenter|host)s?", re.IGNORECASE
)
VALUE_COLUMNS = ("date", "code", "runtime")
# “Additional writing by:” in a cell of writers: a role in the words of the source.
ROLE_PHRASE = re.compile(r"(?:^|\n)[^\S\n]*([A-Z][\w&/ -]{1,40}? by)\b[^\S\n]*:?[^\S\n]*")
ROLE_COLON = re.compile(r"^(story|teleplay|screenplay)\s*:", re.IGNORECASE | re.MULTILINE)  # “Story: A”
FROM_STORY = re.compile(r"\s*\b(?:based on|from) (?:an?|the) (?=(?:story|teleplay|screenplay) by\b)", re.IGNORECASE)
FROM_ORIGINAL = re.compile(r",?\s+(?:based on|from) (?:an?|the) [\w ]{1,40}? by [^\n,;&]+", re.IGNORECASE)
KNOWN_PHRASE = re.compile(rf"{ROLE_WORD}(?:\s*(?:&|/|,|and)\s*{ROLE_WORD})* by", re.IGNORECASE)


def read_rows(
    rows: list[EpisodeRow], people: LinkedPeople, season: int | None
) -> tuple[list[PlacedEpisode], list[str]]:
    """(episodes, what has no place) of rows; ``season`` is that of the article, if it is about one."""
    quoted_titles = Counter(_split_title(row.cells.get("title", ""))[0] for row in rows)
    unmapped: dict[str, None] = {}
    episodes = []
    previous, counted_season = -1, 1
    for position, row in enumerate(rows, 1):
        episode = _read_row(row, people, quoted_titles, unmapped)
        number = episode.claim.number
        if row.season is None and season is None and number is not None:
            counted_season += number <= previous  # numbers that start anew begin a season
            previous = number
        known_season = row.season if row.season is not None and season is None else season
        episode.season = counted_season if known_season is None else known_season
        if row.season == 0 and number is None:
            episode.season = 0
        episode.locator = f"row {position} of the episodes"
        episodes.append(episode)
    _number_by_season(episodes)
    return episodes, list(unmapped)


def _number_by_season(episodes: list[PlacedEpisode]) -> None:
    """Tell the number in the season from that in the series, where rows state only one of them.

    Numbers of a later season that go on from the season before are those in the series.
    """
    for season, group in groupby(sorted(episodes, key=lambda episode: episode.season), lambda episode: episode.season):
        claims = [episode.claim for episode in group if episode.claim.number is not None]
        single = [claim for claim in claims if "overall_number" not in claim.values]
        if not season or not single or len(single) != len(claims):
            continue
        first = min(claim.number or 0 for claim in single)
        shift = first - 1 if season > 1 and first > 1 else 0
        for claim in single:
            if season == 1 or shift:
                claim.values["overall_number"] = claim.number
            claim.number = (claim.number or 0) - shift
            if isinstance(last := claim.values.get("last_number"), int):
                claim.values["last_number"] = last - shift


def _read_row(row: EpisodeRow, people: LinkedPeople, titles: Counter[str], unmapped: dict[str, None]) -> PlacedEpisode:
    claim = EpisodeClaim()
    _read_numbers(row, claim)
    title, mark = _split_title(row.cells.get("title", ""))
    if mark and titles[title] > 1:
        title = f"{title} {mark}"
    if len(title) > MAX_TITLE_LENGTH:
        claim.notes.append(f"The title “{title[:40]}…” is too long.")
    else:
        read_value(title, "title", claim)
    _read_date(row.cells.get("originalairdate", ""), claim)
    code = " ".join(row.cells.get("prodcode", "").split())
    if len(code) > MAX_CODE_LENGTH:
        claim.notes.append(f"The production code “{code[:40]}…” is too long.")
    else:
        read_value(code, "code", claim)
    read_role_phrases(row.cells.get("directedby", ""), "director", claim)
    read_role_phrases(row.cells.get("writtenby", ""), "writer", claim)
    for cell in AUX_CELLS:
        if text := row.cells.get(cell, ""):
            _read_aux(text, row.headers.get(cell, ""), claim, unmapped)
    viewers = row.cells.get("viewers", "")
    if not is_placeholder(viewers):
        claim.notes.append(f"There is no field for viewers: {viewers[:60]} million.")
    for cell, label in (("altdate", "another date"), ("guests", "guests"), ("musicalguests", "musical guests")):
        if not is_placeholder(text := row.cells.get(cell, "")):
            claim.notes.append(f"There is no field for {label}: “{' '.join(text.split())[:100]}”.")
    claim.notes += claim.errors  # the field is left empty; the row can be used
    claim.errors.clear()
    episode = PlacedEpisode(0, claim, people=[people.claim(credit.name) for credit in claim.credits])
    other_titles = [OtherTitle(strip_quotes(segment)) for segment in row.segments]
    for cell, kind, language in (("nativetitle", "original", row.language), ("translittitle", "also", "")):
        if text := " ".join(row.cells.get(cell, "").split()):
            other_titles.append(OtherTitle(text, kind, language))
    episode.other_titles = [other for other in other_titles if 0 < len(other.title) <= MAX_TITLE_LENGTH]
    return episode


def _split_title(text: str) -> tuple[str, str]:
    """(title without quotation marks, mark in brackets behind them)."""
    match = TITLE_WITH_MARK.fullmatch(text)
    return (" ".join(match[1].split()), match[2] or "") if match else (strip_quotes(text), "")


def _read_numbers(row: EpisodeRow, claim: EpisodeClaim) -> None:
    """Read the number, the last number of a double episode and the number in the series."""
    stated = {key: _number_range(row.cells.get(key, "")) for key in ("episodenumber", "episodenumber2")}
    if numbers := stated["episodenumber2"]:
        claim.number, claim.values["last_number"] = numbers
        if overall := stated["episodenumber"]:
            claim.values["overall_number"] = overall[0]
    elif numbers := stated["episodenumber"]:
        claim.number, claim.values["last_number"] = numbers
    for key, text in row.cells.items():
        if key in stated and stated[key] is None and not is_placeholder(text):
            claim.notes.append(f"“{text[:40]}” is not an episode number.")


def _number_range(text: str) -> tuple[int, int | None] | None:
    """(number, last number) of “7” or “7–8”, or None."""
    match = EPISODE_NUMBER.fullmatch(" ".join(text.split()))
    if not match or int(match[1]) > MAX_EPISODE_NUMBER:
        return None
    last = match[2] or match[3]
    return int(match[1]), int(last) if last and int(match[1]) < int(last) <= MAX_EPISODE_NUMBER else None


def _read_date(text: str, claim: EpisodeClaim) -> None:
    """Read the first date of the cell; further dates, such as of another country, are noted."""
    dates = [line for line in text.split("\n") if is_date(line)]
    read_value(dates[0] if dates else " ".join(text.split()), "date", claim)
    claim.notes += [f"There is no field for another date: {date[:40]}." for date in dates[1:]]


def read_role_phrases(text: str, role: str, claim: EpisodeClaim) -> None:
    """Add the credits of a cell in which phrases such as “Additional writing by” name further roles."""
    text = FROM_STORY.sub("\n", ROLE_COLON.sub(r"\1 by:", text))
    if original := FROM_ORIGINAL.search(text):
        claim.notes.append(f"There is no field for the original of an episode: “{original[0].strip(', ')[:100]}”.")
        text = FROM_ORIGINAL.sub("", text)
    start = 0
    for phrase in [*ROLE_PHRASE.finditer(text), None]:
        if phrase and KNOWN_PHRASE.fullmatch(phrase[1].strip()):
            continue
        read_credits(text[start : phrase.start() if phrase else len(text)], role, claim)
        if phrase:
            role, start = phrase[1].strip(), phrase.end()


def _read_aux(text: str, header: str, claim: EpisodeClaim, unmapped: dict[str, None]) -> None:
    """Read a cell whose meaning only its header says."""
    name = header.casefold().strip(" :")
    for role, pattern in ROLE_HEADERS:
        if re.fullmatch(pattern, name):
            read_role_phrases(text, role, claim)
            return
    column = next((column for column, pattern in HEADER_PATTERNS if name and re.search(pattern, name)), "")
    if PEOPLE_HEADER.fullmatch(header):
        read_role_phrases(text, header, claim)
    elif column in VALUE_COLUMNS and (column != "date" or not claim.values.get("air_date")):
        read_value(" ".join(text.split()), column, claim)
    elif name:
        unmapped[f"The column “{header[:60]}” of the episodes has no place in the catalogue."] = None
    else:
        unmapped["A column of the episodes is left out, as nothing says what is in it."] = None


def end_on_one_day(claims: SeriesClaims) -> None:
    """State the end of a series whose announced episodes were all released on the day of its premiere."""
    premiered, dates = claims.values.get("premiered"), [e.claim.values.get("air_date") for e in claims.episodes]
    is_complete = len(dates) == claims.values.get("announced_episodes")
    if premiered and is_complete and set(dates) == {premiered} and claims.values.get("status") != "running":
        claims.values.setdefault("ended", premiered)
