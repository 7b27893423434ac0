"""Credits as pages group them: by department, by person, by episode."""

from dataclasses import dataclass, field
from itertools import groupby

from markupsafe import Markup

from catalog.models import Credit, Person

# If all credits of a group are in one of these roles, its heading names the role and the remarks leave it out.
SINGLE_ROLES = ({"director"}, {"writer"}, {"cast"}, {"creator"})
SOME_EPISODES = "for some episodes; which is not known"


@dataclass(frozen=True)
class CreditedPerson:
    """One person in a department: their credits, each with its remarks."""

    person: Person
    credits: list[tuple[Credit, list[str]]] = field(default_factory=list)


@dataclass(frozen=True)
class CreditGroup:
    """A department with the people credited in it."""

    name: str
    slug: str
    people: list[CreditedPerson]


def scope_remark(credit) -> str:
    """The remark on a credit of a series or season that is not for all episodes; empty for others."""
    return "pilot only" if credit.pilot_only else SOME_EPISODES if credit.for_some_episodes else ""


def character_link(character) -> Markup:
    """A link to a character's page, as a remark."""
    return Markup('<a href="{}" dir="auto">{}</a>').format(character.get_absolute_url(), character)


def performer_remarks(credit) -> list[str]:
    """How somebody plays a character: role or kind of cast, credited name, for what part of a series, note."""
    kind = "main cast" if credit.kind == "main" else credit.kind
    is_vague = credit.series_id and not credit.is_main_cast and not credit.pilot_only
    return [
        kind or credit.role.name.lower(),
        *([f"as {credit.credited_as}"] if credit.credited_as else []),
        *([scope_remark(credit) or SOME_EPISODES] if credit.pilot_only or credit.for_some_episodes or is_vague else []),
        *([credit.note] if credit.note else []),
    ]


def credit_remarks(credit, with_role: bool, with_scope: bool = True) -> list[str]:
    """The remarks under a name: role, character, kind of cast, credited name, for what part of a series, note."""
    remarks = []
    if with_role:
        remarks.append(credit.role.name)
    if credit.character_id:
        remarks.append(character_link(credit.character))
    if credit.kind in ("recurring", "guest"):
        remarks.append(credit.get_kind_display().lower())
    if credit.credited_as:
        remarks.append(f"as {credit.credited_as}")
    if with_scope and (scope := scope_remark(credit)):
        remarks.append(scope)
    if credit.note:
        remarks.append(credit.note)
    return remarks


def listed_credits(credits: list) -> list | None:
    """The credits of published people; None if there are credits, but none of them is."""
    listed = [credit for credit in credits if credit.person.is_published]
    return listed if listed or not credits else None


def team_remarks(credits) -> dict[int, str]:
    """``{credit id: "team with …"}`` for each credit of a writing team, naming the other members."""
    remarks = {}
    for credit in credits:
        if credit.team is None:
            continue
        names = [
            member.person.name
            for member in credits
            if member.team == credit.team and member.role_id == credit.role_id and member.pk != credit.pk
        ]
        if names:
            remarks[credit.pk] = f"team with {' and '.join(names)}"
    return remarks


def group_by_department(credits, with_scope: bool = True) -> list[CreditGroup]:
    """The departments in the industry's order; ``credits`` must be sorted (``Credit.objects.in_order()``).

    Each person is named once in a department. The role is a remark unless the department's name says it; for what part
    of a series a credit is, unless the page says it (``with_scope``).
    """
    groups, teams = [], team_remarks(credits)
    for _, group in groupby(credits, key=lambda credit: credit.role.department_id):
        department_credits = list(group)
        department = department_credits[0].role.department
        with_role = {credit.role.slug for credit in department_credits} not in SINGLE_ROLES
        people: dict[int, CreditedPerson] = {}
        for credit in department_credits:
            credited = people.setdefault(credit.person_id, CreditedPerson(credit.person))
            remarks = credit_remarks(credit, with_role, with_scope)
            credited.credits.append((credit, [*remarks, teams[credit.pk]] if credit.pk in teams else remarks))
        groups.append(CreditGroup(department.name, department.slug, list(people.values())))
    return groups


def credits_by_episode(credits, *roles: str) -> dict[int, list]:
    """``{episode id: credits}`` in one of ``roles``, in order, each person once by the first of their credits.

    Who wrote both story and teleplay is named once.
    """
    credits_by_person: dict[int, dict] = {}
    for credit in credits:
        if credit.role.slug in roles:
            credits_by_person.setdefault(credit.episode_id, {}).setdefault(credit.person_id, credit)
    return {episode: list(by_person.values()) for episode, by_person in credits_by_person.items()}
