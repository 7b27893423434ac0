"""A server on this machine that answers like the services; no test asks the network."""

import json
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from catalog.fetching.client import BASE_URLS, FetchSettings


@dataclass
class Reply:
    """An answer: ``body`` is bytes, a value sent as JSON, or a function that writes to the connection by itself."""

    body: object = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Request:
    """A request as it came."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


class LocalService:
    """Replies by path: a value sent as JSON, a ``Reply``, a function of the request, or a tuple of several in turn."""

    def __init__(self, replies: dict) -> None:
        self.replies = {path: list(value) if isinstance(value, tuple) else [value] for path, value in replies.items()}
        self.requests: list[Request] = []
        self.waits: list[float] = []

    @contextmanager
    def running(self, **limits):
        """Serve; the value are the settings with which the client asks this server."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        settings = {"user_agent": "Test/1 (https://example.org)", "sleep": self.waits.append, **limits}
        try:
            yield FetchSettings(base_urls=dict.fromkeys(BASE_URLS, url), **settings)
        finally:
            server.shutdown()
            server.server_close()

    def reply_to(self, request: Request) -> Reply:
        """The reply to a request, 404 for a path without one."""
        self.requests.append(request)
        replies = self.replies.get(request.path)
        if replies is None:
            return Reply({"name": "Not Found", "message": "", "code": 0, "status": 404}, 404)
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        if isinstance(reply, Callable):
            reply = reply(request)
        return reply if isinstance(reply, Reply) else Reply(reply)

    def _handler(self):
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                parts = urlsplit(self.path)
                query = {key: ",".join(values) for key, values in parse_qs(parts.query).items()}
                reply = service.reply_to(Request(parts.path, query, dict(self.headers)))
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if isinstance(reply.body, Callable):
                    self.end_headers()
                    write_until_closed(self.wfile, reply.body)
                    return
                content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                write_until_closed(self.wfile, lambda file: file.write(content))

            def log_message(self, *args):
                """Say nothing."""

        return Handler


def write_until_closed(file, write):
    """Write; a client that has read enough closes the connection."""
    with suppress(OSError):
        write(file)


def endless(file):
    """A body without an end."""
    while True:
        file.write(b" " * 65_536)


def dripping(file):
    """A byte every now and then, for ever."""
    while True:
        file.write(b" ")
        file.flush()
        time.sleep(0.02)
