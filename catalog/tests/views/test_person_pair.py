"""What two people both worked on: ``/people/<slug>/with/<slug>/``."""

import pytest

from catalog.models import FormerSlug
from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.tests.views.test_episode import fact

pytestmark = pytest.mark.django_db


def pair_page(client, first, second):
    """The parsed page of two people, by slug."""
    return page_parsing.get_page(client, f"/people/{first}/with/{second}/")


def lead(page):
    """The sentence with the figures."""
    return page_parsing.text(page.cssselect(".record__lead .lead")[0])


def shared_rows(page):
    """(code, what the first did, what the second did) of each row of the tables, without citation marks."""
    rows = [row.cssselect("td") for row in page.cssselect("table.table--pair tbody tr")]
    texts = [[page_parsing.text(cell) for cell in (cells[0], *cells[2:])] for cells in rows]
    return [tuple(text.partition("Sources")[0] for text in row) for row in texts]


def definitions(page, section=1):
    """{term: text} of the lists in the section of one series: the roles of each, and who followed whom."""
    parts = page.cssselect(f"section[aria-labelledby=h-work-{section}] dl.facts > div")
    return {page_parsing.text(part.cssselect("dt")[0]): page_parsing.text(part.cssselect("dd")[0]) for part in parts}


def sections(page):
    """(heading, note) of the section of each series."""
    heads = page.cssselect("section[aria-labelledby^=h-work] .section__head")
    return [tuple(page_parsing.text(head.cssselect(name)[0]) for name in ("h2", "p")) for head in heads]


FIXTURE_CASES = {
    ("khiyon-hursey", "harrison-richlin"): ("2 shared episodes in 1 series.", ["s01e03", "s01e07"]),
    ("lauren-yee", "ti-west"): ("1 shared episode in 1 series.", ["s01e05"]),
    ("paul-james", "ti-west"): ("2 shared episodes in 1 series.", ["s01e03", "s01e05"]),
    ("joe-swanberg", "ti-west"): ("No shared episode is recorded. Both have credits in 1 series.", []),
    ("jesse-peretz", "joshua-safran"): ("1 shared episode in 1 series.", ["s01e01"]),
}


@pytest.mark.parametrize(("people", "answer"), FIXTURE_CASES.items())
def test_shared_episodes_of_soundtrack(soundtrack, client, people, answer):
    page = pair_page(client, *people)
    assert (lead(page), [row[0] for row in shared_rows(page)]) == answer
    (main,) = page.cssselect("main")
    assert main.get("data-slug") == "/with/".join(people)
    assert main.get("data-total") == str(len(answer[1]))


def test_the_directors_of_soundtrack_follow_each_other(soundtrack, client):
    followed = definitions(pair_page(client, "ti-west", "joe-swanberg"))
    assert followed == {
        "Ti West": "Director (2 episodes)",
        "Joe Swanberg": "Director (2 episodes)",
        "Director": "Ti West s01e03, then Joe Swanberg s01e04, then Ti West s01e05, then Joe Swanberg s01e07",
    }


def test_roles_on_soundtrack_stand_side_by_side(soundtrack, client):
    page = pair_page(client, "lauren-yee", "khiyon-hursey")
    assert shared_rows(page) == [("s01e07", "Writer", "Writer")]
    assert definitions(page)["Writer"] == "Khiyon Hursey s01e03, then Lauren Yee s01e05, then both s01e07"
    assert shared_rows(pair_page(client, "ti-west", "paul-james")) == [
        ("s01e03", "Director", "Samson “Sam” Hughes"),
        ("s01e05", "Director", "Samson “Sam” Hughes"),
    ]
    assert pair_page(client, "ti-west", "paul-james").cssselect(".table--pair a[href='/characters/sam-hughes/']")
    assert "Writer" not in definitions(pair_page(client, "khiyon-hursey", "harrison-richlin"))


