"""Who held a role after whom: the turns of two people in it, in words."""

from collections import defaultdict
from itertools import groupby

from catalog.models import Person, Role
from catalog.models.series import episode_code, season_name
from catalog.models.shared_work import HeldRole


def turns_by_series(people: dict[int, Person], credits: list[HeldRole], roles: dict[int, Role]) -> defaultdict:
    """{series key: [(role or character, who held it on which episodes)]} where one followed the other."""
    turns = defaultdict(list)
    for (series, role, character, _, _), group in groupby(credits, key=turn_group):
        held = list(group)
        if text := turns_text(people, held):
            turns[series].append((character or roles[role].name, text))
    return turns


def turn_group(credit: HeldRole) -> tuple:
    """What the credits have in common that are told together."""
    return credit.series_id, credit.role_id, credit.character, credit.number is None, credit.total


def turns_text(people: dict[int, Person], credits: list[HeldRole]) -> str:
    """``Ti West s01e03, then Joe Swanberg s01e04``; empty if they held the role together all the time."""
    holders: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    units = {}
    for credit in credits:
        unit = credit.season_number, credit.number or 0
        holders[unit].add(credit.person_id)
        units[unit] = credit
    runs = []
    for holder, group in groupby(sorted(holders.items()), key=lambda item: frozenset(item[1])):
        name = "both" if len(holder) > 1 else people[next(iter(holder))].name
        runs.append(f"{name} {spans_text([units[unit] for unit, _ in group])}")
    cut = " and further ones" if credits[0].total > len(credits) else ""
    return f"{', then '.join(runs)}{cut}" if len(runs) > 1 else ""


def spans_text(units: list[HeldRole]) -> str:
    """``s01e01–s01e02, s01e05`` or ``seasons 1–3``: numbers in a row are a range."""
    ranges: list[list[HeldRole]] = []
    for unit in units:
        if ranges and follows(ranges[-1][-1], unit):
            ranges[-1].append(unit)
        else:
            ranges.append([unit])
    return ", ".join(range_text(run[0], run[-1]) for run in ranges)


def follows(previous: HeldRole, unit: HeldRole) -> bool:
    """Whether no number lies between two seasons, or between two episodes of a season."""
    if unit.number is None or previous.number is None:
        return unit.season_number == previous.season_number + 1
    last = previous.last_number or previous.number
    return unit.season_number == previous.season_number and unit.number == last + 1


def range_text(first: HeldRole, last: HeldRole) -> str:
    """``s01e01``, ``s01e01–s01e02``, ``season 1``, ``seasons 1–3``."""
    if first.number is None:
        if first is last or not first.season_number:
            return " and ".join(dict.fromkeys(season_name(unit.season_number).lower() for unit in (first, last)))
        return f"seasons {first.season_number}–{last.season_number}"
    return "–".join(dict.fromkeys(episode_code(unit.season_number, unit.number or 0) for unit in (first, last)))
