"""What the page of a list shows of every choice: only, not, any, all, not recorded, ranges, roles, and their words."""

from urllib.parse import urljoin, urlsplit

import pytest

from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.tests.page_parsing import get_page, result_total, text

pytestmark = pytest.mark.django_db


def row(page, facet, slug):
    """Return the item of a value."""
    (value,) = page.cssselect(f'[data-facet="{facet}"] [data-value="{slug}"]')
    return value.getparent()


def picks(page, facet, slug):
    """Return the words and queries of what stands beside a value."""
    links = row(page, facet, slug).cssselect(".pick")
    return [(text(link), urlsplit(link.get("href")).query) for link in links]


def chips(page):
    return [text(chip).removesuffix(", remove this filter") for chip in page.cssselect(".chip")]


def sentence(page):
    """Return the sentence under the heading, which the title repeats."""
    (line,) = page.cssselect("p.choice")
    assert page.cssselect("title")[0].text.startswith(text(line))
    return text(line)


def notes(page):
    return [text(note) for note in page.cssselect("#results > .also")]


def test_beside_a_value_are_links_that_say_what_they_do(soundtrack, client):
    page = get_page(client, "/episodes/?director=joe-swanberg&year=2019")
    assert picks(page, "director", "ti-west") == [
        ("only episodes directed by Ti West", "director=ti-west&year=2019"),
        ("not episodes directed by Ti West: leave them out", "director=joe-swanberg&director__not=ti-west&year=2019"),
    ]
    assert picks(page, "director", "joe-swanberg") == [
        ("not episodes directed by Joe Swanberg: leave them out", "director__not=joe-swanberg&year=2019")
    ]
    assert picks(page, "year", "2019")[0][0] == "not episodes of 2019: leave them out"
    assert all(link.get("rel") == "nofollow" for link in page.cssselect(".pick"))
    page = get_page(client, "/episodes/facets/cast/?director=ti-west")
    link = row(page, "cast", "paul-james").cssselect(".pick")[0]
    assert link.get("href") == "/episodes/?director=ti-west&cast=paul-james#cast:paul-james"
    assert text(link) == "only episodes with Paul James in the cast"


def test_a_value_left_out_stands_among_the_selected_and_can_be_removed(soundtrack, client):
    page = get_page(client, "/episodes/?director__not=ti-west&director=joe-swanberg")
    assert [text(value) for value in page.cssselect("[data-facet=director] [aria-current]")] == [
        "not Ti West left out: remove filter",
        "Joe Swanberg 2 episodes, selected: remove filter",
    ]
    (value,) = page.cssselect('[data-facet=director] [data-value="ti-west"]')
    assert urlsplit(value.get("href")).query == "director=joe-swanberg"
    assert chips(page) == ["Director: Joe Swanberg", "Director: not Ti West"]
    assert sentence(page) == "Episodes directed by Joe Swanberg, not directed by Ti West"
    assert "2 selected" in text(page.cssselect("#facet-director")[0])
    page = get_page(client, "/episodes/?director__not=no-body")
    assert chips(page) == ["Director: not no-body not in the catalogue"]
    assert sentence(page) == "Episodes not directed by “no-body”"


def test_several_values_match_any_or_all(soundtrack, client):
    page = get_page(client, "/episodes/?writer=khiyon-hursey&writer=harrison-richlin")
    (line,) = page.cssselect("[data-facet=writer] .facet__match")
    assert text(line) == "Match any of all of them"
    any_link, all_link = line.cssselect("a")
    assert (any_link.get("aria-current"), all_link.get("aria-current")) == ("true", None)
    page = get_page(client, urljoin("/episodes/", all_link.get("href")))
    assert result_total(page) == 2
    assert sentence(page) == "Episodes written by Khiyon Hursey and Harrison Richlin"
    assert chips(page) == ["Writer: Khiyon Hursey", "Writer: and Harrison Richlin"]
    any_link, all_link = page.cssselect("[data-facet=writer] .facet__match a")
    assert (any_link.get("aria-current"), all_link.get("aria-current")) == (None, "true")
    assert urlsplit(any_link.get("href")).query == "writer=khiyon-hursey&writer=harrison-richlin"
    (value,) = page.cssselect('[data-facet=writer] [data-value="lauren-yee"]')
    assert value.get("data-count") == "1"
    narrowed = get_page(client, urljoin("/episodes/", value.get("href")))
    assert result_total(narrowed) == 1
    assert page_parsing.selected_values(narrowed, "writer") == {"khiyon-hursey", "harrison-richlin", "lauren-yee"}


