"""Turns: pages that are not cached are made one at a time for each address, those of the admin one at a time for all.

A worker process runs Python in one thread at a time. Without turns, a crawler with 20 connections or eight editors who
save at once get most of that time, and a visitor waits until all of theirs are done. Requests wait for their turn in a
thread each, so a worker has more threads (script/server) than one address may occupy (REQUESTS_AT_ONCE).
"""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from soundtrack_site.client_address import address_in

MAX_TURN_SECONDS = 1  # after which the next request begins beside one that takes longer, such as an import
EDITORS_REST = 3  # times the length of their turn: editors who save all the time get a quarter of a worker's time
REFUSED_SECONDS = 0.1  # that the turn of a refused request lasts longer: a crawler asks again at once, without a pause
MAX_BODIES = 16  # requests with a body at once, half of them of one address: a slow one holds its thread until it ends
UNLIMITED_PREFIXES = ("/static/", "/media/", "/healthz", "/readyz")
BUSY_HEADERS = [
    ("Content-Type", "text/plain"),
    ("Retry-After", "1"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
]
BUSY = b"Too many requests at once. Please try again in a second.\n"


def has_body(environ: dict[str, Any]) -> bool:
    """Whether the request announces a body."""
    return environ.get("CONTENT_LENGTH", "") not in ("", "0") or "HTTP_TRANSFER_ENCODING" in environ


def has_session_cookie(environ: dict[str, Any]) -> bool:
    """Whether the request has a cookie of a session, which need not exist."""
    return settings.SESSION_COOKIE_NAME in environ.get("HTTP_COOKIE", "")


class Turn:
    """Lets requests begin one after another. Each has its turn until it ends, for at most MAX_TURN_SECONDS.

    ``rest`` is the pause between a turn and one that waits for its end, as a multiple of its length.
    """

    def __init__(self, rest: float = 0) -> None:
        self.rest = rest
        self.condition = threading.Condition()
        self.waiting: deque[object] = deque()
        self.holder: object = None
        self.expires_at = -math.inf

    def begin(self, request: object) -> None:
        """Wait until the requests that came before have begun, and the last of these has ended or had its time."""
        with self.condition:
            self.waiting.append(request)
            while self.waiting[0] is not request or self.seconds_left() > 0:
                self.condition.wait(max(self.seconds_left(), 0.001))
            self.waiting.popleft()
            self.holder, self.expires_at = request, time.monotonic() + MAX_TURN_SECONDS
            self.condition.notify_all()

    def seconds_left(self) -> float:
        """How long the present turn, or the rest after it, may still last."""
        return self.expires_at - time.monotonic()

    def end(self, request: object) -> None:
        """Let a request that waits begin after the rest, unless one has begun already. A later one begins at once."""
        with self.condition:
            if self.holder is request:
                length = MAX_TURN_SECONDS - max(self.seconds_left(), 0)
                self.expires_at = time.monotonic() + (self.rest * length if self.waiting else 0)
                self.condition.notify_all()

    @contextmanager
    def taken_by(self, request: object) -> Iterator[None]:
        """``begin`` and ``end``."""
        self.begin(request)
        try:
            yield
        finally:
            self.end(request)


@dataclass
class Address:
    """An address with requests in progress. Its pages of the admin do not hold up its other pages."""

    pages: Turn = field(default_factory=Turn)
    admin: Turn = field(default_factory=Turn)
    requests: dict[object, bool] = field(default_factory=dict)  # whether each has a body

    def bodies(self) -> int:
        """How many of the requests have a body."""
        return sum(self.requests.values())


class TurnsWSGI:
    """Wraps the answers that are not cached.

    Status 429 if an address has REQUESTS_AT_ONCE requests in progress, or for too many with bodies (MAX_BODIES).
    """

    def __init__(self, application: Callable) -> None:
        self.application = application
        self.editors = Turn(EDITORS_REST)
        self.lock = threading.Lock()
        self.addresses: dict[str, Address] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        limit = settings.REQUESTS_AT_ONCE
        name = address_in(environ)
        if not limit or not name or environ.get("PATH_INFO", "").startswith(UNLIMITED_PREFIXES):
            return self.application(environ, start_response)
        request, is_with_body = object(), has_body(environ)
        with self.lock:
            address = self.addresses.get(name) or Address()
            is_allowed = len(address.requests) < limit
            if is_with_body:
                total = sum(each.bodies() for each in self.addresses.values())
                is_allowed = is_allowed and total < MAX_BODIES and address.bodies() < MAX_BODIES // 2
            if is_allowed:
                self.addresses[name] = address
                address.requests[request] = is_with_body
        if not is_allowed:
            start_response("429 Too Many Requests", BUSY_HEADERS)
            return [BUSY]
        try:
            return self.answer(self.turns_of(address, environ), request, environ, start_response)
        finally:
            with self.lock:
                del address.requests[request]
                if not address.requests:
                    del self.addresses[name]

    def turns_of(self, address: Address, environ: dict[str, Any]) -> list[Turn]:
        """The turns that a request takes, in order: in the admin first that of its address, then that of all editors.

        Anybody can send a session cookie: so an address is ahead of an editor once, not with all of its requests.
        A password that is sent has none: ``hash_slot`` limits it.
        """
        if not environ.get("PATH_INFO", "").startswith(settings.ADMIN_URL):
            return [address.pages]
        if has_session_cookie(environ):
            return [address.admin, self.editors]
        return [] if environ["REQUEST_METHOD"] == "POST" else [address.pages]

    def answer(
        self, turns: list[Turn], request: object, environ: dict[str, Any], start_response: Callable
    ) -> Iterable[bytes]:
        """The application's answer, once it is the request's turn."""
        statuses: list[str] = []

        def note_status(status: str, *arguments: Any) -> Any:
            statuses.append(status)
            return start_response(status, *arguments)

        with ExitStack() as stack:
            for turn in turns:
                stack.enter_context(turn.taken_by(request))
            response = self.application(environ, note_status)
            if statuses and statuses[-1].startswith("429"):
                time.sleep(REFUSED_SECONDS)
            return response
