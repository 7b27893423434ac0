"""Covers: the picture of a record, or generated shapes, which stay the same for a slug for ever."""

from dataclasses import dataclass, replace
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
    """A disc or a slice of one. ``tone`` is ground, mark or ink; angles are in degrees, clockwise from the right."""

    tone: str
    cx: float
    cy: float
    radius: float
    start: int = 0
    extent: int = 360

    @property
    def is_disc(self) -> bool:
        """Whether it is a full disc."""
        return self.extent == 360

    @cached_property
    def path(self) -> str:
        """A quarter or a half disc as an SVG path."""
        (ax, ay), (bx, by) = self.rim_point(self.start), self.rim_point(self.start + self.extent)
        move = f"M{self.cx:.2f} {self.cy:.2f}L" if self.extent == 90 else "M"
        return f"{move}{ax:.2f} {ay:.2f}A{self.radius:.2f} {self.radius:.2f} 0 0 1 {bx:.2f} {by:.2f}z"

    def rim_point(self, angle: int) -> tuple[float, float]:
        """The point on the rim at an angle, a multiple of 90 degrees."""
        right, down = ((1, 0), (0, 1), (-1, 0), (0, -1))[angle // 90 % 4]
        return self.cx + right * self.radius, self.cy + down * self.radius


@dataclass(frozen=True)
class Cover:
    """Shapes and text in the colours of a palette, or the ``picture``. ``form`` is poster or square."""

    form: str
    palette: int
    shapes: tuple[Shape, ...]
    width: int
    height: int
    title: str = ""
    number: str = ""
    code: str = ""
    picture: ResponsiveImage | None = None

    @property
    def title_length(self) -> str:
        """How long the title is, for its font size: s, l or xl."""
        longest = max((len(word) for word in self.title.split()), default=0)
        if len(self.title) > 32 or longest > 14:
            return "xl"
        return "l" if len(self.title) > 14 or longest > 10 else "s"


class _SeededRandom:
    """A linear congruential generator seeded by text: our own, so that no library's changes move a shape."""

    def __init__(self, text):
        self.state = crc32(text.encode())

    def randbelow(self, limit):
        self.state = (self.state * 1664525 + 1013904223) % 2**32
        return (self.state >> 12) % limit


def palette_for(slug: str) -> int:
    """The index of a slug's palette."""
    return crc32(slug.encode()) % PALETTES


def _quarter(tone, x, y, size, corner):
    """A quarter disc that fills a tile, with its centre in a corner: 0 top left, then clockwise."""
    right, down = ((0, 0), (1, 0), (1, 1), (0, 1))[corner]
    return Shape(tone, x + size * right, y + size * down, size, 90 * corner, 90)


def _half(tone, x, y, size, side):
    """A half disc with its centre in the middle of a side of a tile: 0 left, then clockwise."""
    across, down = ((0, 0.5), (0.5, 0), (1, 0.5), (0.5, 1))[side]
    return Shape(tone, x + size * across, y + size * down, size / 2, 90 * side - 90, 180)


@lru_cache(maxsize=4096)
def shapes_for(slug: str, columns: int, rows: int, first_row: int, height: int, tones: tuple) -> tuple[Shape, ...]:
    """The generated shapes for a slug, from ``first_row`` down to ``height``; coordinates are percent of the width."""
    random, size, shapes = _SeededRandom(slug), 100 / columns, []
    for row in range(first_row, rows):
        for column in range(columns):
            fill, turn, tone = random.randbelow(10), random.randbelow(4), tones[random.randbelow(len(tones))]
            x, y = column * size, height - (rows - row) * size
            if fill < 5:
                shapes.append(_quarter(tone, x, y, size, turn))
            elif fill < 7:
                shapes.append(_half(tone, x, y, size, turn))
            elif fill == 7:
                shapes.append(Shape(tone, x + size / 2, y + size / 2, size / 2))
    return tuple(shapes)


def series_cover(series, without_picture: bool = False) -> Cover:
    """A series: its title above, shapes in two tones below. ``without_picture`` leaves out its picture."""
    columns = 3 + crc32(series.slug.encode()) // PALETTES % 2
    rows = columns * 3 // 2
    shapes = shapes_for(series.slug, columns, rows, rows - (rows + 1) // 2, 150, ("mark", "mark", "ink"))
    picture = None if without_picture else responsive_image(series.picture, "poster")
    return Cover("poster", palette_for(series.slug), shapes, 100, 150, title=series.title, picture=picture)


def episode_cover(episode, without_picture: bool = False) -> Cover:
    """An episode: its number in the palette of its series. ``without_picture`` leaves out its picture."""
    return Cover(
        "square",
        palette_for(episode.series.slug),
        _square_shapes(episode.slug),
        100,
        100,
        number=episode.number_range,
        code=episode.production_code,
        picture=None if without_picture else responsive_image(episode.picture, "still"),
    )


def initials_cover(record, without_picture: bool = False) -> Cover:
    """A person or a company: the initials, or the portrait or logo. ``without_picture`` leaves out its picture."""
    form = "portrait" if record._meta.model_name == "person" else "logo"
    picture = None if without_picture else responsive_image(record.picture, form)
    return letters_cover(record.slug, initials(record.name), palette_for(record.slug), picture)


def letters_cover(slug, letters, palette, picture=None) -> Cover:
    """Letters on the shapes of a slug, or the picture."""
    return Cover("square", palette, _square_shapes(slug), 100, 100, number=letters, picture=picture)


def initials(name: str) -> str:
    """The first letters of the first and the last word of a name."""
    words = [word for word in name.split() if word[:1].isalnum()] or name.split()[:1] or ["?"]
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()


def pair_cover(first, second) -> Cover:
    """Two people: the initials of both, on the shapes of the first."""
    covers = [initials_cover(person, without_picture=True) for person in (first, second)]
    return replace(covers[0], number="+".join(person_cover.number for person_cover in covers))


def _square_shapes(slug):
    return shapes_for(slug, 5, 5, 3, 100, ("ground", "ground", "ground", "mark"))
