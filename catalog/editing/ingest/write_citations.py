"""Citations of an import: for each fact that a source states, and for each on which it disagrees."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Model

from catalog.editing.fitted_text import fit_text
from catalog.editing.ingest.result import ImportResult
from catalog.editing.ingest.source_records import SourceRecords
from catalog.models import Citation, Source
from catalog.models.addition import add_records
from catalog.models.base import Published
from catalog.models.citation import KIND_BY_MODEL
from catalog.models.compiled_query import batches

CitedKey = tuple[str, int, str, int]  # kind and key of the record, the field, the key of the source


@dataclass(frozen=True)
class PlannedCitation:
    """A source, by its position in the plan, that states a fact, or claims something else."""

    record: Model  # saved once ``CitationWriter.write`` is called
    field: str  # empty: the whole row
    source: int
    locator: str
    claim: str = ""

    @property
    def kind(self) -> str:
        """The field of ``Citation`` for the record."""
        return KIND_BY_MODEL[type(self.record)]


class CitationWriter:
    """Collects citations while an import is written, and writes them at its end."""

    def __init__(self, sources: SourceRecords, result: ImportResult) -> None:
        self.sources, self.result = sources, result
        self._planned: dict[tuple[int, str, int, bool], PlannedCitation] = {}
        self._added: list[Citation] = []

    def cite(self, record: Model, field: str, source: int, locator: str) -> None:
        """Cite a source for a field of a record, or for a row."""
        self._plan(PlannedCitation(record, field, source, fit_text(Citation, "locator", locator)))

    def dispute(self, record: Model, field: str, source: int, locator: str, claim: str) -> None:
        """Note that a source claims something else."""
        if claim := fit_text(Citation, "claim", claim):
            self._plan(PlannedCitation(record, field, source, fit_text(Citation, "locator", locator), claim))

    def _plan(self, planned: PlannedCitation) -> None:
        """Only the first support and the first claim of a source for one fact are written."""
        self._planned.setdefault((id(planned.record), planned.field, planned.source, bool(planned.claim)), planned)

    def write(self) -> None:
        """Write all citations; those that exist are left as they are unless they say the opposite."""
        existing = self._existing()
        for planned in self._planned.values():
            source = self.sources.existing(planned.source)
            citations = self._existing_of(planned, existing, source) if source else []
            if not citations:
                self._add(planned, existing)
            elif planned.claim:
                self._change(planned, [citation for citation in citations if citation.unchecked], citations)
            else:
                self._confirm(planned, citations)
        add_records(self._added)

    def _existing(self) -> defaultdict[CitedKey, list[Citation]]:
        """The citations of the planned records by the sources that have a record."""
        found_sources = {self.sources.existing(planned.source) for planned in self._planned.values()}
        keys: dict[str, set[int]] = defaultdict(set)
        for planned in self._planned.values():
            keys[planned.kind].add(planned.record.pk)
        existing: defaultdict[CitedKey, list[Citation]] = defaultdict(list)
        for kind, primary_keys in keys.items():
            for batch in batches(sorted(primary_keys)):
                for citation in self._citations(kind, batch, found_sources):
                    key = getattr(citation, f"{kind}_id")
                    existing[kind, key, citation.field, citation.source_id].append(citation)
        return existing

    def _existing_of(
        self, planned: PlannedCitation, existing: defaultdict[CitedKey, list[Citation]], source: Source
    ) -> list[Citation]:
        """The citations of a source for a fact. Of a row also one for all of it, if the row was changed since."""
        key = (planned.kind, planned.record.pk, planned.field, source.pk)
        citations = existing[key]
        if not citations and planned.claim and not isinstance(planned.record, Published):
            citations = [citation for citation in existing[*key[:2], "", source.pk] if citation.unchecked]
        return citations

    def _citations(self, kind: str, keys: list[int], sources: Iterable[Source | None]) -> list[Citation]:
        records = [source for source in sources if source is not None]
        if not records:
            return []
        citations = Citation.objects.filter(source__in=records, **{f"{kind}__in": keys})
        return list(citations.select_related("source__part_of").order_by("pk"))

    def _add(self, planned: PlannedCitation, existing: defaultdict[CitedKey, list[Citation]]) -> None:
        source = self.sources.for_citation(planned.source)
        citations = existing[planned.kind, planned.record.pk, planned.field, source.pk]
        if citations:  # of another position that is the same source
            return
        values = {"field": planned.field, "locator": planned.locator, "claim": planned.claim}
        citation = Citation(source=source, **{planned.kind: planned.record}, **values)
        citations.append(citation)
        self._added.append(citation)
        self._count(planned)

    def _change(self, planned: PlannedCitation, unchecked: list[Citation], citations: list[Citation]) -> None:
        """A source that was cited for an earlier value claims it against the value of now."""
        if unchecked and not any(citation.claim for citation in citations):
            self._save(planned, unchecked[0])

    def _confirm(self, planned: PlannedCitation, citations: list[Citation]) -> None:
        """A source that claimed something else, or was not checked after a change, supports the value of now."""
        if all(citation.claim or citation.unchecked for citation in citations):
            self._save(planned, next((citation for citation in citations if citation.unchecked), citations[0]))

    def _save(self, planned: PlannedCitation, citation: Citation) -> None:
        self.sources.for_citation(planned.source)
        citation.field, citation.claim, citation.unchecked = planned.field, planned.claim, False
        if citation.pk is not None:  # else it is added at the end
            citation.save(update_fields=["field", "claim", "unchecked"])
        self._count(planned)

    def _count(self, planned: PlannedCitation) -> None:
        self.result.disputed += bool(planned.claim)
        self.result.cited += not planned.claim