@pytest.mark.parametrize("query", ["writer=lauren-yee", "year=2019&year=2020", "writer=lauren-yee&writer__not=ti-west"])
def test_any_and_all_are_not_offered_where_they_say_nothing(soundtrack, client, query):
    assert not get_page(client, f"/episodes/?{query}").cssselect(".facet__match")


def test_what_is_not_recorded_is_the_last_value_and_is_told_beside_the_total(soundtrack, client):
    page = get_page(client, "/episodes/?character=sam-hughes&character__not=frank-obrien")
    value = page.cssselect("[data-facet=character] [data-value]")[-1]
    assert text(value) == "Not recorded 1 episode"
    assert value.get("data-count") == "1"
    assert notes(page) == ["For 1 more no character is recorded."]
    link = page.cssselect("#results > .also a")[0]
    alone = get_page(client, urljoin("/episodes/", link.get("href")))
    assert result_total(alone) == 1
    assert sentence(alone) == "Episodes with no character recorded"
    assert chips(alone) == ["Character: not recorded"]
    widened = get_page(client, urljoin("/episodes/?", value.get("href")))
    assert result_total(widened) == result_total(page) + 1
    assert "Character: or not recorded" in chips(widened)
    (value,) = widened.cssselect('[data-facet=character] [data-value="__missing"][aria-current]')
    assert "missing" not in value.get("href")
    assert not notes(widened)


def test_rows_that_remain_because_nothing_is_recorded_are_told(soundtrack, client):
    page = get_page(client, "/episodes/?character__not=sam-hughes")
    assert result_total(page) == 7
    assert notes(page) == ["No character is recorded for 1 of them."]
    page = get_page(client, "/episodes/?role=cinematographer&crew=jas-shelton")
    assert result_total(page) == 0
    assert sentence(page) == "Episodes shot by Jas Shelton"
    assert notes(page) == ["For 10 no cinematographer is recorded."]


def test_a_facet_with_few_values_says_for_how_many_rows_it_is_recorded(client):
    season = make.season()
    for number in range(4):
        make.credit(make.episode(season), f"Person {number}", "director" if number else "editor")
    make.credit(season.episodes.first(), "Ann Lee", "writer")
    page = get_page(client, "/episodes/?q=")
    assert text(page.cssselect("[data-facet=writer] .facet__note")[0]) == "Recorded for 1 of 4 episodes"
    assert text(page.cssselect("[data-facet=director] .facet__note")[0]) == "Recorded for 3 of 4 episodes"
    assert not page.cssselect("[data-facet=crew] .facet__note")


def test_ranges_are_forms_that_keep_the_selection(client):
    season = make.season()
    for date, runtime in (("2018", 20), ("2019", 30), ("2020", 40)):
        make.episode(season, air_date=date, runtime=runtime)
    page = get_page(client, "/episodes/?year__gte=2019&runtime__lte=30&sort=title")
    assert result_total(page) == 1
    assert chips(page) == ["Year: from 2019", "Running time: at most 30 minutes"]
    assert sentence(page) == "Episodes running at most 30 minutes, from 2019"
    years, minutes = page.cssselect("form.range")
    assert dict(years.form_values()) == {
        "year__gte": "2019", "year__lte": "", "runtime__lte": "30", "sort": "title",
    }  # fmt: skip
    assert minutes.getparent().get("data-facet") == "runtime"
    assert years.getparent().get("data-facet") == "year"
    page = get_page(client, "/episodes/?year__gte=2019&year__lte=2020")
    assert chips(page) == ["Year: 2019 to 2020"]
    assert page.cssselect(".chip")[0].get("href") == "?#chips"
    make.episode(season, runtime=30)
    make.episode(season, air_date="2019")
    page = get_page(client, "/episodes/?year__gte=2019&runtime__lte=30")
    assert notes(page) == ["For 1 more no year is recorded. For 1 more no running time is recorded."]
    (link,) = page.cssselect("#results > .also a")
    assert urlsplit(link.get("href")).query == "year__missing=1&runtime__lte=30"
    assert result_total(get_page(client, urljoin("/episodes/", link.get("href")))) == 1
    page = get_page(client, "/episodes/?runtime__gte=soon")
    assert chips(page) == ["Running time: at least soon minutes not a number"]
    assert result_total(page) == 0
    assert "which is not a number" in text(page.cssselect(".empty li")[0])


