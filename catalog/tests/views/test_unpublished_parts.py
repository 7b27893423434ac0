"""A page never says of something that is recorded, but not published, that it is not known; nor what it is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.models import Availability, FeaturedCharacter
from catalog.tests import factories as make
from catalog.tests import page_parsing

SECRETS = ("Secret", "secret")
pytestmark = pytest.mark.django_db


@pytest.fixture(params=["draft", "scheduled"])
def hidden(request):
    """The publication time of what visitors may not see."""
    return {"published_at": None if request.param == "draft" else timezone.now() + timedelta(days=3)}


def facts(client, record):
    """``{name: text}`` of the rows of the infobox on the page of a record."""
    rows = read_main(client, record.get_absolute_url()).cssselect("dl.facts [data-fact]")
    return {row.get("data-fact"): page_parsing.text(row.cssselect("dd")[0]) for row in rows}


def read_main(client, url):
    """The main part of a page, which names nothing that is hidden."""
    page = page_parsing.get_page(client, url)
    text = page_parsing.text(page)
    assert not any(secret in text for secret in SECRETS), text
    description = page.xpath("//meta[@name='description']/@content")[0]
    assert "Secret" not in description
    assert " 0 " not in description or url == "/", description
    return page.cssselect("main")[0]


def section_text(client, url, name):
    """The text of one section of a page."""
    return page_parsing.text(read_main(client, url).cssselect(f"[aria-labelledby=h-{name}]")[0])


def hidden_series(hidden):
    """A published series of which everything else is hidden: people, companies, a season with an episode."""
    series = make.series("Gold")
    season = make.season(series, **hidden)
    make.episode(season, title="Secret pilot", **hidden)
    secret = make.person("Secret", **hidden)
    make.credit(series, secret, "creator")
    make.credit(series, secret, "cast", kind="main", character=make.character(series, "Ann"))
    for part in ("network", "production", "distributor"):
        make.series_company(series, make.company(f"Secret {part}", **hidden), part)
    Availability.objects.create(series=series, platform=make.company("Secret platform", **hidden))
    return series


def test_a_series_leaves_out_what_is_hidden(client, hidden):
    series = hidden_series(hidden)
    rows = facts(client, series)
    names = {"creator", "network", "availability", "season_total", "episode_total", "production", "distributor"}
    assert names.isdisjoint(rows)
    assert rows["status"] == "Not known", "which nothing says"
    main = page_parsing.text(read_main(client, series.get_absolute_url()))
    assert "No episodes listed yet" in main
    assert "performer is not known" not in main
    assert "No episodes recorded" not in main


def test_a_series_without_anything_recorded_says_not_known(client):
    rows = facts(client, make.series())
    for name in ("creator", "network", "availability", "season_total", "episode_total", "production", "distributor"):
        assert rows[name] == "Not known", name


def test_a_series_lists_what_is_published_and_says_that_it_is_not_all(client, hidden):
    series = hidden_series(hidden)
    season = make.season(series, 2)
    make.episode(season)
    make.credit(series, make.person("Ann Lee"), "creator")
    make.series_company(series, make.company("Ocean"), "network")
    rows = facts(client, series)
    assert (rows["creator"], rows["network"]) == ("Ann Lee", "Ocean")
    assert rows["season_total"] == "1 (not all listed yet)"
    assert rows["episode_total"] == "1 (not all listed yet)"
    assert facts(client, season)["episode_total"] == "1"


def test_announced_episodes_are_compared_with_all_that_are_recorded(client, hidden):
    series = make.series(announced_episodes=2)
    season = make.season(series)
    make.episode(season)
    make.episode(season, **hidden)
    assert facts(client, series)["episode_total"] == "1 (not all listed yet)"
    make.episode(season, **hidden)
    assert facts(client, series)["episode_total"] == "1 (2 announced; not all listed yet)"


def test_a_season_leaves_its_episodes_out_or_says_that_they_are_not_all(client, hidden):
    season = make.season()
    make.episode(season, 1, air_date="2020-01-01", title="Secret", **hidden)
    rows = facts(client, season)
    assert "episode_total" not in rows
    assert "air_date" not in rows
    assert "No episodes listed yet" in section_text(client, season.get_absolute_url(), "episodes")
    assert "No episodes listed yet" in section_text(client, season.series.get_absolute_url(), "episodes")
    make.episode(season, 2)
    assert facts(client, season)["episode_total"] == "1 (not all listed yet)"


def test_an_episode_leaves_out_hidden_makers_and_the_total_of_its_season(client, hidden):
    episode = make.episode()
    make.episode(episode.season, 7, **hidden)
    secret = make.person("Secret", **hidden)
    for role in ("director", "story"):
        make.credit(episode, secret, role)
    character = make.character(episode.series, "Ann")
    make.credit(episode, secret, "guest", character=character)
    FeaturedCharacter.objects.create(episode=episode, character=character)
    make.series_company(episode.series, make.company("Secret", **hidden), "network")
    rows = facts(client, episode)
    assert {"director", "writer", "network"}.isdisjoint(rows)
    assert rows["number"] == "1"
    assert "No credits listed for this episode yet" in section_text(client, episode.get_absolute_url(), "credits")
    characters = section_text(client, episode.get_absolute_url(), "characters")
    assert "Ann" in characters
    assert "not known" not in characters


def test_an_episode_lists_the_published_of_its_makers(client, hidden):
    episode = make.episode()
    make.credit(episode, make.person("Secret", **hidden))
    make.credit(episode, "Bo Day")
    rows = facts(client, episode)
    assert (rows["director"], rows["writer"], rows["number"]) == ("Bo Day", "Not known", "1 of 1")


@pytest.mark.parametrize("address", ["/", "/episodes/", "series", "season"])
def test_a_row_of_an_episode_says_not_known_only_of_what_nothing_says(client, hidden, address):
    episode = make.episode(production_code="7")
    make.credit(episode, make.person("Secret", **hidden))
    url = address if address[0] == "/" else getattr(episode, address).get_absolute_url()

    def makers():
        row = read_main(client, url).xpath("//tr[@data-slug] | //article[starts-with(@data-slug, 'series-')][.//dl]")[0]
        return [page_parsing.text(cell) for cell in row.xpath(".//td[@data-l] | .//dd")][:2]

    assert makers() == ["Not listed yet", "Not known"]
    make.credit(episode, "Bo Day")
    assert makers() == ["Bo Day", "Not known"]
    make.credit(episode, make.person("Second secret", **hidden), "teleplay")
    assert makers() == ["Bo Day", "Not listed yet"]


def test_a_list_narrowed_to_a_hidden_person_does_not_name_them(client, hidden):
    episode = make.episode()
    secret = make.person("Xyzzy", **hidden)
    make.credit(episode, secret, "guest")
    page = page_parsing.get_page(client, "/episodes/?cast=xyzzy")
    assert page.cssselect("main")[0].get("data-total") == "0"
    assert "Xyzzy" not in page_parsing.text(page)


def test_a_person_with_hidden_work_is_not_without_work(client, hidden):
    person = make.person("Ann Lee")
    make.credit(make.series("Secret", **hidden), person)
    rows = facts(client, person)
    assert {"credits", "departments"}.isdisjoint(rows)
    assert "No credits listed yet" in page_parsing.text(read_main(client, person.get_absolute_url()))
    assert "No credit listed yet" in page_parsing.text(read_main(client, "/people/"))
    assert facts(client, make.person("Bo Day"))["credits"] == "Not known"


def test_a_company_with_hidden_series_is_not_without_part(client, hidden):
    company = make.company("Ocean")
    make.series_company(make.series("Secret", **hidden), company)
    assert "No part in a series listed yet" in section_text(client, company.get_absolute_url(), "series")
    assert "No part in a series listed yet" in page_parsing.text(read_main(client, "/companies/"))


def test_a_catalogue_of_hidden_series_has_no_series_listed(client, hidden):
    make.series("Secret", **hidden)
    assert "No series listed yet" in page_parsing.text(page_parsing.get_page(client, "/").cssselect("main")[0])
