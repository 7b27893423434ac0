"""A record's picture as pages show it: files in several formats and widths, focal point, caption and credit."""

from dataclasses import dataclass

from catalog.models import Picture
from catalog.renditions import RENDITION_WIDTHS

MIME_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}  # in the order of preference


@dataclass(frozen=True)
class ResponsiveImage:
    """A picture ready for a template. ``form`` is poster, still, portrait or logo: the shape that it is cropped to.

    ``sources`` are (type, srcset) of the formats besides JPEG. ``focus`` are the classes that keep the focal point
    in view, in steps of ten percent, because our policy allows no inline style.
    """

    form: str
    sources: tuple[tuple[str, str], ...]
    src: str
    srcset: str
    width: int
    height: int
    focus: str
    alt: str
    caption: str
    credit: str
    licence: str


def responsive_image(picture: Picture | None, form: str) -> ResponsiveImage | None:
    """``picture`` as pages show it; None if there is none, or if its files are not made yet."""
    if picture is None or not picture.width:
        return None
    widths = picture.rendition_widths()
    srcsets = {
        ending: ", ".join(f"{picture.rendition_url(width, ending)} {width}w" for width in widths)
        for ending in MIME_TYPES
    }
    width = min(picture.width, RENDITION_WIDTHS[-1])
    return ResponsiveImage(
        form=form,
        sources=tuple((MIME_TYPES[ending], srcsets[ending]) for ending in MIME_TYPES if ending != "jpg"),
        src=picture.rendition_url(widths[-1], "jpg"),
        srcset=srcsets["jpg"],
        width=width,
        height=max(1, round(picture.height * width / picture.width)),
        focus=f"fx-{round(picture.focal_x / 10)} fy-{round(picture.focal_y / 10)}",
        alt=picture.alt_text,
        caption=picture.caption,
        credit=picture.credit,
        licence=picture.licence,
    )