def test_the_people_of_any_role_are_two_clicks_away(client):
    season, bo = make.season(), make.person("Bo Ek")
    for person in (make.person("Ann Lee"), bo, bo):
        episode = make.episode(season)
        make.credit(episode, person, "cinematographer")
    make.credit(make.episode(season), "Dee Rector", "director")
    page = get_page(client, "/episodes/")
    (value,) = page.cssselect("[data-facet=role] [data-value]:not([data-value^='__'])")
    assert (text(value), value.get("data-count")) == ("Cinematographer 3 episodes", "3")
    page = get_page(client, urljoin("/episodes/", value.get("href")))
    assert page_parsing.facet_values(page, "cinematographer") == {"bo-ek": 2, "ann-lee": 1}
    assert page_parsing.facet_values(page, "crew") == {"bo-ek": 2, "ann-lee": 1, "__missing": 1}
    (value,) = page.cssselect('[data-facet=cinematographer] [data-value="bo-ek"]')
    assert urlsplit(value.get("href")).query == "cinematographer=bo-ek"
    page = get_page(client, urljoin("/episodes/", value.get("href")))
    assert result_total(page) == 2
    assert sentence(page) == "Episodes shot by Bo Ek"
    assert notes(page) == ["For 1 more no cinematographer is recorded."]
    assert page_parsing.selected_values(page, "cinematographer") == {"bo-ek"}


def test_an_empty_result_offers_to_remove_every_kind_of_choice(soundtrack, client):
    page = get_page(client, "/episodes/?director__not=ti-west&writer__all=lauren-yee&year__lte=2018&cast__missing=1")
    offers = [text(offer) for offer in page.cssselect(".empty li")]
    assert offers == [
        "Without director: not Ti West 0 episodes",
        "Without writer: Lauren Yee 0 episodes",
        "Without cast: not recorded 0 episodes",
        "Without year: up to 2018 0 episodes",
    ]
    page = get_page(client, "/episodes/?director=ti-west&director__not=ti-west")
    for offer in page.cssselect(".empty li a"):
        expected = result_total(get_page(client, urljoin("/episodes/", offer.get("href"))))
        assert f"{expected} episode" in text(offer)


@pytest.mark.parametrize(
    ("query", "is_indexed", "canonical"),
    [
        ("director=ti-west", True, "director=ti-west"),
        ("executive-producer=ali-krug", True, "executive-producer=ali-krug"),
        ("director__not=ti-west", False, ""),
        ("director__all=ti-west", False, ""),
        ("director__missing=1", False, ""),
        ("year__gte=2019", False, ""),
        ("director=ti-west&director=joe-swanberg", False, ""),
    ],
)
def test_one_plain_value_is_indexed_and_nothing_else(soundtrack, client, query, is_indexed, canonical):
    page = get_page(client, f"/episodes/?{query}")
    assert (page.cssselect("meta[name=robots]") == []) == is_indexed
    assert urlsplit(page.cssselect("link[rel=canonical]")[0].get("href")).query == canonical


def test_the_page_of_all_values_has_every_choice(soundtrack, client):
    query = "character__all=sam-hughes&character__all=frank-obrien&character__not=margot-weston"
    page = get_page(client, f"/episodes/facets/character/?{query}")
    values = page.cssselect("[data-facet=character] [data-value]")
    assert text(values[0]).startswith("not Margot")
    assert text(values[-1]).startswith("Not recorded 1 episode")
    assert [link.get("href") for link in page.cssselect(".facet__match a")] == [
        "/episodes/?character=sam-hughes&character=frank-obrien&character__not=margot-weston#facet-character",
        "/episodes/?character__all=sam-hughes&character__all=frank-obrien&character__not=margot-weston#facet-character",
    ]
    for narrowed in ("find=sam", "find=sam&as=block"):
        page = get_page(client, f"/episodes/facets/character/?{query}&{narrowed}")
        assert "__missing" not in page_parsing.facet_values(page, "character")


@pytest.mark.parametrize("suffix", ["__all", "__not"])
def test_the_people_who_worked_with_somebody_take_every_suffix(soundtrack, client, suffix):
    page = get_page(client, f"/people/?with{suffix}=ti-west")
    assert page.cssselect(".chip")
    assert result_total(page) >= 0
