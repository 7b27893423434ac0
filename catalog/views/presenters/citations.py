"""Source marks: the small numbers behind a fact, and the list of sources that they lead to."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q

from catalog.models import CITABLE_MODELS, Citation

KIND_OF = {model: kind for kind, model in CITABLE_MODELS.items()}


@dataclass
class NumberedSource:
    """A source in a page's list: its number, and the places in it that the page rests on."""

    number: int
    source: object
    locators: list = field(default_factory=list)


class PageCitations:
    """The citations of the records on one page.

    Sources are numbered in the order in which the page first asks for them, so numbers rise as one reads.
    """

    def __init__(self, records=()):
        self._by_record = defaultdict(list)
        self._listed = {}
        self.load(records)

    def load(self, records):
        """Read the citations of ``records`` by one query; nothing for records that cannot be cited."""
        keys = defaultdict(set)
        for record in records:
            if type(record) in KIND_OF:
                keys[KIND_OF[type(record)]].add(record.pk)
        wanted = Q()
        for kind, pks in keys.items():
            wanted |= Q(**{f"{kind}__in": pks})
        if not wanted:
            return
        for citation in Citation.objects.filter(wanted).select_related("source__part_of").order_by("pk"):
            kind = citation.target_kind
            self._by_record[kind, getattr(citation, f"{kind}_id")].append(citation)

    def _citations(self, record, fields):
        wanted = {"", *fields} if fields else None
        found = self._by_record.get((KIND_OF.get(type(record)), record.pk), ())
        return [citation for citation in found if wanted is None or citation.field in wanted]

    def _number(self, citation):
        listed = self._listed.get(citation.source_id)
        if listed is None:
            listed = self._listed[citation.source_id] = NumberedSource(len(self._listed) + 1, citation.source)
        if citation.locator and citation.locator not in listed.locators:
            listed.locators.append(citation.locator)
        return listed

    def for_fact(self, record, *fields):
        """The sources of ``fields`` of a record, or of all of it: each source once.

        A citation of the record as a whole stands for each of its fields.
        """
        found = {}
        for citation in self._citations(record, fields):
            if not citation.claim:
                found[citation.source_id] = self._number(citation)
        return sorted(found.values(), key=lambda listed: listed.number)

    def disputes_of(self, record, *fields):
        """What sources say otherwise: (claim, note, sources), those that say the same together."""
        found = defaultdict(list)
        for citation in self._citations(record, fields):
            if citation.claim:
                found[citation.claim, citation.note].append(citation)
        return [(claim, note, [self._number(citation) for citation in same]) for (claim, note), same in found.items()]

    @property
    def sources(self):
        """The list that the marks lead to, in their order. Ask for it when the page has printed its facts."""
        return list(self._listed.values())
