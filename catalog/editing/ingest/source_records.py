"""The records of the sources of an import: found again by their address, else by publisher and title, or added."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from django.core.exceptions import ValidationError

from catalog.editing.fitted_text import fit_text
from catalog.editing.ingest.plan import ImportSource
from catalog.models import Source, SourceFile
from catalog.sources.series_claims import SourceFacts

# The kinds of readers whose sources are articles; the others are databases.
ARTICLE_KINDS = ("wikipedia",)
OTHER_KINDS = ("table", "xlsx", "json_ld")  # a table that somebody made, a page of any site
URL_FIELD = Source._meta.get_field("url")


def source_facts(source: ImportSource) -> SourceFacts:
    """Where a source comes from. One that says neither title nor publisher has the name of its file as title."""
    facts = source.claims.source
    if facts.title.strip() or facts.publisher.strip():
        return facts
    file_name = next((str(file) for file in source.files), "")
    return replace(facts, title=file_name or f"Source of kind {source.kind}")


def source_labels(sources: Sequence[ImportSource]) -> list[str]:
    """The name of each source: its publisher, and what tells it from others of that publisher; else its file."""
    totals = Counter(source.claims.source.publisher for source in sources)
    labels = []
    for source in sources:
        facts = source_facts(source)
        name = facts.title or next(map(str, source.files), "")
        is_only = facts.publisher and totals[facts.publisher] == 1
        labels.append(facts.publisher if is_only else ": ".join(filter(None, (facts.publisher, name))))
    return labels


def find_source(facts: SourceFacts) -> Source | None:
    """The record of a source: with its address, else with its publisher and title and no other address."""
    values = source_values(facts)
    sources = Source.objects.filter(part_of=None).order_by("pk")
    if values["url"]:
        source = sources.filter(url__in=_spellings(values["url"])).first()
        if source is not None:
            return source
        sources = sources.filter(url="")
    if not (values["title"] or values["publisher"]):
        return None
    return sources.filter(publisher=values["publisher"], title=values["title"]).first()


def find_sources(sources: Sequence[ImportSource]) -> dict[int, Source]:
    """The records of those sources that have one, by position."""
    records = {position: find_source(source_facts(source)) for position, source in enumerate(sources)}
    return {position: record for position, record in records.items() if record is not None}


def source_values(facts: SourceFacts) -> dict[str, str]:
    """What the facts of a source say of it, as its fields can hold it; an address that is none is left out."""
    names = ("publisher", "title", "licence", "revision")
    values = {name: fit_text(Source, name, getattr(facts, name)) for name in names}
    try:
        values["url"] = str(URL_FIELD.clean(facts.url.strip(), None)) if facts.url.strip() else ""
    except ValidationError:
        values["url"] = ""
    return values


def _spellings(url: str) -> list[str]:
    """An address with and without TLS, and with and without a slash at its end."""
    rest = url.partition("://")[2].rstrip("/")
    return [f"{scheme}://{rest}{slash}" for scheme in ("https", "http") for slash in ("", "/")]


class SourceRecords:
    """The records of the sources of an import. One is added or brought up to date only once a citation needs it."""

    def __init__(self, sources: Sequence[ImportSource], publishes: bool) -> None:
        self._sources, self._publishes = sources, publishes
        self._records: dict[int, Source] = {}
        self._current: set[int] = set()  # positions of those that are up to date
        for position, record in find_sources(sources).items():
            self._records[position] = self._same(record)
        self.added: list[Source] = []

    def _same(self, record: Source) -> Source:
        """One object for the record of two sources."""
        return next((other for other in self._records.values() if other.pk == record.pk), record)

    def existing(self, position: int) -> Source | None:
        """The record of a source, None if it has none yet."""
        return self._records.get(position)

    def for_citation(self, position: int) -> Source:
        """The record of a source that is cited now, with the revision that was read."""
        if position in self._current:
            return self._records[position]
        self._current.add(position)
        source = self._sources[position]
        record = self._records.get(position) or find_source(source_facts(source))  # two positions may be one source
        if record is None:
            record = self._add(source)
        elif self._publishes:  # a source is no draft, so only those who may publish change it
            self._update(record, source)
        self._records[position] = self._same(record)
        return self._records[position]

    def _add(self, source: ImportSource) -> Source:
        values = source_values(source_facts(source))
        kind = Source.Kind.ENCYCLOPEDIA if source.kind in ARTICLE_KINDS else Source.Kind.DATABASE
        kind = Source.Kind.OTHER if source.kind in OTHER_KINDS else kind
        record: Source = Source.objects.create(**values, **{"kind": kind, "accessed": _accessed(source)})
        self.added.append(record)
        return record

    def _update(self, record: Source, source: ImportSource) -> None:
        """Fill what is empty; the revision is that of the file that was read last."""
        values: dict[str, str | None] = dict(source_values(source_facts(source)))
        accessed = _accessed(source)
        changed = {name: value for name, value in values.items() if value and not getattr(record, name)}
        if accessed and accessed > (record.accessed or ""):
            changed["accessed"] = accessed
            changed |= {"revision": values["revision"]} if values["revision"] else {}
        changed = {name: value for name, value in changed.items() if getattr(record, name) != value}
        for name, value in changed.items():
            setattr(record, name, value)
        if changed:
            record.save(update_fields=list(changed))

    def link_files(self) -> None:
        """Say of each kept file from which source it is. Files are no records of the catalogue: it is not logged."""
        for position, record in self._records.items():
            files = [file.pk for file in self._sources[position].files if file.pk]
            if files:
                SourceFile.objects.filter(pk__in=files, source=None).update(source=record)


def _accessed(source: ImportSource) -> str | None:
    """The day on which the last of the files was read."""
    return max((str(file.retrieved) for file in source.files), default=None)
