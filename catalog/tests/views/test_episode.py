"""The page of an episode, and rows of episodes: cases that the Soundtrack fixture lacks."""

import pytest

from catalog.models import AlternativeTitle, Citation, FeaturedCharacter
from catalog.tests import factories as make
from catalog.tests import page_parsing

pytestmark = pytest.mark.django_db


@pytest.fixture
def show():
    """A series with the seasons 0, 1 and 3, two episodes each: ``{(season, number): episode}``."""
    series = make.series("Long Way")
    episodes = {}
    for number in (0, 1, 3):
        season = make.season(series, number)
        for position in (1, 2):
            episodes[number, position] = make.episode(season, position, title=f"Part {number}.{position}")
    return episodes


def section(page, key):
    """The section of a page with this key; None if there is none."""
    sections = page.cssselect(f"section[aria-labelledby='h-{key}']")
    return sections[0] if sections else None


def people(element):
    """(person, role) of each credit in an element."""
    return (
        []
        if element is None
        else [(credit.get("data-person"), credit.get("data-role")) for credit in element.cssselect("[data-person]")]
    )


def fact(page, name):
    """The text of an infobox row."""
    return page_parsing.text(page.cssselect(f"[data-fact='{name}'] dd")[0])


def neighbours(page):
    """(URL of the previous record, URL of the next), None where there is none."""
    links = {link.get("rel"): link.get("href") for link in page.cssselect("nav.pager a")}
    return links.get("prev"), links.get("next")


def test_inherited_credits_are_separate_from_the_episodes_own(show, client):
    episode = show[1, 1]
    make.credit(episode, "Own Director")
    make.credit(episode, "Own Guest", "guest")
    make.credit(episode.season, "Season Writer", "writer")
    make.credit(episode.series, "Creator", "creator")
    make.credit(episode.series, "Lead", "cast", kind="main")
    page = page_parsing.get_page(client, episode.get_absolute_url())
    assert people(section(page, "credits")) == [("own-director", "director"), ("own-guest", "guest")]
    assert set(people(section(page, "whole"))) == {
        ("season-writer", "writer"),
        ("creator", "creator"),
        ("lead", "cast"),
    }
    assert fact(page, "writer") == "Not known", "a writer of the season need not have written this episode"


def test_credits_that_apply_to_no_episode_are_on_no_episodes_page(show, client):
    series = show[1, 1].series
    make.credit(series, "Recurring", "cast", kind="recurring")
    make.credit(series, "Guest", "cast", kind="guest")
    make.credit(series, "Unstated", "cast")
    make.credit(series, "Pilot Lead", "cast", kind="main", pilot_only=True)
    make.credit(series, "Pilot Director", pilot_only=True)
    make.credit(show[1, 2], "Elsewhere")
    make.credit(show[3, 1].season, "Other Season", "writer")
    page = page_parsing.get_page(client, show[1, 1].get_absolute_url())
    assert people(page) == []
    assert section(page, "whole") is None
    assert "No credits listed for this episode yet" in page_parsing.text(section(page, "credits"))


def test_credits_of_the_series_for_some_episodes_are_apart_with_their_sources(show, client):
    episode = show[1, 1]
    composer = make.credit(episode.series, "Zoe Tune", "composer", for_some_episodes=True, note="additional")
    make.credit(episode.season, "Ed Cut", "editor", for_some_episodes=True)
    make.credit(episode.series, "Ann Lead", "cast", kind="main", for_some_episodes=True)
    make.credit(episode.series, "Max Maker", "creator")
    make.credit(show[3, 1].season, "Other Season", "editor", for_some_episodes=True)
    make.credit(episode.series, make.person("Hidden Hand", published_at=None), for_some_episodes=True)
    Citation.objects.create(source=make.source(), credit=composer)
    page = page_parsing.get_page(client, episode.get_absolute_url())
    part = section(page, "possible")
    assert page_parsing.text(part.cssselect("h2")[0]) == "Worked on the series; for which episodes is not known"
    assert sorted(people(part)) == [("ann-lead", "cast"), ("ed-cut", "editor"), ("zoe-tune", "composer")]
    assert people(section(page, "whole")) == [("max-maker", "creator")]
    (line,) = (line for line in part.cssselect("li") if "Zoe Tune" in page_parsing.text(line))
    assert page_parsing.text(line.cssselect("small")[0]) == "Composer, additional"
    assert line.cssselect("[data-person] button.ref")


