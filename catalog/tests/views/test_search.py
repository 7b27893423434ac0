"""The page of search results: songs and sources, second lines, what is linked."""

import pytest

from catalog.facets.index import engine
from catalog.models import Availability, Song
from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.views.presenters import search_details

pytestmark = pytest.mark.django_db


def results(client, text):
    """{slug: name and lines} of the results of a search, in order."""
    page = page_parsing.get_page(client, f"/search/?q={text}")
    return {
        item.get("data-slug"): " ".join(map(page_parsing.text, item.cssselect("b, small")))
        for item in page.cssselect("main li[data-slug]")
    }


def second_line(client, text, slug):
    """The first text under the name of a result."""
    page = page_parsing.get_page(client, f"/search/?q={text}")
    (item,) = page.cssselect(f'main li[data-slug="{slug}"]')
    return page_parsing.text(item.cssselect("small")[0])


def hear(title, subject, artist=""):
    """Create a song and the cue of an episode or series in which it is heard."""
    song = make.song(title, artist or None)
    subject.cues.create(song=song)
    return song


def test_a_song_is_found_by_title_artist_and_misspelled_artist_and_leads_to_its_episode(client):
    episode = make.episode(make.season(make.series("Harbour Lights")))
    hear("Smile", episode, "Nat Quill Cole")
    for text in ("smile", "nat+quill", "quill+smile", "Smile,+Nat+Quill+Cole"):
        assert results(client, text) == {"smile": "“Smile”, Nat Quill Cole Heard in Harbour Lights s01e01"}
    page = page_parsing.get_page(client, "/search/?q=nat+qill+cole")
    assert "Showing results for Nat Quill Cole" in page_parsing.text(page.cssselect(".search__corrected")[0])
    assert page.xpath("//main//li//a/@href") == ["/songs/smile/", "/series/harbour-lights/s01e01/#h-songs"]
    assert page_parsing.get_page(client, "/series/harbour-lights/s01e01/").cssselect("#h-songs")


def test_a_song_is_hidden_with_the_episodes_in_which_it_is_heard(client):
    series, draft = make.series("Harbour Lights"), make.series("Plan", published_at=None)
    hear("Lantern Song", make.episode(make.season(draft)))
    hear("Lantern Tune", make.episode(make.season(series), published_at=None))
    hear("Lantern Air", make.episode(make.season(series, number=2, published_at=None)))
    Song.objects.create(title="Lantern Waltz")
    assert results(client, "lantern") == {}
    hear("Lantern March", series)
    assert results(client, "lantern") == {"lantern-march": "“Lantern March” Heard in Harbour Lights"}
    draft.published_at = series.published_at
    draft.save()
    assert list(results(client, "lantern")) == ["lantern-march", "lantern-song"]


def test_a_song_heard_often_names_the_first_episodes(client):
    season = make.season(make.series("Harbour"))
    song = hear("Theme", make.episode(season, 7))
    for number in (5, 4, 3, 2):
        make.episode(season, number).cues.create(song=song)
    episodes = "Harbour s01e02, Harbour s01e03, Harbour s01e04, Harbour s01e05"
    assert results(client, "theme") == {"theme": f"“Theme” Heard in {episodes} and elsewhere"}
    song.cues.filter(episode__number=2).delete()
    song.title = "Overture"
    song.save()
    assert results(client, "theme") == {}
    assert "and elsewhere" not in results(client, "overture")["theme"]


def test_a_song_is_suggested_with_its_place(client):
    episode = make.episode(make.season(make.series("Harbour")))
    hear("Smile", episode)
    make.cited_source("Smiles of the Year")
    assert client.get("/search/suggest?q=smi").json()["suggestions"] == [
        {
            "kind": "song",
            "name": "“Smile”",
            "note": "Song, heard in Harbour s01e01",
            "url": "/songs/smile/",
        }
    ]


