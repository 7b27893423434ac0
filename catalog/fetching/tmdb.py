"""Fetch a series of TMDB with its other titles, ids and ratings, and its seasons with episodes and credits.

TMDB answers only with a key, which the site's operator gets there; its terms ask for attribution.
"""

import re

from catalog.fetching.client import LABELS, Answer, Client
from catalog.fetching.fetched_text import FetchedText, FetchError, FetchResult, NotFoundError, RefusedError, file_name
from catalog.fetching.references import choose_match, id_in_path, is_imdb_id, page_path
from catalog.sources.external_ids import is_title_id
from catalog.sources.json_values import Record, as_record, get_number, get_records, get_text

LABEL = LABELS["tmdb"]
HOSTS = {"www.themoviedb.org", "themoviedb.org"}
SERIES_PATH = re.compile(r"(?:/[a-z]{2}(?:-[A-Za-z]{2})?)?/tv/([1-9]\d{0,9})(?:[-/]|$)", re.ASCII)
SHORT_KEY = re.compile(r"[0-9a-f]{32}")  # sent as a parameter; a longer one is a token and sent in a header
MAX_SEASONS = 60
SERIES_PARTS = "external_ids,alternative_titles,content_ratings"  # the credits of all are in the seasons
SEASON_PARTS = "credits,external_ids"


def fetch_series(client: Client, reference: str) -> FetchResult:
    """Fetch a series by its number, the address of its page, an id of IMDb, or its title."""
    if not client.settings.tmdb_key:
        raise FetchError("TMDB needs a key: set TMDB_API_KEY in the environment of the site.")
    series_id = _find_series(client, reference)
    try:
        answer = _get(client, f"/3/tv/{series_id}", append_to_response=SERIES_PARTS)
    except NotFoundError:
        raise NotFoundError(f"TMDB has no series with the number {series_id}.") from None
    series = as_record(answer.value)
    title, url = get_text(series, "name"), f"https://www.themoviedb.org/tv/{series_id}"
    name = f"{title} (TMDB {series_id})"
    result = FetchResult([FetchedText("tmdb", file_name(name, ".json"), answer.content, url)])
    numbers = [number for season in get_records(series, "seasons") if (number := _season_number(season)) is not None]
    if len(numbers) > MAX_SEASONS:
        result.notes.append(f"TMDB has {len(numbers)} seasons of “{title}”: the first {MAX_SEASONS} were fetched.")
    for number in numbers[:MAX_SEASONS]:
        answer = _get(client, f"/3/tv/{series_id}/season/{number}", append_to_response=SEASON_PARTS)
        season_name = file_name(f"{name}, season {number}", ".json")
        result.texts.append(FetchedText("tmdb", season_name, answer.content, f"{url}/season/{number}"))
    return result


def _season_number(season: Record) -> int | None:
    number = get_number(season, "season_number")
    return number if number is not None and number >= 0 else None


def _get(client: Client, path: str, **params: str) -> Answer:
    """Ask with the key, which is in no message."""
    key, headers = client.settings.tmdb_key, {}
    if SHORT_KEY.fullmatch(key):
        params["api_key"] = key
    else:
        headers["Authorization"] = f"Bearer {key}"
    try:
        return client.get("tmdb", path, list(params.items()), headers)
    except RefusedError:
        raise RefusedError("TMDB refuses the key in TMDB_API_KEY: it is wrong or has expired.") from None


def _find_series(client: Client, reference: str) -> str:
    """The number of the series."""
    path = page_path(reference, LABEL, HOSTS)
    if path is not None:
        return id_in_path(path, SERIES_PATH, LABEL)
    if is_title_id("tmdb", reference):
        return reference
    if is_imdb_id(reference):
        answer = _get(client, f"/3/find/{reference}", external_source="imdb_id")
        results = get_records(as_record(answer.value), "tv_results")
        if not results:
            raise NotFoundError(f"TMDB has no series with the IMDb id {reference}.")
        series_id = get_text(results[0], "id")
    else:
        answer = _get(client, "/3/search/tv", query=reference)
        results = get_records(as_record(answer.value), "results")
        series_id = choose_match(LABEL, reference, [_candidate(row) for row in results])
    if not is_title_id("tmdb", series_id):
        raise FetchError("TMDB answered the search with something that is no series: try again later.")
    return series_id


def _candidate(row: Record) -> tuple[str, str, str]:
    """(number, title, year) of a search result."""
    return get_text(row, "id"), get_text(row, "name"), get_text(row, "first_air_date")[:4]