def test_episodes_in_a_row_are_one_turn_and_gaps_are_not_bridged(client):
    season = make.season(make.series("Turns"))
    ann, bo = make.person("Ann"), make.person("Bo")
    for number in range(1, 8):
        last = 3 if number == 2 else None
        if number != 3:
            make.episode(season, number, last_number=last)
    for number, person in ((1, ann), (2, ann), (4, ann), (6, ann), (5, bo), (7, bo)):
        make.credit(season.episodes.get(number=number), person)
    assert definitions(pair_page(client, "ann", "bo"))["Director"] == (
        "Ann s01e01–s01e04, then Bo s01e05, then Ann s01e06, then Bo s01e07"
    )
    make.credit(season.episodes.get(number=4), bo)
    season.episodes.get(number=5).credits.all().delete()
    assert definitions(pair_page(client, "bo", "ann"))["Director"] == (
        "Ann s01e01–s01e02, then both s01e04, then Ann s01e06, then Bo s01e07"
    )


def test_of_many_turns_the_first_and_last_episodes_are_named(client, monkeypatch):
    monkeypatch.setattr("catalog.views.presenters.role_turns.MAX_LISTED", 3)
    season, ann, bo = make.season(make.series("Long")), make.person("Ann"), make.person("Bo")
    episodes = [make.episode(season) for _ in range(11)]
    for number, people in enumerate(((ann,),) * 4 + ((ann, bo),) * 3 + ((bo,),) * 2 + ((),) + ((ann,),)):
        for person in people:
            make.credit(episodes[number], person)
    text = definitions(pair_page(client, "ann", "bo"))["Director"]
    assert text == (
        "Ann 4 episodes from s01e01 to s01e04, then both 3 episodes from s01e05 to s01e07, then Bo s01e08–s01e09, "
        "then Ann s01e11"
    )
    monkeypatch.setattr("catalog.views.presenters.role_turns.MAX_TURNS", 1)
    text = definitions(pair_page(client, "ann", "bo"))["Director"]
    assert text == "Ann 4 episodes from s01e01 to s01e04, and further ones"


def test_seasons_follow_each_other_and_a_character_is_recast(client):
    series = make.series("Long")
    seasons = [make.season(series, number) for number in (1, 2, 3)]
    first, second = make.episode(seasons[0]), make.episode(seasons[0])
    ann, bo, nellie = make.person("Ann"), make.person("Bo"), make.character(series, "Nellie")
    make.credit(seasons[0], ann, "executive-producer")
    for season in seasons[1:]:
        make.credit(season, bo, "executive-producer")
    make.credit(first, bo, "guest", character=nellie)
    make.credit(second, ann, "guest", character=nellie)
    make.credit(first, ann, "guest")
    page = pair_page(client, "ann", "bo")
    assert definitions(page) == {
        "Ann": "Executive producer, season 1Guest (2 episodes)",
        "Bo": "Executive producer, season 2Executive producer, season 3Guest (1 episode)",
        "Executive producer": "Ann season 1, then Bo seasons 2–3",
        "Nellie": "Bo s01e01, then Ann s01e02",
    }
    assert shared_rows(page) == [("s01e01", "Guest", "Nellie")]


def test_credits_of_a_series_are_apart_and_say_if_they_are_for_some_episodes(client):
    series = make.series("Show")
    season = make.season(series)
    first = make.episode(season)
    make.episode(season)
    ann, bo, cy = (make.person(name) for name in ("Ann", "Bo", "Cy"))
    make.credit(series, ann, "creator")
    make.credit(first, ann, "writer")
    make.credit(season, bo, "editor")
    make.credit(series, cy, "composer", for_some_episodes=True)
    page = pair_page(client, "ann", "bo")
    assert definitions(page) == {"Ann": "CreatorWriter (1 episode)", "Bo": "Editor, season 1"}
    assert shared_rows(page) == [("s01e01", "Writer", "Editor"), ("s01e02", "Creator", "Editor")]
    page = pair_page(client, "ann", "cy")
    assert lead(page) == "No shared episode is recorded. Both have credits in 1 series."
    assert definitions(page)["Cy"] == "Composer, for some episodes; which is not known"
    assert sections(page) == [("Show", "None recorded")]
    assert [item.get("data-role") for item in page.cssselect("[data-person=cy]")] == ["composer"]


