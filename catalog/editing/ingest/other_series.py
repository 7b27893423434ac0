"""Sources of an import that seem to be about another series, such as a file that was added by mistake."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field

from catalog.editing.ingest.plan import FactKind, ImportPlan, State
from catalog.editing.ingest.recorded import RecordedSeries
from catalog.editing.ingest.stated_values import alike, fact_name
from catalog.editing.ingest.states import OTHER_SERIES
from catalog.models import AlternativeTitle
from catalog.models.change import record_reference
from catalog.sources.series_claims import SeriesClaims


@dataclass
class SeriesMarks:
    """Titles, in the form in which they are compared, and external ids as pairs of scheme and value."""

    titles: set[str] = field(default_factory=set)
    ids: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def of(cls, titles: Iterable[object], ids: Iterable[tuple[str, str]]) -> SeriesMarks:
        """Marks of titles and pairs of scheme and value."""
        names = (str(title or "").partition(" (")[0] for title in titles)  # “The Office (US)”
        return cls(set(filter(None, map(alike, names))), set(ids))

    def match(self, other: SeriesMarks) -> bool:
        """True if both have a title or an id in common."""
        return not (self.titles.isdisjoint(other.titles) and self.ids.isdisjoint(other.ids))

    def add(self, other: SeriesMarks) -> None:
        """Add the marks of a source of the same series."""
        self.titles |= other.titles
        self.ids |= other.ids


def doubt_other_series(plan: ImportPlan, recorded: RecordedSeries, publishers: Sequence[str]) -> set[int]:
    """Make all unsure that a source states with the title of another series, and warn of it.

    Returns the positions of these sources; once all is compared, ``untick_sources`` unticks what they state.
    """
    claims = [source.claims for source in plan.sources]
    marks = [_stated(claim) for claim in claims]
    titled = [source for source, mark in enumerate(marks) if mark.titles]
    series = _recorded(plan, recorded) if plan.series.title else marks[titled[0]] if titled else SeriesMarks()
    while matching := [source for source in titled if marks[source].match(series)]:
        for source in matching:
            series.add(marks[source])
            titled.remove(source)
    for source in titled:
        title = claims[source].values.get("title") or claims[source].source.title
        plan.warnings.append(
            f"{publishers[source]} may be about another series, “{title}”, so nothing of it is ticked. "
            "If it is another, remove this source."
        )
    for cell in plan.cells():
        if cell.source in titled:
            cell.state, cell.note = State.UNSURE, cell.note or OTHER_SERIES
    return set(titled)


def untick_sources(plan: ImportPlan, positions: Set[int]) -> None:
    """Tick nothing by default that these sources state, not even what is recorded."""
    for cell in plan.cells():
        if cell.source in positions:
            cell.is_ticked = False
            cell.state = State.SAME if cell.state is State.SAME else State.UNSURE


def _stated(claims: SeriesClaims) -> SeriesMarks:
    titles = [claims.values.get("title"), *(title.title for title in claims.other_titles)]
    return SeriesMarks.of(titles, claims.external_ids)


def _recorded(plan: ImportPlan, recorded: RecordedSeries) -> SeriesMarks:
    """The marks of the series of the catalogue, or the title that an editor entered."""
    if plan.series.pk is None:
        return SeriesMarks.of([plan.series.title], ())
    reference = record_reference(type(plan.series), plan.series.pk)
    kinds = {fact_name(FactKind.TITLE, kind) for kind in AlternativeTitle.Kind.values}
    titles, ids = [plan.series.title], []
    for (owner, name), values in recorded.values.items():
        if owner == reference and name in kinds:
            titles += [value.words for value in values.values()]
        elif owner == reference and name.startswith("id."):
            ids += [(name.removeprefix("id."), value) for value in values]
    return SeriesMarks.of(titles, ids)
