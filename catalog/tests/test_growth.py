"""No page asks more of the database as the catalogue grows: 2 of everything against 40."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.facets.index import registry
from catalog.models import Citation, Company, Language, Person, Season, Song, Source
from catalog.tests import factories as make

pytestmark = pytest.mark.django_db

FEW, MANY = 2, 40  # the longer lists have a second page, after 25 rows
LISTS = ["/episodes/", "/series/", "/people/"]  # each has an index of its own
ADDRESSES = [
    "/",
    "/episodes/",
    "/episodes/?crew=main-person&sort=title",
    "/episodes/?q=part",
    "/series/",
    "/series/?cast=grown-0&sort=-premiered",
    "/people/",
    "/people/?with=main-person&sort=-credits",
    "/companies/",
    "/search/?q=o",
    "/episodes/facets/crew/",
    "/people/facets/series/",
    "/series/growth/",
    "/series/growth/season-1/",
    "/series/growth/s01e01/",
    "/people/main-person/",
    "/people/grown-0/",
    "/companies/company-of-many/",
    "/sources/growing/",
    "/sitemap.xml",
    "/sitemap-series.xml",
    "/sitemap-seasons.xml",
    "/sitemap-episodes.xml",
]


def found_in(model, **fields):
    """The record that ``begin`` made."""
    return model.objects.get(**fields)


def begin():
    """What is there once."""
    season = make.season(make.series("Growth", premiered="2019"))
    main, source, company = make.person("Main Person"), make.source("Growing"), make.company("Company of Many")
    make.episode(season, 1000)
    cite(source, season, main, company, season.series)


def cite(source, *records):
    """Let ``source`` stand for each of ``records``."""
    names = {"seriescompany": "series_company", "alternativetitle": "alternative_title"}
    names |= {"externalid": "external_id", "featuredcharacter": "feature"}
    for record in records:
        kind = record._meta.model_name
        Citation.objects.create(source=source, locator="p. 1", **{names.get(kind, kind): record})


def grow(number):
    """One more of everything that a page can show many of, each cited."""
    season, main = found_in(Season, series__slug="growth"), found_in(Person, slug="main-person")
    series, source, many = season.series, found_in(Source, slug="growing"), found_in(Company, slug="company-of-many")
    who, company = make.person(f"Grown {number}", picture=make.picture()), make.company(picture=make.picture())
    other = make.series(f"Other {number}", premiered="2018", picture=make.picture())
    episode = make.episode(
        season, number + 1, air_date=f"2019-{1 + number % 12:02}", synopsis="Out of nowhere.", picture=make.picture()
    )
    played, event = make.character(series), make.event(series, date=f"2018-{1 + number % 12:02}")
    for happened in (event, make.event(other)):
        happened.people.add(who, main)
        happened.companies.add(company, many)
    cited = [who, company, episode, played, event]
    cited += [
        make.credit(episode, who, "director"),
        make.credit(episode, main, "writer"),
        make.credit(series, who, "executive-producer"),
        make.credit(series, who, "cast", character=played, kind="main"),
        make.credit(season, who, "editor"),
        make.credit(make.episode(make.season(other)), main, "director"),
        make.series_company(series, company),
        make.series_company(other, many),
        many.availability.create(series=other, since="2019"),
        *facts(number, series, episode, main, played),
    ]
    for part in (series, season):
        part.reviews.create(aggregator=f"Critic {number}", score=50)
    cite(source, *cited)


def facts(number, series, episode, main, played):
    """One more of each small fact; they are given back to be cited."""
    language = Language.objects.create(code=f"{chr(97 + number // 26)}{chr(97 + number % 26)}", name=f"Tongue {number}")
    series.languages.add(language)
    series.genres.add(make.genre())
    song = Song.objects.create(title=f"Song {number}")
    first = found_in(Season, series=series).episodes.get(number=1) if number else episode
    for cue in (series.cues.create(song=song), first.cues.create(song=song)):
        cue.performers.add(played)
    return [
        series.titles.create(title=f"Title {number}", kind="also", language=language),
        first.titles.create(title=f"Title {number}", kind="also", language=language),
        series.availability.create(platform=make.company(), since="2019"),
        first.features.create(character=played),
        first.reviews.create(aggregator=f"Critic {number}", score=50),
        main.aliases.create(name=f"Alias {number}"),
        played.aliases.create(name=f"Alias {number}"),
        series.external_ids.create(scheme="imdb", value=f"tt{number}"),
        first.external_ids.create(scheme="imdb", value=f"tt{number}"),
        main.external_ids.create(scheme="imdb", value=f"nm{number}"),
        first.season.external_ids.create(scheme="tvdb", value=str(number)),
        found_in(Company, slug="company-of-many").external_ids.create(scheme="imdb", value=f"co{number}"),
    ]


def asked(client):
    """How often each page asks the database, once the facets' index has been read."""
    registry.reset()
    for url in LISTS:
        client.get(url)
    found = {}
    for url in ADDRESSES:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200, url
        found[url] = len(queries)
    return found


def test_no_page_asks_more_of_the_database_as_the_catalogue_grows(client):
    begin()
    for number in range(FEW):
        grow(number)
    few = asked(client)
    with make.deferred_indexing():
        for number in range(FEW, MANY):
            grow(number)
    many = asked(client)
    assert many == few, {url: (few[url], many[url]) for url in ADDRESSES if few[url] != many[url]}
