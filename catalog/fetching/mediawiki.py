"""Ask the action API of a wiki. With ``maxlag`` a wiki under load asks to come again later, which is heeded."""

from catalog.fetching.client import LABELS, Answer, Client
from catalog.fetching.fetched_text import FetchError, NotFoundError
from catalog.sources.json_values import as_record, get_record, get_text

MAX_LAG = "5"  # seconds that the copies of the database may be behind, as Wikimedia asks
BUSY_CODES = {"maxlag", "ratelimited", "readonly", "internal_api_error_DBQueryError"}
MISSING_CODES = {"no-such-entity", "missingtitle"}


def ask_wiki(client: Client, service: str, **params: str) -> Answer:
    """The answer of the API to ``params``. Raises FetchError for an error that it states."""
    params = params | {"format": "json", "maxlag": MAX_LAG}
    answer = client.get(service, "/w/api.php", list(params.items()), is_busy=_is_busy)
    code = error_code(answer)
    if code in MISSING_CODES:
        raise NotFoundError(f"{LABELS[service]} has no such page.")
    if code:
        error = get_record(as_record(answer.value), "error")
        info = get_text(error, "info").rstrip(".")[:200]
        raise FetchError(f"{LABELS[service]} answered “{info or code}” in place of data.")
    return answer


def error_code(answer: Answer) -> str:
    """The code of the error that an answer states, if any."""
    return get_text(get_record(as_record(answer.value), "error"), "code")


def _is_busy(answer: Answer) -> bool:
    return error_code(answer) in BUSY_CODES
