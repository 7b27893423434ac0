"""States and default ticks: how each stated value compares with the record, with other sources and with the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from catalog.editing.ingest.plan import Cell, Fact, FactKind, ImportAnswers, State
from catalog.editing.ingest.recorded import RecordedValue
from catalog.editing.ingest.stated_values import credit_key, person_of
from catalog.partial_date import PartialDate

SET_BY_EDITOR = "Set by an editor."
REMOVED_BY_EDITOR = "Removed by an editor."
OTHER_SERIES = "It may be another series."
LESS_PRECISE = "Less precise than another date."


@dataclass
class Background:
    """What is recorded for a fact, by key, and what the change log says of it.

    ``is_open``: several sources may each state a part, such as guests or genres, without contradicting each other.
    """

    recorded: Mapping[str, RecordedValue] = field(default_factory=dict)
    removed: Collection[str] = ()  # keys of values that an editor removed
    is_emptied: bool = False  # by an editor
    may_replace: bool = False  # the recorded value comes from an import
    is_open: bool = False


def set_states(fact: Fact, background: Background, is_cited: Callable[[Cell], bool]) -> None:
    """Set the state of each cell, and tick what adds to the catalogue and contradicts nothing.

    Cells that are UNSURE already stay so unless they state what is recorded. ``is_cited`` says of a cell that states
    what is recorded whether its source is cited for it.
    """
    _note_less_precise_dates(fact, background)
    stated: dict[int, set[str]] = defaultdict(set)
    for cell in fact.cells:
        is_placeholder = cell.state is State.UNSURE and not cell.person
        if cell.may_tick and not is_placeholder and cell.note not in (LESS_PRECISE, OTHER_SERIES):
            stated[cell.source].add(cell.key)
    for cell in fact.cells:
        if cell.key in background.recorded:
            cell.state, cell.row, cell.note = State.SAME, background.recorded[cell.key].row, ""
            cell.is_cited = is_cited(cell)
        elif cell.state is not State.UNSURE and cell.note != LESS_PRECISE:
            _set_state(cell, fact, background, stated)
        elif cell.state is State.UNSURE and background.recorded and not (fact.is_list or background.may_replace):
            cell.may_tick, cell.note = False, f"{cell.note} {SET_BY_EDITOR}".strip()
        cell.is_ticked = cell.may_tick and _is_ticked_by_default(cell, background)


def _note_less_precise_dates(fact: Fact, background: Background) -> None:
    """The year or month of a date that is recorded, or that another source states, contradicts nothing."""
    precise = dict.fromkeys(background.recorded, State.SAME)
    precise |= {cell.key: State.NEW for cell in fact.cells if cell.key not in precise}
    for cell in fact.cells if fact.kind is FactKind.VALUE else ():
        for key, state in precise.items():
            if isinstance(cell.value, PartialDate) and key.startswith(f"{cell.key}-"):
                cell.state, cell.may_tick, cell.note = state, False, LESS_PRECISE
                break


def _set_state(cell: Cell, fact: Fact, background: Background, stated: Mapping[int, set[str]]) -> None:
    """NEW or DIFFERS."""
    own_keys = stated[cell.source] | {cell.key}
    others = [keys for source, keys in stated.items() if source != cell.source]
    removed_key = credit_key(person_of(cell.key), "") if cell.person else cell.key
    if background.is_emptied or removed_key in background.removed:
        cell.state, cell.note = State.DIFFERS, cell.note or REMOVED_BY_EDITOR
    elif not fact.is_list:
        if background.recorded:
            cell.state = State.DIFFERS
            if not background.may_replace:
                cell.may_tick, cell.note = False, SET_BY_EDITOR
        elif any(keys - {cell.key} for keys in others):
            cell.state = State.DIFFERS
    elif not background.is_open:
        lacks_recorded = not own_keys.issuperset(background.recorded)
        is_disputed = any(cell.key not in keys and not own_keys.issuperset(keys) for keys in others)
        cell.state = State.DIFFERS if lacks_recorded or is_disputed else State.NEW


def _is_ticked_by_default(cell: Cell, background: Background) -> bool:
    if cell.state is State.SAME:
        return not cell.is_cited
    return cell.state is State.NEW and not background.recorded


def apply_ticks(fact: Fact, answers: ImportAnswers) -> None:
    """Tick the cells that an editor ticked, else those that are ticked by default.

    Of a fact with one value, the first ticked value that is not recorded wins, else the recorded one.
    """
    for cell in fact.cells:
        cell.is_proposed = cell.is_ticked
        is_ticked = cell.is_ticked if answers.ticks is None else cell.tick in answers.ticks
        is_ticked = is_ticked and cell.tick not in answers.unticked
        cell.is_ticked = cell.may_tick and (is_ticked or cell.tick in answers.ticked)
    ticked = [cell for cell in fact.cells if cell.is_ticked]
    if fact.is_list or len({cell.key for cell in ticked}) < 2:
        return
    winner = next((cell for cell in ticked if cell.state is not State.SAME), ticked[0])
    for cell in ticked:
        if cell.key != winner.key:
            cell.is_ticked, cell.note = False, f"“{winner.words}” is ticked."
