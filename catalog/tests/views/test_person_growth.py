"""Neither queries nor their variables grow with what the page of a person, or of two people, lists."""

import pytest
from django.db import connection
from django.utils import timezone

from catalog.facets.index import registry
from catalog.models import Credit, Episode, Person, Role, Season, Series
from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.views.person import SERIES_PER_PAGE
from catalog.views.presenters.person_work import MAX_CREDITS, rows_per_group

pytestmark = pytest.mark.django_db

MAX_VARIABLES = 300  # of a statement: a page lists MAX_CREDITS credits
ROLES = ("director", "writer", "cast", "executive-producer")


def create_work(person, series_total, episode_total, co_workers=0):
    """Create episodes of series, on each of which the person and others are credited, all in bulk."""
    now = timezone.now()
    prefix = f"{person.slug}-{series_total}-{episode_total}"
    roles = [make.role(slug) for slug in ROLES]
    others = Person.objects.bulk_create(
        Person(name=f"Other {n}", sort_name=f"Other {n}", slug=f"{prefix}-other-{n}", published_at=now)
        for n in range(co_workers)
    )
    series = Series.objects.bulk_create(
        Series(title=f"Series {n}", slug=f"{prefix}-{n}", premiered=str(1900 + n % 100), published_at=now)
        for n in range(series_total)
    )
    seasons = Season.objects.bulk_create(Season(series=item, number=1, published_at=now) for item in series)
    episodes = Episode.objects.bulk_create(
        Episode(season=season, number=n, air_date="2001", published_at=now)
        for season in seasons
        for n in range(1, episode_total + 1)
    )
    Credit.objects.bulk_create(
        Credit(person=person, role=roles[n % len(roles)], episode=episode) for n, episode in enumerate(episodes)
    )
    Credit.objects.bulk_create(Credit(person=other, role=roles[0], episode=episodes[0]) for other in others)


def create_shared_work(first, second, series_total, episode_total):
    """Create episodes of series, on each of which two people are credited, and seasons on which both are."""
    create_work(first, series_total, episode_total)
    role = make.role("editor")
    episodes = Episode.objects.filter(credits__person=first).distinct()
    Credit.objects.bulk_create(Credit(person=second, role=role, episode=episode) for episode in episodes)
    Credit.objects.bulk_create(Credit(person=first, role=role, episode=episode) for episode in list(episodes)[::2])
    seasons = Season.objects.filter(episodes__in=episodes).distinct()
    Credit.objects.bulk_create(
        Credit(person=person, role=role, season=season) for person in (first, second) for season in seasons
    )


