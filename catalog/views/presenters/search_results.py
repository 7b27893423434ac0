"""Shape search results for the template: names with highlighted words, and what matched if the names do not show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from catalog.models import Person, Series
from catalog.models.namesakes import namesake_notes
from catalog.models.song import MAX_LISTED_CUES
from catalog.search import SearchGroup, SearchResult, highlight
from catalog.search.highlight import MatchReason
from catalog.views.presenters.search_details import LINES_OF

KIND_LABELS = {
    "series": "Series",
    "episode": "Episode",
    "person": "Person",
    "character": "Character",
    "company": "Company",
    "song": "Song",
    "source": "Source",
}
KINDS_WITH_LIST = ("series", "episode", "person", "song")  # these lists take the parameter q
Highlighted = list[tuple[str, bool]]  # [(piece of text, whether it matches the query)]


@dataclass(frozen=True)
class SearchHit:
    """A record in the results. ``reason`` is (label, text) of a match that name and description do not show.

    ``heard_in`` are (label, URL) of the episodes in which a song is heard.
    """

    record: Any
    kind_label: str
    slug: str
    url: str
    name: Highlighted
    description: Highlighted
    reason: tuple[str, Highlighted] | None
    heard_in: list[tuple[str, str]]
    is_heard_elsewhere: bool


@dataclass(frozen=True)
class ResultGroup:
    """The results of one kind. ``list_url_name`` is the list that has all of them, "" if there are no more.

    ``has_lines`` is False if the lines about the records are missing because the index is being read.
    """

    kind: str
    label: str
    total: int
    is_capped: bool
    hits: list[SearchHit]
    list_url_name: str
    has_lines: bool


def result_url(kind: str, record: Any) -> str:
    """Return the page of a record."""
    return record.get_absolute_url()


def result_name(kind: str, record: Any) -> str:
    """Return the name of a record in results; an episode's does not repeat series and code."""
    return record.name if kind == "episode" else str(record)


def heard_in(song: Any) -> list[tuple[str, str]]:
    """Return (label, URL) of the first episodes and series in which a song is heard."""
    cues = song.first_cues[:MAX_LISTED_CUES]
    return [(cue.subject_label, f"{cue.subject.get_absolute_url()}#h-songs") for cue in cues]


def disambiguation(kind: str, record: Any) -> str:
    """Return what distinguishes a record from others of the same name."""
    if kind == "episode":
        return ", ".join(filter(None, [record.series.title, record.code, record.production_code]))
    if kind == "character":
        return f"in {record.series.title}"
    if kind == "song":
        return ", ".join(["Song", *(f"heard in {label}" for label, _ in heard_in(record)[:1])])
    return record.premiered.first_day.strftime("%Y") if kind == "series" and record.premiered else ""


def result_groups(result: SearchResult) -> list[ResultGroup]:
    """Shape all groups of a search."""
    words = result.query.words if result.query else ()
    return [_result_group(group, words) for group in result]


def _result_group(group: SearchGroup, words: tuple[str, ...]) -> ResultGroup:
    reasons = highlight.match_reasons(group.kind, group.records, words)
    notes = namesakes_in(group.kind, group.records)
    lines = LINES_OF[group.kind](group.records)
    line_of = lines or {}
    hits = [
        search_hit(group.kind, record, (notes.get(record.pk), line_of.get(record.pk)), reasons.get(record.pk), words)
        for record in group.records
    ]
    list_url_name = f"{group.kind}-list" if group.kind in KINDS_WITH_LIST and group.total > len(hits) else ""
    has_lines = lines is not None
    return ResultGroup(group.kind, group.label, group.total, group.is_capped, hits, list_url_name, has_lines)


def exact_hit(groups: list[ResultGroup], result: SearchResult) -> SearchHit | None:
    """Return the hit whose whole name is the query, if there is exactly one and the results have others, too."""
    record = result.exact_match
    if record is None or sum(len(group.hits) for group in groups) < 2:
        return None
    for group, shaped in zip(result, groups, strict=True):
        if record in group.records:
            return shaped.hits[group.records.index(record)]
    return None


def namesakes_in(kind: str, records: Iterable[Any]) -> dict[int | str, str]:
    """Return what tells published people or series from their namesakes, by primary key."""
    model = {"person": Person, "series": Series}.get(kind)
    return namesake_notes(model, {record.pk for record in records}, published=True)


def search_hit(
    kind: str, record: Any, notes: tuple[str | None, str | None], reason: MatchReason | None, words: Iterable[str]
) -> SearchHit:
    """Shape one record; ``notes`` are what tells it from its namesakes, and a line about it."""
    namesake_note, line = notes
    note = namesake_note or ("" if kind == "song" else disambiguation(kind, record))
    return SearchHit(
        record=record,
        kind_label=KIND_LABELS[kind],
        slug=record.slug,
        url=result_url(kind, record),
        name=highlight.highlight(result_name(kind, record), words),
        description=highlight.highlight(", ".join(filter(None, [note, line])), words),
        reason=(reason.label, highlight.highlight(reason.text, words)) if reason else None,
        heard_in=heard_in(record) if kind == "song" else [],
        is_heard_elsewhere=kind == "song" and len(record.first_cues) > MAX_LISTED_CUES,
    )


def suggestion_data(suggestions: Iterable[tuple[str, Any]]) -> list[dict[str, str]]:
    """Return suggestions, (kind, record), as the script of the search field expects them."""
    suggestions = list(suggestions)
    kinds = {kind for kind, _ in suggestions}
    notes = {kind: namesakes_in(kind, [record for item, record in suggestions if item == kind]) for kind in kinds}
    items = []
    for kind, record in suggestions:
        note = disambiguation(kind, record) if kind in ("episode", "character", "song") else KIND_LABELS[kind]
        note = ", ".join(filter(None, [note, notes[kind].get(record.pk)]))
        items.append({"kind": kind, "name": result_name(kind, record), "note": note, "url": result_url(kind, record)})
    return items
