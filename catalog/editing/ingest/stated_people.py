"""Tell the people of several sources apart: which names are one person, and which are namesakes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from catalog.models import RememberedName
from catalog.models.bounds import max_length
from catalog.search.tokenizer import name_key
from catalog.sources.series_claims import PersonClaim

QUALIFIER = re.compile(r"\s*\([^()]*\)$")
MAX_KEY_LENGTH = max_length(RememberedName, "key")
Statement = tuple[int, PersonClaim]  # position of the source, and the person as it names them
Marks = dict[str, set[str]]  # identifiers by scheme, and titles of pages by publisher


def contradict(marks: Marks, other: Marks) -> bool:
    """True if two people have other identifiers or pages of one issuer."""
    return any(values.isdisjoint(other[issuer]) for issuer, values in marks.items() if other.get(issuer))


@dataclass
class StatedPerson:
    """One person as the sources name them."""

    name: str
    key: str  # in ``ImportPlan.people``
    statements: list[Statement]
    marks: Marks
    has_namesake: bool = False  # the sources tell two people of this name apart

    def claims(self) -> dict[int, PersonClaim]:
        """All that each source states of the person in one claim, by source."""
        claims: dict[int, PersonClaim] = {}
        for source, claim in self.statements:
            first = claims.setdefault(source, claim)
            if first is not claim:
                names = (*first.other_names, claim.name, *claim.other_names)
                claims[source] = PersonClaim(
                    first.name,
                    tuple(dict.fromkeys((*first.external_ids, *claim.external_ids))),
                    tuple(dict.fromkeys(name for name in names if name != first.name)),
                    tuple((dict(claim.values) | dict(first.values)).items()),
                    first.page or claim.page,
                )
        return claims

    @property
    def names(self) -> dict[str, str]:
        """The name and the other spellings, by name key."""
        names = [(claim.name, *claim.other_names) for _, claim in self.statements]
        return {key: name for spellings in reversed(names) for name in spellings if (key := name_key(name))}


class StatedPeople:
    """The people of an import. A page is one of its publisher: ``publishers`` are those of the sources.

    Statements that share an identifier or a page are about one person. Beyond that one name is one person, in one
    source as in two, unless that would unite people with different identifiers or pages: then they are namesakes.
    """

    def __init__(self, statements: Iterable[Statement], publishers: Sequence[str]) -> None:
        self._statements = list(dict.fromkeys(statements))
        self._indices = {statement: index for index, statement in enumerate(self._statements)}
        self._parents = list(range(len(self._statements)))
        self._marks: list[Marks] = [_marks(claim, publishers[source]) for source, claim in self._statements]
        self._unite_marks()
        self._unite_names(lambda claim: [claim.name])
        self._unite_names(lambda claim: [claim.name, *claim.other_names])
        self.people = self._people()
        self._by_statement = {statement: person for person in self.people for statement in person.statements}

    def person(self, source: int, claim: PersonClaim) -> StatedPerson:
        """The person whom a source names."""
        return self._by_statement[source, claim]

    def _root(self, index: int) -> int:
        while self._parents[index] != index:
            self._parents[index] = index = self._parents[self._parents[index]]
        return index

    def _unite(self, index: int, other: int) -> None:
        first, last = sorted((self._root(index), self._root(other)))
        if first != last:
            self._parents[last] = first
            for issuer, values in self._marks[last].items():
                self._marks[first].setdefault(issuer, set()).update(values)

    def _unite_marks(self) -> None:
        owners: dict[tuple[str, str], int] = {}
        for index, marks in enumerate(self._marks):
            for mark in [(issuer, value) for issuer, values in marks.items() for value in values]:
                self._unite(owners.setdefault(mark, index), index)

    def _unite_names(self, names_of: Callable[[PersonClaim], Iterable[str]]) -> None:
        by_name: dict[str, dict[int, None]] = defaultdict(dict)
        for index, (_, claim) in enumerate(self._statements):
            for key in filter(None, map(name_key, names_of(claim))):
                by_name[key][index] = None
        for indices in by_name.values():
            roots = list(dict.fromkeys(map(self._root, indices)))
            marks = [self._marks[root] for root in roots]
            if not any(contradict(first, second) for first, second in combinations(marks, 2)):
                for root in roots[1:]:
                    self._unite(roots[0], root)

    def _people(self) -> list[StatedPerson]:
        groups: dict[int, list[Statement]] = defaultdict(list)
        for index, statement in enumerate(self._statements):
            groups[self._root(index)].append(statement)
        people = [
            StatedPerson(statements[0][1].name, name_key(statements[0][1].name), statements, self._marks[root])
            for root, statements in groups.items()
        ]
        by_key: dict[str, list[StatedPerson]] = defaultdict(list)
        for person in people:
            by_key[person.key].append(person)
        for namesakes in by_key.values():
            for person in namesakes if len(namesakes) > 1 else ():
                person.has_namesake = True
                mark = min((min(values) for values in person.marks.values()), default="")
                person.key = f"{person.key} {mark}".strip()[:MAX_KEY_LENGTH]
        return people


def _marks(claim: PersonClaim, publisher: str) -> Marks:
    marks = {scheme: {value} for scheme, value in claim.external_ids}
    if claim.page:  # “John Roe (actor)” is not “John Roe (writer)”, but “John R. Roe” may lead to “John Roe”
        marks[f"page of {publisher} on {name_key(QUALIFIER.sub('', claim.page))}"] = {claim.page}
    return marks
