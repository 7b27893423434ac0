"""Read TVmaze JSON: shows with what is embedded, lists of seasons, episodes, cast, crew and other titles."""

from collections.abc import Callable, Iterator

from catalog.sources.claims import FieldValue
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
from catalog.sources.role_words import is_for_some_episodes, role_of
from catalog.sources.series_builder import SeriesBuilder
from catalog.sources.series_claims import (
    PersonClaim,
    PlacedEpisode,
    SeriesClaims,
    SourceError,
    SourceFacts,
)
from catalog.sources.title_words import is_plain_season_title

LICENCE = "CC BY-SA 4.0"
STATUSES = {"running": "running", "ended": "ended", "in development": "announced"}
SCRIPTED = "Scripted"  # the type of most shows; the other types are genres
SHOW_KEYS = {"externals", "premiered", "webChannel", "genres"}


def recognises(document: Document) -> bool:
    """True for JSON with links to TVmaze, and for its errors."""
    if not document.is_json:
        return False
    value = document.json
    first = next(iter(as_records(value)), as_record(value))
    if {"name", "message", "code", "status"} <= first.keys() or "score" in first and "show" in first:
        return True
    people = {"person", "character"} <= first.keys() or {"person", "type"} <= first.keys()
    country = get_record(first, "country")
    return people or "tvmaze.com/" in document.text or bool(first.keys() == {"name", "country"} and country)


def read_series(data: bytes | str, *more: bytes | str) -> SeriesClaims:
    """Read one or more files about one series."""
    builder = _new_builder()
    for file in (data, *more):
        value = _json_of(file)
        shows = list(_shows(value))
        if len(shows) > 1:
            raise SourceError(f"The file is about {len(shows)} series, the first is {shows[0]}: read them one by one.")
        _read_value(builder, value)
    return builder.finish()


def read_all(data: bytes | str) -> list[SeriesClaims]:
    """Read a list of shows, search results or a schedule: the claims of each series."""
    value = _json_of(data)
    builders: dict[str, SeriesBuilder] = {}
    for row in as_records(value) if isinstance(value, list) else [as_record(value)]:
        builder = builders.setdefault(next(_shows([row]), ""), _new_builder())
        _read_value(builder, [row])
    return [builder.finish() for builder in builders.values()]


def read_person(data: bytes | str) -> PersonClaim:
    """Read one person."""
    person = _person(_new_builder(), as_record(_json_of(data)))
    if person is None:
        raise SourceError("The file names no person.")
    return person


def _new_builder() -> SeriesBuilder:
    return SeriesBuilder(SourceFacts("TVmaze", licence=LICENCE))


def _json_of(data: bytes | str) -> object:
    value = Document(data).json
    error = as_record(value)
    if {"name", "message", "code", "status"} <= error.keys():
        message, name, status = (get_text(error, key) for key in ("message", "name", "status"))
        raise SourceError(f"TVmaze answered “{message}” ({status} {name}) in place of data.")
    return value


def _show_of(row: Record) -> Record:
    """The show that a row is or has with it."""
    return get_record(row, "show") or get_record(get_record(row, "_embedded"), "show") or row


def _shows(value: object) -> Iterator[str]:
    """The names of the different shows in a list."""
    show_ids = set()
    for row in as_records(value):
        show = _show_of(row)
        if show.keys() >= SHOW_KEYS and (key := get_text(show, "id")) not in show_ids:
            show_ids.add(key)
            yield f"“{get_text(show, 'name')}” (TVmaze {key})"


def _read_value(builder: SeriesBuilder, value: object) -> None:
    rows = as_records(value) if isinstance(value, list) else [as_record(value)]
    if not rows or not rows[0]:
        raise SourceError("The file has no facts about a series.")
    for row in rows:
        show = _show_of(row)
        if show.keys() >= SHOW_KEYS:
            _read_show(builder, show)
        if row is not show or not show.keys() >= SHOW_KEYS:
            _read_row(builder, row)


def _read_row(builder: SeriesBuilder, row: Record) -> None:
    """Read a row of a list by the keys it has."""
    if "score" in row and "show" in row:
        return
    for keys, read in ROW_READERS:
        if keys <= row.keys():
            read(builder, row)
            return
    if {"id", "name", "url"} <= row.keys() and "/people/" in get_text(row, "url"):
        raise SourceError(f"The file is about a person, {get_text(row, 'name')}, not about a series.")
    if row.keys() == {"_links"}:
        raise SourceError("The file has only links: download it with the embedded shows.")
    raise SourceError("The file has no facts about a series.")


def _read_show(builder: SeriesBuilder, show: Record) -> None:
    externals, show_id = get_record(show, "externals"), get_text(show, "id")
    builder.add_series_ids(tvmaze=show_id)
    builder.add_series_ids(imdb=get_text(externals, "imdb"), tvdb=get_text(externals, "thetvdb"))
    status = get_text(show, "status")
    if status and status.casefold() not in STATUSES:
        builder.unmapped(f"TVmaze says of the status “{status}”, which is none of ours.")
    runtime = builder.minutes(get_number(show, "runtime", "averageRuntime"), "The running time")
    builder.set_series(
        title=builder.title(get_text(show, "name")),
        premiered=builder.date(get_text(show, "premiered"), "The premiere"),
        ended=builder.date(get_text(show, "ended"), "The end"),
        status=STATUSES.get(status.casefold(), ""),
        runtime_min=runtime,
        runtime_max=runtime,
    )
    if show_id.isdecimal():
        name = get_text(show, "name")
        builder.claims.source = SourceFacts("TVmaze", name, f"https://www.tvmaze.com/shows/{show_id}", LICENCE)
    kind = get_text(show, "type")
    builder.add_to_list("genres", *get_texts(show, "genres"), "" if kind == SCRIPTED else kind)
    builder.add_to_list("languages", get_text(show, "language"))
    _read_networks(builder, show)
    embedded = get_record(show, "_embedded")
    for key in ("seasons", "akas", "cast", "crew", "episodes"):
        for row in get_records(embedded, key):
            _read_row(builder, row)


