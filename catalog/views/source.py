"""The page of a source: every fact that cites it."""

from collections import namedtuple
from dataclasses import dataclass, field

from django.utils.text import capfirst

from catalog.models import CITABLE_MODELS, Citation, Source
from catalog.views.base import RecordPage
from catalog.views.presenters.citations import field_label

SourcedFact = namedtuple("SourcedFact", "label url field locator claim note unchecked")


def record_with_page(record):
    """The record on whose page ``record`` is shown: itself, or its owner; None if it has none."""
    if hasattr(record, "get_absolute_url"):
        return record
    for name in ("episode", "season", "series", "person", "company", "character"):
        owner = getattr(record, name, None)
        if owner is not None:
            return record_with_page(owner)
    return None


def is_visible(record):
    """Whether visitors may see a record and all records that it belongs to."""
    owners = [getattr(record, owner, None) for owner in ("season", "series", "person", "company", "platform")]
    return all(getattr(item, "is_published", True) for item in [record, *owners])


class SourceDetail(RecordPage):
    """``/sources/<slug>/``."""

    template_name = "catalog/source_detail.html"
    kind = "source"

    def find_record(self, slug):
        """The source of that slug. Sources are never drafts, so that what is cited can be checked."""
        return Source.objects.for_page().filter(slug=slug).first()

    def get_context_data(self, **kwargs):
        """The facts by kind of record, and the references that the source gives itself."""
        source = self.record
        facts_by_kind = self.sourced_facts(source)
        total = sum(len(facts) for facts in facts_by_kind.values())
        groups = [
            (capfirst(CITABLE_MODELS[kind]._meta.verbose_name_plural), SourcedRecord.group(facts))
            for kind, facts in facts_by_kind.items()
        ]
        return super().get_context_data(
            title=str(source),
            description=f"{total:,} facts in the catalogue that cite {source}.",
            groups=groups,
            total=total,
            references=sorted(source.references.all(), key=lambda source: (len(source.mark), source.mark)),
            cited_records=[],
            **kwargs,
        )

    def sourced_facts(self, source):
        """``{kind: facts}`` that visitors may see, for each kind of record that has any."""
        citations = Citation.objects.filter(source=source)
        facts_by_kind = {}
        # Counted first, by one query: most sources are cited for few kinds, and each query takes a millisecond.
        for kind, total in citations.count_by_kind().items():
            facts = [fact for fact in map(self.sourced_fact, citations.of_kind(kind)) if fact] if total else []
            if facts:
                facts_by_kind[kind] = facts
        return facts_by_kind

    def sourced_fact(self, citation):
        """The fact of one citation; None if visitors may not see it."""
        record = citation.target
        page = record_with_page(record)
        if page is None or not is_visible(page) or not is_visible(record):
            return None
        owner = getattr(page, "parent_series", page)
        label = str(record) if record is page else f"{record} ({owner})"
        name = field_label(type(record), citation.field)
        texts = name, citation.locator, citation.claim, citation.note
        return SourcedFact(label, page.get_absolute_url(), *texts, citation.unchecked)


@dataclass
class SourcedRecord:
    """A record's facts from one source: fields by locator, (field, claim, note) of disputes, and notes.

    ``unchecked`` are facts that were changed since, "" for the whole record.
    """

    label: str
    url: str
    fields_by_locator: dict = field(default_factory=dict)
    disputes: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    unchecked: list = field(default_factory=list)

    @classmethod
    def group(cls, facts):
        """The facts grouped by record, in the order in which they were cited."""
        records: dict[tuple[str, str], SourcedRecord] = {}
        for fact in facts:
            record = records.setdefault((fact.label, fact.url), cls(fact.label, fact.url))
            if fact.claim:
                record.disputes.append((fact.field, fact.claim, fact.note))
                continue
            record.fields_by_locator.setdefault(fact.locator, []).append(fact.field)
            if fact.unchecked:
                record.unchecked.append(fact.field)
            if fact.note and fact.note not in record.notes:
                record.notes.append(fact.note)
        return list(records.values())

    @property
    def lines(self):
        """Fields with their locator in the source: ``number in season, title (episode table, row 3)``."""
        for locator, fields in self.fields_by_locator.items():
            names = ", ".join(name for name in fields if name)
            yield f"{names} ({locator})" if names and locator else names or locator
