"""The page of a person, and the list of people."""

import pytest

from catalog.models import Alias
from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.tests.views.test_episode import fact, section

pytestmark = pytest.mark.django_db


def work(page):
    """(number, subject, role) of each credit on the page, in order."""
    rows = page.cssselect("tr[data-role]")
    return [
        (page_parsing.text(r.cssselect("td")[0]), page_parsing.text(r.cssselect("td.title")[0]), r.get("data-role"))
        for r in rows
    ]


def test_work_is_grouped_by_series_newest_first_and_credits_on_the_series_precede_episodes(client):
    person = make.person("Ann")
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
        make.credit(on, person, as_)
    make.credit(undated, person, "creator")
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


def test_work_on_drafts_is_hidden(client):
    person = make.person("Ann")
    make.credit(make.series("Secret Plan", published_at=None), person)
    make.credit(make.episode(published_at=None, title="Secret Part"), person)
    make.event(make.series("Secret Show", published_at=None), "Secret meeting").people.add(person)
    response = client.get("/people/ann/")
    assert b"Secret" not in response.content
    assert "No credits listed yet" in page_parsing.text(page_parsing.parse_page(response).cssselect("main")[0])
    assert b"No credit listed yet" in client.get("/people/").content


def test_the_remarks_of_a_credit(client):
    person, series = make.person("Ann"), make.series()
    make.credit(series, person, "cast", kind="guest", pilot_only=True, credited_as="A. N.", note="recast")
    (row,) = page_parsing.get_page(client, "/people/ann/").cssselect("tr[data-role]")
    assert page_parsing.text(row.cssselect("td")[2]) == "Cast, guest, as A. N., pilot only, recast"


def test_a_person_credited_for_some_episodes_has_no_episodes(client):
    person, episode = make.person("Ann"), make.episode()
    make.episode(episode.season)
    make.credit(episode.series, person, "editor", for_some_episodes=True)
    make.credit(episode.series, "Bo", "creator")
    page = page_parsing.get_page(client, "/people/ann/")
    (row,) = page.cssselect("tr[data-role]")
    assert page_parsing.text(row.cssselect("td")[2]) == "Editor, for some episodes; which is not known"
    assert not page.cssselect("main a[href^='/episodes/']")
    assert not page.cssselect("section[aria-labelledby='h-with']")
    assert not page.cssselect(".matrix")


def test_partial_dates_of_birth_and_death_are_shown_and_no_death_is_left_out(client):
    living, dead = make.person("Ann", born="1970-03"), make.person("Bo", born="1901", died="1980-02-29")
    page = page_parsing.get_page(client, living.get_absolute_url())
    assert fact(page, "born") == "March 1970"
    assert not page.cssselect("[data-fact=died]")
    page = page_parsing.get_page(client, dead.get_absolute_url())
    assert (fact(page, "born"), fact(page, "died")) == ("1901", "29 February 1980")
    assert fact(page_parsing.get_page(client, make.person("Cy").get_absolute_url()), "born") == "Not known"


def test_aliases_are_shown_with_their_notes(client):
    person = make.person("Ann")
    assert fact(page_parsing.get_page(client, "/people/ann/"), "aliases") == "No other name recorded"
    Alias.objects.create(person=person, name="Anna Bell", note="given name")
    assert fact(page_parsing.get_page(client, "/people/ann/"), "aliases") == "Anna Bell (given name)"


def test_a_credit_on_a_series_marks_every_episode_of_the_matrix_if_it_applies_to_them(client):
    series = make.series()
    for number in (1, 2):
        for position in (1, 2):
            make.episode(make.season(series, number) if position == 1 else series.seasons.get(number=number), position)
    lead, guest, writer = make.person("Lead"), make.person("Guest"), make.person("Writer")
    make.credit(series, lead, "cast", kind="main")
    make.credit(series, guest, "cast", kind="guest")
    make.credit(series.seasons.get(number=2), writer, "writer")
    totals = {}
    for person in (lead, guest, writer):
        page = page_parsing.get_page(client, person.get_absolute_url())
        totals[person.slug] = [
            page_parsing.text(row.cssselect("td.n")[0]) for row in page.cssselect("table.matrix tbody tr")
        ]
    assert totals == {"lead": ["4"], "guest": [], "writer": ["2"]}


def co_workers(client, slug):
    """(slug, what they share) in the section *Worked with* of a person; None without the section."""
    part = section(page_parsing.get_page(client, f"/people/{slug}/"), "with")
    if part is None:
        return None
    return [
        (
            item.cssselect("a")[0].get("href").split("/")[2],
            page_parsing.text(item.cssselect("small a")[0]).split(" together")[0],
        )
        for item in part.cssselect("li")
    ]


def test_co_workers_are_counted_by_shared_episodes(client):
    season = make.season()
    both, second = make.episode(season), make.episode(season)
    ann, bo, cy, dee = (make.person(name) for name in ("Ann", "Bo", "Cy", "Dee"))
    for person, subjects in ((ann, (both, second)), (bo, (both, second)), (cy, (second, season))):
        for subject in subjects:
            make.credit(subject, person, "writer" if subject == second else "director")
    make.credit(both, bo, "editor")
    make.credit(both, make.person("Eve", published_at=None))
    make.credit(season.series, dee, "cast", kind="guest")
    assert co_workers(client, "ann") == [("bo", "2 episodes"), ("cy", "1 episode")]
    assert co_workers(client, "dee") is None


