"""Parse credits typed as lines, one role per line: “Writer: Lauren Yee & Matt Smith”, “Guest: Isabel May as Sarah”."""

import re
from dataclasses import dataclass, field, replace

from catalog.editing.role_matching import RoleLookup
from catalog.models import Character, Role
from catalog.models.bounds import max_length
from catalog.models.credit import CAST_DEPARTMENT
from catalog.sources.cell_values import is_placeholder
from catalog.sources.claims import NOT_ON_AN_EPISODE, CreditClaim
from catalog.sources.person_names import (
    MAX_NAME_LENGTH,
    MAX_NAMES,
    OUTSIDE_BRACKETS,
    NameWithDetails,
    clean_text,
    is_person_name,
    read_name,
    split_by_role,
    split_teams,
)

MAX_CHARACTER_LENGTH = max_length(Character, "name")
CHARACTER_SEPARATOR = re.compile(rf"\s+as\s+{OUTSIDE_BRACKETS}", re.IGNORECASE)
SELF_WORDS = {"himself", "herself", "self", "themself", "themselves"}  # no character: everybody would share it
TEAM_DEPARTMENT = "writing"


@dataclass
class CreditLines:
    """The credits that lines of text state, the roles they use, and what could not be read, one sentence per error."""

    claims: list[CreditClaim] = field(default_factory=list)
    roles: dict[str, Role] = field(default_factory=dict)  # by slug
    errors: list[str] = field(default_factory=list)


def parse_credit_lines(text: str, on_episode: bool = False) -> CreditLines:
    """Read all lines; an error names its line. A claim that is repeated counts once.

    ``on_episode``: the credits are on an episode, and so for that one.
    """
    roles = RoleLookup.load()
    claims: list[CreditClaim] = []
    errors: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            line_claims, line_errors = _parse_line(clean_text(line), roles, number)
            if on_episode and any(claim.for_some_episodes for claim in line_claims):
                line_errors.append(f"{NOT_ON_AN_EPISODE}.")
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
    if not word.strip():
        return [], ["there is no role before the colon."]
    match = roles.find(word)
    if match is None:
        suggestions = roles.suggest(word)
        hint = f" Did you mean {' or '.join(suggestions)}?" if suggestions else ""
        return [], [f"there is no role called “{word.strip()[:60]}”.{hint}"]
    role, kind = match
    if not names.strip(" ,;&|/"):
        return [], ["there is no name after the colon."]
    claims: list[CreditClaim] = []
    for part, (slug, part_names) in enumerate(split_by_role(names, role.slug)):
        for position, members in enumerate(split_teams(part_names)):
            claims += _read_team(members, slug, kind, (number, part, position))
    errors = [_claim_error(claim, roles.by_slug.get(claim.role)) for claim in claims]
    return [_without_team(claim, roles) for claim in claims], list(filter(None, errors))


def _read_team(members: list[str], role: str, kind: str, team: tuple[int, int, int]) -> list[CreditClaim]:
    """The credits of people who are joined by ampersands, as members of ``team`` if there are several."""
    claims = []
    team_roles = read_name(members[-1]).roles  # “A One & B Two (story)” are both meant
    for member in members:
        name, *characters = CHARACTER_SEPARATOR.split(member, maxsplit=1)
        person = read_name(name)
        for character in _split_characters(characters[0] if characters else ""):
            claim = CreditClaim(
                role,
                person.name,
                kind,
                character.name,
                credited_as=person.credited_as or character.credited_as,
                note=", ".join(dict.fromkeys(person.notes + character.notes)),
                team=team if len(members) > 1 else None,
                for_some_episodes=person.for_some_episodes or character.for_some_episodes,
            )
            claims += [replace(claim, role=slug) for slug in person.roles or team_roles or [role]]
    return claims


def _without_team(claim: CreditClaim, roles: RoleLookup) -> CreditClaim:
    """The claim, without a team unless its role is one of writers."""
    role = roles.by_slug.get(claim.role)
    return claim if role and role.department.slug == TEAM_DEPARTMENT else replace(claim, team=None)


def _split_characters(text: str) -> list[NameWithDetails]:
    """The characters that a person plays; one with an empty name if none is known."""
    characters = [read_name(character) for character in ([""] if is_placeholder(text) else text.split("/"))]
    named = [character for character in characters if not _is_no_character(character.name)]
    return named or [replace(characters[0], name="")]


def _is_no_character(name: str) -> bool:
    return is_placeholder(name) or name.casefold() in SELF_WORDS


def _claim_error(claim: CreditClaim, role: Role | None) -> str:
    """Why the role, or the name of the person or character, is not accepted, or an empty text."""
    character = claim.character
    if role is None:
        return f"there is no role called “{claim.role}”."
    for name in filter(None, (claim.name, claim.credited_as)):
        if len(name) > MAX_NAME_LENGTH:
            return f"“{name[:60]}…” is too long for a name."
        if not is_person_name(name):
            return f"“{name[:60]}” is not a name."
        if name.endswith(" as"):
            return f"there is no character after “{name[:60]}”."
    if character and role.department.slug != CAST_DEPARTMENT:
        return f"only the cast plays characters, and {role} does not belong to the cast."
    if len(character) > MAX_CHARACTER_LENGTH:
        return f"“{character[:60]}…” is too long for the name of a character."
    return ""
