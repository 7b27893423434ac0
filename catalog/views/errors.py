"""Error pages in the frame of the site: 400, 403, 404. Those of the server's errors are in ``server_errors``."""

import re
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.template import engines

from catalog.search.tokenizer import clean_query
from catalog.views.presenters import open_graph

MAX_SUGGESTED_QUERY_LENGTH = 80


def render_error(request: HttpRequest, status: int, template: str, **context: Any) -> HttpResponse:
    """An error page in the frame of the site."""
    frame = {
        "site_name": settings.SITE_NAME,
        "section": "",
        "description": f"{settings.SITE_NAME}: television series, credit by credit.",
        "canonical_url": settings.SITE_URL + "/",
        "open_graph": open_graph.for_site(),
    }
    text = engines["jinja2"].get_template(template).render(frame | context, request)
    return HttpResponse(text, status=status)


def words_of_path(path: str) -> str:
    """Words of a path to search for: ``/series/sound-track/`` gives ``sound track``."""
    parts = [part for part in unquote(path).split("/") if part]
    words = re.sub(r"[\W_]+", " ", parts[-1] if parts else "").strip()
    return clean_query(words)[:MAX_SUGGESTED_QUERY_LENGTH]


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, with a search for the words of the path."""
    return render_error(request, 404, "404.html", title="There is no page here", query=words_of_path(request.path))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request cannot be understood, or is more than is read at once."""
    is_too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    title = "Too much at once" if is_too_much else "This address cannot be read"
    return render_error(request, 400, "400.html", title=title, is_too_much=is_too_much)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: not allowed."""
    return render_error(request, 403, "403.html", title="You do not have permission", csrf_failed=False)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without a valid CSRF token. Django's own page has inline styles, which our policy refuses."""
    return render_error(request, 403, "403.html", title="This form has expired", csrf_failed=True)
