"""What browsers, crawlers and supervisors ask for."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.template import engines
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalog.models import Company, Episode, Person, Season, Series, Source


@require_safe
def healthz(request):
    """Alive: answers without looking at anything."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
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


@require_safe
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


@require_safe
@cache_control(max_age=3600, public=True)
def opensearch(request):
    """The description by which browsers add the site as a search engine (OpenSearch 1.1)."""
    text = (
        engines["jinja2"]
        .get_template("catalog/opensearch.xml")
        .render({"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}, request)
    )
    return HttpResponse(text, content_type="application/opensearchdescription+xml")


@require_safe
@cache_control(max_age=3600, public=True)
def favicon(request):
    """Browsers that ask at the root are led to the icon."""
    return HttpResponsePermanentRedirect(staticfiles_storage.url("catalog/favicon.svg"))


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
