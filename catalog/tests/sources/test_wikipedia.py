"""Articles of Wikipedia: on a series, a season, an episode, a list of episodes, and one copied from the page."""

import contextlib

import pytest

from catalog.sources import wikipedia
from catalog.sources.document import Document
from catalog.sources.series_claims import OtherTitle, ReviewClaim, SourceError, SourceFacts
from catalog.tests.sources.claim_summary import credit_line, episode_line, names_in_role
from catalog.tests.sources.wikipedia_samples import EPISODE, EPISODE_LIST, PLAIN_TABLE, SEASON, SERIES


def test_an_article_on_a_series():
    claims = wikipedia.read_series(SERIES, title="Night Ferry (TV series)", url="https://example.org/", revision="7")
    assert claims.source == SourceFacts(
        "Wikipedia", "Night Ferry (TV series)", "https://example.org/", "CC BY-SA 4.0", "7"
    )
    assert claims.values == {
        "title": "Night Ferry",
        "camera_setup": "Single-camera",
        "premiered": "2001-09-29",
        "ended": "2002-12-01",
        "announced_episodes": 12,
        "runtime_min": 25,
        "runtime_max": 30,
        "status": "ended",
    }
    assert claims.lists == {
        "genres": ["Drama", "Comedy"],
        "countries": ["Ireland", "United Kingdom"],
        "languages": ["English"],
        "production_companies": ["Lough Films"],
        "networks": ["RTÉ One", "Sky"],
    }


def test_people_scores_and_references_of_an_article_on_a_series():
    claims = wikipedia.read_series(SERIES)
    assert claims.external_ids == (("imdb", "tt0000123"),)
    assert [season.number for season in claims.seasons] == [1, 2]
    assert claims.other_titles == [OtherTitle("The Ferry")]
    assert list(map(credit_line, claims.credits)) == [
        "creator: Ada Holt",
        "creator: Ben Okri",
        "writer: Ada Holt (some)",
        "writer: Cy Reed (some)",
        "writer: Dee Lind (series 2, some)",
        "cast: Guy Hart Jr. (main)",
        "composer: Ida Bell",
        "executive-producer: Jo Kerr",
        "executive-producer: Kit Lane",
        "cast: Eve Stone as Mia Gray (main)",
        "cast: Finn Wolf as Tom (main)",
        "cast: Gus Peel Jr. as The Pilot (recurring, 4 episodes)",
        "voice: Hal Moss as Voice of the radio (recurring)",
    ]
    assert [credit.person.page for credit in claims.credits[:2]] == ["Ada Holt", "Ben Okri (producer)"]
    assert claims.credits[9].person.other_names == ("Eva Stone",)
    assert claims.reviews == [
        ReviewClaim("Rotten Tomatoes", "71", is_percentage=True, average="6.2", average_scale="10", count=14),
        ReviewClaim("Metacritic", "64", count=9, label="generally favorable reviews", season=2),
    ]
    assert [(reference.publisher, reference.title, reference.url) for reference in claims.references] == [
        ("Broadcast", "Times", "https://example.org/times"),
        ("", "[javascript:alert(1) Bad]", ""),
        ("", "The Guide, p. 3.", ""),
    ]
    assert claims.unmapped == [
        "“networks” of the infobox has no place in the catalogue: RTÉ One (2001–2002).",
        "“location” of the infobox has no place in the catalogue: Cork.",
        "“website” of the infobox has no place in the catalogue: javascript:alert(1).",
        'What is said of Finn Wolf has no place in the catalogue: Not in "Fog".',
    ]


def test_an_article_on_a_season():
    claims = wikipedia.read_series(SEASON)
    season = claims.seasons[0]
    assert (claims.values, season.number) == ({"title": "Night Ferry"}, 2)
    assert season.values == {"announced_episodes": 5, "title": "The Crossing"}
    assert list(map(credit_line, season.credits)) == ["showrunner: Ada Holt", "showrunner: Cy Reed"]
    assert list(map(episode_line, claims.episodes)) == [
        "2x01 Fog (Part 1) 2002-03-03",
        "2x02 Fog (Part 2) 2002-03-10",
        "2x03 Out 2002-03",
        "2x04 Back 2002-03",
        "2x05 Homeward None",
    ]
    first, second, out, back, last = claims.episodes
    assert [episode.claim.values["overall_number"] for episode in claims.episodes] == [8, 9, 10, 11, 12]
    assert (first.claim.values["production_code"], last.claim.values["last_number"]) == ("201", 6)
    assert list(map(credit_line, first.claim.credits)) == [
        "director: Ben Okri",
        "story: Ada Holt",
        "story: Cy Reed",
        "teleplay: Cy Reed",
        "Storyboard by: Lu Mann",
        "Storyboard by: Moe Nash",
    ]
    assert [credit.team for credit in first.claim.credits[1:3]] == ["story-0", "story-0"]
    assert [person.page for person in first.people[:3]] == ["Ben Okri (producer)", "Ada Holt", "Cy Reed"]
    assert [credit.credited_as for credit in second.claim.credits[:2]] == ["Benny", ""]
    assert names_in_role(second, "Additional writing by") == ["Dee Lind", "Max Orr", "Nan Poe"]
    assert names_in_role(out, "director") == names_in_role(back, "director") == ["Ada Holt"]
    assert first.claim.notes == ["There is no field for viewers: 0.4 million."]
    assert second.claim.notes == ["There is no field for another date: 2002-04-01 (UK)."]
    assert claims.unmapped == [
        "The column “Ferry” of the episodes has no place in the catalogue.",
        "The infobox has season 2 last aired on 2002-12-01; a season has the dates of its episodes.",
    ]


