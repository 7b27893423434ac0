"""Split lists of names: commas and “and” separate people, an ampersand joins the members of a writing team."""

import html
import re

from catalog.text import NAME_SUFFIXES

MAX_NAMES = 300  # names in one text
MAX_NAME_LENGTH = 160  # the length of Person.name
SEPARATOR = re.compile(r"[,;\n]+\s*(?:and\s+)?|\s+and\s+|\s+/\s+", re.IGNORECASE)
TEAM_SEPARATOR = re.compile(r"\s*&\s*")
FOOTNOTE_MARK = re.compile(r"\[[^\]]{0,12}\]")  # “[3]”, copied along with the text of a page
ROLE_PREFIX = re.compile(r"\b(story|teleplay|screenplay|written|directed)\s+by\b\s*:?", re.IGNORECASE)
ROLE_OF_PREFIX = {
    "story": "story",
    "teleplay": "teleplay",
    "screenplay": "screenplay",
    "written": "writer",
    "directed": "director",
}


def clean_text(text: str) -> str:
    """Decode HTML entities, drop footnote marks and collapse white space."""
    return " ".join(FOOTNOTE_MARK.sub("", html.unescape(text)).split())


def is_person_name(text: str) -> bool:
    """True if the text has a letter or digit and is short enough for a name."""
    return any(map(str.isalnum, text)) and len(text) <= MAX_NAME_LENGTH


def split_teams(text: str) -> list[list[str]]:
    """Split a list of names into teams, most of one member. “Robert Downey, Jr.” is one name."""
    teams: list[list[str]] = []
    for part in SEPARATOR.split(text):
        members = [name for name in TEAM_SEPARATOR.split(part.strip()) if name]
        if teams and len(members) == 1 and members[0].casefold() in NAME_SUFFIXES:
            teams[-1][-1] += f" {members[0]}"
        elif members:
            teams.append(members)
    return teams


def split_by_role(text: str, default_role: str) -> list[tuple[str, str]]:
    """Split “Story by: A Teleplay by: B” into pairs of a role's slug and a list of names.

    A text without such words is one list of names for ``default_role``.
    """
    prefixes = list(ROLE_PREFIX.finditer(text))
    if not prefixes or text[: prefixes[0].start()].strip():
        return [(default_role, text)]
    ends = [prefix.start() for prefix in prefixes[1:]] + [len(text)]
    return [
        (ROLE_OF_PREFIX[prefix[1].casefold()], text[prefix.end() : end].strip(" ;,."))
        for prefix, end in zip(prefixes, ends, strict=True)
    ]
