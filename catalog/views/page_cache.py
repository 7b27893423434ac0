"""ETags, 304 responses and an in-process page cache, keyed by the URL and the version of the change log."""

import logging
import threading
import time
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import Error, close_old_connections
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import re_accepts_gzip
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from catalog.file_checksum import checksum_of
from catalog.models import Change
from catalog.models.publication import last_publication, next_publication
from catalog.models.versioned_snapshot import VersionedSnapshot
from soundtrack_site.observed_wsgi import CACHED, VIEW_KEY
from soundtrack_site.outages import outage_reason
from soundtrack_site.turns import UNLIMITED_PREFIXES, TurnsWSGI, has_session_cookie

FINGERPRINTED_PATHS = ("catalog", "soundtrack_site", "templates", "requirements.txt")  # what renders the pages
FINGERPRINTED_SETTINGS = ("SITE_NAME", "SITE_URL", "READ_ONLY", "REPORT_EMAIL", "ADMIN_URL")
OK, CACHE_CONTROL, VARY = "200 OK", "public, no-cache", "Cookie, Accept-Encoding"
MAX_OUTAGE_SECONDS = 3600  # for which copies that were current before the database went away count as current
OUTAGE_RETRY_SECONDS = 1  # between questions whether the database is back: each may take seconds
MAX_RENDER_SECONDS = 20  # for which other requests for the page wait
MAX_CACHED_BYTES = 120_000  # of a page: larger ones are the site maps, or requested to fill the cache
ETAG_KEY = "catalog.etag"  # in the WSGI environment of a request; empty if it could not be computed
URL_KEYS = ("wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING")
# Not pages of the catalogue, or different for each visitor.
UNCACHED_PREFIXES = (settings.ADMIN_URL, *UNLIMITED_PREFIXES)

Environ = dict[str, Any]
logger = logging.getLogger(__name__)


@cache
def build_fingerprint() -> int:
    """A checksum of the code, templates, styles and settings that render the pages."""
    checksum = zlib.crc32(repr([getattr(settings, name) for name in FINGERPRINTED_SETTINGS]).encode())
    return checksum_of((settings.BASE_DIR / name for name in FINGERPRINTED_PATHS), checksum)


class LastPublication(VersionedSnapshot[int]):
    """The time of the last publication in microseconds since 1970, 0 if there is none.

    A scheduled publication changes pages without an edit.
    """

    label = "time of the last publication"

    def build(self) -> int:
        """Read it from the database."""
        date = last_publication(timezone.now())
        return int(date.timestamp() * 1_000_000) if date else 0

    def expiry_after(self, as_of):
        """The time of the next publication."""
        return next_publication(as_of)


publication = LastPublication()


class VisitorVersion:
    """The version of the change log, and the last publication, of the pages for visitors.

    It is read again after PAGE_STALENESS seconds: until then edits make no page anew. During an outage of the database
    it is the last one that was read, for MAX_OUTAGE_SECONDS: pages in the cache are still answered.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Read it again at the next request."""
        self.value, self.read_at = (0, 0), float("-inf")
        self.is_outage, self.retry_at = False, 0.0

    def current(self) -> tuple[int, int]:
        """(version, time of the last publication), at most PAGE_STALENESS seconds old unless there is an outage."""
        now = time.monotonic()
        is_kept = now - self.read_at < MAX_OUTAGE_SECONDS
        if now - self.read_at < settings.PAGE_STALENESS or (is_kept and now < self.retry_at):
            return self.value
        if self.is_outage:
            self.retry_at = float("inf")  # other requests do not wait for this one's question
        try:
            version = Change.objects.version()
            value = version, publication.current(version) or 0  # what another thread reads may be older
            self.value, self.read_at = value, now
        except Error as error:
            reason = outage_reason(error)
            if not reason or not is_kept:
                raise
            self._log_outage(True, f"Cached pages are answered as they were, as {reason}")
            return self.value
        else:
            self._log_outage(False, "The database answers again: cached pages are current")
            return value
        finally:
            self.retry_at = time.monotonic() + OUTAGE_RETRY_SECONDS if self.is_outage else 0.0

    def _log_outage(self, is_outage, message):
        """One line when an outage begins, and one when it ends."""
        if is_outage != self.is_outage:
            self.is_outage = is_outage
            logger.warning(message)


visitor_version = VisitorVersion()


def etag_for(environ: Environ) -> str:
    """The present ETag of the page at a request's URL; weak, since a proxy may compress the page."""
    if ETAG_KEY not in environ:  # else CachedPageWSGI has computed it
        (version, published), url = visitor_version.current(), zlib.crc32(full_url(environ))
        environ[ETAG_KEY] = f'W/"{version:x}-{published:x}-{build_fingerprint():x}-{url:x}"'
    return environ[ETAG_KEY]


