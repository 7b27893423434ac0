"""Citation marks: the small numbers behind a fact, the lists of sources that they open, and claims that differ."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from catalog.models import Citation, Source
from catalog.models.citation import KIND_BY_MODEL


@dataclass
class NumberedSource:
    """A source in a page's list: its number, and the locators in it that the page cites."""

    number: int
    source: Source
    locators: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class CitationMark:
    """The sources of a fact by number. Facts with the same sources have the same mark and share its popover.

    ``unchecked`` are those of which nobody knows whether they say what the fact was changed to.
    """

    sources: tuple[NumberedSource, ...]
    unchecked: tuple[NumberedSource, ...] = ()

    @property
    def id(self) -> str:
        """The id of the popover."""
        numbers = [str(numbered.number) for numbered in self.sources]
        return "-".join(["cited", *numbers, *(f"not-{numbered.number}" for numbered in self.unchecked)])

    @property
    def numbers(self) -> str:
        """The numbers of the checked sources: ``1, 3, 50–53``."""
        return format_numbers([numbered.number for numbered in self.sources if numbered not in self.unchecked])

    @property
    def unchecked_numbers(self) -> str:
        """The numbers of the sources that are not checked."""
        return format_numbers([numbered.number for numbered in self.unchecked])


@dataclass(frozen=True)
class Dispute:
    """A claim that differs from a fact: the fact's label, what the sources say instead, a note, the sources."""

    label: str
    claim: str
    note: str
    mark: CitationMark


def format_numbers(numbers: Iterable[int]) -> str:
    """Rising numbers as text; three or more in a row are a range."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


class PageCitations:
    """The citations of the records on one page.

    Sources are numbered in the order in which the template first asks for them, so the numbers rise down the page.
    """

    def __init__(self, records: Iterable = ()):
        self._by_record: defaultdict[tuple[str | None, int], list[Citation]] = defaultdict(list)
        self._numbered: dict[int, NumberedSource] = {}
        self._marks: dict[str, CitationMark] = {}
        self._disputes: dict[tuple, Dispute] = {}
        self.load(records)

    def load(self, records: Iterable) -> None:
        """Read the citations of ``records`` by one query; by none if none of them can be cited."""
        for citation in Citation.objects.for_records(records):
            kind = citation.target_kind
            self._by_record[kind, getattr(citation, f"{kind}_id")].append(citation)

    def _citations_of(self, record, fields):
        """The citations of these fields; one of the record as a whole counts for each of its fields."""
        citations = self._by_record.get((KIND_BY_MODEL.get(type(record)), record.pk), ())
        return [citation for citation in citations if not fields or citation.field in ("", *fields)]

    def _number(self, citation):
        numbered = self._numbered.get(citation.source_id)
        if numbered is None:
            numbered = NumberedSource(len(self._numbered) + 1, citation.source)
            self._numbered[citation.source_id] = numbered
        if citation.locator and citation.locator not in numbered.locators:
            numbered.locators.append(citation.locator)
        return numbered

    def _mark(self, citations):
        """The mark of these citations; each source once, by number."""
        numbered_sources = {citation.source_id: self._number(citation) for citation in citations}
        sources = tuple(sorted(numbered_sources.values(), key=lambda numbered: numbered.number))
        checked = {citation.source_id for citation in citations if not citation.unchecked}
        mark = CitationMark(sources, tuple(numbered for numbered in sources if numbered.source.pk not in checked))
        return self._marks.setdefault(mark.id, mark)

    def mark_of(self, record, *fields: str) -> CitationMark | None:
        """The mark of ``fields`` of a record, or of all of it without fields; None if no source supports it."""
        citations = self._citations_of(record, fields)
        disputing = {citation.source_id for citation in citations if citation.claim and citation.field in fields}
        # A source that is cited for the whole record does not support a field on which it disagrees.
        supporting = [
            citation
            for citation in citations
            if not citation.claim and (citation.field or citation.source_id not in disputing)
        ]
        return self._mark(supporting) if supporting else None

    def disputes_of(self, record, *fields: str) -> list[Dispute]:
        """The claims that differ from what is recorded; equal ones are one, with all their sources."""
        citations_by_claim = defaultdict(list)
        for citation in self._citations_of(record, fields):
            if citation.claim:
                citations_by_claim[citation.claim, citation.note].append(citation)
        disputes = []
        for (claim, note), citations in citations_by_claim.items():
            field = citations[0].field_label
            label = f"{record}: {field}" if field else str(record)
            dispute = Dispute(label, claim, note, self._mark(citations))
            disputes.append(self._disputes.setdefault((type(record), record.pk, claim, note), dispute))
        return disputes

    @property
    def sources(self) -> list[NumberedSource]:
        """The numbered list, complete once the template has printed all facts."""
        return list(self._numbered.values())

    @property
    def marks(self) -> list[CitationMark]:
        """The marks of the page, each once, complete as ``sources``."""
        return list(self._marks.values())

    @property
    def disputes(self) -> list[Dispute]:
        """The disputes of the page, each once, complete as ``sources``."""
        return list(self._disputes.values())
