"""The sleeve: the picture of a record, and of one that has none, shapes: the same for the same slug for ever."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from zlib import crc32

from catalog.views.presenters.responsive_image import ResponsiveImage, responsive_image

# Paper, ink and mark of each palette, as ``.pal-0`` … in site.css; text only ever uses ink on paper.
COLOURS = (
    ("#10233f", "#f4f1e8", "#ee6a4b"),
    ("#0d3b33", "#eef3e6", "#f0b429"),
    ("#4a1020", "#f8ece6", "#f28c6a"),
    ("#e2b13c", "#1d1a12", "#8c2f14"),
    ("#b9d7e8", "#10202c", "#c2381f"),
    ("#ef7f62", "#1c0f0b", "#fff1df"),
    ("#33204d", "#f3edf7", "#8fd3c1"),
    ("#c3d0b3", "#1c2418", "#7b2d43"),
    ("#2b3640", "#eef2f4", "#ffcf56"),
    ("#efc6bd", "#2a1414", "#1f5c6b"),
    ("#1d3fb0", "#f4f2ea", "#ffb3a0"),
    ("#efe3b8", "#20200f", "#24528a"),
)
PALETTES = len(COLOURS)


@dataclass(frozen=True)
class Shape:
    """A disc or a slice of one: ``tone`` is ground, mark or ink; the angles in degrees, clockwise from the right."""

    tone: str
    cx: float
    cy: float
    radius: float
    start: int = 0
    extent: int = 360

    @property
    def is_disc(self):
        """Whether it is whole."""
        return self.extent == 360

    @cached_property
    def path(self):
        """A quarter or a half disc as an SVG path."""
        (ax, ay), (bx, by) = self.point(self.start), self.point(self.start + self.extent)
        begin = f"M{self.cx:.2f} {self.cy:.2f}L" if self.extent == 90 else "M"
        return f"{begin}{ax:.2f} {ay:.2f}A{self.radius:.2f} {self.radius:.2f} 0 0 1 {bx:.2f} {by:.2f}z"

    def point(self, angle):
        """Where the rim is at a multiple of 90 degrees."""
        right, down = ((1, 0), (0, 1), (-1, 0), (0, -1))[angle // 90 % 4]
        return self.cx + right * self.radius, self.cy + down * self.radius


@dataclass(frozen=True)
class Cover:
    """Shapes on a palette, with words set on it, or the ``picture`` in their place. ``form`` is poster or square."""

    form: str
    palette: int
    shapes: tuple
    width: int
    height: int
    title: str = ""
    number: str = ""
    code: str = ""
    picture: ResponsiveImage | None = None

    @property
    def length(self):
        """How long the title is, for its size: s, l or xl."""
        longest = max((len(word) for word in self.title.split()), default=0)
        if len(self.title) > 32 or longest > 14:
            return "xl"
        return "l" if len(self.title) > 14 or longest > 10 else "s"


class _Dice:
    """A small generator seeded by text (a linear congruence), so that no library's changes move a shape."""

    def __init__(self, text):
        self.state = crc32(text.encode())

    def roll(self, sides):
        self.state = (self.state * 1664525 + 1013904223) % 2**32
        return (self.state >> 12) % sides


def palette_for(slug):
    """Which of the palettes a slug has."""
    return crc32(slug.encode()) % PALETTES


def _quarter(tone, x, y, size, corner):
    """A quarter disc filling a tile, its centre in one corner."""
    right, down = ((0, 0), (1, 0), (1, 1), (0, 1))[corner]
    return Shape(tone, x + size * right, y + size * down, size, 90 * corner, 90)


def _half(tone, x, y, size, side):
    """A half disc standing on one side of a tile: left, top, right, bottom."""
    across, down = ((0, 0.5), (0.5, 0), (1, 0.5), (0.5, 1))[side]
    return Shape(tone, x + size * across, y + size * down, size / 2, 90 * side - 90, 180)


@lru_cache(maxsize=4096)
def shapes_for(slug, columns, rows, first_row, height, tones):
    """The shapes of a slug on a grid of 100 wide, from ``first_row`` down."""
    dice, size, shapes = _Dice(slug), 100 / columns, []
    for row in range(first_row, rows):
        for column in range(columns):
            fill, turn, tone = dice.roll(10), dice.roll(4), tones[dice.roll(len(tones))]
            x, y = column * size, height - (rows - row) * size
            if fill < 5:
                shapes.append(_quarter(tone, x, y, size, turn))
            elif fill < 7:
                shapes.append(_half(tone, x, y, size, turn))
            elif fill == 7:
                shapes.append(Shape(tone, x + size / 2, y + size / 2, size / 2))
    return tuple(shapes)


def series_cover(series, bare=False):
    """A series: its title above, shapes in two tones below; ``bare`` when its picture is not asked for."""
    columns = 3 + crc32(series.slug.encode()) // PALETTES % 2
    rows = columns * 3 // 2
    shapes = shapes_for(series.slug, columns, rows, rows - (rows + 1) // 2, 150, ("mark", "mark", "ink"))
    picture = None if bare else responsive_image(series.picture, "poster")
    return Cover("poster", palette_for(series.slug), shapes, 100, 150, title=series.title, picture=picture)


def episode_cover(episode, bare=False):
    """An episode: its number on its series' palette."""
    shapes = shapes_for(episode.slug, 5, 5, 3, 100, ("ground", "ground", "ground", "mark"))
    return Cover(
        "square",
        palette_for(episode.series.slug),
        shapes,
        100,
        100,
        number=str(episode.number),
        code=episode.production_code,
        picture=None if bare else responsive_image(episode.picture, "still"),
    )


def initials_cover(person, bare=False):
    """A person or a company: the initials, or the portrait or logo."""
    words = [word for word in person.name.split() if word[:1].isalnum()] or person.name.split()[:1] or ["?"]
    letters = (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()
    shapes = shapes_for(person.slug, 5, 5, 3, 100, ("ground", "ground", "ground", "mark"))
    form = "portrait" if person._meta.model_name == "person" else "logo"
    picture = None if bare else responsive_image(person.picture, form)
    return Cover("square", palette_for(person.slug), shapes, 100, 100, number=letters, picture=picture)
