"""Citation marks: the small numbers behind a fact, and the numbered list of sources that they link to."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from catalog.models import CITABLE_MODELS, Citation, Source

KIND_OF_MODEL = {model: kind for kind, model in CITABLE_MODELS.items()}


@dataclass
class NumberedSource:
    """A source in a page's list: its number, and the locators in it that the page cites."""

    number: int
    source: Source
    locators: list[str] = field(default_factory=list)


class PageCitations:
    """The citations of the records on one page.

    Sources are numbered in the order in which the template first asks for them, so the numbers rise down the page.
    """

    def __init__(self, records: Iterable = ()):
        self._by_record: defaultdict[tuple[str | None, int], list[Citation]] = defaultdict(list)
        self._numbered: dict[int, NumberedSource] = {}
        self.load(records)

    def load(self, records: Iterable) -> None:
        """Read the citations of ``records`` by one query; by none if none of them can be cited."""
        for citation in Citation.objects.for_records(records):
            kind = citation.target_kind
            self._by_record[kind, getattr(citation, f"{kind}_id")].append(citation)

    def _citations_of(self, record, fields):
        """The citations of these fields; one of the record as a whole counts for each of its fields."""
        citations = self._by_record.get((KIND_OF_MODEL.get(type(record)), record.pk), ())
        return [citation for citation in citations if not fields or citation.field in ("", *fields)]

    def _number(self, citation):
        numbered = self._numbered.get(citation.source_id)
        if numbered is None:
            numbered = NumberedSource(len(self._numbered) + 1, citation.source)
            self._numbered[citation.source_id] = numbered
        if citation.locator and citation.locator not in numbered.locators:
            numbered.locators.append(citation.locator)
        return numbered

    def for_fact(self, record, *fields: str) -> list[NumberedSource]:
        """The sources of ``fields`` of a record, or of all of it without fields: each source once, by number."""
        sources = {}
        for citation in self._citations_of(record, fields):
            if not citation.claim:
                sources[citation.source_id] = self._number(citation)
        return sorted(sources.values(), key=lambda numbered: numbered.number)

    def disputes_of(self, record, *fields: str) -> list[tuple[str, str, list[NumberedSource]]]:
        """(claim, note, sources) of the claims that differ from what is recorded; equal ones are grouped."""
        citations_by_claim = defaultdict(list)
        for citation in self._citations_of(record, fields):
            if citation.claim:
                citations_by_claim[citation.claim, citation.note].append(citation)
        return [
            (claim, note, [self._number(citation) for citation in citations])
            for (claim, note), citations in citations_by_claim.items()
        ]

    @property
    def sources(self) -> list[NumberedSource]:
        """The numbered list, complete once the template has printed all facts."""
        return list(self._numbered.values())
