"""What other sites show of a page that is linked to (Open Graph): a picture, and what kind of thing the page is of."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from catalog.links import url_for
from catalog.views.presenters.cover_png import HEIGHT, WIDTH

TYPES = {"series": "video.tv_show", "episode": "video.episode", "person": "profile"}
NOUNS = {"series": "series", "person": "people", "company": "companies"}


@dataclass(frozen=True)
class OpenGraph:
    """``kind`` is the Open Graph type; the picture has its whole address, its size and words for who cannot see it."""

    kind: str
    image: str
    type: str
    width: int
    height: int
    alt: str

    @property
    def card(self):
        """A wide picture stands large above the words, another small beside them."""
        return "summary_large_image" if self.width >= 600 and self.width > self.height else "summary"


def _drawn(kind, path, alt):
    return OpenGraph(kind, settings.SITE_URL + path, "image/png", WIDTH, HEIGHT, alt)


def for_site():
    """A page that is of no single record."""
    return _drawn("website", url_for("sleeve-site"), settings.SITE_NAME)


def for_record(kind, record, sleeve):
    """The record's picture, else its sleeve; a season has those of its series."""
    found = TYPES.get(kind, "website")
    if sleeve.picture:
        shown = sleeve.picture
        return OpenGraph(found, settings.SITE_URL + shown.src, "image/jpeg", shown.width, shown.height, shown.alt)
    if kind == "episode":
        drawn = url_for("sleeve-episode", record.series.slug, *record.code.removeprefix("s").split("e"))
    else:
        shown = record.series if kind == "season" else record
        drawn = reverse("sleeve", args=[NOUNS.get(kind, "series"), shown.slug])
    return _drawn(found, drawn, f"{record} on a sleeve of shapes in two colours")
