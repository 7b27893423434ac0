"""What a list shows of its facets: roles beside names, order, separators, places, and which facets are left out."""

from urllib.parse import urldefrag

import pytest

from catalog.facets.values import roles_in_words
from catalog.models import Person
from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.views.presenters.humanize import round_down

pytestmark = pytest.mark.django_db


def roles(page):
    """Return what stands beside each name of the facet *Crew*."""
    values = page.cssselect('[data-facet="crew"] [data-value]')
    return {value.get("data-value"): page_parsing.text(value.cssselect("small")[0]) for value in values}


def test_a_person_of_the_crew_has_the_roles_of_the_rows_at_hand(soundtrack, client):
    everywhere = roles(page_parsing.get_page(client, "/episodes/facets/crew/"))
    assert everywhere["joshua-safran"] == "Creator, Executive producer and 2 more"
    assert everywhere["ti-west"] == "Director"
    assert "zac-clark" not in everywhere  # of some episodes, not known which
    by_west = page_parsing.get_page(client, "/episodes/facets/crew/?director=ti-west")  # episodes 3 and 5
    assert roles(by_west)["joshua-safran"] == "Creator, Executive producer"
    last = page_parsing.get_page(client, "/episodes/?director=karen-gaviola&crew=joshua-safran")
    assert roles(last)["joshua-safran"] == "Creator, Executive producer and 1 more"  # episodes 2 and 10
    of_series = roles(page_parsing.get_page(client, "/series/facets/crew/"))
    assert of_series["sue-naegle"] == "Executive producer"
    assert of_series["zac-clark"] == "Composer"
    assert not page_parsing.get_page(client, "/episodes/").cssselect('[data-facet="director"] small')


def test_roles_in_words():
    assert roles_in_words([]) == ""
    assert roles_in_words(["Editor"]) == "Editor"
    assert roles_in_words(["Creator", "Editor"]) == "Creator, Editor"
    assert roles_in_words(["Creator", "Editor", "Writer", "Producer"]) == "Creator, Editor and 2 more"


@pytest.mark.parametrize("query", ["", "?director=adam-young&director=zoe-abel&director=bea-miller"])
def test_equal_counts_are_sorted_by_surname(vocabulary, client, query):
    season = make.season()
    for name in ("Adam Young", "Zoe Abel", "Bea Miller", "Jean de la Mare"):
        make.credit(make.episode(season), name, "director")
    make.credit(make.episode(season), Person.objects.get(slug="bea-miller"), "director")
    expected = ["bea-miller", "zoe-abel", "jean-de-la-mare", "adam-young"]
    if query:
        expected = ["bea-miller", "zoe-abel", "adam-young", "jean-de-la-mare"]  # the chosen ones first
    for path in ("/episodes/", "/episodes/facets/director/"):
        assert list(page_parsing.facet_values(page_parsing.get_page(client, path + query), "director")) == expected
    person = Person.objects.get(slug="adam-young")
    person.sort_name = "Aaron"
    person.save()
    expected = ["bea-miller", "adam-young"] + [slug for slug in expected[1:] if slug != "adam-young"]
    assert list(page_parsing.facet_values(page_parsing.get_page(client, "/episodes/" + query), "director")) == expected


def test_equal_counts_of_series_are_sorted_without_their_article(client):
    for title in ("The Bear", "Zoo", "A Day", "Carol"):
        make.episode(make.season(make.series(title)))
    values = page_parsing.facet_values(page_parsing.get_page(client, "/episodes/"), "series")
    assert list(values) == ["the-bear", "carol", "a-day", "zoo"]


def test_seasons_are_listed_once_a_series_is_chosen_or_alone(client):
    for title in ("One", "Two"):
        series = make.series(title)
        for number in (1, 2):
            make.episode(make.season(series, number))
    make.credit(series.seasons.first().episodes.first(), "Ann", "director")
    totals = {"series=one": 2, "season=season-1": 2, "director=ann": 1, "series=one&season=season-1": 2, "": 0}
    totals |= {"sort=title": 0, "q=part": 0, "series=one&series=two": 2}
    for query, total in totals.items():
        values = page_parsing.facet_values(page_parsing.get_page(client, f"/episodes/?{query}"), "season")
        assert len(values) == total, query


