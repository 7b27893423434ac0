"""Split lists of names: commas and “and” separate people, an ampersand joins the members of a writing team."""

import html
import re

from catalog.sources.cell_values import FOOTNOTE_MARK, is_date, is_placeholder
from catalog.text import NAME_SUFFIXES, remove_invisible

MAX_NAMES = 300  # names in one text
MAX_NAME_LENGTH = 160  # the length of Person.name
OUTSIDE_BRACKETS = r"(?![^()]{0,60}\))"  # bounded, so that a long text takes linear time
SEPARATOR = re.compile(
    rf"(?:(?:[,;\n|、]|(?<!\bn)/)+\s*(?:and\s+)?|\s+and\s+){OUTSIDE_BRACKETS}", re.IGNORECASE
)  # no slash of “N/A”
# “as Tom/Jerry” are two characters of one person, so a slash behind “as” does not separate people.
CAST_SEPARATOR = re.compile(rf"(?:[,;\n|、]+\s*(?:and\s+)?|\s+and\s+){OUTSIDE_BRACKETS}", re.IGNORECASE)
CHARACTERS = re.compile(r"(\s+as\s+.*)", re.IGNORECASE)
# “Mr. & Mrs. Smith” is one name.
TEAM_SEPARATOR = re.compile(rf"(?<!\b[md]r)(?<!\b[md]r\.) & {OUTSIDE_BRACKETS}", re.IGNORECASE)
SUFFIX_WORDS = "|".join(sorted(suffix for suffix in NAME_SUFFIXES if suffix.isalpha()))
SUFFIX = re.compile(rf",\s*(?=(?:{SUFFIX_WORDS})\b\.?\s*(?:$|[^\w\s]|and\b))", re.IGNORECASE)
ROLE_IN_BRACKETS = re.compile(
    r"\s*\(((?:story|teleplay|screenplay)(?:\s*(?:&|and|,)\s*(?:story|teleplay|screenplay))*)(?:\s+by)?\)$",
    re.IGNORECASE,
)
ROLE_PREFIX = re.compile(r"(?<!\()\b(story|teleplay|screenplay|written|directed)\s+by\b\s*:?", re.IGNORECASE)
ROLE_OF_PREFIX = {
    "story": "story",
    "teleplay": "teleplay",
    "screenplay": "screenplay",
    "written": "writer",
    "directed": "director",
}


def clean_text(text: str) -> str:
    """Decode HTML entities, drop invisible characters and footnote marks, and collapse white space within lines."""
    lines = remove_invisible(html.unescape(text)).splitlines()
    return "\n".join(filter(None, (" ".join(FOOTNOTE_MARK.sub("", line).split()) for line in lines)))


def is_person_name(text: str) -> bool:
    """True if the text has a letter or digit, is short enough for a name and is not a date."""
    return any(map(str.isalnum, text)) and len(text) <= MAX_NAME_LENGTH and not is_date(text)


def split_teams(text: str) -> list[list[str]]:
    """Split a list of names into teams, most of one member, without placeholders. “Robert Downey, Jr.” is one name.

    A name may be followed by its characters: “Isabel May as Sarah/Sally”.
    """
    teams: list[list[str]] = []
    text = re.sub(r"\s*&\s*", " & ", SUFFIX.sub(" ", text))
    for part in CAST_SEPARATOR.split(text):
        names, *characters = CHARACTERS.split(part, maxsplit=1)
        new_teams = [_split_team(team) for team in SEPARATOR.split(names)]
        if characters and new_teams[-1]:
            new_teams[-1][-1] += characters[0]
        teams += filter(None, new_teams)
    return teams


def _split_team(text: str) -> list[str]:
    """The members of a team, without placeholders."""
    names = (name.strip() for name in TEAM_SEPARATOR.split(f" {text} "))
    return [name for name in names if not is_placeholder(name)]


def split_role_in_brackets(text: str) -> tuple[str, list[str]]:
    """Split “A One (story & teleplay)” into the name and the slugs of its roles, if any."""
    match = ROLE_IN_BRACKETS.search(text)
    if not match:
        return text, []
    words = re.findall(r"\w+", match[1].casefold())
    return text[: match.start()], [ROLE_OF_PREFIX[word] for word in words if word in ROLE_OF_PREFIX]


def split_by_role(text: str, default_role: str) -> list[tuple[str, str]]:
    """Split “Story by: A Teleplay by: B” into pairs of a role's slug and a list of names.

    A text without such words is one list of names for ``default_role``.
    """
    prefixes = list(ROLE_PREFIX.finditer(text))
    if not prefixes:
        return [(default_role, text)]
    ends = [prefix.start() for prefix in prefixes[1:]] + [len(text)]
    parts = [(default_role, text[: prefixes[0].start()])]
    parts += [
        (ROLE_OF_PREFIX[prefix[1].casefold()], text[prefix.end() : end])
        for prefix, end in zip(prefixes, ends, strict=True)
    ]
    return [(role, names) for role, part in parts if (names := part.strip(" \n;,|/、&"))]