def test_somebody_known_to_have_worked_on_the_episode_is_not_listed_as_possible(show, client):
    episode = show[1, 1]
    on_episode, on_season, elsewhere = make.person("Ann"), make.person("Bo"), make.person("Cy")
    for person in (on_episode, on_season, elsewhere):
        make.credit(episode.series, person, "editor", for_some_episodes=True)
    make.credit(episode, on_episode, "editor")
    make.credit(episode.season, on_season, "editor")
    make.credit(episode, elsewhere, "writer")
    make.credit(show[1, 2], elsewhere, "editor")
    page = page_parsing.get_page(client, episode.get_absolute_url())
    assert people(section(page, "possible")) == [("cy", "editor")]


def test_a_credited_person_who_is_a_draft_is_on_no_page(show, client):
    make.credit(show[1, 1], make.person("Hidden Hand", published_at=None))
    assert b"Hidden Hand" not in client.get(show[1, 1].get_absolute_url()).content
    assert b"Hidden Hand" not in client.get("/episodes/").content


def test_one_person_in_two_roles_of_a_department_is_one_line_with_an_element_for_each_credit(show, client):
    person = make.person("Ann Two")
    make.credit(show[1, 1], person, "story")
    make.credit(show[1, 1], person, "teleplay")
    (line,) = section(page_parsing.get_page(client, show[1, 1].get_absolute_url()), "credits").cssselect("li")
    assert people(line) == [("ann-two", "story"), ("ann-two", "teleplay")]
    assert len(line.cssselect("a[href='/people/ann-two/']")) == 1
    assert {"Story", "Teleplay"} <= set(", ".join(map(page_parsing.text, line.cssselect("small"))).split(", "))


def test_previous_and_next_cross_seasons_and_gaps_but_not_to_or_from_specials(show, client):
    order = [(1, 1), (1, 2), (3, 1), (3, 2)]
    addresses = [None, *(show[key].get_absolute_url() for key in order), None]
    for number, key in enumerate(order, start=1):
        page = page_parsing.get_page(client, show[key].get_absolute_url())
        assert neighbours(page) == (addresses[number - 1], addresses[number + 1])
    first, second = show[0, 1].get_absolute_url(), show[0, 2].get_absolute_url()
    assert neighbours(page_parsing.get_page(client, first)) == (None, second)
    assert neighbours(page_parsing.get_page(client, second)) == (first, None)


def test_previous_and_next_skip_drafts_and_other_series(show, client):
    make.episode(make.season(make.series("Another"), 2), 1)
    for draft in (show[1, 2], show[3, 1]):
        draft.published_at = None
        draft.save()
    page = page_parsing.get_page(client, show[1, 1].get_absolute_url())
    assert neighbours(page) == (None, show[3, 2].get_absolute_url())
    lone = make.episode()
    assert not page_parsing.get_page(client, lone.get_absolute_url()).cssselect("nav.pager")


def test_a_special_is_labelled_as_such(show, client):
    page = page_parsing.get_page(client, "/series/long-way/s00e01/")
    assert page.cssselect("main")[0].get("data-slug") == "long-way/s00e01"
    assert fact(page, "season") == "Specials"
    assert "Specials" in page_parsing.text(page.cssselect("nav[aria-label=Breadcrumb]")[0])


def test_a_double_episode_shows_both_numbers(show, client):
    episode = make.episode(show[1, 1].season, 3, last_number=4)
    page = page_parsing.get_page(client, episode.get_absolute_url())
    assert fact(page, "number").startswith("3–4 of ")
    assert neighbours(page) == (show[1, 2].get_absolute_url(), show[3, 1].get_absolute_url())