def test_the_link_of_a_value_leads_to_its_place_and_back_to_its_facet(soundtrack, client):
    for path in ("/episodes/", "/episodes/facets/writer/"):
        (value,) = page_parsing.get_page(client, path).cssselect('[data-value="lauren-yee"][href*="writer="]')
        url, fragment = urldefrag(value.get("href"))
        narrowed = page_parsing.get_page(client, f"/episodes/?{url.partition('?')[2]}")
        (target,) = narrowed.xpath("//*[@id=$id]", id=fragment)
        assert target.get("data-value") == "lauren-yee"
        assert target.get("aria-current") == "true"
        _, fragment = urldefrag(target.get("href"))
        (heading,) = page_parsing.get_page(client, "/episodes/").xpath("//*[@id=$id]", id=fragment)
        assert heading.tag == "summary", "which a keyboard reaches"
        assert heading.text_content().startswith("Writer")


def test_an_unknown_value_has_no_place(soundtrack, client):
    (value,) = page_parsing.get_page(client, "/episodes/?director=no%20body%22").cssselect("[data-value='no body\"']")
    assert value.get("id") is None


def test_every_id_of_a_list_is_unique(soundtrack, client):
    for path in ("/episodes/?person=ti-west&crew=ti-west&cast=paul-james", "/series/", "/people/?initial=w"):
        ids = page_parsing.get_page(client, path).xpath("//@id")
        assert len(ids) == len(set(ids)), path


def test_large_counts_have_separators_and_one_value_is_singular(soundtrack, client, monkeypatch):
    monkeypatch.setattr("catalog.facets.index.engine.IndexEngine.top_values", lambda *_: ([(1, "x", "X", 12480)], 1))
    page = page_parsing.get_page(client, "/series/")
    (value,) = page.cssselect('[data-facet="genre"] [data-value]')
    assert page_parsing.text(value) == "X 12,480 series"
    assert value.get("data-count") == "12480"
    (heading,) = page.cssselect("#facet-genre")
    assert page_parsing.text(heading) == "Genre 1 value"


def test_large_totals_are_rounded_down():
    assert [round_down(number) for number in (7, 99, 1000, 1424, 2999, 12345)] == [7, 99, 1000, 1400, 2900, 12000]


@pytest.fixture
def large_crew(vocabulary):
    """An episode with 33 editors, more than a facet lists without a field."""
    episode = make.episode()
    with make.deferred_indexing():
        for number in range(33):
            make.credit(episode, f"Editor Number{number:02}", "editor")


def test_the_field_of_a_long_facet_gets_the_first_values_alone(large_crew, client):
    page = page_parsing.get_page(client, "/episodes/?crew=editor-number07&sort=title")
    (form,) = page.xpath("//form[.//input[@name='find']]")
    assert form.get("action") == "/episodes/facets/crew/"
    assert [(field.name, field.value) for field in form.cssselect("[type=hidden]")] == [("crew", "editor-number07")]
    block = page_parsing.get_page(client, "/episodes/facets/crew/?find=number1&as=block")
    assert len(block.cssselect("[data-value]")) == 10
    assert not block.cssselect(".facet__more, h1")
    more = page_parsing.get_page(client, "/episodes/facets/crew/?find=editor&as=block").cssselect("a.facet__more")[0]
    assert page_parsing.text(more) == "Show all 33 values of Crew"
    assert more.get("href") == "/episodes/facets/crew/?find=editor"
    nothing = page_parsing.get_page(client, "/episodes/facets/crew/?find=xyz&as=block")
    assert nothing.cssselect("#values-crew")[0].get("data-status") == "0 values"


@pytest.mark.parametrize(
    ("query", "roles"),
    [
        ("crew=ida-both", {"Directed by", "Editor"}),
        ("cast=ida-both", {"Guest"}),
        ("person=ida-both", {"Directed by", "Editor", "Guest"}),
        ("director=ida-both", {"Directed by"}),
        ("editor=ida-both", {"Editor"}),
        ("editor__all=ida-both&guest__all=ida-both", {"Editor", "Guest"}),
    ],
)
def test_a_row_marks_the_credits_by_which_it_matches(client, query, roles):
    episode, person = make.episode(), make.person("Ida Both")
    for role in ("director", "guest", "editor"):
        make.credit(episode, person, role)
    (row,) = page_parsing.get_page(client, f"/episodes/?{query}").cssselect("article")
    assert {page_parsing.text(line.xpath("ancestor::div[1]/dt")[0]) for line in row.cssselect("mark")} == roles
