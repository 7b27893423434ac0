"""Credits as one types them: a line a role, “Writer: Lauren Yee & Matt Smith”, “Guest: Isabel May as Sarah”."""

import re
from dataclasses import dataclass

from catalog.editing.role_matching import RoleLookup
from catalog.models import Role
from catalog.models.credit import CAST_DEPARTMENT
from catalog.sources.person_names import MAX_NAME_LENGTH, MAX_NAMES, clean_text, split_teams

MAX_CHARACTER_LENGTH = 120
AS = re.compile(r"\s+as\s+", re.IGNORECASE)


@dataclass(frozen=True)
class CreditClaim:
    """One credit that a line asks for. Names of one role with the same ``team`` are joined by an ampersand."""

    role: Role
    kind: str
    name: str
    character: str = ""
    team: object = None


def parse_credit_lines(text):
    """(credits, complaints): each complaint names its line."""
    roles, wanted, complaints = RoleLookup.read(), [], []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            found, wrong = _line(clean_text(line), roles, number)
            wanted += found
            complaints += [f"Line {number}: {told}" for told in wrong]
    if len(wanted) > MAX_NAMES:
        complaints.append(f"At most {MAX_NAMES} names at once.")
    return list(dict.fromkeys(wanted)), complaints


def _line(line, roles, number):
    word, colon, rest = line.partition(":")
    if not colon:
        return [], ["write the role, a colon and the names."]
    named = roles.named(word)
    if named is None:
        nearest = roles.nearest(word)
        hint = f" Perhaps {' or '.join(nearest)}?" if nearest else ""
        return [], [f"there is no role called “{word.strip()[:60]}”.{hint}"]
    role, kind = named
    groups = split_teams(rest)
    wanted, complaints = [], [] if groups else ["names nobody."]
    for place, members in enumerate(groups):
        team = (number, place) if len(members) > 1 and role.department.slug == "writing" else None
        for member in members:
            name, *characters = AS.split(member, maxsplit=1)
            wrong = _complaint(name, characters, role)
            complaints += [wrong] if wrong else []
            wanted.append(CreditClaim(role, kind, name, characters[0] if characters else "", team))
    return wanted, complaints


def _complaint(name, characters, role):
    if not any(map(str.isalnum, name)):
        return f"“{name[:60]}” is no name."
    if len(name) > MAX_NAME_LENGTH:
        return f"“{name[:60]}…” is too long for a name."
    if characters and role.department.slug != CAST_DEPARTMENT:
        return f"only the cast plays somebody, and {role} is not of the cast."
    if characters and len(characters[0]) > MAX_CHARACTER_LENGTH:
        return f"“{characters[0][:60]}…” is too long for the name of a character."
    return ""
