"""The id of the request that a thread answers, and of its user: for log lines, responses and the page of an error."""

import re
import secrets
from contextvars import ContextVar
from typing import Any

from soundtrack_site.client_address import is_trusted_proxy, parse_address

SAFE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
ID_BYTES = 8  # two of a million requests a day share an id once in some 10,000 years


class RequestContext:
    """What log lines say of a request. ``user_id`` is None for visitors, and until the user has been read."""

    __slots__ = ("request_id", "user_id")

    def __init__(self, request_id: str) -> None:
        self.request_id = request_id
        self.user_id: int | None = None


current_request: ContextVar[RequestContext | None] = ContextVar("the request that is answered now", default=None)


def current_request_id() -> str:
    """The id of the request that is answered now, "" outside of one."""
    context = current_request.get()
    return context.request_id if context else ""


def choose_request_id(environ: dict[str, Any]) -> str:
    """The id in X-Request-ID, if a trusted proxy sent one of a safe form; else a new one."""
    forwarded = environ.get("HTTP_X_REQUEST_ID")
    if forwarded and SAFE_ID.fullmatch(forwarded):
        address = parse_address(environ.get("REMOTE_ADDR") or "")
        if address is not None and is_trusted_proxy(address):
            return forwarded
    return secrets.token_hex(ID_BYTES)