def test_sources_are_found_by_title_author_and_publisher_and_come_last(client):
    make.cited_source("Harbour is back", publisher="Trade Paper", author="Ann Bell", published="2019-12", kind="review")
    make.series("The Old Harbour")
    for text in ("harbour+back", "ann+bell", "trade+paper"):
        assert results(client, text) == {
            "harbour-is-back": "Trade Paper, Harbour is back by Ann Bell, December 2019, review"
        }
    assert list(results(client, "harbour")) == ["the-old-harbour", "harbour-is-back"]
    make.cited_source("The Old Harbour")
    page = page_parsing.get_page(client, "/search/?q=the+old+harbour")
    assert page.cssselect(".search__exact a")[0].get("href") == "/series/the-old-harbour/"


def test_a_person_is_shown_with_what_they_did_on_which_series(client):
    person, harbour, lantern = make.person("Ann Bell"), make.series("Harbour"), make.series("Lantern")
    season = make.season(harbour)
    for _ in range(3):
        make.credit(make.episode(season), person, "director")
    make.credit(season, person, "editor")
    make.credit(lantern, person, "cast", character=make.character(lantern, "Sam"))
    make.credit(make.series("Secret", published_at=None), person, "writer")
    assert second_line(client, "ann", "ann-bell") == "Harbour: Director, Editor; Lantern: Cast (Sam)"
    make.person("Ann Nobody")
    assert results(client, "ann+nobody") == {"ann-nobody": "Ann Nobody"}
    for title in ("Mill", "Night"):
        make.credit(make.series(title), person, "writer")
    assert second_line(client, "ann", "ann-bell").endswith("; Mill: Writer; more")


def test_a_busy_person_is_shown_with_totals_by_role(client, monkeypatch):
    monkeypatch.setattr(search_details, "MAX_CREDITS", 4)
    busy, other, series = make.person("Ann Bell"), make.person("Ann Coe"), make.series("Harbour")
    season = make.season(series)
    for _ in range(3):
        episode = make.episode(season)
        make.credit(episode, busy, "director"), make.credit(episode, other, "editor")
    make.credit(make.series("Lantern"), busy, "cast", character=make.character(series, "Sam"))
    make.credit(make.series("Secret", published_at=None), busy, "writer")
    assert second_line(client, "ann", "ann-bell") == "Harbour: Director; Lantern: Cast (Sam)"
    make.credit(season, busy, "editor")
    assert second_line(client, "ann", "ann-bell") == "Cast: Sam, Director (3), Editor; 2 series"
    assert second_line(client, "ann", "ann-coe") == "Harbour: Editor"


def test_results_without_lines_while_the_index_is_being_read_are_not_cached(client, monkeypatch):
    make.credit(make.series("Harbour"), "Ann Bell", "director")
    with monkeypatch.context() as context:
        context.setattr(engine, "current_snapshot", lambda facet_set: None)
        response = client.get("/search/?q=ann")
        assert response.headers["Cache-Control"] == "no-store"
        assert b'data-slug="ann-bell"' in response.content
    assert client.get("/search/?q=ann").headers["Cache-Control"] == "public, no-cache"
    assert second_line(client, "ann", "ann-bell") == "Harbour: Director"


def test_other_kinds_have_a_second_line(client):
    series = make.series("Harbour", premiered="2018", status="ended")
    series.genres.add(make.genre("Drama"))
    company = make.company("Harbour Films")
    make.series_company(series, company, "production")
    make.series_company(series, company, "network")
    Availability.objects.create(series=make.series("Other", premiered="2020"), platform=company)
    character = make.character(series, "Harbour Master")
    make.credit(series, "Ann Bell", "cast", character=character)
    episode = make.episode(make.season(series), title="Harbour", air_date="2018-03-02")
    make.credit(episode, "Zoe Clark", "director")
    lines = results(client, "harbour")
    assert lines["harbour"].endswith("2018, Drama, Harbour Films, Ended")
    assert lines["harbour-films"] == "Harbour Films Harbour: Production company, Network; Other: Available"
    assert lines["harbour-master"] == "Harbour Master in Harbour, played by Ann Bell"
    assert lines["harbour/s01e01"].endswith("Harbour, s01e01, 2 Mar 2018, directed by Zoe Clark")
