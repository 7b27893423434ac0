"""The page of a person, and people as the list shows them."""

import pytest

from catalog.models import Alias
from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.tests.views.test_episode import fact, section

pytestmark = pytest.mark.django_db


def work(page):
    """Somebody's credits in the order of the page: (number, on, role)."""
    rows = page.cssselect("tr[data-role]")
    return [
        (page_parsing.text(r.cssselect("td")[0]), page_parsing.text(r.cssselect("td.title")[0]), r.get("data-role"))
        for r in rows
    ]


def test_work_stands_by_series_newest_first_and_whole_series_before_episodes(client):
    who = make.person("Ann")
    old, new = make.series("Old", premiered="1999"), make.series("New", premiered="2020-05")
    undated = make.series("Undated")
    season = make.season(new)
    first, second = make.episode(season, 1, title="One"), make.episode(season, 2, title="Two")
    for on, as_ in (
        (second, "director"),
        (old, "director"),
        (first, "director"),
        (new, "director"),
        (season, "director"),
    ):
        make.credit(on, who, as_)
    make.credit(undated, who, "creator")
    page = page_parsing.get_page(client, "/people/ann/")
    assert work(page) == [
        ("", "New", "director"),
        ("", "Season 1", "director"),
        ("1", "One", "director"),
        ("2", "Two", "director"),
        ("", "Old", "director"),
        ("", "Undated", "creator"),
    ]
    assert fact(page, "credits") == "6 on 3 series"


def test_work_on_a_draft_is_not_told(client):
    who = make.person("Ann")
    make.credit(make.series("Secret Plan", published_at=None), who)
    make.credit(make.episode(published_at=None, title="Secret Part"), who)
    make.event(make.series("Secret Show", published_at=None), "Secret meeting").people.add(who)
    response = client.get("/people/ann/")
    assert b"Secret" not in response.content
    assert "No credits recorded" in page_parsing.text(page_parsing.parse_page(response).cssselect("main")[0])
    assert b"No credit recorded" in client.get("/people/").content


def test_what_is_said_beside_a_credit(client):
    who, series = make.person("Ann"), make.series()
    make.credit(series, who, "cast", kind="guest", pilot_only=True, credited_as="A. N.", note="recast")
    (row,) = page_parsing.get_page(client, "/people/ann/").cssselect("tr[data-role]")
    assert page_parsing.text(row.cssselect("td")[2]) == "Cast, guest, as A. N., pilot only, recast"


def test_half_known_days_of_life_are_told_and_nobody_is_said_to_be_alive(client):
    living, dead = make.person("Ann", born="1970-03"), make.person("Bo", born="1901", died="1980-02-29")
    page = page_parsing.get_page(client, living.get_absolute_url())
    assert fact(page, "born") == "March 1970"
    assert not page.cssselect("[data-fact=died]")
    page = page_parsing.get_page(client, dead.get_absolute_url())
    assert (fact(page, "born"), fact(page, "died")) == ("1901", "29 February 1980")
    assert fact(page_parsing.get_page(client, make.person("Cy").get_absolute_url()), "born") == "Not known"


def test_other_names_are_told_with_what_they_are(client):
    who = make.person("Ann")
    assert fact(page_parsing.get_page(client, "/people/ann/"), "aliases") == "No other name recorded"
    Alias.objects.create(person=who, name="Anna Bell", note="given name")
    assert fact(page_parsing.get_page(client, "/people/ann/"), "aliases") == "Anna Bell (given name)"


def test_a_credit_that_holds_marks_every_episode_of_the_strip_and_another_marks_none(client):
    series = make.series()
    for number in (1, 2):
        for place in (1, 2):
            make.episode(make.season(series, number) if place == 1 else series.seasons.get(number=number), place)
    lead, guest, writer = make.person("Lead"), make.person("Guest"), make.person("Writer")
    make.credit(series, lead, "cast", kind="main")
    make.credit(series, guest, "cast", kind="guest")
    make.credit(series.seasons.get(number=2), writer, "writer")
    totals = {}
    for who in (lead, guest, writer):
        page = page_parsing.get_page(client, who.get_absolute_url())
        totals[who.slug] = [
            page_parsing.text(row.cssselect("td.n")[0]) for row in page.cssselect("table.matrix tbody tr")
        ]
    assert totals == {"lead": ["4"], "guest": [], "writer": ["2"]}


def test_whom_somebody_worked_with_is_counted_by_shared_episodes(client):
    season = make.season()
    both, one = make.episode(season), make.episode(season)
    ann, bo, cy, dee = (make.person(name) for name in ("Ann", "Bo", "Cy", "Dee"))
    for who, on in ((ann, both), (ann, one), (bo, both), (bo, one), (bo, season), (cy, one)):
        make.credit(on, who)
    make.credit(season.series, dee, "cast", kind="guest")
    make.credit(one, make.person("Hidden", published_at=None))
    found = section(page_parsing.get_page(client, "/people/ann/"), "with").cssselect("li")
    assert [item.cssselect("a")[0].get("href") for item in found] == ["/people/bo/", "/people/cy/"]
    assert ["2 episodes" in page_parsing.text(item) for item in found] == [True, False]
    assert section(page_parsing.get_page(client, "/people/dee/"), "with") is None


def test_a_card_names_roles_with_how_often_and_characters_instead_where_known(client):
    series = make.series()
    season = make.season(series)
    ann, bo = make.person("Ann"), make.person("Bo")
    for _ in range(3):
        make.credit(make.episode(season), ann)
    make.credit(series, bo, "cast", kind="main", character=make.character(series, "Nellie"))
    cards = {
        a.get("data-slug"): page_parsing.text(a)
        for a in page_parsing.get_page(client, "/people/").cssselect("main article")
    }
    assert "Director (3)" in cards["ann"]
    assert "Cast: Nellie" in cards["bo"]
