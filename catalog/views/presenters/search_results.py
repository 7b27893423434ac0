"""What a page of search shows: each record with the words marked that were looked for, and why it was found."""

from dataclasses import dataclass

from catalog.links import url_for
from catalog.search import highlight

KIND_LABELS = {
    "series": "Series",
    "episode": "Episode",
    "person": "Person",
    "character": "Character",
    "company": "Company",
}
KINDS_WITH_LIST = ("series", "episode", "person")  # kinds with a list that takes the parameter q


@dataclass(frozen=True)
class SearchHit:
    """One record: texts come as [(piece, whether it was looked for)]; ``why`` is (label, text) or None."""

    slug: str
    url: str
    name: list
    about: list
    why: tuple | None


@dataclass(frozen=True)
class ResultGroup:
    """The records of one kind. ``more`` leads to all of them, where there is such a list."""

    kind: str
    label: str
    total: int
    is_capped: bool
    lines: list
    more: str


def result_url(kind, record):
    """Where a record is shown: a character has no page, so where it is seen."""
    if kind == "character":
        return f"{url_for('episode-list')}?character={record.slug}"
    return record.get_absolute_url()


def result_name(kind, record):
    """What a record is called in a result."""
    return record.name if kind == "episode" else str(record)


def disambiguation(kind, record):
    """What tells a record from its namesakes."""
    if kind == "episode":
        return ", ".join(filter(None, [record.series.title, record.code, record.production_code]))
    if kind == "character":
        return f"in {record.series.title}"
    return record.premiered.first_day.strftime("%Y") if kind == "series" and record.premiered else ""


def result_groups(found):
    """The groups of a search as the page shows them."""
    words = found.wanted.words if found.wanted else ()
    return [result_group(group, words) for group in found]


def result_group(group, words):
    """One group."""
    reasons = highlight.match_reasons(group.kind, group.records, words)
    lines = [search_hit(group.kind, record, reasons.get(record.pk), words) for record in group.records]
    more = f"{group.kind}-list" if group.kind in KINDS_WITH_LIST and group.total > len(lines) else ""
    return ResultGroup(group.kind, group.label, group.total, group.is_capped, lines, more)


def exact_match(blocks, found):
    """(kind, line) of the only record that is called just so, where others are shown too; else None."""
    if found.single is None or sum(len(block.lines) for block in blocks) < 2:
        return None
    url = next(result_url(group.kind, found.single) for group in found if found.single in group.records)
    return next((KIND_LABELS[block.kind], line) for block in blocks for line in block.lines if line.url == url)


def search_hit(kind, record, reason, words):
    """One record."""
    because = (reason.label, highlight.highlight(reason.text, words)) if reason else None
    name, beside = result_name(kind, record), disambiguation(kind, record)
    return SearchHit(
        record.slug,
        result_url(kind, record),
        highlight.highlight(name, words),
        highlight.highlight(beside, words),
        because,
    )


def suggestion_data(kind, record):
    """What a suggestion says, for the script that shows it."""
    note = disambiguation(kind, record) if kind in ("episode", "character") else KIND_LABELS[kind]
    return {"kind": kind, "name": result_name(kind, record), "note": note, "url": result_url(kind, record)}
