"""Read TheTVDB JSON of the versions 2, 3 and 4: series, episodes, actors, in aired, DVD or absolute order."""

from catalog.sources.document import Document
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
from catalog.sources.series_builder import SeriesBuilder
from catalog.sources.series_claims import SeriesClaims, SourceError, SourceFacts
from catalog.sources.tvdb_v4 import read_episode_facts, read_series_facts

AIRED, DVD, ABSOLUTE = "aired", "dvd", "absolute"
LICENCE = "TheTVDB: attribution, terms of its API"
STATUSES = {"continuing": "running", "ended": "ended", "upcoming": "announced"}
# A record is of the first shape of which it has all keys.
SHAPES = (
    ("series", {"seriesName", "firstAired"}),
    ("old episode", {"airedSeason", "airedEpisodeNumber"}),
    ("episode", {"seasonNumber", "number"}),
    ("page", {"series", "episodes"}),
    ("actor", {"role", "name", "seriesId"}),
    ("series 4", {"name", "defaultSeasonType"}),
    ("series 4", {"name", "firstAired", "originalCountry"}),
)


def recognises(document: Document) -> bool:
    """True for JSON with the data of an answer of TheTVDB, and for its errors."""
    if not document.is_json:
        return False
    value = as_record(document.json)
    if "data" not in value:
        return value.keys() == {"Error"}
    data = value["data"]
    return bool(_shape_of(next(iter(as_records(data)), as_record(data))))


def read_series(data: bytes | str, *more: bytes | str, season_type: str = AIRED) -> SeriesClaims:
    """Read one or more files about one series. ``season_type`` is the order that numbers the episodes.

    Answers of version 4 have one order each: the one that was asked for.
    """
    rows = [row for file in (data, *more) for row in _rows(file)]
    series = {get_text(row, "id"): get_text(row, "seriesName", "name") for row in rows if _is_series(row)}
    if len(series) > 1:
        first_id, name = next(iter(series.items()))
        raise SourceError(
            f"The files are about {len(series)} series, the first is TheTVDB {first_id} (“{name}”): "
            "read them one by one."
        )
    return _read(rows, season_type)


def read_all(data: bytes | str, season_type: str = AIRED) -> list[SeriesClaims]:
    """Read the results of a search: the claims of each series."""
    rows_by_series: dict[str, list[Record]] = {}
    for row in _rows(data):
        rows_by_series.setdefault(get_text(row, "id" if _is_series(row) else "seriesId"), []).append(row)
    return [_read(rows, season_type) for rows in rows_by_series.values()]


def _shape_of(record: Record) -> str:
    return next((shape for shape, keys in SHAPES if keys <= record.keys()), "")


def _is_series(row: Record) -> bool:
    return _shape_of(row).startswith("series")


def _rows(file: bytes | str) -> list[Record]:
    """The records of one answer; SourceError for all that cannot be read."""
    answer = as_record(Document(file).json)
    error = get_text(answer, "Error") or (
        get_text(answer, "message") if "failure" in get_text(answer, "status") else ""
    )
    if error:
        raise SourceError(f"TheTVDB answered “{error.rstrip('.')}” in place of data.")
    data = answer.get("data")
    rows = []
    for record in as_records(data) if isinstance(data, list) else [as_record(data)]:
        is_page = _shape_of(record) == "page"
        rows += [get_record(record, "series"), *get_records(record, "episodes")] if is_page else [record]
    if not rows or not all(map(_shape_of, rows)):
        raise SourceError("The file has no facts about a series.")
    return rows


def _read(rows: list[Record], season_type: str) -> SeriesClaims:
    builder = SeriesBuilder(SourceFacts("TheTVDB", licence=LICENCE))
    readers = {
        "series": _read_series,
        "series 4": _read_series,
        "actor": lambda builder, row, _: _read_actor(builder, row),
        "old episode": _read_episode,
        "episode": _read_episode,
    }
    # Actors come in no useful order, but with a number.
    for row in sorted(rows, key=lambda row: (get_number(row, "sortOrder") or 0) if _shape_of(row) == "actor" else -1):
        readers[_shape_of(row)](builder, row, season_type)
    return builder.finish()


