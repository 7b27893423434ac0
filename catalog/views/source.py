"""Sources: the list, and the page of a source with every fact that cites it, by pages."""

from collections import namedtuple
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.utils.text import capfirst

from catalog.models import CITABLE_MODELS, Citation, Source
from catalog.models.publication import (
    visible_citation_query,
    visible_citation_totals,
    visible_references_query,
    visible_source_query,
    visible_sources,
)
from catalog.views.base import Page, RecordPage, page_url_builder, requested_page
from catalog.views.presenters.humanize import plural

CITABLE_KINDS = list(CITABLE_MODELS)
SOURCES_PER_PAGE = 100
MAX_COUNTED_FACTS = 1_000  # of a source in a list; counting a million takes seconds
FACTS_PER_PAGE = 200
REFERENCES_PER_PAGE = 200
SourcedFact = namedtuple("SourcedFact", "label url field locator claim note unchecked")


def record_with_page(record):
    """The record on whose page ``record`` is shown: itself, or its owner."""
    if hasattr(record, "get_absolute_url"):
        return record
    for name in ("episode", "season", "series", "person", "company", "character"):
        owner = getattr(record, name, None)
        if owner is not None:
            return record_with_page(owner)
    return None


def facts_by_kind(keys):
    """(kind, facts) of citations; ``keys`` are what ``visible_citation_query`` returns. A query for each kind."""
    for position, group in groupby(keys, key=itemgetter(1)):
        kind = CITABLE_KINDS[position]
        yield kind, map(sourced_fact, Citation.objects.of_kind(kind).filter(pk__in=[key for key, _ in group]))


def citation_totals(sources):
    """{primary key: number of visible facts that cite the source}; None for more than MAX_COUNTED_FACTS."""
    totals = Citation.objects.count_by_source([source.pk for source in sources])
    counted = [key for key, total in totals.items() if total <= MAX_COUNTED_FACTS]
    rows: Any = visible_citation_totals(counted)
    return dict.fromkeys(totals.keys() - set(counted)) | dict(rows)


def is_staff_with_permission(user, permission):
    """Whether somebody is signed in to the admin who has the permission."""
    return user.is_active and user.is_staff and user.has_perm(permission)


class SourceList(Page):
    """``/sources/``: the sources that visitors may see, or those of one ``kind``."""

    template_name = "catalog/source_list.html"
    section = "sources"

    def get_context_data(self, **kwargs):
        """The sources of one page with the number of facts that cite each, and the kinds that there are."""
        kind = self.request.GET.get("kind", "")
        labels = dict(Source.Kind.choices)
        sources = visible_sources().for_page().by_name()
        if kind:
            sources = sources.filter(kind=kind) if kind in labels else sources.none()
        paginator = Paginator(sources, SOURCES_PER_PAGE)
        page = requested_page(self.request, paginator)
        label = labels.get(kind, "")
        heading = f"Sources: {label}" if label else "Sources"
        return super().get_context_data(
            title=f"{heading}, page {page.number}" if page.number > 1 else heading,
            description=f"{plural(paginator.count, 'source', 'sources')} of the facts in the catalogue.",
            kinds=list(self.kinds(kind)),
            page=page,
            totals=citation_totals(page),
            page_numbers=paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
            page_url=page_url_builder(self.request),
            total=paginator.count,
            **kwargs,
        )

    def kinds(self, selected):
        """(label, URL, number of sources, whether it is selected) of all sources and of each kind that there is."""
        totals = dict(visible_sources().order_by().values_list("kind").annotate(total=Count("pk")))
        yield "All", self.request.path, sum(totals.values()), not selected
        for kind, label in Source.Kind.choices:
            if kind in totals:
                yield label, f"?kind={kind}", totals[kind], kind == selected


class SourceDetail(RecordPage):
    """``/sources/<slug>/``."""

    template_name = "catalog/source_detail.html"
    section = "sources"
    kind = "source"

    is_visible = True  # to visitors

    def find_record(self, slug):
        """The source of that slug, if something that visitors may see cites it; staff may see others too."""
        source = visible_source_query.first(slug=slug)
        if source is None and is_staff_with_permission(self.request.user, "catalog.view_source"):
            source, self.is_visible = Source.objects.for_page().filter(slug=slug).first(), False
        return source

    def get_context_data(self, **kwargs):
        """The facts by kind of record, and the references that the source gives itself."""
        source = self.record
        facts = self.lists.part(visible_citation_query([source.pk]), FACTS_PER_PAGE)
        groups = [
            (capfirst(CITABLE_MODELS[kind]._meta.verbose_name_plural), SourcedRecord.group(kind_facts))
            for kind, kind_facts in facts_by_kind(facts)
        ]
        return super().get_context_data(
            title=str(source),
            description=f"{facts.total:,} facts in the catalogue that cite {source}.",
            groups=groups,
            facts=facts,
            is_visible=self.is_visible,
            parent_is_visible=bool(source.part_of and visible_source_query.first(slug=source.part_of.slug)),
            references=self.lists.part(visible_references_query.of(source.pk), REFERENCES_PER_PAGE),
            cited_records=[],
            **kwargs,
        )


def sourced_fact(citation):
    """The fact of one citation, with the page that shows it."""
    record = citation.target
    page = record_with_page(record)
    owner = getattr(page, "parent_series", page)
    label = str(record) if record is page else f"{record} ({owner})"
    texts = citation.field_label, citation.locator, citation.claim, citation.note
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
