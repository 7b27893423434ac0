"""Read TMDB JSON: series, seasons and episodes with what was appended, and their separate parts."""

from catalog.sources.document import Document
from catalog.sources.external_ids import person_ids
from catalog.sources.json_values import (
    Record,
    as_record,
    as_records,
    get_number,
    get_record,
    get_records,
    get_text,
    get_texts,
)
from catalog.sources.role_words import role_of
from catalog.sources.series_builder import SeriesBuilder
from catalog.sources.series_claims import (
    PersonClaim,
    PlacedEpisode,
    SeriesClaims,
    SourceError,
    SourceFacts,
)
from catalog.sources.title_words import is_plain_season_title
from catalog.sources.tmdb_parts import Owner, Targets, read_part, shape_of

LICENCE = "TMDB API terms of use: attribution, no commercial use without an agreement"
STATUSES = {
    "returning series": "running",
    "ended": "ended",
    "canceled": "cancelled",
    "planned": "announced",
    "pilot": "pilot",
}
APPENDED_PARTS = ("external_ids", "credits", "aggregate_credits", "alternative_titles", "translations")
FIND_RESULTS = ("tv_results", "tv_season_results", "tv_episode_results")


def recognises(document: Document) -> bool:
    """True for JSON with the keys of an answer of TMDB."""
    if not document.is_json:
        return False
    value = document.json
    return bool(shape_of(next(iter(as_records(value)), as_record(value))))


def read_series(data: bytes | str, *more: bytes | str) -> SeriesClaims:
    """Read one or more files about one series. Parts such as credits find their record by its TMDB id."""
    rows = [row for file in (data, *more) for row in _rows(Document(file).json)]
    series = {series_id: name for row in rows if (series_id := _series_id(row)) for name in [get_text(row, "name")]}
    if len(series) > 1:
        first_id, name = next(iter(series.items()))
        raise SourceError(
            f"The files are about {len(series)} series, the first is TMDB {first_id} (“{name}”): read them one by one."
        )
    return _read(rows)


def read_all(data: bytes | str) -> list[SeriesClaims]:
    """Read a list of series, or the results of a search by external id: the claims of each series."""
    rows_by_series: dict[str, list[Record]] = {}
    for row in _rows(Document(data).json):
        rows_by_series.setdefault(_series_id(row), []).append(row)
    return [_read(rows) for rows in rows_by_series.values()]


def read_person(data: bytes | str) -> PersonClaim:
    """Read the details of one person."""
    record = as_record(Document(data).json)
    builder = SeriesBuilder(SourceFacts("TMDB", licence=LICENCE))
    dates = {
        field: builder.date(get_text(record, key), field) for field, key in (("born", "birthday"), ("died", "deathday"))
    }
    ids = person_ids(tmdb=get_text(record, "id"), imdb=get_text(record, "imdb_id"))
    person = builder.person(get_text(record, "name"), ids, get_text(record, "original_name"), **dates)
    if person is None:
        raise SourceError("The file names no person.")
    return person


def _rows(value: object) -> list[Record]:
    """The records of one file, all of a shape that can be read; SourceError for all else."""
    rows = as_records(value) if isinstance(value, list) else [as_record(value)]
    for row in rows:
        shape = shape_of(row)
        if shape == "error":
            message = get_text(row, "status_message").rstrip(".")
            raise SourceError(f"TMDB answered “{message}” ({get_text(row, 'status_code')}) in place of data.")
        if shape == "results":
            return _search_results(row)
        if shape in ("film", "person"):
            name = get_text(row, "title", "name")
            raise SourceError(f"The file is about a {shape}, {name}, not about a series.")
        if not shape:
            raise SourceError("The file has no facts about a series.")
    if not rows:
        raise SourceError("The file has no facts about a series.")
    return rows


def _search_results(record: Record) -> list[Record]:
    rows = [row for key in FIND_RESULTS for row in get_records(record, key) if shape_of(row)]
    for shape, key in (("film", "movie_results"), ("person", "person_results")):
        for row in [] if rows else get_records(record, key):
            name = get_text(row, "title", "name")
            raise SourceError(f"The search found a {shape}, {name}, and no series.")
    if not rows:
        raise SourceError("The search found nothing.")
    return rows


def _series_id(row: Record) -> str:
    """The id of the series that a row is about; empty if it is not stated."""
    shape = shape_of(row)
    if shape == "series":
        return get_text(row, "id")
    if shape in ("season", "episode"):
        return get_text(row, "show_id") or next(
            (get_text(episode, "show_id") for episode in get_records(row, "episodes")), ""
        )
    return ""


def _read(rows: list[Record]) -> SeriesClaims:
    reader = _Reader()
    for shape in ("series", "season", "episode"):
        for row in rows:
            if shape_of(row) == shape:
                reader.read(row, shape)
    for row in rows:
        if shape_of(row) not in ("series", "season", "episode"):
            read_part(reader.builder, reader.targets, row)
    return reader.builder.finish()