def test_series_are_newest_first_and_drafts_are_hidden(client):
    ann, bo = make.person("Ann"), make.person("Bo")
    hidden_series = make.series("Draft", premiered="2021", published_at=None)
    for series in (make.series("Old", premiered="1999"), make.series("New", premiered="2020"), hidden_series):
        for person in (ann, bo):
            make.credit(series, person, "creator")
    shared = make.episode(make.season(make.series("Parts", premiered="2010")))
    hidden = make.episode(shared.season, published_at=None)
    for episode in (shared, hidden):
        make.credit(episode, ann)
        make.credit(episode, bo, "writer")
    make.credit(make.series("Only Ann"), ann)
    page = pair_page(client, "ann", "bo")
    assert [heading for heading, _ in sections(page)] == ["New", "Parts", "Old"]
    assert lead(page) == (
        "1 shared episode in 1 series. Both also have credits in 2 other series, where none is recorded."
    )
    assert fact(page, "shared_series") == "3"


def test_more_episodes_than_a_page_holds_are_counted_and_linked(client, monkeypatch):
    monkeypatch.setattr("catalog.views.presenters.person_work.MAX_CREDITS", 2)  # of rows_per_group
    season, ann, bo = make.season(make.series("Show")), make.person("Ann"), make.person("Bo")
    make.credit(season, ann, "editor")
    for _ in range(5):
        make.credit(make.episode(season), bo)
    page = pair_page(client, "ann", "bo")
    assert [row[0] for row in shared_rows(page)] == ["s01e01", "s01e02"]
    (more,) = page.cssselect("p.also")
    assert page_parsing.text(more) == "3 more: Episodes of Show with Ann and Bo"
    listed = page_parsing.get_page(client, more.cssselect("a")[0].get("href"))
    assert page_parsing.result_total(listed) == 5


def test_nothing_in_common_is_said_and_not_indexed(client):
    make.credit(make.episode(), make.person("Ann"))
    make.credit(make.episode(), make.person("Bo"))
    page = pair_page(client, "ann", "bo")
    assert lead(page) == "No series is recorded that both worked on."
    assert page.cssselect("meta[name=robots]")[0].get("content") == "noindex,follow"
    links = [link.get("href") for link in page.cssselect(".record__lead a")]
    assert links == ["/people/?with=ann", "/people/?with=bo"]


def test_a_pair_with_a_shared_episode_may_be_indexed_in_one_order(client):
    episode = make.episode()
    for name in ("Ann", "Bo"):
        make.credit(episode, make.person(name))
    for url in ("/people/ann/with/bo/", "/people/bo/with/ann/"):
        page = page_parsing.get_page(client, url)
        assert not page.cssselect("meta[name=robots]")
        assert page.cssselect("link[rel=canonical]")[0].get("href") == "http://testserver/people/ann/with/bo/"
    assert page_parsing.text(page.cssselect("h1")[0]) == "Bo and Ann"
    assert [link.get("href") for link in page.cssselect("h1 a")] == ["/people/bo/", "/people/ann/"]
    assert b"/with/" not in client.get("/sitemap-people.xml").content


def test_former_slugs_and_one_person_twice_redirect_and_drafts_are_404(client):
    for name in ("Ann", "Bo"):
        make.person(name)
    make.person("Draft", published_at=None)
    FormerSlug.add("person", "anna", "ann")
    for url, target in {
        "/people/anna/with/bo/": "/people/ann/with/bo/",
        "/people/bo/with/anna/?page=1": "/people/bo/with/ann/?page=1",
        "/people/ANN/with/Bo/": "/people/ann/with/bo/",
        "/people/ann/with/ann/": "/people/ann/",
        "/people/anna/with/ann/": "/people/ann/",
        "/people/ann/with/bo": "/people/ann/with/bo/",
    }.items():
        response = client.get(url)
        assert (response.status_code, response.headers.get("Location")) == (301, target), url
    for url in ("/people/ann/with/draft/", "/people/draft/with/ann/", "/people/ann/with/nobody/", "/people/ann/with/"):
        assert client.get(url).status_code == 404, url
    for page in ("2", "0", "x"):
        assert client.get(f"/people/ann/with/bo/?page={page}").status_code == 404


def test_citations_of_the_credits_are_marked(client):
    episode, source = make.episode(), make.source("Guide")
    for name in ("Ann", "Bo"):
        credit = make.credit(episode, make.person(name))
        credit.citations.create(source=source, locator="p. 1")
    page = pair_page(client, "ann", "bo")
    assert [page_parsing.text(mark) for mark in page.cssselect(".table--pair .ref")] == ["Sources 1", "Sources 1"]