def test_a_list_of_episodes():
    claims = wikipedia.read_series(EPISODE_LIST)
    assert claims.values == {"title": "Night Ferry"}
    assert list(map(episode_line, claims.episodes)) == [
        "0x Pilot None",
        '1x01 "Tide" and "Time" 2001-09-29',
        "1x02 Rope / Sail 2001-10-06",
        "2x01 Fog 2002-03-03",
    ]
    pilot, tide, rope, fog = claims.episodes
    assert (names_in_role(pilot, "writer"), names_in_role(pilot, "director")) == ([], ["Ada Holt"])
    assert (names_in_role(tide, "writer"), names_in_role(tide, "director")) == (["Ada Holt", "Cy Reed"], ["Cy Reed"])
    assert rope.other_titles == [
        OtherTitle("Rope"),
        OtherTitle("Sail"),
        OtherTitle("ロープ / 帆", "original", "ja"),
        OtherTitle("Rōpu / Ho"),
    ]
    assert [episode.claim.values.get("overall_number") for episode in claims.episodes] == [None, 1, 2, 3]


def test_a_plain_table_of_episodes():
    claims = wikipedia.read_series(PLAIN_TABLE)
    assert list(map(episode_line, claims.episodes)) == ["1x01 Tide 2001-09-29", "1x02 Rope 2001-10-06"]
    assert [names_in_role(episode, "writer") for episode in claims.episodes] == [["Cy Reed", "Dee Lind"]] * 2
    assert [credit.team for credit in claims.episodes[1].claim.credits[1:]] == ["writer-0", "writer-0"]
    assert claims.seasons[0].values == {"announced_episodes": 2}


def test_an_article_on_an_episode():
    claims = wikipedia.read_series(EPISODE)
    (episode,) = claims.episodes
    assert (claims.values, episode_line(episode)) == ({"title": "Night Ferry"}, "2x03 Lighthouse 2002-03-17 62")
    assert list(map(credit_line, episode.claim.credits)) == [
        "director: Ada Holt",
        "cinematographer: Pia Quick",
        "composer: Ida Bell",
        "guest: Eva Stone as Mia (guest)",
        "guest: Rex Toll as Harbour master (guest)",
    ]
    without_season = wikipedia.read_series(EPISODE.replace("| season = 2\n", "")).episodes[0]
    assert (without_season.season, without_season.claim.number) == (0, None)
    assert without_season.claim.values["overall_number"] == 3
    assert without_season.claim.notes == ["The season is not stated."]


def test_several_pages_of_one_series_are_united():
    claims = wikipedia.read_series(SERIES, SEASON, EPISODE_LIST)
    assert [season.number for season in claims.seasons] == [0, 1, 2]
    assert claims.seasons[2].values["title"] == "The Crossing"
    assert sum(episode.season == 2 for episode in claims.episodes) == 5
    assert "Season 2, episode 1 is on two pages; the first is taken." in claims.unmapped
    with pytest.raises(SourceError, match="The pages are about two series: “Night Ferry” and “Day Ferry”"):
        wikipedia.read_series(SERIES, EPISODE.replace("Night", "Day"))


def test_what_is_no_such_article_is_refused():
    for text in ("", "Dear editors", "{{Infobox person|name=Ada Holt}}", "'''A''' is a [[film]]."):
        assert not wikipedia.recognises(Document(text))
        with pytest.raises(SourceError, match="No series, season or episodes were recognised"):
            wikipedia.read_series(text)
    with pytest.raises(SourceError, match="too long for an article"):
        wikipedia.read_series("{{Infobox television|" + "x" * 2_500_000)


def test_a_list_that_shows_other_pages_names_them():
    claims = wikipedia.read_series("{{:Night Ferry (season 1)}}{{:Night Ferry (season 2)}}", title="List of A episodes")
    assert (claims.values["title"], claims.episodes) == ("A", [])
    assert claims.unmapped == [wikipedia.missing_page(f"Night Ferry (season {number})") for number in (1, 2)]
    assert claims.unmapped[0] == (
        "The episodes of “Night Ferry (season 1)” are on a page of their own, which has to be read too."
    )


def test_the_title_of_the_page_says_the_season():
    rows = SEASON[SEASON.index("<onlyinclude>") :]
    claims = wikipedia.read_series(rows, title="Night Ferry season 3")
    assert (claims.values["title"], {episode.season for episode in claims.episodes}) == ("Night Ferry", {3})


@pytest.mark.parametrize("text", ["{{Infobox television|a=" + "<b>" * 900, "{{Episode list|" + "[[a|{{b|" * 300])
def test_deep_nesting_ends_in_claims_or_a_sentence(text):
    with contextlib.suppress(SourceError):
        assert wikipedia.read_series(text + "}}" * 300).episodes == []


@pytest.mark.parametrize(
    "field", ["num_episodes = 99999", "runtime = 9000–9999", "runtime = 44, or so", "guests = A as " + "b" * 161]
)
def test_figures_and_names_that_cannot_be_stored_are_left_out(field):
    claims = wikipedia.read_series("{{Infobox television|name=A|" + field + "}}")
    assert claims.values.keys() <= {"title", "runtime_min", "runtime_max"}
    assert claims.credits == []
