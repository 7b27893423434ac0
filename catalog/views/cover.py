"""Sleeves as PNG, which pages name as their picture where they have none: other sites take no SVG."""

from types import SimpleNamespace

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control

from catalog.models import Company, Episode, Person, Series
from catalog.views.presenters import cover
from catalog.views.presenters.cover_png import CoverImage, render_png
from catalog.views.site_files import read_only

WEEK, MONTH = 7 * 24 * 3600, 30 * 24 * 3600
COVER_MODELS = {"series": Series, "people": Person, "companies": Company}


def png_response(request, drawing):
    """The picture, drawn once for as long as the cache keeps it. Its ETag is known without drawing."""
    etag = f'"{drawing.digest}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        content = cache.get_or_set(f"sleeve:{drawing.digest}", lambda: render_png(drawing), MONTH)
        response = HttpResponse(content, content_type="image/png")
    response.headers["ETag"] = etag
    patch_cache_control(response, public=True, max_age=WEEK)
    return response


@read_only
def record_cover(request, collection, slug):
    """``/sleeves/series/<slug>.png``, and of people and companies; 404 for what visitors may not see."""
    record = COVER_MODELS[collection].objects.published().filter(slug=slug).first()
    if record is None:
        raise Http404("No such record")
    if collection == "series":
        above = f"Television series, {record.premiered.year}" if record.premiered else "Television series"
        shown = cover.series_cover(record, bare=True)
    else:
        above, shown = "", cover.initials_cover(record, bare=True)
    return png_response(request, CoverImage(shown, str(record), above, settings.SITE_NAME))


@read_only
def episode_cover(request, slug, season, number):
    """``/sleeves/series/<slug>/s01e03.png``."""
    found = Episode.objects.published().select_related("season__series")
    episode = found.filter(season__series__slug=slug, season__number=int(season), number=int(number)).first()
    if episode is None:
        raise Http404("No such episode")
    above = f"{episode.series.title}, {episode.season.name.lower()}"
    return png_response(
        request, CoverImage(cover.episode_cover(episode, bare=True), episode.name, above, settings.SITE_NAME)
    )


@read_only
def site_cover(request):
    """``/sleeves/site.png``: for lists and the front page."""
    shown = cover.series_cover(SimpleNamespace(slug=settings.SITE_NAME, title=settings.SITE_NAME), bare=True)
    return png_response(request, CoverImage(shown, settings.SITE_NAME, "", "Television series, credit by credit"))
