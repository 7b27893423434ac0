"""The editors' desk: its table of contents. Each module registers the desks of its noun."""

from catalog.admin import (
    alternative_title,
    change,
    company,
    credit,
    dashboard,
    edit,
    episode,
    event,
    external_id,
    genre,
    person,
    picture,
    review,
    series,
    song,
    source,
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
    "dashboard",
    "alternative_title",
    "genre",
]