def measure(client, url):
    """(number of queries, the most variables of one, the parsed page) of a page, once the index has been built."""
    registry.reset()
    client.get(url)
    variables = []

    def record(execute, sql, params, many, context):
        variables.append(len(params or ()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record):
        response = client.get(f"{url}?again=1")
    return len(variables), max(variables), page_parsing.parse_page(response)


@pytest.mark.parametrize(
    ("small", "large"),
    [((4, 1, 0), (400, 1, 0)), ((1, 2, 0), (1, 400, 0)), ((1, 2, 2), (1, 2, 400)), ((4, 2, 2), (40, 20, 40))],
    ids=["series", "credits", "people", "all"],
)
def test_queries_and_variables_do_not_grow(client, small, large):
    figures = []
    for name, size in (("Small", small), ("Large", large)):
        person = make.person(name)
        create_work(person, *size)
        figures.append(measure(client, person.get_absolute_url()))
    (small_queries, _, _), (large_queries, variables, page) = figures
    assert large_queries <= small_queries
    assert variables <= MAX_VARIABLES
    assert len(page.cssselect("tr[data-role]")) <= MAX_CREDITS


@pytest.mark.parametrize(("small", "large"), [((4, 1), (400, 1)), ((1, 2), (1, 400))], ids=["series", "episodes"])
def test_queries_and_variables_of_two_people_do_not_grow(client, small, large):
    figures = []
    for name, size in (("Small", small), ("Large", large)):
        first, second = make.person(name), make.person(f"With {name}")
        create_shared_work(first, second, *size)
        figures.append(measure(client, f"/people/{first.slug}/with/{second.slug}/"))
    (small_queries, _, _), (large_queries, variables, page) = figures
    assert large_queries <= small_queries
    assert variables <= 2 * MAX_VARIABLES  # a row has credits of both
    assert page.cssselect("main")[0].get("data-total") == "400"
    rows = page.cssselect(".table--pair tbody tr")
    assert len(rows) == (SERIES_PER_PAGE if large[0] > 1 else MAX_CREDITS)


def test_a_page_has_room_for_rows_of_every_group():
    assert rows_per_group([]) == MAX_CREDITS
    assert rows_per_group([MAX_CREDITS]) == MAX_CREDITS
    assert rows_per_group([1, 400]) == MAX_CREDITS - 1
    assert rows_per_group([400] * 3) == MAX_CREDITS // 3
    assert rows_per_group([400] * (MAX_CREDITS + 1)) == 1


def test_credits_that_a_page_has_no_room_for_are_linked_by_department(client):
    person = make.person("Ann")
    create_work(person, 1, 400)
    page = page_parsing.get_page(client, "/people/ann/")
    headings = [page_parsing.text(heading) for heading in page.cssselect("h3.group")]
    assert sorted(headings) == ["Cast100 credits", "Directing100 credits", "Producing100 credits", "Writing100 credits"]
    links = page.xpath("//p[@class='also'][contains(., ' more: ')]")
    assert {page_parsing.text(link).split(":")[0] for link in links} == {f"{100 - MAX_CREDITS // 4} more"}
    by_href = {link.cssselect("a")[0].get("href") for link in links}
    series = "ann-1-400-0"
    assert by_href == {f"/episodes/?series={series}&crew=ann", f"/episodes/?series={series}&cast=ann"}
    assert page_parsing.result_total(page_parsing.get_page(client, f"/episodes/?series={series}&cast=ann")) == 100


def test_series_are_listed_a_page_at_a_time(client):
    person = make.person("Ann")
    create_work(person, SERIES_PER_PAGE + 1, 1, co_workers=1)
    make.event(Series.objects.first(), "Ann is hired").people.add(person)
    first, second = (page_parsing.get_page(client, f"/people/ann/{query}") for query in ("", "?page=2"))
    listed = [len(page.cssselect(".filmography > li")) for page in (first, second)]
    assert listed == [SERIES_PER_PAGE, 1]
    assert first.cssselect("nav.pages a[rel=next]")[0].get("href") == "?page=2"
    assert second.cssselect("link[rel=canonical]")[0].get("href").endswith("/people/ann/?page=2")
    assert second.cssselect("title")[0].text.startswith("Ann, page 2")
    sections = [[bool(page.cssselect(f"#h-{name}")) for name in ("with", "events")] for page in (first, second)]
    assert sections == [[True, True], [False, False]]
    assert [client.get(f"/people/ann/?page={number}").status_code for number in ("3", "0", "x")] == [404, 404, 404]


def test_events_past_the_first_page_are_on_the_next(client, monkeypatch):
    monkeypatch.setattr("catalog.views.person.EVENTS_PER_PAGE", 1)
    person = make.person("Ann")
    create_work(person, 1, 1)
    for year in ("2002", "2001"):
        make.event(Series.objects.get(), f"Event of {year}", date=year).people.add(person)
    first, second = (page_parsing.get_page(client, f"/people/ann/{query}") for query in ("", "?page=2"))
    events = [page_parsing.text(page.cssselect(".events li")[0]) for page in (first, second)]
    assert ["Event of 2001" in events[0], "Event of 2002" in events[1]] == [True, True]
    assert "No credits listed yet" not in page_parsing.text(second.cssselect("main")[0])


def test_without_the_index_sql_shows_the_same_within_a_time_limit(client, monkeypatch):
    person = make.person("Ann")
    create_work(person, 4, 2, co_workers=2)
    indexed = client.get("/people/ann/?indexed=1").content
    monkeypatch.setattr("catalog.facets.index.engine.current_snapshot", lambda facet_set: None)
    assert client.get("/people/ann/?sql=1").content.replace(b"sql=1", b"indexed=1") == indexed
    monkeypatch.setattr("catalog.views.person.MAX_SQL_SECONDS", 0)
    response = client.get("/people/ann/?late=1")
    assert response.status_code == 200
    assert b"Counts are being prepared" in response.content


def test_without_the_index_sql_compares_two_people_within_a_time_limit(client, monkeypatch):
    first, second = make.person("Ann"), make.person("Bo")
    create_shared_work(first, second, 4, 2)
    indexed = client.get("/people/ann/with/bo/?indexed=1").content
    assert b'data-total="8"' in indexed
    monkeypatch.setattr("catalog.facets.index.engine.current_snapshot", lambda facet_set: None)
    assert client.get("/people/ann/with/bo/?sql=1").content.replace(b"sql=1", b"indexed=1") == indexed
    monkeypatch.setattr("catalog.views.person.MAX_SQL_SECONDS", 0)
    assert b"Counts are being prepared" in client.get("/people/ann/with/bo/?late=1").content


def test_the_preview_of_a_draft_shows_what_the_index_does_not_have(admin_client):
    person = make.person("Ann", published_at=None)
    episode = make.episode(title="One")
    make.credit(episode, person)
    make.credit(episode, make.person("Bo"))
    admin_client.get("/people/"), admin_client.get("/series/"), admin_client.get("/episodes/")
    page = page_parsing.get_page(admin_client, f"/admin/catalog/person/{person.pk}/preview/")
    assert [page_parsing.text(cell) for cell in page.cssselect("tr[data-role] td.title")] == ["One"]
    assert page_parsing.text(page.cssselect("[data-fact=credits] dd")[0]) == "1 on 1 series"
    assert page.cssselect("#h-with")
    assert Role.objects.get().name in page_parsing.text(page.cssselect("ul.meta")[0])
