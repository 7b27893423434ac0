"""Text normalisation for storing, comparing and searching."""

import re
import unicodedata
from collections.abc import Iterable

from anyascii import anyascii

MAX_WORDS = 8  # of a search text: each word is a subquery; PostgreSQL needed minutes and 4 GB to plan 100 of them
NAME_SUFFIXES = {"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"}  # they belong to the family name before them

NO_BREAK_SPACES = "\u00a0\u2007\u202f"
CONTROLS = "\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Soft hyphen, zero width space, word joiner, invisible operators, deprecated format characters, byte order mark;
# not U+200C and U+200D: Persian, Indic scripts and emoji need them.
INVISIBLE = CONTROLS + "\u00ad\u200b\u2060-\u2064\u206a-\u206f\ufeff"
DIRECTION_CONTROLS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
REMOVABLE = re.compile(f"[{INVISIBLE}{DIRECTION_CONTROLS}{NO_BREAK_SPACES}]")
DIRECTION_MARKS = {"\u200e": {"L"}, "\u200f": {"R", "AL"}, "\u061c": {"AL"}}  # the classes of letters they equal
RIGHT_TO_LEFT = {"R", "AL"}
# They show text in another order than it is written, which no name or title needs.
OVERRIDE = re.compile("[\u202d\u202e]([^\u202a-\u202e]*)\u202c?")


def has_other_script(text: str) -> bool:
    """True if a letter of ``text`` is not of the Latin script."""
    return not text.isascii() and any(
        char.isalpha() and not unicodedata.name(char, "").startswith("LATIN") for char in text
    )


def remove_invisible(text: str) -> str:
    """``text`` without characters that nobody sees, without no-break spaces at the end of a line, and with line feeds.

    Controls of direction stay where they have an effect: in text with letters written from right to left.
    """
    if text.isascii() and text.isprintable():
        return text
    text = LINE_END.sub("\n", text)
    if not REMOVABLE.search(text):
        return text
    cleaned = _remove_direction_controls(re.sub(f"[{INVISIBLE}]", "", text))
    cleaned = "\n".join(_remove_trailing_no_break_spaces(line) for line in cleaned.split("\n"))
    return cleaned if cleaned == text else cleaned.strip()


def join_lines(text: str) -> str:
    """``text`` without invisible characters and in one line: line ends and tabs become spaces."""
    text = remove_invisible(text)
    return " ".join(filter(None, map(str.strip, re.split(r"[\n\t]", text)))) if {"\n", "\t"} & {*text} else text


def _remove_trailing_no_break_spaces(line: str) -> str:
    stripped = line.rstrip(f" \t{NO_BREAK_SPACES}")
    return stripped if any(space in NO_BREAK_SPACES for space in line[len(stripped) :]) else line


def _remove_direction_controls(text: str) -> str:
    """``text`` without all controls if no letter is written from right to left, else without needless ones.

    A mark is needless beside a letter of its own direction. A digit on the other side may need it: the mark stays.
    """
    letters = (char for char in text if char not in DIRECTION_MARKS)
    if RIGHT_TO_LEFT.isdisjoint(map(unicodedata.bidirectional, letters)):
        return re.sub(f"[{DIRECTION_CONTROLS}]", "", text)
    text = OVERRIDE.sub(r"\1", text)
    chars: list[str] = []
    for index, char in enumerate(text):
        beside = {unicodedata.bidirectional(neighbour) for neighbour in (*chars[-1:], *text[index + 1 : index + 2])}
        if char not in DIRECTION_MARKS or beside.isdisjoint(DIRECTION_MARKS[char]) or "EN" in beside:
            chars.append(char)
    return "".join(chars)


def cut_text(text: str, length: int) -> str:
    """``text`` with at most ``length`` characters; if it was longer, an ellipsis behind its last whole word."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    return f"{(cut.rpartition(' ')[0] or cut).rstrip()}…"


def fold(text: str) -> str:
    """``text`` transliterated to Latin letters without accents, in lower case."""
    return anyascii(text).casefold()


def first_words(words: Iterable[str]) -> list[str]:
    """The first MAX_WORDS distinct words."""
    return list(dict.fromkeys(words))[:MAX_WORDS]
