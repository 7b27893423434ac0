"""Collect what sources state about one record as the cells of its facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError

from catalog.editing.ingest.plan import Cell, CompanyClaim, Fact, FactKind, PlannedPerson, PlannedRecord, State
from catalog.editing.ingest.stated_values import alike, character_key, credit_key, fact_name, value_key
from catalog.editing.ingest.stated_words import without_country
from catalog.editing.person_matching import NEW
from catalog.models import (
    AlternativeTitle,
    Character,
    Company,
    Country,
    Credit,
    ExternalId,
    Genre,
    Language,
    Review,
    Role,
    Series,
    SeriesCompany,
)
from catalog.models.bounds import max_length
from catalog.sources.claims import CreditClaim, FieldValue
from catalog.sources.person_names import MAX_NAME_LENGTH
from catalog.sources.series_claims import ExternalIds, OtherTitle, ReviewClaim

MAX_CHARACTER_LENGTH = max_length(Character, "name")
MAX_CREDITED_AS_LENGTH, MAX_NOTE_LENGTH = max_length(Credit, "credited_as"), max_length(Credit, "note")
MAX_COMPANY_LENGTH, MAX_TITLE_LENGTH = max_length(Company, "name"), max_length(AlternativeTitle, "title")
MAX_AGGREGATOR_LENGTH = max_length(Review, "aggregator")
PLACEHOLDER, UNSETTLED = "It may be a placeholder.", "Choose who this is."
NO_NEW_PEOPLE, NOT_PUBLISHING = "You may not add people.", "Only users who may publish can change it."


@dataclass
class RecordFacts:
    """The facts of one record. ``may_add_people`` as of ``plan_import``."""

    record: PlannedRecord
    may_add_people: bool = True
    _facts: dict[str, Fact] = field(default_factory=dict)

    def add(self, kind: FactKind, name: str, label: str, cell: Cell, *, is_list: bool = False) -> None:
        """Add a cell; a source states the same value once."""
        key = fact_name(kind, name)
        fact = self._facts.get(key)
        if fact is None:
            fact = self._facts[key] = Fact(f"{self.record.key}.{key}", kind, name, label, is_list)
            self.record.facts.append(fact)
        stated = fact.cells_of(cell.source)
        if any(other.key == cell.key for other in stated):
            return
        cell.tick = f"{fact.key}.{cell.source}.{len(stated)}"
        if not self.record.may_change:
            cell.may_tick, cell.note = False, NOT_PUBLISHING
        fact.cells.append(cell)

    def add_values(
        self,
        source: int,
        values: Mapping[str, FieldValue],
        locator: str,
        doubtful: Mapping[str, str],
        refused: Mapping[str, str],
    ) -> list[str]:
        """Add values of fields, with the reason if one is doubtful or cannot be taken. Returns names of no fields."""
        model: Any = type(self.record.record)
        fields, unmapped = {column.name: column for column in model._meta.fields}, []
        for name, value in values.items():
            if value in (None, ""):
                continue
            if name not in fields:
                unmapped.append(name)
                continue
            label, doubt = str(fields[name].verbose_name), doubtful.get(name, "")
            state = State.UNSURE if doubt else State.NEW
            cell = Cell("", source, value_key(name, value), str(value), value, state, locator=locator, note=doubt)
            if error := refused.get(name) or _value_errors(self.record.record, fields[name], value):
                cell.may_tick, cell.note = False, error
            self.add(FactKind.VALUE, name, label[:1].upper() + label[1:], cell)
        return unmapped

    def add_link(self, source: int, name: str, record: Genre | Country | Language) -> None:
        """Add a genre, country or language."""
        label = str(Series._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        cell = Cell("", source, str(record.pk), str(record), record, State.NEW)
        self.add(FactKind.LINK, name, label[:1].upper() + label[1:], cell, is_list=True)

    def add_company(self, source: int, part: str, company: CompanyClaim, is_ambiguous: bool) -> None:
        """Add a company's role in a series."""
        key = str(company.pk) if company.pk else alike(without_country(company.name))
        cell = Cell("", source, key, company.name, company, State.NEW)
        if is_ambiguous:
            cell.state, cell.may_tick, cell.note = State.UNSURE, False, "Several companies have this name."
        elif len(company.name) > MAX_COMPANY_LENGTH or not key:
            cell.may_tick, cell.note = False, f"A name has 1 to {MAX_COMPANY_LENGTH} characters."
        label = str(dict(SeriesCompany.Part.choices)[part])
        self.add(FactKind.COMPANY, part, label, cell, is_list=True)

    def add_alias(self, source: int, name: str) -> None:
        """Add another name of a person."""
        if len(name) <= MAX_NAME_LENGTH:
            cell = Cell("", source, alike(name), name, name, State.NEW)
            self.add(FactKind.ALIAS, "alias", "Alias", cell, is_list=True)

    def add_ids(self, source: int, ids: ExternalIds, locator: str = "") -> None:
        """Add external ids."""
        labels = dict(ExternalId.Scheme.choices)
        for scheme, value in ids:
            if scheme in labels:
                cell = Cell("", source, value, value, value, State.NEW, locator=locator)
                self.add(FactKind.EXTERNAL_ID, scheme, f"{labels[scheme]} id", cell)

    def add_title(self, source: int, title: OtherTitle, locator: str = "") -> None:
        """Add an alternative title."""
        labels = dict(AlternativeTitle.Kind.choices)
        words = f"{title.title} ({title.note})" if title.note else title.title
        cell = Cell("", source, alike(title.title), words, title, State.NEW, locator=locator)
        if len(title.title) > MAX_TITLE_LENGTH:
            cell.may_tick, cell.note = False, f"It is longer than {MAX_TITLE_LENGTH} characters."
        label = str(labels.get(title.kind, title.kind))
        self.add(FactKind.TITLE, title.kind, label, cell, is_list=True)

    def add_review(self, source: int, review: ReviewClaim) -> None:
        """Add an aggregator's score."""
        words = f"{review.score}%" if review.is_percentage else f"{review.score} of {review.scale}"
        cell = Cell("", source, "", words, review, State.NEW)
        try:
            score, scale = Decimal(review.score), Decimal(review.scale)
            cell.key = f"{score.normalize():f}/{scale.normalize():f}"
            if not 0 <= score <= scale or len(review.aggregator) > MAX_AGGREGATOR_LENGTH:
                cell.may_tick, cell.note = False, "The score lies between 0 and its scale."
        except InvalidOperation:
            cell.may_tick, cell.note = False, "The score is no number."
        self.add(FactKind.REVIEW, review.aggregator, review.aggregator, cell)

    def add_credit(
        self, source: int, claim: CreditClaim, role: Role, person: PlannedPerson, *, locator: str = "", doubt: str = ""
    ) -> None:
        """Add a credit whose role is one of the vocabulary."""
        notes = []
        if len(claim.character) > MAX_CHARACTER_LENGTH:
            notes.append(f"The character's name has more than {MAX_CHARACTER_LENGTH} characters, so it is left out.")
            claim = replace(claim, character="")
        if len(claim.credited_as) > MAX_CREDITED_AS_LENGTH or len(claim.note) > MAX_NOTE_LENGTH:
            credited_as = claim.credited_as if len(claim.credited_as) <= MAX_CREDITED_AS_LENGTH else ""
            claim = replace(claim, credited_as=credited_as, note=claim.note[:MAX_NOTE_LENGTH])
        words = f"{claim.label} as {claim.character}" if claim.character else claim.label
        person_key = str(person.answer) if isinstance(person.answer, int) else person.key
        key = credit_key(person_key, character_key(claim.character))
        cell = Cell("", source, key, words, claim, State.NEW, person.key, locator, note=" ".join(notes))
        if doubt:
            cell.state, cell.note = State.UNSURE, doubt
        elif person.answer is None:
            cell.state, cell.note = State.UNSURE, UNSETTLED
        elif person.answer == NEW and not self.may_add_people:
            cell.may_tick, cell.note = False, NO_NEW_PEOPLE
        self.add(FactKind.CREDIT, role.slug, role.name, cell, is_list=True)


def _value_errors(record: Any, column: Any, value: FieldValue) -> str:
    """The errors of a value by the rules of its field, and that of the numbers of a double episode."""
    try:
        column.clean(value, record)
    except ValidationError as error:
        return " ".join(error.messages)
    if column.name == "last_number" and isinstance(value, int) and value <= record.number:
        return "The last number of a double episode comes after its first."
    return ""
