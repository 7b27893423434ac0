"""The page of a character."""

import pytest

from catalog.tests import factories as make
from catalog.tests import page_parsing

pytestmark = pytest.mark.django_db


def rows(page, section):
    """The texts of the rows of a section's table."""
    return [page_parsing.text(row) for row in page.xpath(f"//section[@aria-labelledby='h-{section}']//tbody/tr")]


def test_performers_are_listed_with_what_they_are_credited_on_and_when(client):
    series = make.series("Harbour", premiered="2019-12-18")
    character, season = make.character(series, "Ann", full_name="Ann Lee"), make.season(series)
    first, second = make.episode(season, air_date="2019-12-18"), make.episode(season)
    make.credit(second, "Cy", "guest", character=character)
    make.credit(series, "Bo", "cast", character=character, kind="main", pilot_only=True)
    make.credit(series, "Al", "cast", character=character, kind="main")
    make.credit(series, "Di", "cast", character=character, kind="guest")
    make.credit(first, make.person("Eve", published_at=None), "cast", character=character)
    page = page_parsing.get_page(client, "/characters/ann/")
    assert rows(page, "performers") == [
        "Al main cast Harbour 18 Dec 2019",
        "Di guest, for some episodes; which is not known Harbour 18 Dec 2019",
        "Bo main cast, pilot only Harbour Not known",
        "Cy guest s01e02 Part 2 Not known",
    ]
    assert [row[:8] for row in rows(page, "episodes")] == ["2 Part 2"]
    assert "/episodes/?character=ann" in page.xpath("//main//a/@href")


def test_episodes_that_feature_it_and_songs_performed_on_screen(client):
    episode = make.episode(make.season(make.series("Harbour")))
    ann, bo = make.character(episode.series, "Ann"), make.character(episode.series, "Bo")
    episode.features.create(character=ann)
    cue = make.cue(episode, make.song("Lamp", "Al"))
    cue.performers.add(ann, bo)
    page = page_parsing.get_page(client, "/characters/ann/")
    assert len(rows(page, "episodes")) == 1
    (song,) = page.cssselect("[data-fact=cue]")
    assert page_parsing.text(song) == "“Lamp” Al; on screen: with Bo Heard in Harbour s01e01"
    assert "Performer not known" in page_parsing.main_text(client, "/characters/ann/")
    links = page_parsing.get_page(client, "/series/harbour/s01e01/").xpath("//main//a/@href")
    assert {"/characters/ann/", "/characters/bo/", "/songs/lamp/"} <= set(links)


def test_drafts_are_not_shown(client):
    plan, series = make.series("Plan", published_at=None), make.series("Harbour")
    make.character(plan, "Secret")
    ann, draft = make.character(series, "Ann"), make.episode(make.season(series), title="Draft", published_at=None)
    make.credit(draft, "Al", "guest", character=ann)
    draft.features.create(character=ann)
    make.cue(draft, make.song("Hidden song")).performers.add(ann)
    assert client.get("/characters/secret/").status_code == 404
    assert "secret" not in client.get("/sitemap-characters.xml").content.decode()
    text = page_parsing.main_text(client, "/characters/ann/")
    assert not any(word in text for word in ("Draft", "Hidden song", "s01e01", "Performer not known"))
    assert "Not listed yet" in text


def test_a_former_address_leads_to_the_character(client):
    character = make.character(make.series(), "Ann")
    character.slug = "ann-lee"
    character.save()
    response = client.get("/characters/ann/")
    assert (response.status_code, response["Location"]) == (301, "/characters/ann-lee/")
