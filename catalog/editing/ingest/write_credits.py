"""Write the ticked credits of an import, and note as disputed who else a source names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from catalog.editing.credits import CreditWriter, ExistingCredits, Subject
from catalog.editing.ingest.plan import Cell, Fact, FactKind, PlannedRecord
from catalog.editing.ingest.write_context import RowsByOwner, WriteContext, differing_cells, taken_cells
from catalog.editing.ingest.write_people import PeopleWriter
from catalog.models import Character, Credit, Episode, Person, Role
from catalog.models.credit import CAST_DEPARTMENT
from catalog.search.tokenizer import name_key
from catalog.sources.claims import CreditClaim
from catalog.text import cut_text, join_lines

MAX_CREDITED_AS, MAX_NOTE = 160, 200  # the lengths of the columns of Credit
NAMES = "person"  # the field of a credit of which a source says something else


@dataclass
class TakenCredit:
    """A person in a role, with one character or none, and the cells that state it."""

    person: Person
    character: Character | None
    claim: CreditClaim
    cells: list[Cell]


class ImportCredits:
    """Adds the credits of one import."""

    def __init__(self, context: WriteContext, people: PeopleWriter, roles: Mapping[str, Role]) -> None:
        self.context, self.people, self.roles = context, people, roles
        self.writer = CreditWriter(roles, context.plan.publishes)
        records = [planned.record for planned in context.plan.records]
        self._rows = RowsByOwner(Credit, records, "person", "role__department", "character")

    def write(self, planned: PlannedRecord) -> None:
        """Write the credits of a series, season or episode."""
        subject, teams = planned.record, dict[object, int]()
        if isinstance(subject, Person):
            return
        rows: list[Credit] = self._rows.of(subject)
        existing = ExistingCredits.of(rows)
        for fact in planned.facts:
            if fact.kind != FactKind.CREDIT or fact.name not in self.roles:
                continue
            ticked = taken_cells(fact)
            self.context.note_left(planned, fact, ticked)
            role_rows = [row for row in rows if row.role_id == self.roles[fact.name].pk]
            named: dict[int, set[int]] = {}  # by source: ids of the rows that it states
            for credit in self._taken_credits(subject, fact, ticked):
                row = self._matching_row(credit, role_rows)
                if row is None:
                    row = self.writer.new_credit(subject, credit.claim, credit.person, existing, teams)
                    if row is None:
                        continue
                    self.context.add_row(row)
                    rows.append(row)
                    role_rows.append(row)
                self.context.cite(row, "", credit.cells)
                for cell in credit.cells:
                    named.setdefault(cell.source, set()).add(id(row))
            self._dispute(fact, role_rows, differing_cells(fact, ticked), named)

    def _taken_credits(self, subject: Subject, fact: Fact, cells: Sequence[Cell]) -> list[TakenCredit]:
        """Who is credited, each once: what one source leaves empty is filled from the next."""
        credits: list[TakenCredit] = []
        for cell in cells:
            person = self.people.find_or_add(cell.person, subject)
            if person is None or not isinstance(cell.value, CreditClaim):
                continue
            claim = fitting_claim(replace(cell.value, role=fact.name, team=_team(cell, fact)), subject)
            character = self.writer.character(claim.character, subject)
            same = [credit for credit in credits if credit.person.pk == person.pk]
            match = next((credit for credit in same if credit.character == character), None)
            if match is None and (character is None or any(credit.character is None for credit in same)):
                match = next((credit for credit in same if character is None or credit.character is None), None)
            if match is None:
                credits.append(TakenCredit(person, character, claim, [cell]))
            else:
                match.cells.append(cell)
                match.character = match.character or character
                match.claim = _filled(match.claim, claim)
        return credits

    def _matching_row(self, credit: TakenCredit, rows: Sequence[Credit]) -> Credit | None:
        """The row of a credit. One without a character gets it if a source names it."""
        same = [row for row in rows if row.person_id == credit.person.pk]
        key = credit.character.pk if credit.character else None
        match = next((row for row in same if row.character_id == key), None)
        if match is not None or not same:
            return match
        if key is None:
            return same[0]
        unnamed = next((row for row in same if row.character_id is None), None)
        if unnamed is not None and unnamed.pk is not None:
            unnamed.character = credit.character
            unnamed.save(update_fields=["character"])
            self.context.result.changed.append(f"{unnamed}: as {credit.character}")
        return unnamed

    def _dispute(
        self, fact: Fact, rows: Sequence[Credit], cells: Sequence[Cell], named: Mapping[int, set[int]]
    ) -> None:
        """Note a claim on the credits that its source does not state; of the cast, on those of the same character.

        A cast list is never complete: that it leaves somebody out disputes nothing.
        """
        is_cast = self.roles[fact.name].department.slug == CAST_DEPARTMENT
        for source in dict.fromkeys(cell.source for cell in cells):
            own_cells = [cell for cell in cells if cell.source == source]
            stated = {cell.person for cell in fact.cells_of(source)}
            people = {person.pk for key in stated if (person := self.people.find(key)) is not None}
            rivals = [row for row in rows if row.person_id not in people and id(row) not in named.get(source, ())]
            for row in rivals if is_cast else rivals or rows:
                claims = [cell for cell in own_cells if not is_cast or _is_same_part(row, cell)]
                if claims:
                    self.context.dispute(row, NAMES, claims)


def _is_same_part(row: Credit, cell: Cell) -> bool:
    """True if a cast credit and a claim are about one character."""
    if row.character is None or not isinstance(cell.value, CreditClaim) or not cell.value.character:
        return False
    return name_key(cell.value.character) in {name_key(row.character.name), name_key(row.character.full_name)}


def _team(cell: Cell, fact: Fact) -> tuple[int, str, object] | None:
    """A writing team of one source and role; None for no team."""
    team = cell.value.team if isinstance(cell.value, CreditClaim) else None
    return None if team is None else (cell.source, fact.name, team)


def fitting_claim(claim: CreditClaim, subject: Subject) -> CreditClaim:
    """A claim as the columns of a credit can hold it. A credit on an episode is for that episode."""
    return replace(
        claim,
        kind=claim.kind if claim.kind in Credit.Kind.values else "",
        character=join_lines(claim.character).strip(),
        credited_as=cut_text(join_lines(claim.credited_as).strip(), MAX_CREDITED_AS),
        note=cut_text(join_lines(claim.note).strip(), MAX_NOTE),
        for_some_episodes=claim.for_some_episodes and not isinstance(subject, Episode),
    )


def _filled(claim: CreditClaim, other: CreditClaim) -> CreditClaim:
    """A claim whose empty details are those of another source."""
    names = ("kind", "character", "credited_as", "note")
    empty = {name: getattr(other, name) for name in names if not getattr(claim, name)}
    return replace(claim, team=claim.team if claim.team is not None else other.team, **empty)
