"""What a page of search shows: each record with the words marked that were looked for, and why it was found."""

from dataclasses import dataclass

from catalog.models.base import address
from catalog.search import highlight

NOUNS = {"series": "Series", "episode": "Episode", "person": "Person", "character": "Character", "company": "Company"}
LISTED = ("series", "episode", "person")  # kinds with a list that takes the parameter q


@dataclass(frozen=True)
class Line:
    """One record: texts come as [(piece, whether it was looked for)]; ``why`` is (label, text) or None."""

    slug: str
    url: str
    name: list
    about: list
    why: tuple | None


@dataclass(frozen=True)
class Block:
    """The records of one kind. ``more`` leads to all of them, where there is such a list."""

    kind: str
    label: str
    total: int
    is_capped: bool
    lines: list
    more: str


def url_of(kind, record):
    """Where a record is shown: a character has no page, so where it is seen."""
    if kind == "character":
        return f"{address('episode-list')}?character={record.slug}"
    return record.get_absolute_url()


def name_of(kind, record):
    """What a record is called in a result."""
    return record.name if kind == "episode" else str(record)


def about(kind, record):
    """What tells a record from its namesakes."""
    if kind == "episode":
        return ", ".join(filter(None, [record.series.title, record.code, record.production_code]))
    if kind == "character":
        return f"in {record.series.title}"
    return record.premiered.first_day.strftime("%Y") if kind == "series" and record.premiered else ""


def blocks(found):
    """The groups of a search as the page shows them."""
    words = found.wanted.words if found.wanted else ()
    return [block(group, words) for group in found]


def block(group, words):
    """One group."""
    reasons = highlight.match_reasons(group.kind, group.records, words)
    lines = [line(group.kind, record, reasons.get(record.pk), words) for record in group.records]
    more = f"{group.kind}-list" if group.kind in LISTED and group.total > len(lines) else ""
    return Block(group.kind, group.label, group.total, group.is_capped, lines, more)


def only_exact(blocks, found):
    """(kind, line) of the only record that is called just so, where others are shown too; else None."""
    if found.single is None or sum(len(block.lines) for block in blocks) < 2:
        return None
    url = next(url_of(group.kind, found.single) for group in found if found.single in group.records)
    return next((NOUNS[block.kind], line) for block in blocks for line in block.lines if line.url == url)


def line(kind, record, reason, words):
    """One record."""
    because = (reason.label, highlight.highlight(reason.text, words)) if reason else None
    name, beside = name_of(kind, record), about(kind, record)
    return Line(
        record.slug, url_of(kind, record), highlight.highlight(name, words), highlight.highlight(beside, words), because
    )


def suggestion(kind, record):
    """What a suggestion says, for the script that shows it."""
    note = about(kind, record) if kind in ("episode", "character") else NOUNS[kind]
    return {"kind": kind, "name": name_of(kind, record), "note": note, "url": url_of(kind, record)}
