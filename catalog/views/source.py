"""One source, and every fact that rests on it."""

from collections import namedtuple
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils.text import capfirst

from catalog.models import CITABLE_MODELS, Citation, Source
from catalog.views.base import RecordPage

SourcedFact = namedtuple("Rest", "label url field locator claim note")

# What is read along with each kind of record to name it and find its page.
LABEL_RELATIONS = {
    "season": ("season__series",),
    "episode": ("episode__season__series",),
    "character": ("character__series",),
    "alias": ("alias__person", "alias__character__series"),
    "series_company": ("series_company__series", "series_company__company"),
    "availability": ("availability__series", "availability__platform"),
    "alternative_title": ("alternative_title__series", "alternative_title__episode__season__series"),
    "external_id": tuple(
        f"external_id__{path}" for path in ("series", "season__series", "episode__season__series", "person", "company")
    ),
    "credit": tuple(
        f"credit__{path}"
        for path in ("person", "role", "character", "series", "season__series", "episode__season__series")
    ),
    "feature": ("feature__episode__season__series", "feature__character"),
    "event": ("event__series",),
    "review": tuple(f"review__{path}" for path in ("series", "season__series", "episode__season__series")),
    "cue": ("cue__song", "cue__series", "cue__episode__season__series"),
}


def record_with_page(record):
    """The record with a page on which ``record`` is shown: itself, or its owner."""
    for owner in ("episode", "season", "series", "person", "company", "character"):
        found = getattr(record, owner, None) if not hasattr(record, "get_absolute_url") else record
        if found is not None:
            return found if hasattr(found, "get_absolute_url") else record_with_page(found)
    return None


def is_visible(record):
    """Whether visitors may see a record and all that it stands in."""
    owners = [getattr(record, owner, None) for owner in ("season", "series", "person", "company", "platform")]
    return all(getattr(thing, "is_published", True) for thing in [record, *owners])


class SourceDetail(RecordPage):
    """``/sources/<slug>/``."""

    template_name = "catalog/source_detail.html"
    kind = "source"

    def find_record(self, slug):
        """Sources are never drafts: what is cited must be open to check."""
        return Source.objects.select_related("part_of").filter(slug=slug).first()

    def get_context_data(self, **kwargs):
        """Its facts by kind of record, and the references that it gives itself."""
        source = self.record
        facts = list(self.facts(source))
        total = sum(len(rests) for _, rests in facts)
        groups = [
            (capfirst(CITABLE_MODELS[kind]._meta.verbose_name_plural), SourcedRecord.gathered(rests))
            for kind, rests in facts
        ]
        return super().get_context_data(
            title=str(source),
            description=f"{total:,} facts in the catalogue that rest on {source}.",
            groups=groups,
            total=total,
            references=sorted(source.references.all(), key=lambda s: (len(s.mark), s.mark)),
            cited=[],
            **kwargs,
        )

    def facts(self, source):
        """(kind, rests) for each kind of record with citations of ``source`` that visitors may see."""
        citations = Citation.objects.filter(source=source)
        totals = citations.aggregate(**{f"of_{kind}": Count(kind) for kind in CITABLE_MODELS})
        for kind in CITABLE_MODELS:  # most sources stand at few of them, and asking for each takes a millisecond
            if not totals[f"of_{kind}"]:
                continue
            cited = citations.filter(**{f"{kind}__isnull": False}).order_by("pk")
            rests = [
                rest for rest in map(self.rest, cited.select_related(kind, *LABEL_RELATIONS.get(kind, ()))) if rest
            ]
            if rests:
                yield kind, rests

    def rest(self, citation):
        """One line of the page; None for what visitors may not see."""
        record = citation.target
        page = record_with_page(record)
        if page is None or not is_visible(page) or not is_visible(record):
            return None
        home = getattr(page, "parent_series", page)
        label = str(record) if record is page else f"{record} ({home})"
        name = field_label(type(record), citation.field)
        return SourcedFact(label, page.get_absolute_url(), name, citation.locator, citation.claim, citation.note)


@dataclass
class SourcedRecord:
    """What rests on the source at one record: fields by the place in the source, what differs, what is noted."""

    label: str
    url: str
    places: dict = field(default_factory=dict)
    differing: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    @classmethod
    def gathered(cls, rests):
        """The facts of each record together, in the order in which they were cited."""
        found = {}
        for rest in rests:
            record = found.setdefault((rest.label, rest.url), cls(rest.label, rest.url))
            if rest.claim:
                record.differing.append((rest.field, rest.claim, rest.note))
                continue
            record.places.setdefault(rest.locator, []).append(rest.field)
            if rest.note and rest.note not in record.notes:
                record.notes.append(rest.note)
        return list(found.values())

    @property
    def lines(self):
        """Fields and the place where they are found: ``number in season, title (episode table, row 3)``."""
        for locator, fields in self.places.items():
            named = ", ".join(name for name in fields if name)
            yield f"{named} ({locator})" if named and locator else named or locator


def field_label(model, field):
    """A field's name in words."""
    if not field:
        return ""
    found = next((f for f in model._meta.get_fields() if f.name == field), None)
    return str(getattr(found, "verbose_name", field)).replace("_", " ")
