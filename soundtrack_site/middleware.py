"""Middleware: what log lines say of requests, requests that no view sees, and headers that restrict browsers."""

from contextlib import suppress

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import BadRequest, MiddlewareNotUsed
from django.db import DatabaseError
from django.http import HttpResponse
from django.middleware import common

from soundtrack_site.observed_wsgi import VIEW_KEY
from soundtrack_site.request_ids import current_request

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
HEALTH_PATHS = ("/healthz", "/readyz")
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()" for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
)


class ViewNameMiddleware:
    """Notes the name of the view for ``observed_wsgi``."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Note the name."""
        request.META[VIEW_KEY] = request.resolver_match.view_name


class UserIdMiddleware:
    """Notes the id of the user for log lines. Visitors without a session cookie cost no query."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        context = current_request.get()
        if context and settings.SESSION_COOKIE_NAME in request.COOKIES and not is_media(request):
            with suppress(DatabaseError):  # pages that need no database are still answered
                context.user_id = request.user.pk
        return self.get_response(request)


def is_media(request):
    """Whether an uploaded file is asked for, which needs no user."""
    return request.path_info.startswith(settings.MEDIA_URL)


class RejectNulMiddleware:
    """400 for a NUL byte in the path or a cookie, and in the query of an admin page: PostgreSQL refuses it in any text.

    The visitors' lists treat it as an unknown value instead.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        is_admin = request.path_info.startswith(settings.ADMIN_URL)
        if "\x00" in request.path_info or is_admin and "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("An address cannot hold a NUL byte")
        if any("\x00" in value for value in request.COOKIES.values()):  # quoted cookies may have it as \000
            raise BadRequest("A cookie cannot hold a NUL byte")
        return self.get_response(request)


class LimitBodyMiddleware:
    """413 for a request that announces a body of more than ``MAX_REQUEST_SIZE``, before any of it is read or stored.

    A body without an announced length is empty to WSGI.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        has_body = request.method not in SAFE_METHODS
        if has_body and length.isascii() and length.isdecimal() and int(length[:20]) > settings.MAX_REQUEST_SIZE:
            megabytes = settings.MAX_REQUEST_SIZE // 1024**2
            text = f"The request is larger than {megabytes} MB. Nothing was saved.\n"
            return HttpResponse(text, status=413, content_type="text/plain")
        return self.get_response(request)


class ContentSecurityPolicyMiddleware:
    """Sets the Content-Security-Policy of the settings. It is the same for all responses and built once.

    django-csp's own middleware builds it for each response, which took a sixth of the time of ``/healthz``.
    """

    def __init__(self, get_response):
        self.get_response, self.policy = get_response, build_policy()

    def __call__(self, request):
        response = self.get_response(request)
        if not (settings.DEBUG and response.status_code in (404, 500)):  # Django's debug pages have inline styles
            response.headers.setdefault(HEADER, self.policy)
        return response


class ResourcePolicyMiddleware:
    """Sets Permissions-Policy and Cross-Origin-Resource-Policy on every response, static files and uploads included."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class CommonMiddleware(common.CommonMiddleware):
    """Django's CommonMiddleware; it accepts any Host for health checks, which load balancers ask for by IP address."""

    def process_request(self, request):
        if request.path_info in HEALTH_PATHS:
            return None
        return super().process_request(request)


class ReadOnlyModeMiddleware:
    """503 for every request that could write, while ``READ_ONLY`` is set."""

    def __init__(self, get_response):
        if not settings.READ_ONLY:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        if request.method in SAFE_METHODS:
            return self.get_response(request)
        return HttpResponse(
            "The catalogue is read-only for now. Nothing was saved; please try again later.\n",
            status=503,
            content_type="text/plain",
            headers={"Retry-After": "600"},
        )
