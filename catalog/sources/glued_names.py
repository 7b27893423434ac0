"""Separate names and titles that lost the line ends or quotation marks between them when a table was copied.

Role words are separated wherever they are glued. Names are separated only if other cells of the table have one of them
alone: nothing else tells “GrossmanWinifred” from “McGrath”.
"""

import re
from collections.abc import Collection

LETTER = r"[^\W\d_]"
ROLE_WORDS = "Story|Teleplay|Screenplay"
GLUED_ROLE = re.compile(
    rf"(?<={LETTER}|[.)])(?=(?:{ROLE_WORDS}|Written|Directed)\b\s*(?:by|:|&|and\b)|Part \d{{1,2}}:)"
)
ROLE_BEFORE_NAME = re.compile(rf"\b({ROLE_WORDS})(?:\s*:|\s+by(?=[A-Z]))\s*")
GLUED_AND = re.compile(r"(?<=\s)and(?=[A-Z])")
PART = re.compile(r"\bPart (\d{1,2}):\s*")
# A small letter, or “and” behind one, and a capital: GrossmanWinifred, McGrathand Bill.
NAME_BOUNDARY = re.compile(rf"(?<={LETTER})(?<![A-Z])(and )?(?=[A-Z])")
MAX_GLUED_LENGTH = 400
TITLE_BOUNDARY = re.compile(r'(?<=[^\s"])"(?=[^\s"])')


def separate_roles(text: str) -> str:
    """“Story by:A OneTeleplay:B Two” with a line for each role, and with “by”."""
    text = GLUED_AND.sub("and ", GLUED_ROLE.sub("\n", text))
    return ROLE_BEFORE_NAME.sub(r"\1 by: ", text)


def split_parts(text: str) -> list[tuple[str, str]]:
    """“Part 1: A Part 2: B” as [("part 1", "A"), ("part 2", "B")]; the text with an empty note if it has no parts."""
    before, *rest = PART.split(text)
    parts = [
        ("", before.strip()),
        *((f"part {number}", names) for number, names in zip(*[iter(rest)] * 2, strict=True)),
    ]
    return [(note, names.strip()) for note, names in parts if names.strip()]


def is_glued(name: str) -> bool:
    """True if the text may be two names of two words or more: “Terry GrossmanWinifred Hervey”."""
    return any(_are_full_names(name[: match.start()], name[match.end() :]) for match in NAME_BOUNDARY.finditer(name))


def _are_full_names(*names: str) -> bool:
    return all(" " in name.strip() for name in names)


def separate_names(name: str, known_names: Collection[str]) -> list[str]:
    """The names in ``name``, of which other cells have at least one alone; else ``name``."""
    if name in known_names or len(name) > MAX_GLUED_LENGTH:
        return [name]
    for match in NAME_BOUNDARY.finditer(name):
        first, second = name[: match.start()], name[match.end() :]
        if not _are_full_names(first, second):
            continue
        if first in known_names:
            return [first, *separate_names(second, known_names)]
        if second in known_names:
            return [*separate_names(first, known_names), second]
    return [name]


def split_glued_titles(title: str) -> list[str]:
    """A title and its alternatives: “A"B"C” are three. Marks that enclose words of a title stay."""
    parts = TITLE_BOUNDARY.split(title)
    return parts if not any('"' in part for part in parts) else [title]
