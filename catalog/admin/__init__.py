"""The admin: one module for each record type registers its ModelAdmins when it is imported here."""

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
    "alternative_title",
    "change",
    "company",
    "credit",
    "dashboard",
    "edit",
    "episode",
    "event",
    "external_id",
    "genre",
    "person",
    "picture",
    "review",
    "series",
    "song",
    "source",
]
