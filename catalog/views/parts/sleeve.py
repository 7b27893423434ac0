"""The sleeve: the picture of a record that has none, the same for the same slug for ever."""

from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

PALETTES = 12
# The ways a tile can be filled, as SVG paths in a tile of 1 by 1; 0 leaves it empty.
QUARTERS = ((0, 0), (1, 0), (1, 1), (0, 1))


@dataclass(frozen=True)
class Shape:
    """One shape: ``tone`` is ground, mark or ink; ``path`` its SVG path, or empty for the disc at x, y, r."""

    tone: str
    path: str = ""
    x: str = ""
    y: str = ""
    r: str = ""


@dataclass(frozen=True)
class Sleeve:
    """Shapes on a palette, with the words set on it. ``form`` is poster, square or wide."""

    form: str
    palette: int
    shapes: tuple
    width: int
    height: int
    title: str = ""
    number: str = ""
    code: str = ""

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


def palette_of(slug):
    """Which of the palettes a slug has."""
    return crc32(slug.encode()) % PALETTES


def _quarter(x, y, size, corner):
    """A quarter disc filling a tile, its centre in one corner."""
    cx, cy = x + size * QUARTERS[corner][0], y + size * QUARTERS[corner][1]
    ax, ay = (x + size - (cx - x), cy) if corner % 2 == 0 else (cx, y + size - (cy - y))
    bx, by = (cx, y + size - (cy - y)) if corner % 2 == 0 else (x + size - (cx - x), cy)
    return f"M{cx:.2f} {cy:.2f}L{ax:.2f} {ay:.2f}A{size:.2f} {size:.2f} 0 0 1 {bx:.2f} {by:.2f}z"


def _half(x, y, size, side):
    """A half disc standing on one side of a tile."""
    r = size / 2
    ends = (
        ((x, y), (x, y + size)),
        ((x, y), (x + size, y)),
        ((x + size, y + size), (x + size, y)),
        ((x + size, y + size), (x, y + size)),
    )
    (ax, ay), (bx, by) = ends[side]
    sweep = 1 if side in (0, 2) else 0
    return f"M{ax:.2f} {ay:.2f}A{r:.2f} {r:.2f} 0 0 {sweep} {bx:.2f} {by:.2f}z"


@lru_cache(maxsize=4096)
def shapes_of(slug, columns, rows, first_row, height, tones):
    """The shapes of a slug on a grid of 100 wide, from ``first_row`` down."""
    dice, size, shapes = _Dice(slug), 100 / columns, []
    for row in range(first_row, rows):
        for column in range(columns):
            fill, turn, tone = dice.roll(10), dice.roll(4), tones[dice.roll(len(tones))]
            x, y = column * size, height - (rows - row) * size
            if fill < 5:
                shapes.append(Shape(tone, _quarter(x, y, size, turn)))
            elif fill < 7:
                shapes.append(Shape(tone, _half(x, y, size, turn)))
            elif fill == 7:
                shapes.append(Shape(tone, "", f"{x + size / 2:.2f}", f"{y + size / 2:.2f}", f"{size / 2:.2f}"))
    return tuple(shapes)


def poster(series):
    """A series: its title above, shapes in two tones below."""
    columns = 3 + crc32(series.slug.encode()) // PALETTES % 2
    rows = columns * 3 // 2
    shapes = shapes_of(series.slug, columns, rows, rows - (rows + 1) // 2, 150, ("mark", "mark", "ink"))
    return Sleeve("poster", palette_of(series.slug), shapes, 100, 150, title=series.title)


def square(episode):
    """An episode: its number on its series' palette."""
    shapes = shapes_of(episode.slug, 5, 5, 3, 100, ("ground", "ground", "ground", "mark"))
    return Sleeve(
        "square",
        palette_of(episode.series.slug),
        shapes,
        100,
        100,
        number=str(episode.number),
        code=episode.production_code,
    )


def initials(person):
    """A person or a company: the initials."""
    words = [word for word in person.name.split() if word[:1].isalnum()] or [person.name]
    letters = (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()
    shapes = shapes_of(person.slug, 5, 5, 3, 100, ("ground", "ground", "ground", "mark"))
    return Sleeve("square", palette_of(person.slug), shapes, 100, 100, number=letters)
