"""Pages of records with 400 rows of one kind: the queries of a record with two rows, and few variables in each."""

import pytest
from django.db import connection
from django.utils import timezone

from catalog.models import Citation, Credit, Cue, Episode, Event, Person, Season, Series, SeriesCompany
from catalog.tests import factories as make

pytestmark = pytest.mark.django_db
FEW, MANY = 2, 400
MAX_VARIABLES = 300  # of one query: the longest pages mark the sources of up to so many rows
PAGES = {
    "series": "/series/{}/",
    "season": "/series/{}/season-1/",
    "episode": "/series/{}/s01e01/",
    "person": "/people/{}/",
    "company": "/companies/{}/",
    "source": "/sources/{}/",
    "song": "/songs/{}/",
    "character": "/characters/{}/",
    "episodes with the person": "/episodes/?crew={}",
    "series of the company": "/series/?company={}",
    "people who worked with the person": "/people/?with={}",
}


def published(model, count, **columns):
    """Create ``count`` published records at once; a function among ``columns`` gets the number of each."""

    def row(number):
        return {name: value(number) if callable(value) else value for name, value in columns.items()}

    now = timezone.now()
    return model.objects.bulk_create(model(**row(number), published_at=now) for number in range(count))


def create_records(name, count):
    """Create a series, person, company, source, song and character of that name, each with ``count`` rows."""
    people = published(Person, count, name=lambda n: f"{name} {n}", slug=lambda n: f"{name}-person-{n}")
    others = published(Series, count, title=lambda n: f"{name} {n}", slug=lambda n: f"{name}-series-{n}")
    seasons = published(Season, count, series=lambda n: others[n], number=1)
    series, person = make.series(name, slug=name), make.person(name, slug=name)
    company, source = make.company(name, slug=name), make.source(name, slug=name)
    song, character = make.song(name, slug=name), make.character(series, name, slug=name)
    episodes = published(
        Episode, count, season=make.season(series), number=lambda n: n + 1, title=lambda n: f"Part {n}"
    )
    other_episodes = published(Episode, count, season=lambda n: seasons[n], number=1, title="Other")
    director, guest = make.role("director"), make.role("guest")
    credits = [Credit(episode=episode, person=person, role=director) for episode in [*episodes, *other_episodes]]
    credits += [Credit(episode=episodes[0], person=other, role=guest, character=character) for other in people]
    credits += [Credit(series=series, person=other, role=make.role("executive-producer")) for other in people]
    Credit.objects.bulk_create(credits)
    SeriesCompany.objects.bulk_create(SeriesCompany(series=other, company=company, part="network") for other in others)
    Cue.objects.bulk_create(Cue(episode=episode, song=song) for episode in episodes)
    Event.objects.bulk_create(
        Event(series=series, slug=f"event-{n}", date="2019", headline=f"Event {n}") for n in range(count)
    )
    Citation.objects.bulk_create(Citation(source=source, episode=episode, locator="p. 1") for episode in episodes)


def queries_of(client, url):
    """The number of queries of a page, and the most variables of one."""
    variables = []

    def count_variables(execute, sql, params, many, context):
        variables.append(len(params or ()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count_variables):
        assert client.get(url).status_code == 200, url
    return len(variables), max(variables, default=0)


def test_pages_with_400_rows_run_the_queries_of_pages_with_two(client):
    with make.deferred_indexing():
        create_records("few", FEW)
        create_records("many", MANY)
    for url in ("/episodes/", "/series/", "/people/", "/"):
        client.get(url)  # the index is read, queries are compiled
    few, many = (
        {page: queries_of(client, url.format(name)) for page, url in PAGES.items()} for name in ("few", "many")
    )
    assert {page: most for page, (_, most) in many.items() if most > MAX_VARIABLES} == {}
    differences = {page: many[page][0] - few[page][0] for page in PAGES if many[page][0] != few[page][0]}
    # Each list of which a page shows a part is counted; the work on more than three series is one table.
    assert differences == {
        "series": 3,
        "season": 1,
        "episode": 2,
        "person": -4,
        "company": 1,
        "song": 1,
        "character": 1,
    }
