"""The list of songs and the page of one song."""

import pytest

from catalog.models import FormerSlug
from catalog.tests import factories as make
from catalog.tests import page_parsing

pytestmark = pytest.mark.django_db


def listed(client, query=""):
    """The slugs of the songs of a list, in its order."""
    page = page_parsing.get_page(client, f"/songs/{query}")
    assert page.cssselect("main")[0].get("data-total") == str(len(page_parsing.result_slugs(page)))
    return page_parsing.result_slugs(page)


def hear(title, artist, *subjects):
    """Create a song that is heard in ``subjects``."""
    song = make.song(title, artist)
    for subject in subjects:
        make.cue(subject, song)
    return song


@pytest.fixture
def episode(db):
    return make.episode(make.season(make.series("Harbour")), title="The storm", air_date="2019-12")


def test_the_list_is_sorted_and_found_by_title_and_artist(client, episode):
    for title, artist in (("The Quay", "Zoë"), ("Anchor", None), ("", "The Bells"), ("Lamp", "Al feat. Bo")):
        hear(title, artist, episode)
    assert listed(client) == ["anchor", "lamp", "the-quay", "the-bells"]
    assert listed(client, "?sort=artist") == ["lamp", "the-bells", "the-quay", "anchor"]
    assert listed(client, "?sort=nonsense") == listed(client)
    assert listed(client, "?q=bo") == ["lamp"]
    assert listed(client, "?q=zoe&sort=artist") == ["the-quay"]
    assert listed(client, "?q=nobody") == []
    assert client.get("/songs/?page=2").status_code == 404


def test_what_is_not_known_is_shown_as_not_known(client, episode):
    hear("", "The Bells", episode), hear("Anchor", None, episode)
    assert " Title not known The Bells " in page_parsing.main_text(client, "/songs/the-bells/")
    assert "Recording artist not known" in page_parsing.main_text(client, "/songs/anchor/")


def test_the_page_says_where_it_is_heard_how_and_who_performs_it(client, episode):
    character = make.character(episode.series, "Ann")
    cue = make.cue(episode, make.song("Lamp", "Al"), note="hummed", medley=2)
    cue.performers.add(character)
    make.cue(episode.series, cue.song)
    page = page_parsing.get_page(client, "/songs/lamp/")
    rows = [page_parsing.text(row) for row in page.cssselect("tbody tr")]
    assert rows == [
        "Harbour s01e01 The storm Dec 2019 Ann hummed; heard together with others, number 2",
        "Harbour episode not known Not known Not known",
    ]
    links = set(page.xpath("//main//a/@href"))
    assert {"/characters/ann/", "/series/harbour/s01e01/#h-songs", "/episodes/?artist=al", "/songs/?q=Al"} <= links


def test_the_episodes_of_an_artist_are_linked_if_there_are_any(client, episode):
    for title, artist, subject in (
        ("Lamp", "Al", episode),
        ("Quay", "Al", episode.series),
        ("Hum", "Bo", episode.series),
    ):
        hear(title, artist, subject)
    hear("Plan", "Bo", make.episode(episode.season, published_at=None))
    for slug, links in (
        ("lamp", ["/episodes/?artist=al"]),
        ("quay", ["/episodes/?artist=al"]),
        ("hum", []),
    ):
        page = page_parsing.get_page(client, f"/songs/{slug}/")
        assert page.xpath("//main//a/@href[starts-with(., '/episodes/?artist=')]") == links, slug


def test_a_song_is_seen_only_where_something_published_has_it(client, episode):
    draft = make.episode(episode.season, published_at=None)
    hear("Secret", "Hidden Band", draft, make.series("Plan", published_at=None)), make.song("Unheard", "Hidden Band")
    both = hear("Lamp", "Al", draft, episode)
    assert listed(client) == ["lamp"]
    assert "s01e02" not in page_parsing.main_text(client, "/songs/lamp/")
    for slug in ("secret", "unheard"):
        assert client.get(f"/songs/{slug}/").status_code == 404
    sitemap = client.get("/sitemap-songs.xml").content.decode()
    assert ("/songs/lamp/" in sitemap, "secret" in sitemap) == (True, False)
    for query in ("song=secret", "artist=hidden-band"):
        assert "Hidden" not in page_parsing.main_text(client, f"/episodes/?{query}")
        assert "Secret" not in page_parsing.main_text(client, f"/episodes/?{query}")
    assert both.slug == "lamp"


def test_a_former_address_leads_to_the_song(client, episode):
    song = hear("Lamp", "Al", episode)
    song.slug = "lantern"
    song.save()
    assert FormerSlug.resolve("song", "lamp") == "lantern"
    response = client.get("/songs/lamp/")
    assert (response.status_code, response["Location"]) == (301, "/songs/lantern/")
