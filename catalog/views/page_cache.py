"""A page that has not changed is not made again: 304 by an ETag of the catalogue's version and the address, and what
was made for one visitor is sent to the next."""

import threading
import zlib
from contextlib import suppress
from functools import cache
from hashlib import sha256

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, close_old_connections
from django.middleware.gzip import re_accepts_gzip
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from catalog.models import Change
from catalog.models.publication import last_publication, next_publication

FINGERPRINTED_PATHS = ("catalog", "soundtrack_site", "templates", "requirements.txt")  # what writes the pages
OK, CACHE_CONTROL, VARY = "200 OK", "public, no-cache", "Cookie, Accept-Encoding"
MAX_CACHED_BYTES = 120_000  # bytes of a page that is kept: all that is larger is for machines, or made to be
ETAG_KEY = "catalog.tag"  # where a request's environment holds it
URL_KEYS = ("wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING")
# Nothing of the catalogue, or something of its own for each visitor.
UNCACHED_PREFIXES = ("/admin/", "/media/", "/static/", "/healthz", "/readyz")


@cache
def build_fingerprint():
    """A number for the code, templates, styles and settings that write the pages."""
    found = zlib.crc32(repr((settings.SITE_NAME, settings.SITE_URL, settings.READ_ONLY)).encode())
    for name in FINGERPRINTED_PATHS:
        path = settings.BASE_DIR / name
        files = path.rglob("*.*") if path.is_dir() else [path]
        for file in sorted(one for one in files if one.is_file() and "__pycache__" not in one.parts):
            found = zlib.crc32(file.read_bytes(), found)
    return found


class Publication:
    """The last moment at which something planned came into sight: it changes pages without an edit."""

    def __init__(self):
        self.version, self.last, self.due, self.lock = None, None, None, threading.Lock()

    def at(self, version):
        """Microseconds since 1970 of that moment, for the log's ``version``; asked anew after an edit or when due."""
        now = timezone.now()
        with self.lock:
            if version != self.version or (self.due is not None and now >= self.due):
                self.last, self.due, self.version = last_publication(now), next_publication(now), version
            return int(self.last.timestamp() * 1_000_000) if self.last else 0


publication = Publication()


def etag_for(environ):
    """The tag of the page at a request's address as it is now; weak, since a proxy may compress it."""
    if ETAG_KEY not in environ:  # else it was made at the door
        version = Change.objects.version()
        address = zlib.crc32(full_url(environ))
        environ[ETAG_KEY] = f'W/"{version:x}-{publication.at(version):x}-{build_fingerprint():x}-{address:x}"'
    return environ[ETAG_KEY]


def full_url(environ):
    """The whole address that was asked for, as bytes."""
    return "\0".join([environ.get(name, "") for name in URL_KEYS]).encode("utf-8", "surrogateescape")


def is_cacheable(environ):
    """Whether a request may be for a page that all visitors see alike. Who may be signed in is shown more."""
    return (
        environ["REQUEST_METHOD"] in ("GET", "HEAD")
        and settings.SESSION_COOKIE_NAME not in environ.get("HTTP_COOKIE", "")
        and not environ.get("PATH_INFO", "").startswith(UNCACHED_PREFIXES)
        and not settings.DEBUG  # while templates are worked on
    )


class PageETagMiddleware:
    """Gives pages their tags. The version is read before the page is made, so a page is never older than its tag."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        tag = None
        if is_cacheable(request.META):
            with suppress(DatabaseError):  # what needs no database is still answered
                tag = etag_for(request.META)
        response = self.get_response(request)
        if tag and response.status_code == 200 and not response.streaming and not response.cookies:
            response.headers.setdefault("ETag", tag)
            response.headers.setdefault("Cache-Control", CACHE_CONTROL)
            patch_vary_headers(response, VARY.split(", "))
        return response


class CachedPageWSGI:
    """Around the WSGI application: 304 when a visitor's copy is of the present version, and the page of this version
    that was made for another.

    Before Django has made anything of the request, as that alone takes longer than the answer. Browsers send tags as
    they got them, so there is nothing to parse; ``*`` is left to the page, since it asks whether there is one at all.
    """

    def __init__(self, application):
        self.application, self.pages = application, caches["pages"]

    def __call__(self, environ, start_response):
        tag = None
        if is_cacheable(environ):
            close_old_connections()
            with suppress(DatabaseError):
                tag = etag_for(environ)
        if tag and tag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 Not Modified", [("ETag", tag), ("Cache-Control", CACHE_CONTROL), ("Vary", VARY)])
            return []
        if not tag or environ["REQUEST_METHOD"] != "GET":
            return self.application(environ, start_response)
        key = self.cache_key(environ, tag)
        if kept := self.pages.get(key):
            headers, body = kept
            start_response(OK, headers)
            return [body]
        return self._store_response(key, environ, start_response)

    @staticmethod
    def cache_key(environ, tag):
        """What a page is kept under: a digest, since a tag's few digits for the address could be those of another."""
        packed = bool(re_accepts_gzip.search(environ.get("HTTP_ACCEPT_ENCODING", "")))  # as GZipMiddleware decides
        return sha256(full_url(environ) + f"\0{tag}{packed}".encode()).hexdigest()

    def _store_response(self, key, environ, start_response):
        """What Django answers; kept when it is a page, which carries the request's tag, and no huge one."""
        said = []

        def heard(status, headers, *error):
            said[:] = status, headers
            return start_response(status, headers, *error)

        response = self.application(environ, heard)
        status, headers = said
        if status == OK and dict(headers).get("ETag") == environ[ETAG_KEY]:
            body = b"".join(response)
            if len(body) <= MAX_CACHED_BYTES:
                self.pages.set(key, (headers, body))
        return response
