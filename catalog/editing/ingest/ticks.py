"""Ticks that depend on other facts: dates in order, and credits for some episodes that are known by episode."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from catalog.editing.ingest.plan import Cell, Fact, FactKind, ImportPlan, PlannedRecord, State
from catalog.editing.ingest.recorded import FactKey, RecordedValue
from catalog.editing.ingest.stated_values import person_of
from catalog.models import Episode
from catalog.models.credit import WRITING_ROLES
from catalog.sources.claims import CreditClaim, FieldValue

# Of two fields the second may not be below the first, and what to say if it is.
ORDERED_FIELDS = (
    ("premiered", "ended", "A series cannot end before it begins."),
    ("born", "died", "Nobody dies before being born."),
    ("runtime_min", "runtime_max", "The longest running time cannot be below the shortest."),
)
WRITER = "writer"


def untick_out_of_order(planned: PlannedRecord) -> None:
    """Untick the second of two values, such as a premiere and an end, that cannot be right together."""
    facts = {fact.name: fact for fact in planned.facts if fact.kind is FactKind.VALUE}
    for first, second, note in ORDERED_FIELDS:
        if first not in facts and second not in facts or not hasattr(planned.record, first):
            continue
        start, end = (_value(planned, facts.get(name), name) for name in (first, second))
        is_before = isinstance(start, int) and isinstance(end, int) and end < start
        is_before |= isinstance(start, str) and isinstance(end, str) and end < start[: len(end)]
        changed = [cell for name in (second, first) if name in facts for cell in facts[name].cells if _is_change(cell)]
        if is_before and changed:
            for cell in facts[second].cells if second in facts and changed[0] in facts[second].cells else changed:
                if _is_change(cell):
                    cell.is_ticked, cell.note = False, note


def _is_change(cell: Cell) -> bool:
    return cell.is_ticked and cell.state is not State.SAME


def _value(planned: PlannedRecord, fact: Fact | None, name: str) -> FieldValue:
    """The value that a field would have."""
    ticked = next((cell.value for cell in fact.cells if _is_change(cell)), None) if fact else None
    value: FieldValue = ticked if isinstance(ticked, (str, int)) else getattr(planned.record, name)
    return value


def untick_vague_writers(planned: PlannedRecord, recorded: Mapping[FactKey, Mapping[str, RecordedValue]]) -> None:
    """Untick “writer” for people whose story or teleplay another source states, and what is recorded as “writer”."""
    facts = {fact.name: fact for fact in planned.facts if fact.kind is FactKind.CREDIT and fact.name in WRITING_ROLES}
    reference = f"{planned.record._meta.model_name}:{planned.record.pk}"
    people = {role: set(map(person_of, recorded.get((reference, role), ()))) for role in WRITING_ROLES}
    cells = [(role, cell) for role, fact in facts.items() for cell in fact.cells if cell.state is State.NEW]
    for role, cell in cells:
        person = person_of(cell.key)
        precise = any(
            other_role != WRITER and other.source != cell.source and person_of(other.key) == person
            for other_role, other in cells
        )
        precise |= any(person in people[precise_role] for precise_role in WRITING_ROLES if precise_role != WRITER)
        if role == WRITER and precise:
            cell.is_ticked, cell.note = False, "What they wrote is stated or recorded more precisely."
        elif role != WRITER and person in people[WRITER]:
            cell.is_ticked, cell.note = False, "Recorded as writer."


def untick_repeated_credits(plan: ImportPlan, recorded: Mapping[FactKey, Mapping[str, RecordedValue]]) -> None:
    """Untick credits “for some episodes” of people whose episodes are stated or recorded in that role."""
    people: dict[str, set[str]] = defaultdict(set)  # by role
    for (reference, name), values in recorded.items():
        if reference.startswith("episode:"):
            people[name].update(map(person_of, values))
    for planned in plan.records:
        for fact in planned.facts if isinstance(planned.record, Episode) else ():
            if fact.kind is FactKind.CREDIT:
                people[fact.name].update(person_of(cell.key) for cell in fact.cells if cell.state is not State.UNSURE)
    for planned in plan.records:
        for fact in planned.facts if not isinstance(planned.record, Episode) else ():
            roles = WRITING_ROLES if fact.name in WRITING_ROLES else (fact.name,)
            for cell in fact.cells if fact.kind is FactKind.CREDIT else ():
                is_partial = isinstance(cell.value, CreditClaim) and cell.value.for_some_episodes
                on_episodes = any(person_of(cell.key) in people[role] for role in roles)
                if is_partial and on_episodes and cell.state is State.NEW:
                    cell.is_ticked, cell.note = False, "The credits on episodes say for which."
