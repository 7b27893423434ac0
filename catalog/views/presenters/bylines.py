"""Directors and writers of episodes as tuples, for tables and matrices: model instances took four times as long."""

from collections.abc import Sequence
from typing import NamedTuple

from catalog.links import url_builder
from catalog.models.page_queries import episode_byline_query


class BylineRole(NamedTuple):
    """The role of a byline."""

    slug: str


class BylinePerson(NamedTuple):
    """The person of a byline; without a URL, they are not published."""

    name: str
    url: str

    @property
    def is_published(self) -> bool:
        """Whether visitors may see the person."""
        return bool(self.url)

    def get_absolute_url(self) -> str:
        """The URL of the person's page."""
        return self.url


class Byline(NamedTuple):
    """A credit of a director or writer of an episode; its attributes are called as those of ``Credit``."""

    episode_id: int
    person_id: int
    person: BylinePerson
    role: BylineRole
    billing: int | None
    credited_as: str


def read_bylines(episodes: Sequence[int]) -> list[Byline]:
    """The directors and writers of the episodes with these primary keys, in the industry's order; one query."""
    person_url, people, bylines = url_builder("person-detail", "slug"), dict[int, BylinePerson](), []
    for episode, role, _, _, slug, name, key, billing, credited_as in episode_byline_query(episodes):
        person = people.get(key)
        if person is None:
            person = people[key] = BylinePerson(name, person_url(slug) if slug else "")
        bylines.append(Byline(episode, key, person, BylineRole(role), billing, credited_as))
    return bylines
