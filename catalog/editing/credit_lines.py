"""Parse credits typed as lines, one role per line: “Writer: Lauren Yee & Matt Smith”, “Guest: Isabel May as Sarah”."""

import re
from dataclasses import dataclass, field

from catalog.editing.role_matching import RoleLookup
from catalog.models import Role
from catalog.models.credit import CAST_DEPARTMENT
from catalog.sources.claims import CreditClaim
from catalog.sources.person_names import MAX_NAME_LENGTH, MAX_NAMES, clean_text, split_teams

MAX_CHARACTER_LENGTH = 120  # the length of Character.name
CHARACTER_SEPARATOR = re.compile(r"\s+as\s+", re.IGNORECASE)
TEAM_DEPARTMENT = "writing"


@dataclass
class CreditLines:
    """The credits that lines of text state, the roles they use, and what could not be read, one sentence per error."""

    claims: list[CreditClaim] = field(default_factory=list)
    roles: dict[str, Role] = field(default_factory=dict)  # by slug
    errors: list[str] = field(default_factory=list)


def parse_credit_lines(text: str) -> CreditLines:
    """Read all lines; an error names its line. A claim that is repeated counts once."""
    roles = RoleLookup.load()
    claims: list[CreditClaim] = []
    errors: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            line_claims, line_errors = _parse_line(clean_text(line), roles, number)
            claims += line_claims
            errors += [f"Line {number}: {error}" for error in line_errors]
    if len(claims) > MAX_NAMES:
        errors.append(f"At most {MAX_NAMES} names at once.")
    return CreditLines(list(dict.fromkeys(claims)), roles.by_slug, errors)


def _parse_line(line: str, roles: RoleLookup, number: int) -> tuple[list[CreditClaim], list[str]]:
    """(claims, errors) of one line."""
    word, colon, names = line.partition(":")
    if not colon:
        return [], ["write the role, a colon and the names."]
    match = roles.find(word)
    if match is None:
        suggestions = roles.suggest(word)
        hint = f" Did you mean {' or '.join(suggestions)}?" if suggestions else ""
        return [], [f"there is no role called “{word.strip()[:60]}”.{hint}"]
    role, kind = match
    teams = split_teams(names)
    if not teams:
        return [], ["there is no name after the colon."]
    claims, errors = [], []
    for position, members in enumerate(teams):
        team = (number, position) if len(members) > 1 and role.department.slug == TEAM_DEPARTMENT else None
        for member in members:
            name, *characters = CHARACTER_SEPARATOR.split(member, maxsplit=1)
            character = characters[0] if characters else ""
            if error := _name_error(name, character, role):
                errors.append(error)
            claims.append(CreditClaim(role.slug, name, kind, character, team))
    return claims, errors


def _name_error(name: str, character: str, role: Role) -> str:
    """Why the name of the person or character is not accepted, or an empty text."""
    if not any(map(str.isalnum, name)):
        return f"“{name[:60]}” is not a name."
    if len(name) > MAX_NAME_LENGTH:
        return f"“{name[:60]}…” is too long for a name."
    if character and role.department.slug != CAST_DEPARTMENT:
        return f"only the cast plays characters, and {role} does not belong to the cast."
    if len(character) > MAX_CHARACTER_LENGTH:
        return f"“{character[:60]}…” is too long for the name of a character."
    return ""
