"""Open Graph data: the picture and the type that other sites show of a page that is linked to."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from catalog.links import url_for
from catalog.views.presenters.cover import Cover
from catalog.views.presenters.cover_png import HEIGHT, WIDTH

PAGE_TYPES = {"series": "video.tv_show", "episode": "video.episode", "person": "profile"}
COVER_COLLECTIONS = {"series": "series", "person": "people", "company": "companies"}


@dataclass(frozen=True)
class OpenGraph:
    """``page_type`` is the Open Graph type of the page; the other fields describe its picture."""

    page_type: str
    image: str  # with scheme and host
    image_type: str
    width: int
    height: int
    alt: str

    @property
    def twitter_card(self) -> str:
        """A wide picture is shown large above the text, any other small beside it."""
        return "summary_large_image" if self.width >= 600 and self.width > self.height else "summary"


def _with_cover_png(page_type, path, alt):
    return OpenGraph(page_type, settings.SITE_URL + path, "image/png", WIDTH, HEIGHT, alt)


def for_site() -> OpenGraph:
    """For a page that is not about a single record."""
    return _with_cover_png("website", url_for("sleeve-site"), settings.SITE_NAME)


def for_record(kind: str, record, cover: Cover) -> OpenGraph:
    """The record's picture, else its cover as PNG; a season and a character have that of their series."""
    page_type = PAGE_TYPES.get(kind, "website")
    if cover.picture:
        image = cover.picture
        return OpenGraph(page_type, settings.SITE_URL + image.src, "image/jpeg", image.width, image.height, image.alt)
    if kind == "song":
        return for_site()
    if kind == "episode":
        path = url_for("sleeve-episode", record.series.slug, *record.code.removeprefix("s").split("e"))
    else:
        owner = record.series if kind in ("season", "character") else record
        path = reverse("sleeve", args=[COVER_COLLECTIONS.get(kind, "series"), owner.slug])
    return _with_cover_png(page_type, path, f"{record} on a cover of shapes in two colours")
