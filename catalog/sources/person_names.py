"""Split lists of names: commas and “and” separate people, an ampersand joins the members of a writing team."""

import html
import re
from dataclasses import dataclass

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
CHARACTERS = re.compile(rf"(\s+as\s+{OUTSIDE_BRACKETS}.*)", re.IGNORECASE)
# “Mr. & Mrs. Smith” is one name.
TEAM_SEPARATOR = re.compile(rf"(?<!\b[md]r)(?<!\b[md]r\.) & {OUTSIDE_BRACKETS}", re.IGNORECASE)
SUFFIX_WORDS = "|".join(sorted(suffix for suffix in NAME_SUFFIXES if suffix.isalpha()))
SUFFIX = re.compile(rf",\s*(?=(?:{SUFFIX_WORDS})\b\.?\s*(?:$|[^\w\s]|and\b)){OUTSIDE_BRACKETS}", re.IGNORECASE)
BRACKETS = re.compile(r"(?<=\S)\s*\(([^()]{1,200})\)$")
ROLES_IN_BRACKETS = re.compile(
    r"((?:story|teleplay|screenplay)(?:\s*(?:&|and|,)\s*(?:story|teleplay|screenplay))*)(?:\s+by)?", re.IGNORECASE
)
CREDITED_AS = re.compile(r"(?:credited )?as (.+)", re.IGNORECASE)
FOR_SOME_EPISODES = {"for some episodes", "some episodes"}
NOTES_IN_BRACKETS = {"uncredited", "voice", "singing voice", "archive footage", "archival footage", "deleted scenes"}
ROLE_WORD = r"(?:story|teleplay|screenplay|written|directed)"
ROLE_PREFIX = re.compile(
    rf"(?<!\()\b({ROLE_WORD}(?:\s*(?:&|/|,|\band\b)\s*{ROLE_WORD}){{0,4}})\s+by\b\s*:?", re.IGNORECASE
)
ROLE_OF_PREFIX = {
    "story": "story",
    "teleplay": "teleplay",
    "screenplay": "screenplay",
    "written": "writer",
    "directed": "director",
}


@dataclass(frozen=True)
class NameWithDetails:
    """A name, the slugs of the roles behind it, the name on the screen if it is another one, and notes.

    ``for_some_episodes``: it is not stated which.
    """

    name: str
    roles: tuple[str, ...] = ()
    credited_as: str = ""
    notes: tuple[str, ...] = ()
    for_some_episodes: bool = False


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


def read_name(text: str) -> NameWithDetails:
    """Read a name with brackets behind it: “A One (story & teleplay) (as A. Doe)”. Other brackets stay in the name."""
    name, credited_as = text.strip(), ""
    roles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    while match := BRACKETS.search(name):
        inner = match[1].strip()
        words = tuple(word.strip() for word in inner.casefold().split(","))
        if ROLES_IN_BRACKETS.fullmatch(inner):
            roles = tuple(
                ROLE_OF_PREFIX[word] for word in re.findall(r"\w+", inner.casefold()) if word in ROLE_OF_PREFIX
            )
        elif credited := CREDITED_AS.fullmatch(inner):
            credited_as = credited[1]
        elif (NOTES_IN_BRACKETS | FOR_SOME_EPISODES).issuperset(words):
            notes = words + notes
        else:
            break
        name = name[: match.start()]
    remarks = tuple(note for note in notes if note not in FOR_SOME_EPISODES)
    return NameWithDetails(name, roles, credited_as, remarks, for_some_episodes=remarks != notes)


def split_by_role(text: str, default_role: str) -> list[tuple[str, str]]:
    """Split “Story by: A Teleplay by: B” into pairs of a role's slug and a list of names.

    “Story and teleplay by A” are two pairs. A text without such words is one list of names for ``default_role``.
    """
    prefixes = list(ROLE_PREFIX.finditer(text))
    if not prefixes:
        return [(default_role, text)]
    ends = [prefix.start() for prefix in prefixes[1:]] + [len(text)]
    parts = [(default_role, text[: prefixes[0].start()])]
    parts += [
        (ROLE_OF_PREFIX[word], text[prefix.end() : end])
        for prefix, end in zip(prefixes, ends, strict=True)
        for word in re.findall(ROLE_WORD, prefix[1].casefold())
    ]
    return [(role, names) for role, part in parts if (names := part.strip(" \n;,|/、&"))]
