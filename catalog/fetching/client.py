"""The network client: asks one of four services over https, with limits of time, size and attempts.

An address is always the fixed one of a service with a path made by this package. Redirects to other hosts are refused,
so no text that somebody pastes can make the site ask another machine.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin, urlsplit

import urllib3
from urllib3.util.retry import Retry

from catalog.fetching.fetched_text import FetchError, NotFoundError, RefusedError
from catalog.sources.document import MAX_BYTES, Document
from catalog.sources.series_claims import SourceError

LABELS = {"tvmaze": "TVmaze", "wikipedia": "Wikipedia", "wikidata": "Wikidata", "tmdb": "TMDB"}
BASE_URLS = {
    "tvmaze": "https://api.tvmaze.com",
    "wikipedia": "https://en.wikipedia.org",
    "wikidata": "https://www.wikidata.org",
    "tmdb": "https://api.themoviedb.org",
}
BUSY = {429, 500, 502, 503, 504}
REDIRECTS = {301, 302, 303, 307, 308}
MAX_REDIRECTS = 3
CHUNK_SIZE = 65_536
Params = Sequence[tuple[str, str]]


def make_user_agent(site_url: str, contact: str = "") -> str:
    """The name of the site in requests, with a contact, as the policy of Wikimedia asks."""
    return f"Liner/0.1 ({'; '.join(filter(None, (site_url, contact)))}) urllib3/{urllib3.__version__}"


@dataclass(frozen=True)
class FetchSettings:
    """How to ask. ``base_urls``, limits and ``sleep`` are other ones in tests only."""

    user_agent: str
    tmdb_key: str = ""
    base_urls: Mapping[str, str] = field(default_factory=lambda: BASE_URLS)
    connect_seconds: float = 5
    read_seconds: float = 20
    total_seconds: float = 120  # of all requests for one series
    max_bytes: int = MAX_BYTES  # of one answer, unpacked
    max_attempts: int = 3
    max_wait: float = 20  # a service that asks to wait longer is left alone
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Answer:
    """An answer in JSON: as it was sent, and its value."""

    content: bytes
    value: object
    headers: Mapping[str, str]


class Client:
    """Asks the services for one series, one request after the other."""

    def __init__(self, settings: FetchSettings) -> None:
        self.settings = settings
        self.deadline = time.monotonic() + settings.total_seconds
        timeout = urllib3.Timeout(connect=settings.connect_seconds, read=settings.read_seconds)
        self.pool = urllib3.PoolManager(timeout=timeout, retries=False)

    def get(
        self,
        service: str,
        path: str,
        params: Params = (),
        headers: Mapping[str, str] | None = None,
        is_busy: Callable[[Answer], bool] = lambda answer: False,
    ) -> Answer:
        """Ask for JSON. Raises FetchError, such as NotFoundError for a missing page.

        ``is_busy`` says of an answer with status 200 that the service asks to come again later.
        """
        url = f"{self.settings.base_urls[service]}{path}"
        if params:
            url += f"?{urlencode(params)}"
        for attempt in range(1, self.settings.max_attempts + 1):
            wait, reason = 2.0**attempt, f"{LABELS[service]} cannot be reached: try again later."
            try:
                status, answer_headers, content = self._request(service, url, headers or {})
            except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ProtocolError):
                pass
            except urllib3.exceptions.TimeoutError as error:
                raise FetchError(f"{LABELS[service]} did not answer in time: try again later.") from error
            except urllib3.exceptions.HTTPError as error:
                raise FetchError(f"{LABELS[service]} gave a damaged answer: {_first_line(error)}.") from error
            else:
                if status not in BUSY:
                    answer = _read_answer(service, status, answer_headers, content)
                    if not is_busy(answer):
                        return answer
                wait = _seconds_to_wait(answer_headers, wait)
                reason = f"{LABELS[service]} is busy or out of order (status {status}): try again later."
            if attempt < self.settings.max_attempts:
                self._wait(service, wait)
        raise FetchError(reason)

    def _wait(self, service: str, seconds: float) -> None:
        """Wait before the next attempt, or refuse to."""
        if seconds > self.settings.max_wait:
            raise FetchError(f"{LABELS[service]} asks to wait {seconds:.0f} seconds: try again after that.")
        self._check_deadline(service, seconds)
        self.settings.sleep(seconds)

    def _check_deadline(self, service: str, seconds: float = 0) -> None:
        if time.monotonic() + seconds > self.deadline:
            raise FetchError(
                f"{LABELS[service]} did not send everything within {self.settings.total_seconds:g} seconds: "
                "try again later."
            )

    def _request(self, service: str, url: str, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        """(status, headers, body) of an address, after redirects on the same host."""
        base = self.settings.base_urls[service]
        all_headers = {"User-Agent": self.settings.user_agent, "Accept": "application/json", **headers}
        all_headers["Accept-Encoding"] = "gzip"
        for _ in range(MAX_REDIRECTS + 1):
            self._check_deadline(service)
            response = self.pool.request(
                "GET", url, headers=all_headers, redirect=False, preload_content=False, decode_content=True
            )
            try:
                if response.status not in REDIRECTS:
                    return response.status, response.headers, self._read_body(service, response)
                url = _redirect_target(service, base, url, response.headers.get("Location", ""))
            finally:
                response.close()
        raise FetchError(f"{LABELS[service]} leads from one address to the next without an end.")

    def _read_body(self, service: str, response: urllib3.BaseHTTPResponse) -> bytes:
        """The unpacked body, in pieces so that neither its size nor its time can grow without limit."""
        body = bytearray()
        while chunk := response.read1(CHUNK_SIZE):
            body += chunk
            if len(body) > self.settings.max_bytes:
                size = f"{self.settings.max_bytes / 1_000_000:g} MB"
                raise FetchError(f"The answer of {LABELS[service]} is larger than {size}, so it was not read.")
            self._check_deadline(service)
        return bytes(body)


def _redirect_target(service: str, base: str, url: str, location: str) -> str:
    """The address to which a redirect leads: on the same host and, whatever it says, with the scheme of ``base``."""
    base_parts = urlsplit(base)
    try:
        parts = urlsplit(urljoin(url, location))
        is_same = parts.netloc.casefold() == base_parts.netloc and parts.scheme in ("http", "https")
    except ValueError:  # an address of no valid form
        is_same = False
    if not is_same:
        raise FetchError(f"{LABELS[service]} leads to another site, which is not asked.")
    return parts._replace(scheme=base_parts.scheme, fragment="").geturl()


def _read_answer(service: str, status: int, headers: Mapping[str, str], content: bytes) -> Answer:
    """The value of an answer. Raises FetchError for a refusal and for all that is no JSON."""
    label = LABELS[service]
    if status in (404, 410):
        raise NotFoundError(f"{label} has no such page.")
    if status in (401, 403):
        raise RefusedError(f"{label} refuses to answer this site (status {status}).")
    if status != 200:
        raise FetchError(f"{label} does not understand the request (status {status}).")
    try:
        value = Document(content).json
    except SourceError as error:
        raise FetchError(f"{label} answered with something that is no JSON, or not all of it.") from error
    return Answer(content, value, headers)


def _seconds_to_wait(headers: Mapping[str, str], default: float) -> float:
    """What the header Retry-After says, in seconds or as a date."""
    try:
        return Retry().parse_retry_after(headers["Retry-After"])
    except (KeyError, urllib3.exceptions.InvalidHeader):
        return default


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