def test_who_worked_on_one_whole_series_is_no_co_worker_until_several_are_shared(client):
    episode = make.episode()
    ann, bo, cy = (make.person(name) for name in ("Ann", "Bo", "Cy"))
    make.credit(episode, ann)
    for person in (bo, cy):
        make.credit(episode.series, person, "executive-producer")
    make.credit(episode, cy, "executive-producer")
    assert [co_workers(client, slug) for slug in ("ann", "bo", "cy")] == [[], [], []]
    make.credit(make.season(episode.series, 2), ann, "writer")
    assert co_workers(client, "bo") == []
    other_series = make.series()
    for person in (bo, cy):
        make.credit(other_series, person, "creator")
    assert co_workers(client, "bo") == [("cy", "2 series")]


SOUNDTRACK_CO_WORKERS = {
    "ti-west": [("khiyon-hursey", "1 episode"), ("harrison-richlin", "1 episode"), ("lauren-yee", "1 episode")],
    "khiyon-hursey": [
        ("harrison-richlin", "2 episodes"),
        ("joe-swanberg", "1 episode"),
        ("ti-west", "1 episode"),
        ("lauren-yee", "1 episode"),
    ],
    "paul-james": [],
}


@pytest.mark.parametrize(("slug", "answer"), SOUNDTRACK_CO_WORKERS.items())
def test_co_workers_of_soundtrack(soundtrack, client, slug, answer):
    assert co_workers(client, slug) == answer


def test_a_co_worker_links_to_the_comparison_and_to_the_list(client):
    episode = make.episode()
    for name in ("Ann", "Bo"):
        make.credit(episode, make.person(name))
    links = section(page_parsing.get_page(client, "/people/ann/"), "with").cssselect("li a")
    urls = [link.get("href") for link in links]
    assert urls == ["/people/bo/", "/people/ann/with/bo/", "/episodes/?person__all=ann&person__all=bo"]
    assert page_parsing.result_total(page_parsing.get_page(client, urls[-1])) == 1


def test_cards_of_people_who_worked_with_somebody_link_to_the_comparison(client):
    episode = make.episode()
    for name in ("Ann", "Bo", "Cy"):
        make.credit(episode, make.person(name))

    def links(query):
        page = page_parsing.get_page(client, f"/people/{query}")
        return [link.get("href") for link in page.cssselect("main article small a")]

    assert links("?with=ann") == ["/people/ann/with/bo/", "/people/ann/with/cy/"]
    assert links("?with__all=ann&q=cy") == ["/people/ann/with/cy/"]
    assert links("?with=ann&with=bo") == links("?with=nobody") == links("?with__not=ann") == links("") == []


def test_a_card_names_roles_with_their_number_or_their_characters(client):
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


def test_a_card_names_the_characters_played_most_often_and_nothing_of_drafts(client):
    series = make.series()
    season, ann = make.season(series), make.person("Ann")
    first, second, third = (make.character(series, name) for name in ("Once", "Thrice", "Twice"))
    for character, times in ((first, 1), (second, 3), (third, 2)):
        for _ in range(times):
            make.credit(make.episode(season), ann, "guest", character=character)
    hidden = make.episode(season, published_at=None)
    for _ in range(4):
        make.credit(hidden, ann, "guest", character=make.character(series, "Secret"))
    make.credit(hidden, ann)
    card = page_parsing.get_page(client, "/people/").cssselect("[data-slug=ann] small")[0]
    assert page_parsing.text(card) == "Guest: Thrice, Twice"


def test_a_text_is_found_in_names_sort_names_aliases_and_credited_names(client):
    ann, bo, cy, dee = (make.person(name) for name in ("Ann Zoë", "Bo", "Cy", "Dee"))
    Alias.objects.create(person=bo, name="Robert Tall")
    Alias.objects.create(company=make.company(), name="Tall Company")
    make.credit(make.episode(), cy, credited_as="Cyrus Tall")
    make.credit(make.episode(), dee)

    def slugs(text):
        return page_parsing.result_slugs(page_parsing.get_page(client, f"/people/?q={text}"))

    assert slugs("tall") == ["bo", "cy"]
    assert slugs("zoe") == ["ann-zoe"]
    assert slugs("cy+tall") == ["cy"]
    assert slugs("ann+tall") == []
    assert slugs("obert") == ["bo"]


def test_work_on_many_series_is_one_table_by_year_that_opens_to_the_credits(client):
    person = make.person("Ann")
    for year in (2001, 2004, 2003, 2002):
        make.credit(make.episode(make.season(make.series(f"Of {year}", premiered=str(year)))), person)
    page = page_parsing.get_page(client, "/people/ann/")
    rows = section(page, "work").cssselect("details")
    summaries = [page_parsing.text(row.cssselect("summary")[0]) for row in rows]
    assert [summary[:4] for summary in summaries] == ["2004", "2003", "2002", "2001"]
    assert "Of 2004" in summaries[0]
    assert summaries[0].endswith("1 credit")
    assert [len(row.cssselect("tr[data-person=ann]")) for row in rows] == [1, 1, 1, 1]
    assert section(page, "years") is None
    assert section(page, "work-1") is None
