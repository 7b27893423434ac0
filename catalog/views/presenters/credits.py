"""Credits as pages group them: by department, by role, by level."""

from dataclasses import dataclass, field
from itertools import groupby


@dataclass(frozen=True)
class CreditedPerson:
    """One person under a department or role: their credits there, and what is said beside the name."""

    person: object
    credits: list
    remarks: list = field(default_factory=list)


@dataclass(frozen=True)
class CreditGroup:
    """A department with its lines."""

    name: str
    slug: str
    lines: list


def credit_remarks(credit, with_role):
    """What stands under a name: the role, the character, and whatever is noted."""
    said = []
    if with_role:
        said.append(credit.role.name)
    if credit.character_id:
        said.append(str(credit.character))
    if credit.kind in ("recurring", "guest"):
        said.append(credit.get_kind_display().lower())
    if credit.credited_as:
        said.append(f"as {credit.credited_as}")
    if credit.pilot_only:
        said.append("pilot only")
    if credit.note:
        said.append(credit.note)
    return said


def team_remarks(credits):
    """For each credit that was written in a team: ``team with …``, naming the others."""
    found = {}
    for credit in credits:
        if credit.team is None:
            continue
        others = [
            other.person.name
            for other in credits
            if other.team == credit.team and other.role_id == credit.role_id and other.pk != credit.pk
        ]
        if others:
            found[credit.pk] = f"team with {' and '.join(others)}"
    return found


def group_by_department(credits):
    """Groups in the industry's order; ``credits`` come in it (``Credit.objects.in_order()``).

    A role is named beside a person unless it is the department's first and only one, as for directors.
    """
    groups, team = [], team_remarks(credits)
    for _, together in groupby(credits, key=lambda credit: credit.role.department_id):
        together = list(together)
        department = together[0].role.department
        plain = {credit.role.slug for credit in together} in ({"director"}, {"writer"}, {"cast"}, {"creator"})
        lines = {}
        for credit in together:
            line = lines.setdefault(credit.person_id, CreditedPerson(credit.person, []))
            line.credits.append(credit)
            line.remarks.extend(credit_remarks(credit, with_role=not plain))
            if credit.pk in team:
                line.remarks.append(team[credit.pk])
        groups.append(CreditGroup(department.name, department.slug, list(lines.values())))
    return groups


def credits_by_episode(credits, *roles):
    """For each subject's key the people credited with ``roles``, in order: ``{episode id: [credit, …]}``.

    Each once, by the first of their credits: who wrote story and teleplay is named once.
    """
    found = {}
    for credit in credits:
        if credit.role.slug in roles:
            found.setdefault(credit.episode_id, {}).setdefault(credit.person_id, credit)
    return {key: list(named.values()) for key, named in found.items()}
