"""Functions that create one published record each, with values for the fields that are not given."""

from itertools import count

from django.utils import timezone

from catalog.models import (
    Artist,
    Character,
    Citation,
    Company,
    Credit,
    Cue,
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
    Song,
    Source,
    SourceFile,
    SourceImport,
)
from catalog.search.indexing import deferred_indexing  # noqa: F401  (for tests that create many records)
from catalog.sources.readers import detect_kind

_numbers = count(1)
DEPARTMENTS = {"director": "directing", "writer": "writing", "story": "writing", "teleplay": "writing"}
DEPARTMENTS |= {"cast": "cast", "guest": "cast", "creator": "creation", "executive-producer": "producing"}


def _published(fields):
    return {"published_at": timezone.now()} | fields


def series(title=None, **fields):
    """Create a published series, without seasons."""
    return Series.objects.create(title=title or f"Series {next(_numbers)}", **_published(fields))


def season(series_=None, number=1, **fields):
    """Create a published season; by default of a new series."""
    return Season.objects.create(series=series_ or series(), number=number, **_published(fields))


def episode(season_=None, number=None, **fields):
    """Create a published episode; by default with the next number, in a new season."""
    season_ = season_ or season()
    number = number if number is not None else season_.episodes.count() + 1
    return Episode.objects.create(season=season_, number=number, **_published({"title": f"Part {number}"} | fields))


def person(name=None, **fields):
    """Create a published person."""
    return Person.objects.create(name=name or f"Person {next(_numbers)}", **_published(fields))


def role(slug="director"):
    """Get or create the role, with a department."""
    existing = Role.objects.filter(slug=slug).first()
    if existing:
        return existing
    department_slug = DEPARTMENTS.get(slug, "crew")
    department, _ = Department.objects.get_or_create(
        slug=department_slug, defaults={"name": department_slug.replace("-", " ").title()}
    )
    return Role.objects.create(slug=slug, name=slug.replace("-", " ").capitalize(), department=department)


def credit(subject, person_or_name=None, role_slug="director", **fields):
    """Create a credit on a series, season or episode; by default of a new person."""
    credited = person_or_name if isinstance(person_or_name, Person) else person(person_or_name)
    return Credit.objects.create(person=credited, role=role(role_slug), **{subject._meta.model_name: subject}, **fields)


def character(series_, name=None, **fields):
    """Create a character of a series."""
    return Character.objects.create(series=series_, name=name or f"Character {next(_numbers)}", **fields)


def company(name=None, **fields):
    """Create a published company."""
    return Company.objects.create(name=name or f"Company {next(_numbers)}", **_published(fields))


def series_company(series_, company_=None, part="network", **fields):
    """Create a company's part in a series; by default of a new company."""
    return SeriesCompany.objects.create(series=series_, company=company_ or company(), part=part, **fields)


def genre(name=None):
    """Create a genre."""
    return Genre.objects.create(name=name or f"Genre {next(_numbers)}")


def event(series_, headline=None, **fields):
    """Create an event in the production of a series."""
    fields = {"kind": "other", "headline": headline or f"Event {next(_numbers)}"} | fields
    return Event.objects.create(series=series_, **fields)


def artist(name=None, **fields):
    """Create a recording artist."""
    return Artist.objects.create(name=name or f"Artist {next(_numbers)}", **fields)


def song(title=None, artist_=None, **fields):
    """Create a song, by default of an unknown artist. The name of an artist, new or not, does too."""
    if isinstance(artist_, str):
        artist_ = Artist.objects.filter(name=artist_).first() or artist(artist_)
    title = f"Song {next(_numbers)}" if title is None else title
    return Song.objects.create(title=title, artist=artist_, **fields)


def cue(subject, song_=None, **fields):
    """Create a cue of a song, by default a new one, in a series or episode."""
    return Cue.objects.create(song=song_ or song(), **{subject._meta.model_name: subject}, **fields)


def source(title=None, **fields):
    """Create a source."""
    return Source.objects.create(title=title or f"Source {next(_numbers)}", **fields)


def cited_source(title=None, **fields):
    """Create a source that visitors see: cited for a published series."""
    cited = source(title, **fields)
    Citation.objects.create(source=cited, series=series())
    return cited


def source_import(*contents, **fields):
    """Create an import of files with ``contents``; by default of a table with one episode."""
    table = f"season,episode,title,director\n1,1,Part {next(_numbers)},Ada Holt\n".encode()
    source_import = SourceImport.objects.create(**fields)
    for content in contents or [table]:
        source_import.files.add(SourceFile.keep(detect_kind(content), content))
    return source_import


def picture(**fields):
    """Create the row of a picture, without files."""
    fields = {"width": 640, "height": 360, "alt_text": "A picture", "credit": "Somebody", "licence": "CC0"} | fields
    return Picture.objects.create(file=f"pictures/{next(_numbers)}.jpg", **fields)