def full_url(environ: Environ) -> bytes:
    """Scheme, host, path and query of a request, separated by NUL."""
    return "\0".join([environ.get(name, "") for name in URL_KEYS]).encode("utf-8", "surrogateescape")


def is_cacheable(environ: Environ) -> bool:
    """Whether the page is the same for all visitors. Visitors with a session cookie may see more."""
    return (
        environ["REQUEST_METHOD"] in ("GET", "HEAD")
        and not has_session_cookie(environ)
        and not environ.get("PATH_INFO", "").startswith(UNCACHED_PREFIXES)
        and not settings.DEBUG  # templates may change without a restart
    )


def is_private(environ: Environ) -> bool:
    """Whether the page at a visitors' address may be for somebody who is signed in, and so unlike that of visitors."""
    return has_session_cookie(environ) and not environ.get("PATH_INFO", "").startswith(UNCACHED_PREFIXES)


class PageETagMiddleware:
    """Sets the ETag of pages. No browser or proxy stores those of users who are signed in.

    The version is read before the page is rendered, so a page is never older than its ETag.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        etag = None
        if is_cacheable(request.META):
            with suppress(Error):  # pages that need no database are still answered
                etag = etag_for(request.META)
        response = self.get_response(request)
        is_cacheable_response = response.status_code == 200 and not response.streaming and not response.cookies
        if etag and is_cacheable_response and response.get("Cache-Control") != "no-store":
            response.headers.setdefault("ETag", etag)
            response.headers.setdefault("Cache-Control", CACHE_CONTROL)
            patch_vary_headers(response, VARY.split(", "))
        if is_private(request.META):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class CachedPageWSGI:
    """Wraps the WSGI application: 304 if the browser's copy is current, else the page from the cache if it is there.

    Answers before Django handles the request, which alone takes longer than the answer. Browsers send ETags as they
    received them, so the header is not parsed; ``*`` is left to the page, since it asks whether there is one at all.
    Other requests take turns (``soundtrack_site.turns``). A page that many request at once is rendered by the first
    that has its turn; the others wait for it.
    """

    def __init__(self, application: Callable):
        self.application, self.pages = application, caches["pages"]
        self.take_turn = TurnsWSGI(self._answer_uncached)
        self.lock = threading.Lock()
        self.renders: dict[str, threading.Event] = {}  # in progress, by cache key

    def __call__(self, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        etag = None
        if is_cacheable(environ):
            close_old_connections()
            try:
                etag = etag_for(environ)
            except Error:
                environ[ETAG_KEY] = ""  # PageETagMiddleware does not ask again
        if etag and etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            environ[VIEW_KEY] = CACHED
            start_response("304 Not Modified", [("ETag", etag), ("Cache-Control", CACHE_CONTROL), ("Vary", VARY)])
            return []
        if etag and environ["REQUEST_METHOD"] == "GET" and (cached := self.pages.get(self.cache_key(environ, etag))):
            return self._send_cached(cached, environ, start_response)
        return self.take_turn(environ, start_response)

    def _answer_uncached(self, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        """Django's answer; for a page that is rendered at the moment or was while this request waited, that one."""
        etag = environ.get(ETAG_KEY)
        if not etag or environ["REQUEST_METHOD"] != "GET":
            return self.application(environ, start_response)
        key = self.cache_key(environ, etag)
        if cached := self.pages.get(key):
            return self._send_cached(cached, environ, start_response)
        new_render = threading.Event()
        with self.lock:
            render = self.renders.setdefault(key, new_render)
        if render is not new_render:  # another request is rendering the page
            render.wait(MAX_RENDER_SECONDS)
            if cached := self.pages.get(key):
                return self._send_cached(cached, environ, start_response)
            return self._store_response(key, environ, start_response)
        try:
            return self._store_response(key, environ, start_response)
        finally:
            with self.lock:
                del self.renders[key]
            render.set()

    @staticmethod
    def _send_cached(cached: tuple, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        headers, body = cached
        environ[VIEW_KEY] = CACHED
        start_response(OK, headers)
        return [body]

    @staticmethod
    def cache_key(environ: Environ, etag: str) -> str:
        """A digest of the whole URL: the short checksum in the ETag could be that of another URL."""
        is_gzipped = bool(re_accepts_gzip.search(environ.get("HTTP_ACCEPT_ENCODING", "")))  # as GZipMiddleware decides
        return sha256(full_url(environ) + f"\0{etag}{is_gzipped}".encode()).hexdigest()

    def _store_response(self, key, environ, start_response):
        """Django's response; stored if it is a page, which has the request's ETag, and not too large."""
        started: list = []

        def record_start(status, headers, *error):
            started[:] = status, headers
            return start_response(status, headers, *error)

        response = self.application(environ, record_start)
        status, headers = started
        if status == OK and dict(headers).get("ETag") == environ[ETAG_KEY]:
            body = b"".join(response)
            if len(body) <= MAX_CACHED_BYTES:
                self.pages.set(key, (headers, body))
        return response
