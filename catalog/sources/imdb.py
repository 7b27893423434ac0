"""Read IMDb's data files (title.basics, title.episode, name.basics …): a series with its episodes and people."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from catalog.partial_date import PartialDate
from catalog.sources.cell_values import parse_date
from catalog.sources.document import Document, plain_text
from catalog.sources.external_ids import is_title_id, person_ids
from catalog.sources.imdb_roles import SERIES_ROLES, role_and_note
from catalog.sources.imdb_tables import ImdbTables, LookUp, table_of
from catalog.sources.json_values import as_number
from catalog.sources.role_words import is_for_some_episodes
from catalog.sources.series_builder import MAX_EPISODE_NUMBER, SeriesBuilder
from catalog.sources.series_claims import OtherTitle, PersonClaim, PlacedEpisode, SeriesClaims, SourceError, SourceFacts
from catalog.sources.tsv_files import File, Row, first_line

LICENCE = "IMDb non-commercial dataset terms"
SERIES_TYPES = {"tvSeries": "", "tvMiniSeries": "a mini-series"}
DATED_TITLE = "episode dated "  # “Episode dated 3 May 1999”
TITLE_KINDS = {"original": "original", "working": "working"}
# Columns of title.crew: the role, and the roles of principals that say the same or more.
CREW_COLUMNS = {
    "directors": ("director", {"director"}),
    "writers": ("writer", {"writer", "creator", "developer", "story", "teleplay", "screenplay", "based-on"}),
}
MAX_SERIES = 2_000_000
MAX_LISTED_IDS = 10  # in one sentence
MAX_JOB_LENGTH = 150


def recognises(document: Document) -> bool:
    """True for each of the tables, gzipped too."""
    return bool(table_of(first_line(document).split("\t")))


def read_files(data: bytes | str, *more: bytes | str) -> SeriesClaims:
    """Read the only series of small files."""
    return read_series([data, *more])


def read_series(files: Sequence[File], series_id: str = "") -> SeriesClaims:
    """Read one series: paths of IMDb's files, or the contents of small ones. Each file is read once, in a stream.

    Without ``series_id``, such as tt0000001, the files must have one series only.
    """
    tables = ImdbTables(files)
    series_id = series_id or _only_series(tables)
    if not is_title_id("imdb", series_id):
        raise SourceError(f"“{series_id[:40]}” is no id of an IMDb title, such as tt0000001.")
    return _read(tables.scan, series_id)


def read_all(files: Sequence[File]) -> Iterator[SeriesClaims]:
    """Yield each series of the files, also those of which the files have only episodes; memory stays flat.

    The rows are copied to a temporary database first.
    """
    tables = ImdbTables(files)
    with tables.copy() as look_up:
        for series_id in _series_ids(tables):
            yield _read(look_up, series_id)


def _series_ids(tables: ImdbTables) -> Iterator[str]:
    """The series of title.basics, then the parents of episodes that it lacks. The ids alone are in memory."""
    ids: set[int] = set()
    numbers = _series_of_basics(tables), map(_id_number, tables.read_all("title.episode", "parentTconst"))
    for number in (number for part in numbers for number in part):
        if number is not None and number not in ids:
            if len(ids) == MAX_SERIES:
                raise SourceError(f"The files have more than {MAX_SERIES:,} series.")
            ids.add(number)
            yield f"tt{number:07d}"


def _series_of_basics(tables: ImdbTables) -> Iterator[int | None]:
    types = tables.read_all("title.basics", "titleType")
    ids = tables.read_all("title.basics", "tconst")
    return (_id_number(text) for text, kind in zip(ids, types, strict=False) if kind in SERIES_TYPES)


def _id_number(text: str) -> int | None:
    return int(text[2:]) if is_title_id("imdb", text) else None


def _only_series(tables: ImdbTables) -> str:
    ids = list(islice(_series_ids(tables), 2))
    if len(ids) != 1:
        number = "several" if ids else "no"
        raise SourceError(f"The files have {number} series: " + ("say which by its id." if ids else "choose others."))
    return ids[0]


@dataclass
class _Titles:
    """What is collected of a series: its episodes by id, and credits whose people have no names yet."""

    series_id: str
    episodes: dict[str, PlacedEpisode] = field(default_factory=dict)
    # (title, person) -> [(role, note, character)]; crew after principals, which say more
    credits: dict[tuple[str, str], list[tuple[str, str, str]]] = field(default_factory=dict)


def _read(look_up: LookUp, series_id: str) -> SeriesClaims:
    facts = SourceFacts("IMDb", url=f"https://www.imdb.com/title/{series_id}/", licence=LICENCE)
    builder, titles = SeriesBuilder(facts), _Titles(series_id)
    builder.add_series_ids(imdb=series_id)
    positions = {row["tconst"]: row for row in look_up("title.episode", [series_id])}
    _read_basics(builder, titles, look_up, positions)
    for row in look_up("title.akas", [series_id, *titles.episodes]):
        _read_other_title(builder, titles, row)
    _collect_credits(builder, titles, look_up)
    _add_credits(builder, titles, look_up)
    return builder.finish()


def _read_basics(builder: SeriesBuilder, titles: _Titles, look_up: LookUp, positions: dict[str, Row]) -> None:
    rows = {row["tconst"]: row for row in look_up("title.basics", [titles.series_id, *positions])}
    series = rows.pop(titles.series_id, None)
    if series is None and not positions:
        raise SourceError(f"The files have nothing about {titles.series_id}.")
    if series is None:
        builder.unmapped(f"The files have no facts about the series {titles.series_id}, only about its episodes.")
    else:
        _read_series(builder, series)
    for episode_id, position in sorted(positions.items(), key=lambda item: _position(item[1])):
        _read_episode(builder, titles, position, rows.get(episode_id, {}))


def _read_series(builder: SeriesBuilder, row: Row) -> None:
    series_id, kind = row["tconst"], row["titleType"]
    if kind not in SERIES_TYPES:
        raise SourceError(f"{series_id} is no series: IMDb says “{kind[:40]}”.")
    title = builder.title(row["primaryTitle"])
    builder.claims.source = SourceFacts("IMDb", title, builder.claims.source.url, LICENCE)
    runtime = builder.minutes(row.get("runtimeMinutes", ""), "The running time")
    builder.set_series(
        title=title,
        premiered=builder.date(row.get("startYear", ""), "The premiere"),
        ended=builder.date(row.get("endYear", ""), "The end"),
        runtime_min=runtime,
        runtime_max=runtime,
    )
    builder.add_to_list("genres", *map(plain_text, filter(None, row.get("genres", "").split(","))))
    builder.add_title(builder.claims, row.get("originalTitle", ""), title, kind="original")
    if SERIES_TYPES[kind]:
        builder.unmapped(f"IMDb says that the series is {SERIES_TYPES[kind]}.")


def _position(row: Row) -> tuple[int, int, str]:
    season, number = as_number(row["seasonNumber"]), as_number(row["episodeNumber"])
    return (-1 if season is None else season, -1 if number is None else number, row["tconst"])


def _read_episode(builder: SeriesBuilder, titles: _Titles, position: Row, row: Row) -> None:
    season, number, episode_id = _position(position)
    what = f"The episode {plain_text(row.get('primaryTitle', '')) or 'without title'} ({episode_id})"
    if not (0 <= season <= MAX_EPISODE_NUMBER and 0 <= number <= MAX_EPISODE_NUMBER):
        builder.unmapped(f"{what} has no number of its season or no number in it, so it is left out.")
        return
    locator = f"IMDb title {episode_id}"
    episode = builder.episode(season, number, locator=locator)
    if episode.locator != locator:
        builder.unmapped(f"{what} has the same season and number as {episode.locator}, so it is left out.")
        return
    builder.season(season)
    titles.episodes[episode_id] = episode
    episode.external_ids = builder.add_ids((), what, imdb=episode_id)
    if not row:
        builder.unmapped(f"The files have the number of {episode_id}, but not its title.")
        return
    title = builder.title(row["primaryTitle"], what)
    date = builder.date(row.get("startYear", ""), f"{what}: the year")
    if title.casefold().startswith(DATED_TITLE):
        date = _parse_day(title[len(DATED_TITLE) :]) or date
        episode.claim.doubtful.add("title")
    runtime = builder.minutes(row.get("runtimeMinutes", ""), f"{what}: the running time")
    builder.set_episode(episode, title=title, air_date=date, runtime=runtime)
    builder.add_title(episode, row.get("originalTitle", ""), title, kind="original")


def _parse_day(text: str) -> PartialDate | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def read_other_title(row: Row) -> OtherTitle:
    """A line of title.akas; its title is not checked."""
    types = row.get("types", "").split("\x02")  # IMDb's separator
    kind = next((TITLE_KINDS[name] for name in types if name in TITLE_KINDS), "also")
    note = ", ".join(filter(None, (row.get("region", ""), plain_text(row.get("attributes", "").replace("\x02", ", ")))))
    language = row.get("language", "")
    return OtherTitle(row["title"], kind, language if len(language) == 2 else "", note[:200])


def _read_other_title(builder: SeriesBuilder, titles: _Titles, row: Row) -> None:
    owner = titles.episodes.get(row["titleId"])
    values, other = owner.claim.values if owner else builder.claims.values, read_other_title(row)
    facts = {"kind": other.kind, "language": other.language, "note": other.note}
    builder.add_title(owner or builder.claims, other.title, str(values.get("title", "")), **facts)


def _collect_credits(builder: SeriesBuilder, titles: _Titles, look_up: LookUp) -> None:
    """Principals first: title.crew repeats directors and writers without their jobs."""
    keys = [titles.series_id, *titles.episodes]
    for row in look_up("title.principals", keys):
        role, note = role_and_note(row["category"], plain_text(row.get("job", ""))[:MAX_JOB_LENGTH])
        credits = titles.credits.setdefault((row["tconst"], row["nconst"]), [])
        for character in read_characters(row.get("characters", "")) if role == "cast" else [""]:
            if character.casefold() == "self":
                character = ""
            credits.append((role, note, character))
    for row in look_up("title.crew", keys):
        for column, (role, same) in CREW_COLUMNS.items():
            for name_id in filter(None, row[column].split(",")):
                credits = titles.credits.setdefault((row["tconst"], name_id), [])
                if not same & {role for role, _, _ in credits}:
                    credits.append((role, "", ""))


def read_characters(text: str) -> list[str]:
    """The characters of a JSON list; some copies of the files have it quoted as CSV does."""
    if text.startswith('"') and text.endswith('"'):
        text = text[1:-1].replace('""', '"')
    try:
        characters = json.loads(text) if text else []
    except (ValueError, RecursionError):
        characters = [text.strip('[]"')]
    names = [name for name in characters if isinstance(name, str)] if isinstance(characters, list) else []
    return list(dict.fromkeys(names)) or [""]


def _add_credits(builder: SeriesBuilder, titles: _Titles, look_up: LookUp) -> None:
    name_ids = list(dict.fromkeys(name_id for _, name_id in titles.credits))
    rows = {row["nconst"]: row for row in look_up("name.basics", name_ids)}
    people = {name_id: _person(builder, rows[name_id]) for name_id in name_ids if name_id in rows}
    nameless = [name_id for name_id in name_ids if name_id not in rows]
    if nameless:
        listed = ", ".join(nameless[:MAX_LISTED_IDS]) + (" …" if len(nameless) > MAX_LISTED_IDS else "")
        builder.unmapped(f"The names of {len(nameless)} people are not in the files, so they are left out: {listed}.")
    for (title_id, name_id), credits in titles.credits.items():
        person, episode = people.get(name_id), titles.episodes.get(title_id)
        for role, note, character in credits:
            if episode and role not in SERIES_ROLES:
                builder.add_credit(episode, role, person, character=character, note=note)
                continue
            is_partial = is_for_some_episodes(role)
            builder.add_credit(
                builder.claims, role, person, character=character, note=note, for_some_episodes=is_partial
            )


def _person(builder: SeriesBuilder, row: Row) -> PersonClaim | None:
    name = row["primaryName"]
    dates = {
        field_name: builder.date(row.get(column, ""), f"{plain_text(name)}: {field_name}")
        for field_name, column in (("born", "birthYear"), ("died", "deathYear"))
    }
    return builder.person(name, person_ids(imdb=row["nconst"]), **dates)