def _add_source(builder: SeriesBuilder, series_id: str, name: str = "") -> None:
    builder.add_series_ids(tvdb=series_id)
    if series_id.isdecimal():
        url = f"https://www.thetvdb.com/dereferrer/series/{series_id}"
        builder.claims.source = SourceFacts("TheTVDB", builder.claims.source.title or name, url, LICENCE)


def _read_series(builder: SeriesBuilder, row: Record, season_type: str) -> None:
    title = builder.title(get_text(row, "seriesName", "name"))
    if not title or title.startswith("**") and title.endswith("**"):
        raise SourceError("The series has no title.")  # “** 403: Series Not Permitted **”
    _add_source(builder, get_text(row, "id"), title)
    status = get_text(get_record(row, "status"), "name") or get_text(row, "status")
    if status and status.casefold() not in STATUSES:
        builder.unmapped(f"TheTVDB says of the status “{status}”, which is none of ours.")
    runtime = builder.minutes(get_number(row, "runtime", "averageRuntime"), "The running time")
    is_ended = status.casefold() == "ended"
    rating = get_text(row, "rating")
    builder.set_series(
        title=title,
        premiered=builder.date(get_text(row, "firstAired"), "The premiere"),
        ended=builder.date(get_text(row, "lastAired"), "The end") if is_ended else None,
        status=STATUSES.get(status.casefold(), ""),
        runtime_min=runtime,
        runtime_max=runtime,
        content_rating=rating if len(rating) <= 20 else "",
    )
    builder.add_series_ids(imdb=get_text(row, "imdbId"))
    builder.add_to_list("genres", *get_texts(row, "genre"))
    builder.add_company("networks", get_text(row, "network"))
    for alias in get_texts(row, "aliases"):
        builder.add_title(builder.claims, alias, title)
    if _shape_of(row) == "series 4":
        read_series_facts(builder, row, season_type)
        for episode in get_records(row, "episodes"):
            _read_episode(builder, episode, season_type)


def _read_actor(builder: SeriesBuilder, row: Record) -> None:
    """Add an actor: main or recurring is not stated, nor the episodes. The ids are of the credit, not of the person."""
    _add_source(builder, get_text(row, "seriesId"))
    character = " / ".join(part.strip() for part in get_text(row, "role").split("|") if part.strip())
    person = builder.person(get_text(row, "name"))
    builder.add_credit(builder.claims, "cast", person, character=character, for_some_episodes=True)


def _position(row: Record, season_type: str) -> tuple[int | None, int | None]:
    """Season and number in an order."""
    if season_type == ABSOLUTE:
        return 1, get_number(row, "absoluteNumber")
    if _shape_of(row) == "episode":
        return get_number(row, "seasonNumber"), get_number(row, "number")
    prefix = "dvd" if season_type == DVD else "aired"
    return get_number(row, f"{prefix}Season"), get_number(row, f"{prefix}EpisodeNumber")


def _read_episode(builder: SeriesBuilder, row: Record, season_type: str) -> None:
    season, number = _position(row, season_type)
    title, episode_id = builder.title(get_text(row, "episodeName", "name")), get_text(row, "id")
    if season is None or number is None:
        builder.unmapped(f"The episode “{title}” (TheTVDB {episode_id}) has no number in {season_type} order.")
        return
    _add_source(builder, get_text(row, "seriesId"))
    episode, what = (
        builder.episode(season, number, locator=f"TheTVDB episode {episode_id}"),
        f"Season {season}, episode {number}",
    )
    ids = builder.add_ids(episode.external_ids, what, tvdb=episode_id, is_key=False)
    episode.external_ids = builder.add_ids(ids, what, imdb=get_text(row, "imdbId"))
    absolute = get_number(row, "absoluteNumber")
    builder.set_episode(
        episode,
        title=title,
        air_date=builder.date(get_text(row, "firstAired", "aired"), f"{what}: the date"),
        runtime=builder.minutes(get_number(row, "runtime"), f"{what}: the running time"),
        production_code=builder.code(get_text(row, "productionCode"), what),
        overall_number=absolute if absolute and absolute > 0 and season else None,
    )
    for key, role in (("directors", "director"), ("writers", "writer"), ("guestStars", "guest")):
        for name in get_texts(row, key):
            kind = "guest" if role == "guest" else ""
            builder.add_credit(episode, role, builder.person(name), kind=kind)
    if _shape_of(row) == "episode":
        read_episode_facts(builder, episode, row)
