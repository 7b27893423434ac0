"""Fetch a series of TVmaze: the show with its seasons, cast, crew and other titles, then the episodes of each season.

Only the lists of a season embed the guests and the crew of its episodes, and have the specials.
"""

import re

from catalog.fetching.client import LABELS, Client
from catalog.fetching.fetched_text import FetchedText, FetchError, FetchResult, NotFoundError, file_name
from catalog.fetching.references import choose_match, id_in_path, is_imdb_id, page_path
from catalog.sources.external_ids import is_title_id
from catalog.sources.json_values import Record, as_record, as_records, get_number, get_record, get_records, get_text

LABEL = LABELS["tvmaze"]
HOSTS = {"www.tvmaze.com", "tvmaze.com", "api.tvmaze.com"}
SHOW_PATH = re.compile(r"/shows/([1-9]\d{0,9})(?:/|$)", re.ASCII)
MAX_SEASONS = 60
PARTS = [("embed[]", part) for part in ("seasons", "cast", "crew", "akas")]
CREDITS = [("embed[]", "guestcast"), ("embed[]", "guestcrew")]


def fetch_series(client: Client, reference: str) -> FetchResult:
    """Fetch a series by its number, the address of its page, an id of IMDb, or its title."""
    show_id = _find_show(client, reference)
    try:
        answer = client.get("tvmaze", f"/shows/{show_id}", PARTS)
    except NotFoundError:
        raise NotFoundError(f"TVmaze has no series with the number {show_id}.") from None
    show = as_record(answer.value)
    title, revision = get_text(show, "name"), get_text(show, "updated")
    url = f"https://www.tvmaze.com/shows/{show_id}"
    texts = [FetchedText("tvmaze", file_name(f"{title} (TVmaze {show_id})", ".json"), answer.content, url, revision)]
    result = FetchResult(texts)
    seasons = get_records(get_record(show, "_embedded"), "seasons")
    if len(seasons) > MAX_SEASONS:
        result.notes.append(f"TVmaze has {len(seasons)} seasons of “{title}”: the first {MAX_SEASONS} were fetched.")
    for season in seasons[:MAX_SEASONS]:
        _add_season(client, result, season, f"{title} (TVmaze {show_id})", revision)
    return result


def _add_season(client: Client, result: FetchResult, season: Record, title: str, revision: str) -> None:
    """Add the episodes of a season, if it has any."""
    season_id, number = get_text(season, "id"), get_number(season, "number")
    if not is_title_id("tvmaze", season_id):
        return
    answer = client.get("tvmaze", f"/seasons/{season_id}/episodes", CREDITS)
    if as_records(answer.value):
        name = file_name(f"{title}, season {number}", ".json")
        url = f"https://www.tvmaze.com/seasons/{season_id}"
        result.texts.append(FetchedText("tvmaze", name, answer.content, url, revision))


def _find_show(client: Client, reference: str) -> str:
    """The number of the show."""
    path = page_path(reference, LABEL, HOSTS)
    if path is not None:
        return id_in_path(path, SHOW_PATH, LABEL)
    if is_title_id("tvmaze", reference):
        return reference
    if is_imdb_id(reference):
        try:
            answer = client.get("tvmaze", "/lookup/shows", [("imdb", reference)])
        except NotFoundError:
            raise NotFoundError(f"TVmaze has no series with the IMDb id {reference}.") from None
        show_id = get_text(as_record(answer.value), "id")
    else:
        answer = client.get("tvmaze", "/search/shows", [("q", reference)])
        show_id = choose_match(LABEL, reference, [_candidate(row) for row in as_records(answer.value)])
    if not is_title_id("tvmaze", show_id):
        raise FetchError("TVmaze answered the search with something that is no series: try again later.")
    return show_id


def _candidate(row: Record) -> tuple[str, str, str]:
    """(number, title, year) of a search result."""
    show = get_record(row, "show")
    return get_text(show, "id"), get_text(show, "name"), get_text(show, "premiered")[:4]