class _Reader:
    """Reads the records of one series, and remembers which record has which TMDB id."""

    def __init__(self) -> None:
        self.builder = SeriesBuilder(SourceFacts("TMDB", licence=LICENCE))
        self.targets = Targets()

    def read(self, row: Record, shape: str) -> None:
        """Read a series, season or episode."""
        series_id = _series_id(row)
        if series_id.isdecimal():
            self.builder.add_series_ids(tmdb=series_id)
            facts = self.builder.claims.source
            url, name = f"https://www.themoviedb.org/tv/{series_id}", get_text(row, "name") if shape == "series" else ""
            self.builder.claims.source = SourceFacts("TMDB", facts.title or name, url, LICENCE)
        if shape == "series":
            self.read_series(row)
        elif shape == "season":
            self.read_season(row)
        else:
            self.read_episode(row, get_number(row, "season_number"))

    def read_series(self, row: Record) -> None:
        """Read the details of a series."""
        builder = self.builder
        self.targets.add(get_text(row, "id"), builder.claims, get_number(row, "number_of_episodes"))
        self.targets.countries = {country.casefold() for country in get_texts(row, "origin_country")}
        status = get_text(row, "status").casefold()
        if status and status not in STATUSES:
            builder.unmapped(f"TMDB says of the status “{get_text(row, 'status')}”, which is none of ours.")
        minutes = [builder.minutes(number, "The running time") for number in get_texts(row, "episode_run_time")]
        runtimes = [number for number in minutes if number]
        has_ended = STATUSES.get(status) in ("ended", "cancelled")
        title = builder.title(get_text(row, "name"))
        builder.set_series(
            title=title,
            premiered=builder.date(get_text(row, "first_air_date"), "The premiere"),
            ended=builder.date(get_text(row, "last_air_date"), "The end") if has_ended else None,
            status=STATUSES.get(status, ""),
            runtime_min=min(runtimes, default=None),
            runtime_max=max(runtimes, default=None),
        )
        original = builder.title(get_text(row, "original_name"))
        builder.add_title(builder.claims, original, title, kind="original", language=get_text(row, "original_language"))
        builder.add_to_list("genres", *(get_text(genre, "name") for genre in get_records(row, "genres")))
        builder.add_to_list("languages", get_text(row, "original_language"))
        builder.add_to_list("countries", *get_texts(row, "origin_country"))
        for key, list_name, scheme in (
            ("networks", "networks", "tmdb-network"),
            ("production_companies", "production_companies", "tmdb"),
        ):
            for company in get_records(row, key):
                builder.add_company(list_name, get_text(company, "name"), scheme, get_text(company, "id"))
        for person in get_records(row, "created_by"):
            builder.add_credit(builder.claims, "creator", self.targets.person(builder, person))
        self._read_seasons(row)
        for part in APPENDED_PARTS:
            self._read_appended(row, part, builder.claims)
        self._read_appended(row, "content_ratings", builder.claims)

    def _read_seasons(self, row: Record) -> None:
        for season in get_records(row, "seasons"):
            self.read_season(season)
        for key in ("last_episode_to_air", "next_episode_to_air"):
            if episode := get_record(row, key):
                self.read_episode(episode, get_number(episode, "season_number"))
        for key, appended in row.items():
            if key.startswith("season/"):
                self.read_season(as_record(appended))
        seasons, episodes = get_number(row, "number_of_seasons"), get_number(row, "number_of_episodes")
        if seasons is not None and episodes is not None:
            self.builder.unmapped(f"TMDB counts {seasons} seasons and {episodes} episodes.")
        groups = [get_text(group, "name") for group in get_records(get_record(row, "episode_groups"), "results")]
        if groups:
            self.builder.unmapped(f"TMDB has the episodes in other orders too: {', '.join(groups[:20])}.")

    def read_season(self, row: Record) -> None:
        """Read a season, alone or in the list of its series."""
        builder, number = self.builder, get_number(row, "season_number")
        if number is None:
            builder.unmapped(f"A season (TMDB {get_text(row, 'id')}) has no number.")
            return
        season, what = builder.season(number), f"Season {number}"
        season.external_ids = builder.add_ids(season.external_ids, what, tmdb=get_text(row, "id"))
        title = builder.title(get_text(row, "name"), f"{what}: the title")
        if not is_plain_season_title(title, number):
            builder.set_values(season.values, what, title=title)
        episodes = get_records(row, "episodes")
        self.targets.add(get_text(row, "id"), season, len(episodes) or get_number(row, "episode_count"))
        for episode in episodes:
            self.read_episode(episode, number)
        for part in APPENDED_PARTS:
            self._read_appended(row, part, season)

    def read_episode(self, row: Record, season_number: int | None) -> None:
        """Read an episode, alone or in the list of its season."""
        builder, number, episode_id = self.builder, get_number(row, "episode_number"), get_text(row, "id")
        what = f"Season {season_number}, episode {number}"
        if number is None:
            builder.unmapped(f"An episode of season {season_number} (TMDB {episode_id}) has no number.")
            return
        episode = builder.episode(season_number, number, locator=f"TMDB episode {episode_id}" if episode_id else what)
        episode.external_ids = builder.add_ids(episode.external_ids, what, tmdb=episode_id)
        self.targets.add(episode_id, episode)
        title = builder.title(get_text(row, "name"), f"{what}: the title")
        builder.set_episode(
            episode,
            title=title,
            air_date=builder.date(get_text(row, "air_date"), f"{what}: the date"),
            runtime=builder.minutes(get_number(row, "runtime"), f"{what}: the running time"),
            production_code=builder.code(get_text(row, "production_code"), what),
        )
        self._read_episode_credits(row, episode)
        for part in APPENDED_PARTS:
            self._read_appended(row, part, episode)

    def _read_episode_credits(self, row: Record, episode: PlacedEpisode) -> None:
        for member in get_records(row, "crew"):
            role = role_of(get_text(member, "job", "department"))
            self.builder.add_credit(episode, role, self.targets.person(self.builder, member))
        self.targets.add_guests(self.builder, row, episode)

    def _read_appended(self, row: Record, key: str, owner: Owner) -> None:
        value = row.get(key)
        part = {"translations": value} if isinstance(value, list) else as_record(value)
        if part:
            read_part(self.builder, self.targets, {**part, "id": None}, owner)
