"""What visitors see when something is not there or went wrong."""

import re
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpResponse
from django.template import engines

from catalog.search.tokenizer import clean_query
from catalog.views.presenters import open_graph


def _page(request, status, template, **context):
    frame = {
        "site_name": settings.SITE_NAME,
        "section": "",
        "description": f"{settings.SITE_NAME}: television series, credit by credit.",
        "canonical": settings.SITE_URL + "/",
        "preview": open_graph.for_site(),
    }
    text = engines["jinja2"].get_template(template).render(frame | context, request)
    return HttpResponse(text, status=status)


def words_of_path(path):
    """Words of an address that was not found, to search for: ``/series/sound-track/`` gives ``sound track``."""
    parts = [part for part in unquote(path).split("/") if part]
    words = re.sub(r"[\W_]+", " ", parts[-1] if parts else "").strip()
    return clean_query(words)[:80]


def not_found(request, exception=None):
    """404: offers search, prefilled from the address."""
    return _page(request, 404, "404.html", title="There is no page here", text=words_of_path(request.path))


def bad_request(request, exception=None):
    """400: what came cannot be understood."""
    return _page(request, 400, "400.html", title="This address cannot be read")


def forbidden(request, exception=None):
    """403: not allowed."""
    return _page(request, 403, "403.html", title="This is not open to you", csrf_failed=False)


def csrf_failure(request, reason=""):
    """403: a form came without the proof that it is ours. The desk's own page of Django's styles itself inline."""
    return _page(request, 403, "403.html", title="This form is no longer good", csrf_failed=True)


def server_error(request):
    """500: a static page that needs neither the database nor the request."""
    with open(settings.BASE_DIR / "templates" / "500.html", encoding="utf-8") as page:
        return HttpResponse(page.read(), status=500)
