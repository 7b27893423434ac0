"""Covers as PNG, which pages without a picture name as their Open Graph image: other sites take no SVG."""

from types import SimpleNamespace

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control

from catalog.models import Company, Episode, Person, Series
from catalog.views.base import read_only
from catalog.views.presenters import cover
from catalog.views.presenters.cover_png import CoverImage, render_png

BROWSER_CACHE_SECONDS, SERVER_CACHE_SECONDS = 7 * 24 * 3600, 30 * 24 * 3600
COVER_MODELS: dict[str, type[Series] | type[Person] | type[Company]] = {
    "series": Series,
    "people": Person,
    "companies": Company,
}


def png_response(request: HttpRequest, image: CoverImage) -> HttpResponse:
    """The image from the cache, drawn if it is missing there; 304, without drawing, if the browser has it."""
    etag = f'"{image.digest}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        content = cache.get_or_set(f"cover:{image.digest}", lambda: render_png(image), SERVER_CACHE_SECONDS)
        response = HttpResponse(content, content_type="image/png")
    response.headers["ETag"] = etag
    patch_cache_control(response, public=True, max_age=BROWSER_CACHE_SECONDS)
    return response


@read_only
def record_cover(request: HttpRequest, collection: str, slug: str) -> HttpResponse:
    """``/sleeves/series/<slug>.png``, and of people and companies; 404 for what visitors may not see."""
    record = COVER_MODELS[collection].objects.published().filter(slug=slug).first()
    if record is None:
        raise Http404("No such record")
    if collection == "series":
        kicker = f"Television series, {record.premiered.year}" if record.premiered else "Television series"
        design = cover.series_cover(record, without_picture=True)
    else:
        kicker, design = "", cover.initials_cover(record, without_picture=True)
    return png_response(request, CoverImage(design, str(record), kicker, settings.SITE_NAME))


@read_only
def episode_cover(request: HttpRequest, slug: str, season: str, number: str) -> HttpResponse:
    """``/sleeves/series/<slug>/s01e03.png``."""
    episode = Episode.objects.published().for_links().at_address(slug, season, number).first()
    if episode is None:
        raise Http404("No such episode")
    kicker = f"{episode.series.title}, {episode.season.name.lower()}"
    design = cover.episode_cover(episode, without_picture=True)
    return png_response(request, CoverImage(design, episode.name, kicker, settings.SITE_NAME))


@read_only
def site_cover(request: HttpRequest) -> HttpResponse:
    """``/sleeves/site.png``: for lists and the front page."""
    design = cover.series_cover(
        SimpleNamespace(slug=settings.SITE_NAME, title=settings.SITE_NAME), without_picture=True
    )
    return png_response(request, CoverImage(design, settings.SITE_NAME, "", "Television series, credit by credit"))
