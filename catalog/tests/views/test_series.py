"""The pages of a series and of its seasons, and the list of series."""

import pytest

from catalog.models import Availability, Credit
from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.tests.views.test_episode import fact, neighbours, people, section

pytestmark = pytest.mark.django_db


def remark(page, slug):
    """The remark under the name of a cast member."""
    credit = page.cssselect(f"[data-person='{slug}']")[0]
    return page_parsing.text(credit.xpath("following-sibling::small[1]")[0])


def test_the_main_cast_is_sorted_by_billing_and_the_other_cast_is_separate(client):
    series = make.series()
    make.credit(series, "Second", "cast", kind="main", billing=2, character=make.character(series, "Bo"))
    make.credit(series, "First", "cast", kind="main", billing=1, credited_as="F. Irst")
    make.credit(series, "Unbilled", "cast", kind="main")
    make.credit(series, "Sometimes", "cast", kind="recurring")
    make.credit(series, "Before", "cast", kind="main", billing=1, pilot_only=True, note="recast by First")
    page = page_parsing.get_page(client, series.get_absolute_url())
    cast = section(page, "cast")
    billing = cast.cssselect("ol.billing [data-person]")
    assert [credit.get("data-person") for credit in billing] == ["first", "second", "unbilled"]
    assert set(people(cast)) - {(c.get("data-person"), "cast") for c in billing} == {
        ("sometimes", "cast"),
        ("before", "cast"),
    }
    assert remark(page, "second") == "Bo"
    assert remark(page, "first") == "as F. Irst"
    assert remark(page, "before") == "pilot only, recast by First"
    assert remark(page, "sometimes") == "recurring"


def test_pilot_only_is_a_remark_of_crew_and_of_companies_too(client):
    series = make.series()
    make.credit(series, "Pilot Director", pilot_only=True)
    make.credit(series, "Maker", "creator", pilot_only=True)
    make.series_company(series, make.company("First Network"), pilot_only=True)
    make.series_company(series, make.company("Studio"), "production", note="from season 2")
    page = page_parsing.get_page(client, series.get_absolute_url())
    line = section(page, "crew").cssselect("[data-person='pilot-director']")[0].getparent()
    assert "pilot only" in page_parsing.text(line)
    assert fact(page, "creator") == "Maker (pilot only)"
    assert fact(page, "network") == "First Network (pilot only)"
    assert fact(page, "production") == "Studio (from season 2)"
    text = page_parsing.text(
        page_parsing.get_page(client, "/companies/first-network/").cssselect("li[data-fact=network]")[0]
    )
    assert "pilot only" in text
    meta = page_parsing.text(page_parsing.get_page(client, "/series/").cssselect("article .meta")[0])
    assert "First Network" not in meta, "the network of a pilot only is not the network of the series"


def test_a_credit_for_some_episodes_says_so_on_the_pages_of_series_and_season(client):
    series, remark_text = make.series(), "for some episodes; which is not known"
    season = make.season(series)
    make.credit(series, "Ann Cut", "editor", for_some_episodes=True)
    make.credit(series, "Max Maker", "creator", for_some_episodes=True, note="as a consultant")
    make.credit(series, "Lea Lead", "cast", kind="main", for_some_episodes=True)
    make.credit(season, "Bo Pen", "writer", for_some_episodes=True)
    page = page_parsing.get_page(client, series.get_absolute_url())
    assert remark(page, "ann-cut") == f"Editor, {remark_text}"
    assert remark(page, "lea-lead") == remark_text
    assert fact(page, "creator") == f"Max Maker ({remark_text}; as a consultant)"
    assert remark(page_parsing.get_page(client, season.get_absolute_url()), "bo-pen") == remark_text


def test_a_character_without_a_known_performer_is_named(client):
    series = make.series()
    episode = make.episode(make.season(series))
    make.credit(episode, "Guest", "guest", character=make.character(series, "Played Once"))
    make.credit(episode, make.person(published_at=None), "guest", character=make.character(series, "Played by a draft"))
    make.character(series, "Nobody Known")
    page = page_parsing.get_page(client, series.get_absolute_url())
    names = [page_parsing.text(item) for item in page.cssselect("li[data-fact=character]")]
    assert names == ["Nobody Known"], "that the performer of the other is not known would be false"


def test_characters_played_in_the_series_a_season_or_an_episode_have_a_performer():
    episode, other_episode = make.episode(), make.episode()
    season, series = episode.season, episode.season.series
    played = {
        record: make.character(series, f"Played in a {record._meta.verbose_name}")
        for record in (series, season, episode)
    }
    for record, character in played.items():
        make.credit(record, role_slug="cast", character=character)
    played_elsewhere, unplayed = (
        make.character(series, "Played in another series"),
        make.character(series, "Nobody known"),
    )
    make.credit(other_episode, role_slug="guest", character=played_elsewhere)
    draft = make.character(series, "Played in a draft")
    make.credit(make.episode(season, published_at=None), role_slug="guest", character=draft)
    assert set(Credit.objects.characters_without_performer(series)) == {played_elsewhere, unplayed}


