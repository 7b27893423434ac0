"""A sleeve drawn as PNG, 1200 by 630, for other sites that show a link to a page: they take no SVG."""

import hashlib
import io
import json
import unicodedata
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from anyascii import anyascii
from PIL import Image, ImageColor, ImageDraw, ImageFont

from catalog.views.presenters.cover import COLOURS, Cover

WIDTH, HEIGHT = 1200, 630
MARGIN = 72  # pixels round the words
SUPERSAMPLING = 2  # drawn so many times as large, then made smaller: smooth edges
STYLE_VERSION = 1  # to be raised with every change of how it looks, so that no cache shows the old
FONTS = Path(__file__).resolve().parents[2] / "static" / "catalog" / "fonts"
LATIN, EXTENDED = "archivo-condensed.woff2", "archivo-condensed-ext.woff2"
FONT_SIZES = (148, 124, 104, 88, 74, 62, 52)
LINE_HEIGHT = 0.96  # of the size
SQUARE_ROWS = 0.4  # how much of a square its shapes cover, from below


@dataclass(frozen=True)
class CoverImage:
    """What is drawn: a sleeve with its title, the line above it, the name of the site at the foot."""

    sleeve: Cover
    title: str
    above: str
    foot: str

    @property
    def digest(self):
        """The same for the same picture, on every machine and in every process."""
        told = json.dumps([STYLE_VERSION, asdict(self)], sort_keys=True, default=str)
        return hashlib.sha256(told.encode()).hexdigest()[:16]


@lru_cache(maxsize=64)
def _font(name, size):
    """One cut of Archivo; where Pillow's FreeType cannot read WOFF2, the face that comes with Pillow."""
    try:
        return ImageFont.truetype(FONTS / name, size)
    except OSError:
        return ImageFont.load_default(size)


def _cut_of(character):
    """The file that holds a character, as the ranges in site.css say."""
    point = ord(character)
    extended = point not in (0x131, 0x152, 0x153) and (0x100 <= point <= 0x24F or 0x1E00 <= point <= 0x1EFF)
    return EXTENDED if extended else LATIN


def _drawable(text):
    """The text in letters that the fonts hold: other scripts are transliterated as for slugs; nothing unprintable."""
    latin = (
        each if ord(each) < 0x250 or 0x1E00 <= ord(each) <= 0x1EFF or 0x2010 <= ord(each) <= 0x2033 else anyascii(each)
        for each in unicodedata.normalize("NFC", text)
    )
    return "".join(each if each.isprintable() else " " for each in "".join(latin))


def _runs(text):
    """The text cut where the font changes: (font's file, part)."""
    parts = []
    for character in text:
        cut = _cut_of(character)
        if parts and parts[-1][0] == cut:
            parts[-1][1] += character
        else:
            parts.append([cut, character])
    return parts


def _length(text, size):
    return sum(_font(cut, size).getlength(part) for cut, part in _runs(text))


def _write(draw, text, x, y, size, colour):
    """Write one line, its baseline at ``y``."""
    for cut, part in _runs(text):
        font = _font(cut, size * SUPERSAMPLING)
        draw.text((x * SUPERSAMPLING, y * SUPERSAMPLING), part, font=font, fill=colour, anchor="ls")
        x += font.getlength(part) / SUPERSAMPLING


def _lines(text, size, width):
    """The text in lines no wider than ``width``; a word that is wider itself is cut."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if _length(longer, size) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for character in word:
            if lines[-1] and _length(lines[-1] + character, size) > width:
                lines.append("")
            lines[-1] += character
    return lines


def _fitted(text, width, height):
    """(size, lines) at the largest size at which the text fits; cut off where even the least is too large.

    A size at which a word would be cut is passed over while there is a smaller one.
    """
    widest = max(text.split(), key=len, default="")
    for size in FONT_SIZES:
        lines, most = _lines(text, size, width), int(height / (size * LINE_HEIGHT))
        if len(lines) <= most and (size == FONT_SIZES[-1] or _length(widest, size) <= width):
            return size, lines
    last = lines[most - 1]
    while last and _length(f"{last}…", size) > width:
        last = last[:-1]
    return size, [*lines[: most - 1], f"{last.rstrip()}…"]


def _tones(palette):
    """The colours of a palette by tone; ground is a fifth of ink on paper, as site.css mixes it."""
    paper, ink, mark = COLOURS[palette]
    mixed = zip(ImageColor.getrgb(ink), ImageColor.getrgb(paper), strict=True)
    return {"paper": paper, "ink": ink, "mark": mark, "ground": tuple(round(i * 0.2 + p * 0.8) for i, p in mixed)}


def _draw_shapes(draw, sleeve, tones):
    """The shapes of the sleeve in the lower right corner, 630 wide."""
    scale = HEIGHT / sleeve.width * SUPERSAMPLING
    left, top = WIDTH * SUPERSAMPLING - sleeve.width * scale, HEIGHT * SUPERSAMPLING - sleeve.height * scale
    for shape in sleeve.shapes:
        x, y, r = left + shape.cx * scale, top + shape.cy * scale, shape.radius * scale
        box = (x - r, y - r, x + r, y + r)
        if shape.is_disc:
            draw.ellipse(box, fill=tones[shape.tone])
        else:
            draw.pieslice(box, shape.start, shape.start + shape.extent, fill=tones[shape.tone])


def _draw_words(draw, drawing, ink):
    """The line above; the number or the initials with the title beside; the site's name at the foot.

    Never on the shapes: the title of a poster stands to the left of them, another above.
    """
    sleeve, left, top = drawing.sleeve, MARGIN, MARGIN
    if drawing.above:
        _write(draw, _drawable(drawing.above), MARGIN, top + 26, 34, ink)
        top += 60
    if sleeve.form == "poster":
        width, height = WIDTH - HEIGHT - MARGIN - 36, HEIGHT - top - MARGIN - 48
    else:
        width, height = WIDTH - 2 * MARGIN, HEIGHT - SQUARE_ROWS * HEIGHT - top - 24
    if sleeve.number:
        _write(draw, _drawable(sleeve.number), left - 6, top + 154, 220, ink)
        taken = _length(_drawable(sleeve.number), 220) + 36
        left, width = left + taken, width - taken
    size, lines = _fitted(_drawable(drawing.title), width, height)
    for number, line in enumerate(lines):
        _write(draw, line, left - size // 24, top + size * (0.72 + LINE_HEIGHT * number), size, ink)
    _write(draw, _drawable(drawing.foot), MARGIN, HEIGHT - MARGIN + 12, 34, ink)


def render_png(drawing):
    """The picture as PNG: the same bytes for the same drawing."""
    tones = _tones(drawing.sleeve.palette)
    canvas = Image.new("RGB", (WIDTH * SUPERSAMPLING, HEIGHT * SUPERSAMPLING), tones["paper"])
    draw = ImageDraw.Draw(canvas)
    _draw_shapes(draw, drawing.sleeve, tones)
    _draw_words(draw, drawing, tones["ink"])
    target = io.BytesIO()
    canvas.reduce(SUPERSAMPLING).save(target, "PNG")
    return target.getvalue()
