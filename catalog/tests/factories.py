"""Records for tests: plain functions, each makes one published record with whatever is not said made up."""

from itertools import count

from django.utils import timezone

from catalog.models import (
    Character,
    Company,
    Credit,
    Department,
    Episode,
    Event,
    Genre,
    Person,
    Picture,
    Role,
    Season,
    Series,
    SeriesCompany,
    Source,
)
from catalog.search.indexing import deferred_indexing  # noqa: F401  (for tests that create many records)

_numbers = count(1)
DEPARTMENTS = {"director": "directing", "writer": "writing", "story": "writing", "teleplay": "writing"}
DEPARTMENTS |= {"cast": "cast", "guest": "cast", "creator": "creation", "executive-producer": "producing"}


def _published(fields):
    return {"published_at": timezone.now()} | fields


def series(title=None, **fields):
    """A published series with its first season left to ``season``."""
    return Series.objects.create(title=title or f"Series {next(_numbers)}", **_published(fields))


def season(of=None, number=1, **fields):
    """A published season."""
    return Season.objects.create(series=of or series(), number=number, **_published(fields))


def episode(of=None, number=None, **fields):
    """A published episode of a season; the next free number when none is given."""
    of = of or season()
    number = number if number is not None else of.episodes.count() + 1
    return Episode.objects.create(season=of, number=number, **_published({"title": f"Part {number}"} | fields))


def person(name=None, **fields):
    """A published person."""
    return Person.objects.create(name=name or f"Person {next(_numbers)}", **_published(fields))


def role(slug="director"):
    """The role of that slug: from the vocabulary when it is loaded, else made."""
    found = Role.objects.filter(slug=slug).first()
    if found:
        return found
    department = DEPARTMENTS.get(slug, "crew")
    home, _ = Department.objects.get_or_create(slug=department, defaults={"name": department.replace("-", " ").title()})
    return Role.objects.create(slug=slug, name=slug.replace("-", " ").capitalize(), department=home)


def credit(on, who=None, role_slug="director", **fields):
    """A credit on a series, a season or an episode."""
    who = who if isinstance(who, Person) else person(who)
    return Credit.objects.create(person=who, role=role(role_slug), **{on._meta.model_name: on}, **fields)


def character(of, name=None, **fields):
    """A character of a series."""
    return Character.objects.create(series=of, name=name or f"Character {next(_numbers)}", **fields)


def company(name=None, **fields):
    """A published company."""
    return Company.objects.create(name=name or f"Company {next(_numbers)}", **_published(fields))


def series_company(of, who=None, part="network", **fields):
    """A company's part in a series."""
    return SeriesCompany.objects.create(series=of, company=who or company(), part=part, **fields)


def genre(name=None):
    """A genre."""
    return Genre.objects.create(name=name or f"Genre {next(_numbers)}")


def event(of, headline=None, **fields):
    """An event of a series' production."""
    fields = {"kind": "other", "headline": headline or f"Event {next(_numbers)}"} | fields
    return Event.objects.create(series=of, **fields)


def source(title=None, **fields):
    """A source."""
    return Source.objects.create(title=title or f"Source {next(_numbers)}", **fields)


def picture(**fields):
    """The row of a picture; its files are not there."""
    fields = {"width": 640, "height": 360, "alt_text": "A picture", "credit": "Somebody", "licence": "CC0"} | fields
    return Picture.objects.create(file=f"pictures/{next(_numbers)}.jpg", **fields)