def test_seasons_are_sorted_by_number_with_their_own_episodes_and_no_drafts(client):
    series = make.series("Long Way")
    for number in (2, 0, 1):
        season = make.season(series, number, title="The End" if number == 2 else "")
        make.episode(season, 2)
        make.episode(season, 1)
        make.episode(season, 3, published_at=None)
    make.season(series, 9, published_at=None)
    part = section(page_parsing.get_page(client, series.get_absolute_url()), "episodes")
    headings = [page_parsing.text(heading.cssselect("a")[0]) for heading in part.cssselect("h3")]
    assert headings == ["Specials", "Season 1", "The End"]
    assert [row.get("data-slug") for row in part.cssselect("tr[data-slug]")] == [
        f"long-way/s0{season}e0{number}" for season in (0, 1, 2) for number in (1, 2)
    ]


def test_missing_facts_of_a_series_have_placeholders(client):
    page = page_parsing.get_page(client, make.series("Bare").get_absolute_url())
    for name in ("genres", "creator", "network", "premiered", "status", "runtime", "season_total", "episode_total"):
        assert fact(page, name) == "Not known", name
    assert page_parsing.text(page.cssselect("[data-fact=premise]")[0]) == "No premise recorded"
    assert "No episodes listed yet" in page_parsing.text(section(page, "episodes"))
    assert page_parsing.text(page.cssselect("title")[0]).startswith("Bare –"), "no year is made up"
    assert section(page, "cast") is section(page, "crew") is section(page, "matrix") is None


def test_partial_dates_and_numbers_are_shown_to_their_own_precision(client):
    series = make.series(premiered="2018-03", ended="2019", runtime_min=1, runtime_max=1, announced_episodes=8)
    make.episode(make.season(series))
    Availability.objects.create(series=series, platform=make.company("Stream"), since="2018-03", until="2020")
    page = page_parsing.get_page(client, series.get_absolute_url())
    assert (fact(page, "premiered"), fact(page, "ended")) == ("March 2018", "2019")
    assert fact(page, "availability") == "Stream (from March 2018; left 2020)"
    assert fact(page, "runtime") == "1 minute"
    assert fact(page, "episode_total") == "1 (8 announced)"


def test_undated_events_are_labelled_and_a_timeline_needs_three_dates(client):
    series = make.series()
    for date in ("2018", "2018-03-05", None):
        make.event(series, date=date)
    part = section(page_parsing.get_page(client, series.get_absolute_url()), "production")
    assert len(part.cssselect("li[data-fact=event]")) == 3
    assert "Date not known" in page_parsing.text(part)
    assert not part.cssselect("svg[role=img]")
    make.event(series, date="2018-03")
    part = section(page_parsing.get_page(client, series.get_absolute_url()), "production")
    assert "3 dated events from 5 March 2018 to 2018" in page_parsing.text(part.cssselect("svg[role=img] title")[0])


def test_seasons_link_to_their_neighbours_and_have_placeholders(client):
    series = make.series()
    addresses = [make.season(series, number).get_absolute_url() for number in (0, 1, 4)]
    make.season(series, 2, published_at=None)
    for before, url, after in zip([None, *addresses], addresses, [*addresses[1:], None], strict=False):
        assert neighbours(page_parsing.get_page(client, url)) == (before, after)
    page = page_parsing.get_page(client, addresses[0])
    assert page_parsing.text(page.cssselect("h1")[0]) == "Specials"
    assert (fact(page, "episode_total"), fact(page, "air_date")) == ("Not known", "Not known")
    assert "No episodes listed yet" in page_parsing.text(section(page, "episodes"))


def test_a_season_shows_the_span_of_its_dates_and_its_own_credits_only(client):
    season = make.season()
    for date in ("2019-01", "2018-12-31", None, "2019-01-20"):
        make.credit(make.episode(season, air_date=date), "Episode Director")
    make.credit(season, "Season Writer", "writer")
    make.credit(season.series, "Creator", "creator")
    page = page_parsing.get_page(client, season.get_absolute_url())
    assert [time.get("datetime") for time in page.cssselect("[data-fact=air_date] time")] == ["2018-12-31", "2019-01"]
    assert people(section(page, "crew")) == [("season-writer", "writer")]
    assert fact(page, "episode_total") == "4"


@pytest.mark.parametrize("kind", ["series", "season", "episode", "person", "company", "source"])
def test_editors_see_links_to_the_admin_above_every_record_and_visitors_do_not(client, admin_client, kind):
    record = make.cited_source() if kind == "source" else getattr(make, kind)()
    address = record.get_absolute_url()
    (bar,) = page_parsing.get_page(admin_client, address).cssselect(".staff")
    urls = bar.xpath(".//a/@href")
    assert urls == [f"/admin/catalog/{kind}/{record.pk}/{page}/" for page in ("change", "history")]
    assert all(admin_client.get(page).status_code == 200 for page in urls)
    admin_client.logout()
    assert not page_parsing.get_page(admin_client, address).cssselect(".staff")


def test_a_signed_in_user_who_is_no_editor_sees_the_pages_of_a_visitor(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("reader"))
    page = page_parsing.get_page(client, make.series().get_absolute_url())
    assert not page.cssselect(".staff")
