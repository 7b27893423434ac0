"""Write the ticked credits of an import, and note as disputed who else a source names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from catalog.editing.credits import CreditWriter, ExistingCredits, Subject
from catalog.editing.fitted_text import fit_text
from catalog.editing.ingest.plan import Cell, Fact, FactKind, PlannedRecord
from catalog.editing.ingest.write_context import (
    RowsByOwner,
    WriteContext,
    differing_cells,
    first_of_each_key,
    taken_cells,
)
from catalog.editing.ingest.write_people import PeopleWriter
from catalog.models import Character, Credit, Episode, Person, Role
from catalog.models.credit import CAST_DEPARTMENT
from catalog.search.tokenizer import name_key
from catalog.sources.claims import CreditClaim
from catalog.text import join_lines

NAMES = "person"  # the field of a credit of which a source says something else


@dataclass
class TakenCredit:
    """A person in a role, with one character or none, and the cells that state it."""

    person: Person
    character: Character | None
    claim: CreditClaim
    cells: list[Cell]

    def is_same_as(self, other: "TakenCredit") -> bool:
        """True for a credit of the same person with the same character, or if one of them has none."""
        return self.character == other.character or self.character is None or other.character is None

    def add(self, other: "TakenCredit") -> None:
        """Take what the other one says further."""
        self.cells += other.cells
        self.character = self.character or other.character
        self.claim = _filled(self.claim, other.claim)


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
        for _, same in first_of_each_key(cells):
            credit = self._taken_credit(subject, fact, same)
            if credit is None:
                continue
            for other in credits:
                if other.person.pk == credit.person.pk and other.is_same_as(credit):
                    other.add(credit)
                    break
            else:
                credits.append(credit)
        return credits

    def _taken_credit(self, subject: Subject, fact: Fact, cells: Sequence[Cell]) -> TakenCredit | None:
        """The credit that cells with one key state; None if it is not settled who is meant."""
        person, claims = self.people.find_or_add(cells[0].person, subject), []
        for cell in cells:
            if isinstance(cell.value, CreditClaim):
                team = None if cell.value.team is None else (cell.source, fact.name, cell.value.team)
                claims.append(fitting_claim(replace(cell.value, role=fact.name, team=team), subject))
        if person is None or not claims:
            return None
        claim = reduce(_filled, claims)
        return TakenCredit(person, self.writer.character(claim.character, subject), claim, list(cells))

    def _matching_row(self, credit: TakenCredit, rows: Sequence[Credit]) -> Credit | None:
        """The row of a credit. One without a character gets it if a source names it."""
        same = [row for row in rows if row.person_id == credit.person.pk]
        key = credit.character.pk if credit.character else None
        recorded = {cell.row.pk for cell in credit.cells if cell.row is not None}
        matches = [row for row in same if row.character_id == key] or [row for row in same if row.pk in recorded]
        match = next(iter(matches), None)
        if match is None and same:
            match = same[0] if key is None else next((row for row in same if row.character_id is None), None)
        if match is not None and match.pk is not None and match.character_id is None and credit.character is not None:
            match.character = credit.character
            match.save(update_fields=["character"])
            self.context.result.changed.append(f"{match}: as {credit.character}")
        return match

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


def fitting_claim(claim: CreditClaim, subject: Subject) -> CreditClaim:
    """A claim as the columns of a credit can hold it. A credit on an episode is for that episode."""
    return replace(
        claim,
        kind=claim.kind if claim.kind in Credit.Kind.values else "",
        character=join_lines(claim.character).strip(),
        credited_as=fit_text(Credit, "credited_as", claim.credited_as),
        note=fit_text(Credit, "note", claim.note),
        for_some_episodes=claim.for_some_episodes and not isinstance(subject, Episode),
    )


def _filled(claim: CreditClaim, other: CreditClaim) -> CreditClaim:
    """A claim whose empty details are those of another source."""
    names = ("kind", "character", "credited_as", "note")
    empty = {name: getattr(other, name) for name in names if not getattr(claim, name)}
    return replace(claim, team=claim.team if claim.team is not None else other.team, **empty)
