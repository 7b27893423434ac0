"""The site map for search engines: an index, and parts of each kind of record.

A part covers a range of primary keys and is read as plain columns. Django's Sitemap reads whole records and skips those
of earlier parts, which took 4 s for the last part of two million episodes.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from catalog.links import url_builder
from catalog.models import Character, Company, Episode, Person, Season, Series, Song
from catalog.models.episode import episode_url_builder
from catalog.models.publication import visible_sources
from catalog.models.series import episode_code
from catalog.views.base import read_only

PART_SIZE = 2_000  # primary keys; the protocol allows 50,000 addresses


class Section(NamedTuple):
    """One kind of record: a queryset of those that visitors may see, and what makes up their URLs."""

    queryset: Callable[[], QuerySet]
    fields: tuple[str, ...]
    url_builder: Callable[[], Callable[..., str]]

    def part_count(self) -> int:
        """The number of parts, at least one."""
        last = self.queryset().model._base_manager.aggregate(last=Max("pk"))["last"] or 1
        return -(-last // PART_SIZE)

    def urls(self, part: int) -> list[str]:
        """The paths of the records of a part, counted from 1."""
        keys = Q(pk__gt=(part - 1) * PART_SIZE, pk__lte=part * PART_SIZE)
        rows = self.queryset().filter(keys).order_by("pk").values_list(*self.fields)
        build_url = self.url_builder()
        return [build_url(*row) for row in rows]


def _episode_url_builder() -> Callable[..., str]:
    build_url = episode_url_builder()
    return lambda slug, season, number: build_url(slug, episode_code(season, number))


SECTIONS = {
    "series": Section(Series.objects.published, ("slug",), lambda: url_builder("series-detail", "slug")),
    "seasons": Section(
        Season.objects.published, ("series__slug", "number"), lambda: url_builder("season-detail", "slug", 1)
    ),
    "episodes": Section(
        Episode.objects.published, ("season__series__slug", "season__number", "number"), _episode_url_builder
    ),
    "people": Section(Person.objects.published, ("slug",), lambda: url_builder("person-detail", "slug")),
    "companies": Section(Company.objects.published, ("slug",), lambda: url_builder("company-detail", "slug")),
    "characters": Section(Character.objects.published, ("slug",), lambda: url_builder("character-detail", "slug")),
    "songs": Section(Song.objects.published, ("slug",), lambda: url_builder("song-detail", "slug")),
    "sources": Section(visible_sources, ("slug",), lambda: url_builder("source-detail", "slug")),
}


def _render(request: HttpRequest, root: str, entry: str, locations: list[str]) -> TemplateResponse:
    """Render by Jinja2: Django's own template takes 100 ms for 2,000 addresses."""
    return TemplateResponse(
        request,
        "catalog/sitemap.xml",
        {"root": root, "entry": entry, "locations": locations},
        content_type="application/xml",
        headers={"X-Robots-Tag": "noindex"},
        using="jinja2",
    )


@read_only
def sitemap_index(request: HttpRequest) -> TemplateResponse:
    """The URLs of all parts of all sections, at SITE_URL like their entries, whatever host was requested."""
    locations = []
    for name, section in SECTIONS.items():
        url = settings.SITE_URL + reverse("sitemap-section", args=[name])
        locations += [url, *(f"{url}?p={part}" for part in range(2, section.part_count() + 1))]
    return _render(request, "sitemapindex", "sitemap", locations)


@read_only
def sitemap_section(request: HttpRequest, section: str) -> TemplateResponse:
    """A part of one kind of record; 404 for an unknown kind or part."""
    number = request.GET.get("p", "1")
    if section not in SECTIONS or not number.isascii() or not number.isdecimal() or len(number) > 9:
        raise Http404("No such part of the site map")
    if not 1 <= int(number) <= SECTIONS[section].part_count():
        raise Http404("No such part of the site map")
    urls = [settings.SITE_URL + url for url in SECTIONS[section].urls(int(number))]
    return _render(request, "urlset", "url", urls)
