"""What the sources of a changed fact say now: a question for the editor of a form, and the answer saved.

What is changed without a form is marked as not checked, see ``catalog.models.citation_check``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Model
from django.utils.text import Truncator, capfirst

from catalog.editing.citations import WHOLE_RECORD, fact_in_words, value_in_words
from catalog.editing.fingerprint import fingerprint
from catalog.history.diff import EMPTY_WORD
from catalog.models import Citation
from catalog.models.base import Published, with_label_relations
from catalog.models.bounds import max_length
from catalog.models.citation import KIND_BY_MODEL, citable_fields

INPUT_PREFIX = "_sources-"
MAX_CLAIM_LENGTH = max_length(Citation, "claim")
MAX_VALUE_LENGTH = 120  # characters of a value in a question


class Answer(StrEnum):
    """What the sources say about a changed fact."""

    NEW = "new"
    OLD = "old"
    UNCHECKED = "unchecked"


@dataclass(frozen=True)
class ChangedFact:
    """A field of a record with its label, and its old and new value in words."""

    name: str
    label: str
    old: str
    new: str

    @property
    def summary(self) -> str:
        """“Title: Pilot → The Pilot”, long values abridged."""
        old, new = (Truncator(value).chars(MAX_VALUE_LENGTH) for value in (self.old, self.new))
        return f"{self.label}: {old} → {new}"


@dataclass
class CitationQuestion:
    """The supporting citations of one fact of a record, or of the record as a whole, after ``facts`` were changed.

    ``label`` is what the record was called before. ``answer`` is "" until the editor has answered for these values.
    """

    label: str
    record: Model
    field_name: str  # empty for the whole record
    facts: list[ChangedFact]
    citations: list[Citation] = field(default_factory=list)
    answer: str = ""

    @property
    def input_name(self) -> str:
        """The name of the radio buttons."""
        return f"{INPUT_PREFIX}{self.record._meta.model_name}-{self.record.pk}-{self.field_name or WHOLE_RECORD}"

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """(value, label, is selected) of the radio buttons. A value holds for the old and new values of the facts."""
        labels = {Answer.NEW: "They say the new value too", Answer.UNCHECKED: "Not checked"}
        if self._old_value:
            labels[Answer.OLD] = "They say the old value: keep it as a differing claim"
        selected = self.answer or Answer.UNCHECKED
        return [(self._submitted(answer), labels[answer], answer == selected) for answer in Answer if answer in labels]

    @property
    def sources(self) -> str:
        """The cited sources in words, with the place in them."""
        pairs = [(citation.source, citation.locator) for citation in self.citations]
        names = (f"{source} ({locator})" if locator else str(source) for source, locator in pairs)
        return "; ".join(dict.fromkeys(names))

    @property
    def _old_value(self) -> str:
        facts = [fact for fact in self.facts if fact.old != EMPTY_WORD]
        if len(facts) == 1:
            return facts[0].old
        return "; ".join(f"{fact.label}: {fact.old}" for fact in facts)

    def _submitted(self, answer: Answer) -> str:
        return f"{answer}:{fingerprint([(fact.name, fact.old, fact.new) for fact in self.facts])}"

    def read_answer(self, data: Mapping[str, Any]) -> None:
        """Set ``answer`` from the submitted radio button, unless a value was changed since."""
        text = data.get(self.input_name, "")
        self.answer = next((answer for answer in Answer if text == self._submitted(answer)), "")

    def save_answer(self) -> None:
        """Update the citations as they are stored now; those that the form deleted or disputes are left."""
        stored = Citation.objects.filter(pk__in=[citation.pk for citation in self.citations], claim="")
        for citation in stored.select_related(*Citation.label_relations):
            unchecked = self.answer not in (Answer.NEW, Answer.OLD)
            claim = self._old_value if self.answer == Answer.OLD else ""
            if claim and not self.field_name and isinstance(self.record, Published):
                self._dispute_facts(citation)
                claim = ""
            if (unchecked, claim) != (citation.unchecked, citation.claim):
                citation.unchecked, citation.claim = unchecked, Truncator(claim).chars(MAX_CLAIM_LENGTH)
                citation.save(update_fields=["unchecked", "claim"])

    def _dispute_facts(self, citation: Citation) -> None:
        """Add a differing claim for each changed fact; the citation goes on supporting the rest of the record."""
        for fact in self.facts:
            if fact.old != EMPTY_WORD:
                Citation.objects.get_or_create(
                    source=citation.source,
                    field=fact.name,
                    locator=citation.locator,
                    defaults={"claim": Truncator(fact.old).chars(MAX_CLAIM_LENGTH), "certainty": citation.certainty},
                    **{KIND_BY_MODEL[type(self.record)]: self.record},
                )


@dataclass
class CitationReview:
    """What a change of facts asks about their citations.

    Sources in ``agreeing`` disputed a fact and claimed the new value: nothing needs to be asked about them.
    """

    questions: list[CitationQuestion] = field(default_factory=list)
    agreeing: list[Citation] = field(default_factory=list)

    def save(self) -> None:
        """Save the answers, after the record and its rows."""
        for question in self.questions:
            question.save_answer()
        agreeing = Citation.objects.filter(pk__in=[citation.pk for citation in self.agreeing])
        for citation in agreeing.select_related(*Citation.label_relations):
            citation.claim = ""
            citation.save(update_fields=["claim"])


def review_citations(record: Model, values: Mapping[str, Any]) -> CitationReview:
    """Compare ``values``, the submitted ones by field name, with the stored record. No citations take one query."""
    labels = dict(citable_fields(type(record)))
    names = [name for name in labels if name in values]
    citations = list(Citation.objects.for_records([record])) if names and record.pk else []
    citations = [citation for citation in citations if citation.field in ("", *names)]
    if not citations:
        return CitationReview()
    stored = with_label_relations(type(record)._base_manager.all()).get(pk=record.pk)
    facts = []
    for name in names:
        old, new = fact_in_words(stored, name), value_in_words(record, name, values[name])
        if old != new:
            facts.append(ChangedFact(name, capfirst(labels[name]), old, new))
    return _review(f"{capfirst(record._meta.verbose_name)} “{stored}”", record, facts, citations)


def _review(label: str, record: Model, facts: list[ChangedFact], citations: list[Citation]) -> CitationReview:
    review = CitationReview()
    questions: dict[str, CitationQuestion] = {}
    for citation in citations:
        cited = [fact for fact in facts if citation.field in ("", fact.name)]
        if citation.claim:
            if any(citation.claim.casefold() == fact.new.casefold() for fact in cited):
                review.agreeing.append(citation)
        elif cited:
            question = CitationQuestion(label, record, citation.field, cited)
            questions.setdefault(citation.field, question).citations.append(citation)
    review.questions = list(questions.values())
    return review
