"""What browsers, crawlers and supervisors ask for."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from catalog.models import Company, Episode, Person, Season, Series, Source


def read_only(view):
    """Takes nothing in, so whatever is sent is the wrong method (405), not a forgery (403)."""
    return csrf_exempt(require_safe(view))


@read_only
def healthz(request):
    """Alive: answers without looking at anything."""
    return HttpResponse("ok\n", content_type="text/plain")


@read_only
def readyz(request):
    """Can serve: the database answers and all migrations are applied; 503 with the reason otherwise."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    if waiting:
        return HttpResponse(f"{len(waiting)} migrations to apply\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")


@read_only
@cache_control(max_age=3600, public=True)
def robots(request):
    """Crawlers may read everything but combinations of filters, the desk and search."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /search/",
        "Disallow: /*?*&",
        "Disallow: /*?q=",
        "Disallow: /*/facets/",
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@read_only
@cache_control(max_age=3600, public=True)
def opensearch(request):
    """The description by which browsers add the site as a search engine (OpenSearch 1.1)."""
    text = (
        engines["jinja2"]
        .get_template("catalog/opensearch.xml")
        .render({"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}, request)
    )
    return HttpResponse(text, content_type="application/opensearchdescription+xml")


@read_only
@cache_control(max_age=3600, public=True)
def favicon(request):
    """Browsers that ask at the root are led to the icon."""
    return HttpResponsePermanentRedirect(staticfiles_storage.url("catalog/favicon.svg"))


@read_only
@cache_control(max_age=86400, public=True)
def speculation_rules(request):
    """What a browser may fetch ahead when a link is hovered or touched: pages of the site that only read."""
    apart = ("/admin/*", "/media/*", "/static/*", "/search/*", "/*.xml", "/*.png", "/*.txt")
    where = {"and": [{"href_matches": "/*"}, {"not": {"href_matches": list(apart)}}]}
    rules = {"prefetch": [{"where": where, "eagerness": "moderate"}]}
    return JsonResponse(rules, content_type="application/speculationrules+json")


class RecordSitemap(Sitemap):
    """The pages of one kind of record."""

    limit = 10_000

    def __init__(self, reading):
        self.reading = reading

    def items(self):
        """What visitors may see, in a steady order."""
        return self.reading().order_by("pk")

    def get_domain(self, site=None):
        """The site's own address, not a table of sites."""
        return settings.SITE_URL.split("://", 1)[-1]

    def get_protocol(self, protocol=None):
        """As the site's address says."""
        return settings.SITE_URL.split("://", 1)[0]


SITEMAPS = {
    "series": RecordSitemap(lambda: Series.objects.published()),
    "seasons": RecordSitemap(lambda: Season.objects.published().select_related("series")),
    "episodes": RecordSitemap(lambda: Episode.objects.published().select_related("season__series")),
    "people": RecordSitemap(lambda: Person.objects.published()),
    "companies": RecordSitemap(lambda: Company.objects.published()),
    "sources": RecordSitemap(lambda: Source.objects.all()),
}


@read_only
def sitemap_index(request):
    """The parts of the site map, each at the site's own address whatever host was asked, as their entries are."""
    parts = []
    for name, section in SITEMAPS.items():
        address = settings.SITE_URL + reverse("sitemap-section", args=[name])
        parts.append({"location": address})
        parts += [{"location": f"{address}?p={page}"} for page in section.paginator.page_range[1:]]
    return TemplateResponse(
        request,
        "sitemap_index.xml",
        {"sitemaps": parts},
        content_type="application/xml",
        headers={"X-Robots-Tag": "noindex"},
    )


@read_only
def sitemap_section(request, section):
    """The pages of one kind of record."""
    return sitemap(request, SITEMAPS, section)
