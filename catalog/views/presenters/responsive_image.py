"""A record's picture as pages show it: which files in which formats, what is said beside it, where it is cut."""

from dataclasses import dataclass

from catalog.renditions import RENDITION_WIDTHS

MIME_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}  # the best first


@dataclass(frozen=True)
class ResponsiveImage:
    """A picture ready for a template. ``form`` is poster, still, portrait or logo: the shape that it is cut to.

    ``sources`` are (type, srcset) for what not every browser reads, ``focus`` the classes that keep the focal point
    to be seen, in steps of ten percent: a page has no inline style.
    """

    form: str
    sources: tuple
    src: str
    srcset: str
    width: int
    height: int
    focus: str
    alt: str
    caption: str
    credit: str
    licence: str


def responsive_image(picture, form):
    """``picture`` as pages show it; None when there is none."""
    if picture is None or not picture.width:
        return None
    widths = picture.rendition_widths()
    sets = {
        ending: ", ".join(f"{picture.rendition_url(width, ending)} {width}w" for width in widths)
        for ending in MIME_TYPES
    }
    width = min(picture.width, RENDITION_WIDTHS[-1])
    return ResponsiveImage(
        form=form,
        sources=tuple((MIME_TYPES[ending], sets[ending]) for ending in MIME_TYPES if ending != "jpg"),
        src=picture.rendition_url(widths[-1], "jpg"),
        srcset=sets["jpg"],
        width=width,
        height=max(1, round(picture.height * width / picture.width)),
        focus=f"fx-{round(picture.focal_x / 10)} fy-{round(picture.focal_y / 10)}",
        alt=picture.alt_text,
        caption=picture.caption,
        credit=picture.credit,
        licence=picture.licence,
    )
