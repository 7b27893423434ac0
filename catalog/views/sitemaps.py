"""The site map for search engines: an index, and one section for each kind of record."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from catalog.models import Company, Episode, Person, Season, Series, Source
from catalog.views.base import read_only


class RecordSitemap(Sitemap):
    """The pages of one kind of record. ``make_queryset`` returns those that visitors may see now."""

    limit = 10_000

    def __init__(self, make_queryset):
        self.make_queryset = make_queryset

    def items(self):
        """The records in a stable order, so that they stay on their page of the section."""
        return self.make_queryset().order_by("pk")

    def get_domain(self, site=None):
        """The host in SITE_URL; Django would ask the sites framework."""
        return settings.SITE_URL.split("://", 1)[-1]

    def get_protocol(self, protocol=None):
        """The scheme in SITE_URL."""
        return settings.SITE_URL.split("://", 1)[0]


SITEMAPS = {
    "series": RecordSitemap(lambda: Series.objects.published()),
    "seasons": RecordSitemap(lambda: Season.objects.published().for_links()),
    "episodes": RecordSitemap(lambda: Episode.objects.published().for_links()),
    "people": RecordSitemap(lambda: Person.objects.published()),
    "companies": RecordSitemap(lambda: Company.objects.published()),
    "sources": RecordSitemap(lambda: Source.objects.all()),
}


@read_only
def sitemap_index(request: HttpRequest) -> TemplateResponse:
    """The URLs of all pages of all sections, at SITE_URL like their entries, whatever host was requested."""
    locations = []
    for name, section in SITEMAPS.items():
        url = settings.SITE_URL + reverse("sitemap-section", args=[name])
        locations.append({"location": url})
        pages = section.paginator.page_range
        locations += [{"location": f"{url}?p={page}"} for page in pages[1:]]
    return TemplateResponse(
        request,
        "sitemap_index.xml",
        {"sitemaps": locations},
        content_type="application/xml",
        headers={"X-Robots-Tag": "noindex"},
    )


@read_only
def sitemap_section(request: HttpRequest, section: str) -> TemplateResponse:
    """The pages of one kind of record."""
    return sitemap(request, {**SITEMAPS}, section)
