"""What is refused before any page is asked, and the policy that goes with each answer."""

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import BadRequest, MiddlewareNotUsed
from django.http import HttpResponse

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
ADMIN_PATH = "/admin/"


class RejectNulMiddleware:
    """400 for a NUL byte in the path or a cookie, at the desk in the query too: PostgreSQL refuses it in any text.

    The visitors' lists take it as an unknown value instead, as the contract says.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        desk = request.path_info.startswith(ADMIN_PATH)
        if "\x00" in request.path_info or desk and "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("An address cannot hold a NUL byte")
        if any("\x00" in value for value in request.COOKIES.values()):  # may be written as \000 in a quoted cookie
            raise BadRequest("A cookie cannot hold a NUL byte")
        return self.get_response(request)


class ContentSecurityPolicyMiddleware:
    """The policy of the settings on every answer. It is the same for all, and django-csp's own middleware puts it
    together anew for each, which took a sixth of the time of ``/healthz``.
    """

    def __init__(self, get_response):
        self.get_response, self.policy = get_response, build_policy()

    def __call__(self, request):
        response = self.get_response(request)
        if not (settings.DEBUG and response.status_code in (404, 500)):  # Django's own have their styles inline
            response.headers.setdefault(HEADER, self.policy)
        return response


class ReadOnlyModeMiddleware:
    """503 for everything that would write, while the site is read-only (``READ_ONLY``)."""

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
