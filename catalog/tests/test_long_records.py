"""Pages of the longest records have bounded bytes, and statements of bounded length: 3 pages compared with 20."""

import pytest
from django.db import connection
from django.utils import timezone

from catalog.models import (
    Change,
    Character,
    Citation,
    Company,
    Credit,
    Cue,
    Episode,
    FeaturedCharacter,
    Person,
    Season,
    Series,
    SeriesCompany,
    Song,
    Source,
)
from catalog.tests import factories as make

pytestmark = pytest.mark.django_db
MAX_BYTES = 150_000
MAX_VARIABLES = 1_500


def people(start, stop):
    """Published people with these numbers."""
    now = timezone.now()
    return Person.objects.bulk_create(
        Person(name=f"Person {number}", slug=f"person-{number}", published_at=now) for number in range(start, stop)
    )


def grow_guests(start, stop):
    """Guests, writers and main cast of one episode and its series, each with a character and a citation."""
    episode, source = Episode.objects.get(season__series__slug="guests"), Source.objects.get(slug="paper")
    series, everybody = episode.series, people(start, stop)
    characters = Character.objects.bulk_create(
        Character(series=series, name=person.name, slug=f"as-{person.slug}") for person in everybody
    )
    uncast = [Character(series=series, name=f"No {number}", slug=f"no-{number}") for number in range(start, stop)]
    Character.objects.bulk_create(uncast)
    guest, writer, cast = make.role("guest"), make.role("writer"), make.role("cast")
    credits = [
        credit
        for person, character in zip(everybody, characters, strict=True)
        for credit in (
            Credit(person=person, role=guest, episode=episode, character=character),
            Credit(person=person, role=writer, episode=episode),
            Credit(person=person, role=writer, season=episode.season),
            Credit(person=person, role=cast, series=series, character=character, kind="main"),
        )
    ]
    credits = Credit.objects.bulk_create(credits)
    Citation.objects.bulk_create(Citation(source=source, credit=credit) for credit in credits)
    Citation.objects.bulk_create(Citation(source=source, character=character) for character in uncast)


def grow_seasons(start, stop):
    """Seasons with an episode each, and as many episodes in the first one, each with a director."""
    now, series = timezone.now(), Series.objects.get(slug="seasons")
    seasons = Season.objects.bulk_create(
        Season(series=series, number=number + 1, published_at=now) for number in range(start, stop)
    )
    first = Season.objects.get(series=series, number=1)
    episodes = Episode.objects.bulk_create(
        Episode(season=season, number=number, title="Part", air_date="2019", published_at=now)
        for position, season in enumerate(seasons, start)
        for season, number in ((season, 1000), (first, 1001 + position))
    )
    director, person = make.role("director"), Person.objects.get(slug="ann")
    Credit.objects.bulk_create(Credit(person=person, role=director, episode=episode) for episode in episodes)


def grow_facts(start, stop):
    """Facts of one source, and series of one company."""
    source, company, now = (
        Source.objects.get(slug="paper-of-people"),
        Company.objects.get(slug="network"),
        timezone.now(),
    )
    Citation.objects.bulk_create(Citation(source=source, person=person) for person in people(start, stop))
    series = Series.objects.bulk_create(
        Series(title=f"Series {number}", slug=f"series-{number}", published_at=now) for number in range(start, stop)
    )
    SeriesCompany.objects.bulk_create(SeriesCompany(series=item, company=company, part="network") for item in series)


def grow_cues(start, stop):
    """Episodes in which one song is heard and one character sings it, is featured and played, and as many songs."""
    now, season = timezone.now(), Season.objects.get(series__slug="sung", number=1)
    character, song = season.series.characters.get(), Song.objects.get(slug="lamp")
    episodes = Episode.objects.bulk_create(
        Episode(season=season, number=number + 1, title=f"Part {number}", published_at=now)
        for number in range(start, stop)
    )
    guest, person, source = make.role("guest"), Person.objects.get(slug="ann"), Source.objects.get(slug="paper")
    songs = Song.objects.bulk_create(
        Song(title=f"Song {number}", slug=f"song-{number}", artist=song.artist) for number in range(start, stop)
    )
    cues = Cue.objects.bulk_create(
        Cue(episode=episode, song=heard)
        for episode, other in zip(episodes, songs, strict=True)
        for heard in (song, other)
    )
    Cue.performers.through.objects.bulk_create(Cue.performers.through(cue=cue, character=character) for cue in cues)
    Credit.objects.bulk_create(
        Credit(person=person, role=guest, episode=episode, character=character) for episode in episodes
    )
    FeaturedCharacter.objects.bulk_create(
        FeaturedCharacter(episode=episode, character=character) for episode in episodes
    )
    Citation.objects.bulk_create(Citation(source=source, cue=cue) for cue in cues)
    Source.objects.bulk_create(Source(title="Paper", slug=f"paper-{number}") for number in range(start, stop))


def create_roots():
    """Create the records that grow."""
    make.episode(make.season(make.series("Guests")))
    make.series("Seasons")
    make.person("Ann")
    make.character(make.season(make.series("Sung")).series, "Singer")
    make.song("Lamp", make.artist())
    make.source("Paper")
    make.source("Paper of people")
    make.company("Network")


RECORDS = {
    grow_guests: (320, 500, ["/series/guests/s01e01/", "/series/guests/", "/series/guests/season-1/"]),
    grow_seasons: (150, 400, ["/series/seasons/", "/series/seasons/season-1/", "/"]),
    grow_cues: (150, 400, ["/songs/", "/songs/?sort=artist", "/songs/lamp/", "/characters/singer/", "/sources/"]),
    grow_facts: (500, 2000, ["/sources/paper-of-people/", "/companies/network/", "/companies/"]),
}


def measure(client, url):
    """(queries, most variables of a statement) of a page with bounded bytes."""
    variables = []

    def count_variables(execute, sql, params, many, context):
        variables.append(len(params or ()))
        return execute(sql, params, many, context)

    Change.objects.create(action="added", kind="everything", record_id=0)  # as bulk_create writes no change log
    with connection.execute_wrapper(count_variables):
        response = client.get(url)
    assert response.status_code == 200, url
    assert len(response.content) < MAX_BYTES, (url, len(response.content))
    return len(variables), max(variables)


@pytest.mark.parametrize("grow", RECORDS, ids=lambda grow: grow.__name__)
def test_long_records_have_pages_of_bounded_size(client, grow):
    first, last, urls = RECORDS[grow]
    create_roots()
    with make.deferred_indexing():
        grow(0, first)
    pages = [f"{url}{query}" for url in urls for query in ("", "?page=2")[: 1 + (url != "/")]]
    pages = [url for url in pages if client.get(url).status_code == 200]
    small = {url: measure(client, url) for url in pages}
    with make.deferred_indexing():
        grow(first, last)
    large = {url: measure(client, url) for url in pages}
    assert {url: (small[url], large[url]) for url in pages if large[url][0] > small[url][0]} == {}
    assert {url: variables for url, (_, variables) in large.items() if variables > MAX_VARIABLES} == {}