def _read_networks(builder: SeriesBuilder, record: Record) -> None:
    for key, scheme in (("network", "tvmaze"), ("webChannel", "tvmaze-web")):
        network = get_record(record, key)
        builder.add_company("networks", get_text(network, "name"), scheme, get_text(network, "id"))


def _read_season(builder: SeriesBuilder, row: Record) -> None:
    number = get_number(row, "number")
    if number is None:
        builder.unmapped(f"A season (TVmaze {get_text(row, 'id')}) has no number.")
        return
    season = builder.season(number)
    what = f"Season {number}"
    season.external_ids = builder.add_ids(season.external_ids, what, tvmaze=get_text(row, "id"))
    title = builder.title(get_text(row, "name"), f"{what}: the title")
    values: dict[str, FieldValue] = {"title": "" if is_plain_season_title(title, number) else title}
    builder.set_values(season.values, what, **values, announced_episodes=get_number(row, "episodeOrder") or None)
    dates = [get_text(row, key) for key in ("premiereDate", "endDate")]
    if any(dates):
        builder.unmapped(f"{what} ran from {dates[0] or '?'} to {dates[1] or '?'}: the dates stand with episodes.")
    _read_networks(builder, row)


def _read_episode(builder: SeriesBuilder, row: Record) -> None:
    season, number, episode_id = get_number(row, "season"), get_number(row, "number"), get_text(row, "id")
    locator = f"TVmaze episode {episode_id}" if episode_id else ""
    episode = builder.episode(season if number is not None else 0, number, episode_id, locator)
    what = f"Season {season}, episode {number}"
    if number is None:
        episode.claim.notes.append(f"A special of season {season} without a number.")
        what = f"A special of season {season}"
    episode.external_ids = builder.add_ids(episode.external_ids, what, tvmaze=episode_id)
    title = builder.title(get_text(row, "name"), f"{what}: the title")
    builder.set_episode(
        episode,
        title=title,
        air_date=builder.date(get_text(row, "airdate"), f"{what}: the date"),
        runtime=builder.minutes(get_number(row, "runtime"), f"{what}: the running time"),
    )
    embedded = get_record(row, "_embedded")
    for credit in get_records(embedded, "guestcast"):
        _add_cast(builder, episode, credit, role="guest", kind="guest")
    for credit in get_records(embedded, "guestcrew"):
        word = get_text(credit, "guestCrewType", "type")
        builder.add_credit(episode, role_of(word), _person(builder, get_record(credit, "person")))


def _read_cast(builder: SeriesBuilder, row: Record) -> None:
    """The main cast of all seasons: who left or came later is not stated."""
    _add_cast(builder, builder.claims, row, role="cast", kind="main")


def _add_cast(
    builder: SeriesBuilder, owner: SeriesClaims | PlacedEpisode, row: Record, *, role: str, kind: str
) -> None:
    character = "" if row.get("self") is True else get_text(get_record(row, "character"), "name")
    note = ", ".join(key if key == "voice" else "as themselves" for key in ("self", "voice") if row.get(key) is True)
    person = _person(builder, get_record(row, "person"))
    is_some = not isinstance(owner, PlacedEpisode)
    builder.add_credit(owner, role, person, kind=kind, character=character, note=note, for_some_episodes=is_some)


def _read_crew(builder: SeriesBuilder, row: Record) -> None:
    role = role_of(get_text(row, "type"))
    person = _person(builder, get_record(row, "person"))
    if not role:
        builder.unmapped(f"{get_text(get_record(row, 'person'), 'name')} is credited without a role.")
        return
    builder.add_credit(builder.claims, role, person, for_some_episodes=is_for_some_episodes(role))


def _read_guest_crew(builder: SeriesBuilder, row: Record) -> None:
    raise SourceError("The file has the guests of one episode, but not which: download the episode with them embedded.")


def _read_aka(builder: SeriesBuilder, row: Record) -> None:
    country = get_text(get_record(row, "country"), "name")
    builder.add_title(builder.claims, get_text(row, "name"), note=country)


def _person(builder: SeriesBuilder, record: Record) -> PersonClaim | None:
    dates = {
        field: builder.date(get_text(record, key), f"{get_text(record, 'name')}: {field}")
        for field, key in (("born", "birthday"), ("died", "deathday"))
    }
    return builder.person(get_text(record, "name"), person_ids(tvmaze=get_text(record, "id")), **dates)


# A row is read by the first that has its keys.
ROW_READERS: list[tuple[set[str], Callable[[SeriesBuilder, Record], None]]] = [
    ({"airdate", "season"}, _read_episode),
    ({"person", "guestCrewType"}, _read_guest_crew),
    ({"person", "character"}, _read_cast),
    ({"person", "type"}, _read_crew),
    ({"number", "premiereDate"}, _read_season),
    ({"name", "country"}, _read_aka),
]
