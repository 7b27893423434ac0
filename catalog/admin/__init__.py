"""The editors' desk: its table of contents. Each module registers the desks of its noun."""

from catalog.admin import (
    change,
    company,
    credit,
    edit,
    episode,
    event,
    external_id,
    person,
    picture,
    review,
    series,
    song,
    source,
    start,
    title,
    vocabulary,
)

__all__ = [
    "change",
    "company",
    "credit",
    "edit",
    "episode",
    "event",
    "external_id",
    "person",
    "picture",
    "review",
    "series",
    "song",
    "source",
    "start",
    "title",
    "vocabulary",
]
