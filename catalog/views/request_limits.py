"""Limits on requests that ask much of the server and have no end: combinations of filters, searches, suggestions.

A list with ten facets has more combinations than a crawler can ask for in a year, and each is a page of its own.
"""

import math
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from catalog.views.errors import render_error
from soundtrack_site.client_address import client_address
from soundtrack_site.sliding_window import SlidingWindow

SECONDS = 60
MAX_FREE_VALUES = 1  # selected on a list, without being a combination
ARRANGEMENT = {"page", "sort", "as"}  # parameters that select nothing
FILTERS, SUGGESTIONS = "filters", "suggestions"


class LimitRequestsMiddleware:
    """429 for too many combinations of filters and searches, or suggestions, from one address within a minute.

    Lists with at most one selected value and records are never refused, nor is anything to signed-in staff. Pages in
    the page cache are answered before Django. Each worker process counts for itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        limits = {FILTERS: settings.FILTERS_PER_MINUTE, SUGGESTIONS: settings.SUGGESTIONS_PER_MINUTE}
        self.windows = {name: SlidingWindow(limit, SECONDS) for name, limit in limits.items() if limit}
        if not self.windows:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, *args: Any) -> HttpResponse | None:
        """The refusal, or None if the view may answer."""
        window = self.windows.get(limit_for(request))
        if window is None or is_staff(request):
            return None
        address = client_address(request)
        seconds = window.seconds_to_wait(address) if address else 0
        return refuse(seconds) if seconds else None


def limit_for(request: HttpRequest) -> str:
    """The name of the limit for which a request counts, "" if it is not limited."""
    match = request.resolver_match
    name = match.view_name if match and request.method in ("GET", "HEAD") else ""
    if name == "suggest" or name.endswith("-facet") and request.GET.get("find"):  # both are fetched at each key press
        return SUGGESTIONS
    if name == "person-pair" or name == "search" and request.GET.get("q"):
        return FILTERS
    if name.endswith(("-list", "-facet")) and (request.GET.get("q") or selected_values(request) > MAX_FREE_VALUES):
        return FILTERS
    return ""


def selected_values(request: HttpRequest) -> int:
    """How many values an address selects. Unknown parameters count: they make a page of its own in the page cache."""
    return sum(bool(value) for name, values in request.GET.lists() if name not in ARRANGEMENT for value in values)


def is_staff(request: HttpRequest) -> bool:
    """Whether the user is signed-in staff. Without a session cookie there is no session to read."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return request.user.is_active and getattr(request.user, "is_staff", False)


def refuse(seconds: float) -> HttpResponse:
    """The response: the page, and the seconds after which a request will be answered."""
    headers = {"Retry-After": str(math.ceil(seconds)), "Cache-Control": "no-store"}
    response: Any = HttpResponse(refusal_page(), status=429, headers=headers)
    response._has_been_logged = True  # Django would write a line for each request of a flood
    return response


@cache
def refusal_page() -> bytes:
    """The page, rendered once: it is the same for all, at every address."""
    response = render_error(HttpRequest(), 429, "429.html", title="Too many searches in a minute")
    return response.content
