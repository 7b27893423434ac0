"""Small files that browsers and crawlers ask for: robots.txt, OpenSearch, favicon, speculation rules."""

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.template import engines
from django.urls import reverse
from django.views.decorators.cache import cache_control

from catalog.views.base import read_only

# Paths that browsers do not fetch ahead: files, and what asks much of the server. Links to the admin have STAFF_LINKS.
NOT_PREFETCHED = ("/media/*", "/static/*", "/search/*", "/*.xml", "/*.png", "/*.txt")
STAFF_LINKS = ".staff a, .to-admin"


@read_only
@cache_control(max_age=3600, public=True)
def robots(request: HttpRequest) -> HttpResponse:
    """Crawlers may read everything but the admin, search, and combinations of filters.

    An ADMIN_PATH of the site's own is not told to everybody here. Pages of the admin say themselves that they are not
    to be indexed.
    """
    lines = [
        "User-agent: *",
        *(["Disallow: /admin/"] if settings.ADMIN_URL == "/admin/" else []),
        "Disallow: /search/",
        "Disallow: /*?*&",
        "Disallow: /*?q=",
        "Disallow: /*?*__",
        "Disallow: /*/facets/",
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@read_only
@cache_control(max_age=3600, public=True)
def opensearch(request: HttpRequest) -> HttpResponse:
    """The description by which browsers add the site as a search engine (OpenSearch 1.1)."""
    template = engines["jinja2"].get_template("catalog/opensearch.xml")
    text = template.render({"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}, request)
    return HttpResponse(text, content_type="application/opensearchdescription+xml")


@read_only
@cache_control(max_age=3600, public=True)
def favicon(request: HttpRequest) -> HttpResponsePermanentRedirect:
    """Redirect from ``/favicon.ico`` to the icon."""
    return HttpResponsePermanentRedirect(staticfiles_storage.url("catalog/favicon.svg"))


@read_only
@cache_control(max_age=86400, public=True)
def speculation_rules(request: HttpRequest) -> JsonResponse:
    """The pages that a browser may fetch ahead when a link is hovered or touched (Speculation Rules API)."""
    excluded = [{"not": {"href_matches": list(NOT_PREFETCHED)}}, {"not": {"selector_matches": STAFF_LINKS}}]
    where = {"and": [{"href_matches": "/*"}, *excluded]}
    rules = {"prefetch": [{"where": where, "eagerness": "moderate"}]}
    return JsonResponse(rules, content_type="application/speculationrules+json")
