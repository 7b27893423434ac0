"""What answers a request that failed: 503 if the database or the disk is away (an outage), else 500, a static file."""

import logging
import sys
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from catalog.views.errors import render_error
from catalog.views.unsaved_form import UnsavedForm, unsaved_form
from soundtrack_site.outages import outage_reason
from soundtrack_site.request_ids import current_request_id

REQUEST_ID_MARK = "REQUEST_ID"  # in 500.html
RETRY_SECONDS = 10
JSON_VIEWS = ("suggest", "admin:autocomplete")
TITLE = "The catalogue cannot be reached at the moment"
logger = logging.getLogger("django.request")


def server_error(request: HttpRequest) -> HttpResponse:
    """503 for an outage; else 500, a static page that needs no database, with the number to report it by.

    Django calls it, within ``except``, for an exception of a view, a template or a middleware.
    """
    error = sys.exc_info()[1]
    if reason := outage_reason(error):
        return refuse_during_outage(request, reason, error)
    text = (settings.BASE_DIR / "templates" / "500.html").read_text(encoding="utf-8")
    return HttpResponse(text.replace(REQUEST_ID_MARK, current_request_id() or "unknown"), status=500)


def refuse_during_outage(request: HttpRequest, reason: str, error: BaseException | None) -> HttpResponse:
    """The 503: JSON or a sentence for scripts, what was posted to the admin in a form, else a page.

    One line in the log. Nothing is read from the database or saved.
    """
    _discard_pending(request)
    detail = " ".join(str(error).split())
    extra = {"status_code": 503, "request": request}  # as Django logs errors
    logger.error("Service Unavailable: %s %s: %s (%s)", request.method, request.path, reason, detail, extra=extra)
    if request.path in map(reverse, JSON_VIEWS):
        response: Any = JsonResponse({"error": TITLE}, status=503)
    elif request.GET.get("as") == "block":
        response = HttpResponse(f'<p class="none">{TITLE}.</p>', status=503)
    elif request.method == "POST" and request.path.startswith(settings.ADMIN_URL):
        response = unsaved_page(unsaved_form(request))
    else:
        response = HttpResponse(outage_page(), status=503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    response._has_been_logged = True  # Django would write a traceback for each request
    return response


def _discard_pending(request):
    """Forget the session's changes, which cannot be written, and messages such as “was changed successfully”.

    The message is made before the transaction ends, which may have failed.
    """
    if hasattr(request, "session"):
        request.session.modified = False
    if hasattr(request, "_messages"):
        request._messages._queued_messages.clear()


@cache
def outage_page() -> bytes:
    """The page for visitors, rendered once: it is the same at every address."""
    return render_error(HttpRequest(), 503, "503.html", title=TITLE).content


def unsaved_page(form: UnsavedForm) -> HttpResponse:
    """The page for an editor, with what was posted."""
    return render_error(HttpRequest(), 503, "503_unsaved.html", title="Nothing was saved", form=form)
