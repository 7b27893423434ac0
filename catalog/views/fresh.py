"""A page that has not changed is not made again: 304 by an ETag of the catalogue's version and the address."""

import threading
import zlib
from functools import cache

from django.conf import settings
from django.core.exceptions import DisallowedHost, MiddlewareNotUsed
from django.db import DatabaseError
from django.http import HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from catalog.facets.index.changes import last_publication, next_publication
from catalog.models import Change

WATCHED = ("catalog", "soundtrack_site", "templates", "requirements.txt")  # what writes the pages
KEPT, VARIES = "public, no-cache", "Cookie, Accept-Encoding"
# Nothing of the catalogue, or something of its own for each visitor.
APART = ("/admin/", "/media/", "/static/", "/healthz", "/readyz")


@cache
def release():
    """A number for the code, templates, styles and settings that write the pages."""
    found = zlib.crc32(repr((settings.SITE_NAME, settings.SITE_URL, settings.READ_ONLY)).encode())
    for name in WATCHED:
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
        """Seconds since 1970 of that moment, for the log's ``version``; asked anew after an edit or when one is due."""
        now = timezone.now()
        with self.lock:
            if version != self.version or (self.due is not None and now >= self.due):
                self.last, self.due, self.version = last_publication(now), next_publication(now), version
            return self.last.timestamp() if self.last else 0


class Fresh:
    """Answers 304 when the visitor's copy is of the catalogue's present version, before anything else is done.

    The version is read before the page is made, so a page is never older than its tag. Who may be signed in gets
    no tag: the page shows editors more. While templates are worked on (DEBUG), the same.
    """

    def __init__(self, get_response):
        if settings.DEBUG:
            raise MiddlewareNotUsed
        self.get_response, self.publication = get_response, Publication()

    def __call__(self, request):
        if (
            request.method not in ("GET", "HEAD")
            or settings.SESSION_COOKIE_NAME in request.COOKIES
            or request.path_info.startswith(APART)
        ):
            return self.get_response(request)
        try:
            tag = self.tag(request)
        except (DatabaseError, DisallowedHost):  # what needs no database is still answered; a wrong host refused below
            return self.get_response(request)
        # ``*`` asks whether there is a page at all: that is not known before it has been looked for.
        # Browsers send tags as they got them, so there is nothing to parse (Django's way took 0.05 ms).
        if tag in request.META.get("HTTP_IF_NONE_MATCH", ""):
            return HttpResponseNotModified(headers={"ETag": tag, "Cache-Control": KEPT, "Vary": VARIES})
        response = self.get_response(request)
        if response.status_code == 200 and not response.streaming and not response.cookies:
            self.marked(response, tag)
        return response

    def tag(self, request):
        """The tag of the page at this address as it is now; weak, since a proxy may compress it."""
        version = Change.objects.version()
        address = zlib.crc32(f"{request.get_host()}{request.get_full_path()}".encode())
        return f'W/"{version:x}-{self.publication.at(version):.0f}-{release():x}-{address:x}"'

    @staticmethod
    def marked(response, tag):
        """The response with its tag; browsers keep it, and ask each time whether it is still so."""
        response.headers.setdefault("ETag", tag)
        response.headers.setdefault("Cache-Control", KEPT)
        patch_vary_headers(response, VARIES.split(", "))
        return response
