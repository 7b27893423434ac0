"""A cover drawn as PNG, 1200 by 630 pixels, for links on other sites, which take no SVG."""

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
MARGIN = 72  # pixels around the text
SUPERSAMPLING = 2  # drawn this many times as large and then reduced, for smooth edges
STYLE_VERSION = 1  # to be raised with every change of the design, so that no cache shows the old one
FONTS = Path(__file__).resolve().parents[2] / "static" / "catalog" / "fonts"
LATIN, EXTENDED = "archivo-condensed.woff2", "archivo-condensed-ext.woff2"
FONT_SIZES = (148, 124, 104, 88, 74, 62, 52)  # of the title, in pixels
SMALL_SIZE, NUMBER_SIZE = 34, 220
LINE_HEIGHT = 0.96  # times the font size
SQUARE_ROWS = 0.4  # the share of a square cover that its shapes occupy, from the bottom


@dataclass(frozen=True)
class CoverImage:
    """What is drawn: a cover with its title, the kicker (the line above it), and the footer."""

    cover: Cover
    title: str
    kicker: str
    footer: str

    @property
    def digest(self) -> str:
        """A hash of the content, the same on every machine and in every process."""
        content = json.dumps([STYLE_VERSION, asdict(self)], sort_keys=True, default=str)
        return hashlib.sha256(content.encode()).hexdigest()[:16]


@lru_cache(maxsize=64)
def _font(file, size):
    """A font file of Archivo; Pillow's own font if its FreeType cannot read WOFF2."""
    try:
        return ImageFont.truetype(FONTS / file, size)
    except OSError:
        return ImageFont.load_default(size)


def _font_file(character):
    """The font file that holds a character, by the unicode-range of each in site.css."""
    point = ord(character)
    extended = point not in (0x131, 0x152, 0x153) and (0x100 <= point <= 0x24F or 0x1E00 <= point <= 0x1EFF)
    return EXTENDED if extended else LATIN


def _in_font(character):
    point = ord(character)
    return point < 0x250 or 0x1E00 <= point <= 0x1EFF or 0x2010 <= point <= 0x2033


def _drawable(text):
    """The text in characters of the fonts: other scripts transliterated as in slugs, spaces for unprintable ones."""
    latin = "".join(
        character if _in_font(character) else anyascii(character) for character in unicodedata.normalize("NFC", text)
    )
    return "".join(character if character.isprintable() else " " for character in latin)


def _runs(text):
    """The text split where the font file changes: [file, part]."""
    runs: list[list[str]] = []
    for character in text:
        file = _font_file(character)
        if runs and runs[-1][0] == file:
            runs[-1][1] += character
        else:
            runs.append([file, character])
    return runs


def _text_width(text, size):
    return sum(_font(file, size).getlength(part) for file, part in _runs(text))


def _draw_line(draw, text, x, y, size, colour):
    """Draw one line of text with its baseline at ``y``."""
    for file, part in _runs(text):
        font = _font(file, size * SUPERSAMPLING)
        draw.text((x * SUPERSAMPLING, y * SUPERSAMPLING), part, font=font, fill=colour, anchor="ls")
        x += font.getlength(part) / SUPERSAMPLING


def _wrap(text, size, width):
    """The text in lines no wider than ``width``; a word that is wider itself is split."""
    lines = [""]
    for word in text.split():
        line = f"{lines[-1]} {word}".strip()
        if _text_width(line, size) <= width:
            lines[-1] = line
            continue
        if lines[-1]:
            lines.append("")
        for character in word:
            if lines[-1] and _text_width(lines[-1] + character, size) > width:
                lines.append("")
            lines[-1] += character
    return lines


def _fit(text, width, height):
    """(size, lines) at the largest size at which the text fits; truncated if it does not fit at the smallest.

    A size at which a word would be split is skipped while there is a smaller one.
    """
    longest_word = max(text.split(), key=len, default="")
    for size in FONT_SIZES:
        lines, line_limit = _wrap(text, size, width), int(height / (size * LINE_HEIGHT))
        if len(lines) <= line_limit and (size == FONT_SIZES[-1] or _text_width(longest_word, size) <= width):
            return size, lines
    last_line = lines[line_limit - 1]
    while last_line and _text_width(f"{last_line}…", size) > width:
        last_line = last_line[:-1]
    return size, [*lines[: line_limit - 1], f"{last_line.rstrip()}…"]


def _tones(palette):
    """The colours of a palette by tone; ground is a fifth of ink on paper, as site.css mixes it."""
    paper, ink, mark = COLOURS[palette]
    pairs = zip(ImageColor.getrgb(ink), ImageColor.getrgb(paper), strict=True)
    return {"paper": paper, "ink": ink, "mark": mark, "ground": tuple(round(i * 0.2 + p * 0.8) for i, p in pairs)}


def _draw_shapes(draw, cover, tones):
    """Draw the shapes of the cover in the lower right corner, 630 pixels wide."""
    scale = HEIGHT / cover.width * SUPERSAMPLING
    left, top = WIDTH * SUPERSAMPLING - cover.width * scale, HEIGHT * SUPERSAMPLING - cover.height * scale
    for shape in cover.shapes:
        x, y, radius = left + shape.cx * scale, top + shape.cy * scale, shape.radius * scale
        box = (x - radius, y - radius, x + radius, y + radius)
        if shape.is_disc:
            draw.ellipse(box, fill=tones[shape.tone])
        else:
            draw.pieslice(box, shape.start, shape.start + shape.extent, fill=tones[shape.tone])


def _draw_text(draw, image, ink):
    """Draw the kicker; the number or the initials, and the title to the right of it; the footer.

    None of it overlaps the shapes: the title of a poster is to the left of them, that of a square above them.
    """
    cover, top = image.cover, MARGIN
    left: float = MARGIN
    width: float
    height: float
    if image.kicker:
        _draw_line(draw, _drawable(image.kicker), MARGIN, top + 26, SMALL_SIZE, ink)
        top += 60
    if cover.form == "poster":
        width, height = WIDTH - HEIGHT - MARGIN - 36, HEIGHT - top - MARGIN - 48
    else:
        width, height = WIDTH - 2 * MARGIN, HEIGHT - SQUARE_ROWS * HEIGHT - top - 24
    if cover.number:
        number = _drawable(cover.number)
        _draw_line(draw, number, left - 6, top + 154, NUMBER_SIZE, ink)
        number_width = _text_width(number, NUMBER_SIZE) + 36
        left, width = left + number_width, width - number_width
    size, lines = _fit(_drawable(image.title), width, height)
    for index, line in enumerate(lines):
        _draw_line(draw, line, left - size // 24, top + size * (0.72 + LINE_HEIGHT * index), size, ink)
    _draw_line(draw, _drawable(image.footer), MARGIN, HEIGHT - MARGIN + 12, SMALL_SIZE, ink)


def render_png(image: CoverImage) -> bytes:
    """The image as PNG: the same bytes for the same content."""
    tones = _tones(image.cover.palette)
    canvas = Image.new("RGB", (WIDTH * SUPERSAMPLING, HEIGHT * SUPERSAMPLING), tones["paper"])
    draw = ImageDraw.Draw(canvas)
    _draw_shapes(draw, image.cover, tones)
    _draw_text(draw, image, tones["ink"])
    target = io.BytesIO()
    canvas.reduce(SUPERSAMPLING).save(target, "PNG")
    return target.getvalue()
