"""Who held a role after whom: the turns of two people in it, in words."""

from collections import defaultdict
from itertools import groupby

from catalog.models import Person, Role
from catalog.models.series import episode_code, season_name
from catalog.models.shared_work import HeldRole, held_roles

MAX_LISTED = 60  # credits in one role of both people whose episodes are named; of more, the first and last of a turn
MAX_TURNS = 20  # of one role
MAX_CREDITS = 1_000  # read for a page


def turns_by_series(people: dict[int, Person], series: list[int], roles: dict[int, Role]) -> defaultdict:
    """{series key: [(role or character, who held it on which episodes)]} where one followed the other."""
    credits_by_role = defaultdict(list)
    for credit in held_roles(people, series, MAX_LISTED, MAX_CREDITS):
        credits_by_role[credit.role_id, credit.character or "", credit.number is None, credit.series_id].append(credit)
    turns, positions = defaultdict(list), {pk: position for position, pk in enumerate(roles)}
    for key, credits in sorted(credits_by_role.items(), key=lambda item: (positions[item[0][0]], item[0])):
        role, character, _, series_key = key
        if text := turns_text(people, credits):
            turns[series_key].append((character or roles[role].name, text))
    return turns


def turns_text(people: dict[int, Person], credits: list[HeldRole]) -> str:
    """``Ti West s01e03, then Joe Swanberg s01e04``; empty if they held the role together all the time."""
    holders: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    units = defaultdict(list)
    for credit in credits:
        unit = credit.season_number, credit.number or 0
        holders[unit].add(credit.person_id)
        units[unit].append(credit)
    turns = []
    for holder, group in groupby(sorted(holders.items()), key=lambda item: frozenset(item[1])):
        name = "both" if len(holder) > 1 else people[next(iter(holder))].name
        turn = [credit for unit, _ in group for credit in units[unit]]
        turns.append(f"{name} {turn_text(turn, len(holder))}")
    is_cut = len(turns) > MAX_TURNS or max(credit.position for credit in credits) < credits[0].total
    more = ", and further ones" if is_cut else ""
    return f"{', then '.join(turns[:MAX_TURNS])}{more}" if len(turns) > 1 else ""


def turn_text(credits: list[HeldRole], holder_count: int) -> str:
    """What somebody, or both, did in a row: all of it, or ``100 episodes from s01e01 to s05e02``."""
    first, last = credits[0], credits[-1]
    total = (last.position - first.position + 1) // holder_count
    if first.total <= MAX_LISTED or total < 3:
        return spans_text(credits[::holder_count])
    label = "seasons" if first.number is None else "episodes"
    return f"{total:,} {label} from {range_text(first, first)} to {range_text(last, last)}"


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
