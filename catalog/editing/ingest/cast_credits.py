"""Characters of one performer in several sources: “Buffy” and “Buffy Summers” are one, no character is no other one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from catalog.editing.ingest.plan import Cell, State
from catalog.editing.ingest.recorded import RecordedValue
from catalog.editing.ingest.stated_values import character_of, credit_key, person_of
from catalog.quality.similar_names import name_words
from catalog.sources.claims import CreditClaim


def unite_characters(cells: Sequence[Cell], recorded: Mapping[str, RecordedValue]) -> None:
    """Give cells of one role the key of a recorded credit, or of another source's, of the same person and character.

    A credit without a character takes that of another one; its source is then cited for it as well.
    """
    credits: dict[str, dict[str, _Credit]] = defaultdict(dict)  # by person and key
    for key, value in recorded.items():
        credits[person_of(key)].setdefault(key, _Credit(value.characters))
    for with_character in (True, False):
        for cell in cells:
            claim = cell.value
            if not isinstance(claim, CreditClaim) or bool(claim.character) is not with_character:
                continue
            credits_of_person = credits[person_of(cell.key)]
            key = next(
                (key for key, credit in credits_of_person.items() if credit.has(claim.character, cell.source)), cell.key
            )
            if key != cell.key and key not in recorded:
                cell.value = replace(claim, character=credits_of_person[key].characters[0])
            cell.key = key
            credits_of_person.setdefault(key, _Credit((claim.character,) if claim.character else (), cell.source))


@dataclass(frozen=True)
class _Credit:
    """The names of a character, none if it is not known, and the source that names it, None if it is recorded."""

    characters: tuple[str, ...]
    source: int | None = None

    def has(self, character: str, source: int) -> bool:
        """True for the same character, and for none. One source's “Sam” is not its own “Sam Senior”."""
        if not character or source == self.source:
            return character in self.characters or not character
        return any(is_same_character(name, character) for name in self.characters)


def is_same_character(name: str, other: str) -> bool:
    """True if the words of one name are all in the other."""
    words, other_words = set(name_words(name)), set(name_words(other))
    return bool(words and other_words) and (words <= other_words or other_words <= words)


def compare_characters(cells: Iterable[Cell], recorded: Mapping[str, RecordedValue]) -> None:
    """Mark cells that give a person another character than the record or another source does.

    A recorded credit without a character is not contradicted: the cell refers to its row.
    """
    by_person: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_person[person_of(cell.key)].append(cell)
    for person, own_cells in by_person.items():
        recorded_keys = {key for key in recorded if person_of(key) == person}
        sources: dict[int, set[str]] = defaultdict(set)
        for cell in own_cells:
            sources[cell.source].add(cell.key)
        for cell in own_cells:
            if cell.state is not State.NEW or not character_of(cell.key):
                continue
            without_character = recorded.get(credit_key(person, ""))
            others = [keys for source, keys in sources.items() if source != cell.source and cell.key not in keys]
            others += [recorded_keys] if recorded_keys and without_character is None else []
            if without_character is not None:
                cell.row, cell.note = without_character.row, "Recorded without the character."
            elif any(not keys <= sources[cell.source] for keys in others):
                cell.state, cell.is_ticked = State.DIFFERS, False
