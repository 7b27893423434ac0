"""No page and no deletion runs more queries as the catalogue grows: 2 records of everything compared with 40."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog.facets.index import registry
from catalog.models import Citation, Company, Language, Person, Season, Series, Song, Source
from catalog.models.deletion import delete_records
from catalog.tests import factories as make

pytestmark = pytest.mark.django_db

SMALL_SIZE, LARGE_SIZE = 2, 40  # with 40 a list has a second page, after 25 rows
INDEXED_LISTS = ["/episodes/", "/series/", "/people/"]
URLS = [
    "/",
    "/episodes/",
    "/episodes/?crew=main-person&sort=title",
    "/episodes/?q=part",
    "/series/",
    "/series/?cast=grown-0&sort=-premiered",
    "/people/",
    "/people/?with=main-person&sort=-credits",
    "/people/?sort=-credits",
    "/people/?q=grown",
    "/companies/",
    "/search/?q=o",
    "/search/?q=g",
    "/search/?q=s",
    "/episodes/facets/crew/",
    "/people/facets/series/",
    "/series/growth/",
    "/series/growth/season-1/",
    "/series/growth/s01e01/",
    "/people/main-person/",
    "/people/grown-0/",
    "/people/main-person/with/grown-0/",
    "/people/main-person/with/busy-person/",
    "/companies/company-of-many/",
    "/sources/growing/",
    "/sources/",
    "/songs/",
    "/songs/?q=song&sort=artist",
    "/songs/main-song/",
    "/characters/main-character/",
    "/sitemap.xml",
    "/sitemap-series.xml",
    "/sitemap-seasons.xml",
    "/sitemap-episodes.xml",
    "/sitemap-songs.xml",
    "/sitemap-characters.xml",
]


def create_main_records():
    """Create the records to whose pages ``grow`` adds."""
    season = make.season(make.series("Growth", premiered="2019"))
    person, source, company = make.person("Main Person"), make.source("Growing"), make.company("Company of Many")
    make.person("Busy Person")
    make.cue(make.episode(season, 1000), make.song("Main Song", make.artist()))
    make.character(season.series, "Main Character")
    make.credit(make.series("Earlier"), person)  # with work on more than three series from the start
    cite(source, season, person, company, season.series)


def cite(source, *records):
    """Cite ``source`` for each record."""
    names = {"seriescompany": "series_company", "alternativetitle": "alternative_title"}
    names |= {"externalid": "external_id", "featuredcharacter": "feature"}
    for record in records:
        kind = record._meta.model_name
        Citation.objects.create(source=source, locator="p. 1", **{names.get(kind, kind): record})


def grow(number):
    """Add one of everything that a page can list, each with a citation."""
    season, main_person = Season.objects.get(series__slug="growth"), Person.objects.get(slug="main-person")
    series, source = season.series, Source.objects.get(slug="growing")
    main_company = Company.objects.get(slug="company-of-many")
    person, company = make.person(f"Grown {number}", picture=make.picture()), make.company(picture=make.picture())
    other_series = make.series(f"Other {number}", premiered="2018", picture=make.picture())
    month = f"{1 + number % 12:02}"
    episode = make.episode(
        season, number + 1, air_date=f"2019-{month}", synopsis="Out of nowhere.", picture=make.picture()
    )
    character, event = make.character(series), make.event(series, date=f"2018-{month}")
    for series_event in (event, make.event(other_series)):
        series_event.people.add(person, main_person)
        series_event.companies.add(company, main_company)
    other_episode, busy_person = make.episode(make.season(other_series)), Person.objects.get(slug="busy-person")
    for subject in (season, episode, other_episode):
        make.credit(subject, busy_person, make.role(f"role-{number}").slug)
    records = [person, company, episode, character, event]
    records += [
        make.credit(episode, person, "director"),
        make.credit(episode, main_person, "writer"),
        make.credit(series, person, "executive-producer"),
        make.credit(series, person, "cast", character=character, kind="main"),
        make.credit(season, person, "editor"),
        make.credit(series, person, "composer", for_some_episodes=True),
        make.credit(other_episode, main_person, "director"),
        make.series_company(series, company),
        make.series_company(other_series, main_company),
        main_company.availability.create(series=other_series, since="2019"),
        *create_parts(number, series, episode, main_person, character),
    ]
    for record in (series, season):
        record.reviews.create(aggregator=f"Critic {number}", score=50)
    cite(source, *records)


def create_parts(number, series, episode, person, character):
    """Add one of each small part, and return those that can be cited."""
    language = Language.objects.create(code=f"{chr(97 + number // 26)}{chr(97 + number % 26)}", name=f"Tongue {number}")
    series.languages.add(language)
    series.genres.add(make.genre())
    song, main_song = make.song(f"Song {number}", make.artist()), Song.objects.get(slug="main-song")
    main_character = series.characters.get(slug="main-character")
    make.credit(episode, role_slug="guest", character=main_character)
    episode.features.create(character=main_character)
    make.cue(episode, main_song).performers.add(character, main_character)
    first = Season.objects.get(series=series).episodes.get(number=1) if number else episode
    for cue in (series.cues.create(song=song), first.cues.create(song=song)):
        cue.performers.add(character)
    return [
        series.titles.create(title=f"Title {number}", kind="also", language=language),
        first.titles.create(title=f"Title {number}", kind="also", language=language),
        series.availability.create(platform=make.company(), since="2019"),
        first.features.create(character=character),
        first.reviews.create(aggregator=f"Critic {number}", score=50),
        person.aliases.create(name=f"Alias {number}"),
        character.aliases.create(name=f"Alias {number}"),
        Company.objects.get(slug="company-of-many").aliases.create(name=f"Alias {number}", until="2019"),
        series.external_ids.create(scheme="imdb", value=f"tt{number}"),
        first.external_ids.create(scheme="imdb", value=f"tt{number}"),
        person.external_ids.create(scheme="imdb", value=f"nm{number}"),
        first.season.external_ids.create(scheme="tvdb", value=str(number)),
        Company.objects.get(slug="company-of-many").external_ids.create(scheme="imdb", value=f"co{number}"),
    ]


def query_counts(client):
    """The number of queries of each page by URL, once the facets' index and the names have been read."""
    registry.reset()
    for url in (*INDEXED_LISTS, "/search/?q=o"):
        client.get(url)
    counts = {}
    for url in URLS:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200, url
        counts[url] = len(queries)
    return counts


def deletion_query_count():
    """The number of queries that delete the series to which ``grow`` adds. The deletion is rolled back."""
    series = Series.objects.get(slug="growth")
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        delete_records([series])
        transaction.set_rollback(True)
    return len(queries)


def test_no_page_runs_more_queries_as_the_catalogue_grows(client):
    create_main_records()
    for number in range(SMALL_SIZE):
        grow(number)
    small, small_deletion = query_counts(client), deletion_query_count()
    with make.deferred_indexing():
        for number in range(SMALL_SIZE, LARGE_SIZE):
            grow(number)
    large, large_deletion = query_counts(client), deletion_query_count()
    differences = {url: large[url] - small[url] for url in URLS if large[url] != small[url]}
    assert differences == {
        "/series/growth/s01e01/": 1,  # its inherited credits, of which a page shows the first, are counted
        "/sources/": -1,  # a source of more than 1,000 facts is not counted exactly
        "/sources/growing/": -9,  # its first page has facts of fewer kinds
    }
    assert large_deletion - small_deletion <= 60  # for 1,600 more records, read and written in batches