@pytest.mark.parametrize(
    ("date", "long", "short"),
    [
        ("2018", "2018", "2018"),
        ("2018-03", "March 2018", "Mar 2018"),
        ("2018-03-05", "5 March 2018", "5 Mar 2018"),
        (None, "Not known", "Not known"),
    ],
)
def test_a_partial_date_is_printed_to_its_own_precision(client, date, long, short):
    episode = make.episode(air_date=date)
    page = page_parsing.get_page(client, episode.get_absolute_url())
    assert fact(page, "air_date") == long
    assert [time.get("datetime") for time in page.cssselect("[data-fact=air_date] time")] == ([date] if date else [])
    (row,) = page_parsing.get_page(client, episode.season.get_absolute_url()).cssselect("tr[data-slug]")
    assert page_parsing.text(row.cssselect("td")[4]) == short
    card = page_parsing.text(page_parsing.get_page(client, "/episodes/").cssselect("article")[0])
    assert (short if date else "Date not known") in card


def test_missing_facts_of_an_episode_have_placeholders(client):
    episode = make.episode(title="")
    page = page_parsing.get_page(client, episode.get_absolute_url())
    assert page_parsing.text(page.cssselect("h1")[0]) == "Episode 1"
    for name in ("overall_number", "air_date", "production_code", "runtime", "director", "writer", "network"):
        assert fact(page, name) == "Not known", name
    assert fact(page, "titles") == "None recorded"
    assert page_parsing.text(page.cssselect("[data-fact=synopsis]")[0]) == "No synopsis yet"
    assert "Not known for this episode" in page_parsing.text(section(page, "songs"))
    assert not page.cssselect(".sources, .ref"), "without a source no list of sources"


def test_the_running_time_of_the_series_is_shown_with_a_remark_if_the_episodes_is_missing(client):
    series = make.series(runtime_min=40, runtime_max=55)
    with_runtime, without_runtime = make.episode(make.season(series), runtime=47), make.episode(make.season(series, 2))
    assert fact(page_parsing.get_page(client, with_runtime.get_absolute_url()), "runtime") == "47 minutes"
    text = fact(page_parsing.get_page(client, without_runtime.get_absolute_url()), "runtime")
    assert text.startswith("40–55 minutes")
    assert "not known for this episode" in text


def test_an_alternative_title_has_its_kind(client):
    episode = make.episode(title="Now")
    AlternativeTitle.objects.create(episode=episode, title="Before", kind="working", note="on the script")
    text = fact(page_parsing.get_page(client, episode.get_absolute_url()), "titles")
    assert text == "Before (working title; on the script)"


def test_a_featured_character_has_the_episodes_name_for_it_and_a_placeholder_for_its_performer(client):
    episode = make.episode()
    nell = make.character(episode.series, "Nellie")
    FeaturedCharacter.objects.create(episode=episode, character=nell, named_as="Eleanor")
    (item,) = page_parsing.get_page(client, episode.get_absolute_url()).cssselect("li[data-fact=character]")
    assert all(words in page_parsing.text(item) for words in ("Eleanor", "Nellie", "Performer not known"))
    make.credit(episode, "A Player", "guest", character=nell)
    (item,) = page_parsing.get_page(client, episode.get_absolute_url()).cssselect("li[data-fact=character]")
    assert "played by A Player" in page_parsing.text(item)


def test_a_list_of_many_seasons_names_series_and_season_at_each_row(show, client):
    make.episode(make.season(make.series("Another")))
    page = page_parsing.get_page(client, "/episodes/?sort=title")
    assert len(page_parsing.result_slugs(page)) == 7
    for article in page.cssselect("main article"):
        text = page_parsing.text(article)
        assert ("Long Way" if "long-way" in article.get("data-slug") else "Another") in text
    assert "specials" in page_parsing.text(page.cssselect("article[data-slug='long-way/s00e01']")[0])
