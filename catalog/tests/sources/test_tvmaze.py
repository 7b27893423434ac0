"""TVmaze JSON: samples of our own, and real files where they are."""

import json

import pytest

from catalog.sources import tvmaze
from catalog.sources.series_claims import OtherTitle, SourceError
from catalog.tests.sources.claim_summary import credit_line, episode_line
from catalog.tests.sources.real_files import needs_real_files, read_file


def person(number, name, **facts):
    return {"id": number, "url": f"https://www.tvmaze.com/people/{number}/x", "name": name} | facts


SHOW = {
    "id": 9001,
    "url": "https://www.tvmaze.com/shows/9001/night-shift",
    "name": "Night &amp; Shift",
    "type": "Animation",
    "language": "English",
    "genres": ["Drama"],
    "status": "Ended",
    "runtime": None,
    "averageRuntime": 42,
    "premiered": "2001-02-03",
    "ended": "2004-05-06",
    "network": {"id": 7, "name": "Channel Seven"},
    "webChannel": {"id": 7, "name": "Streamy"},
    "externals": {"tvrage": 5, "thetvdb": 80001, "imdb": "tt0000001"},
    "summary": "<p>A sentence of somebody.</p>",
    "_embedded": {
        "seasons": [
            {"id": 31, "number": 1, "name": "", "episodeOrder": 8, "premiereDate": None, "endDate": None},
            {
                "id": 32,
                "number": 2,
                "name": "Live",
                "episodeOrder": None,
                "premiereDate": "2002-01-01",
                "endDate": None,
            },
        ],
        "episodes": [
            {
                "id": 41,
                "name": "Pilot",
                "season": 1,
                "number": 1,
                "airdate": "2001-02-03",
                "runtime": 60,
                "_embedded": {
                    "guestcast": [{"person": person(3, "C Three"), "character": {"name": "Cop"}, "voice": True}],
                    "guestcrew": [
                        {"guestCrewType": "Director", "person": person(4, "D Four")},
                        {"guestCrewType": "Writer", "person": person(1, "A One")},
                        {"guestCrewType": "Fight Choreographer", "person": person(5, "E Five")},
                    ],
                },
            },
            {"id": 42, "name": "Episode 2", "season": 1, "number": 2, "airdate": "", "runtime": None},
            {"id": 43, "name": "Behind", "season": 1, "number": None, "airdate": "2001-03-01", "runtime": 5},
        ],
        "cast": [
            {"person": person(1, "A One", birthday="1970-01-02"), "character": {"name": "Ann"}, "self": False},
            {"person": person(2, "B Two"), "character": {"name": "B Two"}, "self": True},
        ],
        "crew": [
            {"type": "Creator", "person": person(1, "A One")},
            {"type": "Executive Producer", "person": person(1, "A One")},
            {"type": "Editor", "person": person(6, "F Six")},
        ],
        "akas": [{"name": "Nachtschicht", "country": {"name": "Germany"}}, {"name": "Shift", "country": None}],
    },
}


def read(*values):
    return tvmaze.read_series(*(json.dumps(value) for value in values))


def test_a_show_with_all_that_is_embedded():
    claims = read(SHOW)
    assert claims.values == {
        "title": "Night & Shift",
        "premiered": "2001-02-03",
        "ended": "2004-05-06",
        "status": "ended",
        "runtime_min": 42,
        "runtime_max": 42,
    }
    assert claims.lists == {
        "genres": ["Drama", "Animation"],
        "languages": ["English"],
        "networks": ["Channel Seven", "Streamy"],
    }
    assert claims.external_ids == (("tvmaze", "9001"), ("imdb", "tt0000001"), ("tvdb", "80001"))
    assert claims.company_ids == {"Channel Seven": (("tvmaze", "7"),), "Streamy": (("tvmaze-web", "7"),)}
    assert claims.other_titles == [OtherTitle("Nachtschicht", note="Germany"), OtherTitle("Shift")]
    assert claims.source.url == "https://www.tvmaze.com/shows/9001"
    assert [(season.number, season.values) for season in claims.seasons] == [
        (1, {"announced_episodes": 8}),
        (2, {"title": "Live"}),
    ]
    assert claims.unmapped == ["Season 2 ran from 2002-01-01 to ?: the dates stand with episodes."]


def test_credits_of_a_show_and_of_its_episodes():
    claims = read(SHOW)
    assert [credit_line(credit) for credit in claims.credits] == [
        "cast: A One as Ann (main, some)",
        "cast: B Two (main, as themselves, some)",
        "creator: A One",
        "executive-producer: A One",
        "editor: F Six (some)",
    ]
    pilot = claims.episodes[0]
    assert [credit_line(credit) for credit in pilot.claim.credits] == [
        "guest: C Three as Cop (guest, voice)",
        "director: D Four",
        "writer: A One",
        "Fight Choreographer: E Five",
    ]
    assert pilot.people[2].external_ids == (("tvmaze", "1"),)
    assert pilot.people[2].values == (("born", "1970-01-02"),)


def test_episodes_with_placeholders_and_specials():
    claims = read(SHOW)
    assert [episode_line(episode) for episode in claims.episodes] == [
        "1x01 Pilot 2001-02-03 60",
        "1x02 Episode 2",
        "0x Behind 2001-03-01 5",
    ]
    assert claims.episodes[1].claim.doubtful == {"title"}
    assert claims.episodes[2].claim.notes == ["A special of season 1 without a number."]


def test_several_files_are_one_series():
    embedded = SHOW["_embedded"]
    show = {key: value for key, value in SHOW.items() if key != "_embedded"}
    assert read(show, *(embedded[key] for key in ("seasons", "akas", "cast", "crew", "episodes"))) == read(SHOW)


def test_files_of_two_shows_are_refused():
    with pytest.raises(SourceError, match="two series: tvmaze 9001 and tvmaze 9002"):
        read(SHOW, SHOW | {"id": 9002})


def test_a_list_of_shows_is_read_one_by_one():
    rows = [{"score": 1.5, "show": SHOW}, {"score": 1, "show": SHOW | {"id": 9002, "name": "Day"}}]
    with pytest.raises(SourceError, match="about 2 series, the first is “Night & Shift”"):
        read(rows)
    assert [claims.values["title"] for claims in tvmaze.read_all(json.dumps(rows))] == ["Night & Shift", "Day"]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"name": "Not Found", "message": "No show", "code": 0, "status": 404}, "TVmaze answered “No show” \\(404"),
        (person(1, "A One"), "about a person, A One"),
        ([{"_links": {"show": {"href": "x"}}}], "only links"),
        ([], "no facts about a series"),
        ([1, None], "no facts about a series"),
        ([{"guestCrewType": "Director", "person": person(4, "D Four")}], "but not which"),
        ([{"airdate": "2001-01-01", "season": None, "number": 1}], "no number of a season"),
        ([{"airdate": "2001-01-01", "season": -2, "number": 1}], "no number of a season"),
    ],
)
def test_what_is_no_series_is_refused_with_a_sentence(value, message):
    with pytest.raises(SourceError, match=message):
        read(value)


def test_what_has_no_place_is_said():
    show = SHOW | {"status": "To Be Determined", "premiered": "soon", "externals": {"imdb": "javascript:x"}}
    assert read(show | {"_embedded": {}}).unmapped == [
        "The series: “javascript:x” is no imdb id.",
        "TVmaze says of the status “To Be Determined”, which is none of ours.",
        "The premiere: “soon” is not a date.",
    ]


def test_a_person():
    data = json.dumps(person(3, "C Three", birthday="1950-01-02", deathday=None))
    assert tvmaze.read_person(data).values == (("born", "1950-01-02"),)


SILICON_VALLEY = "tvmaze/silicon-valley_{}.json"
SHOWS = [  # file, title, premiered, status, networks, IMDb id, number of seasons, the last one's announced episodes
    ("24", "24", "2001-11-06", "ended", "FOX", "tt0285331", 9, 12),
    ("arrow", "Arrow", "2012-10-10", "running", "The CW", "tt2193021", 6, None),
    ("firefly", "Firefly", "2002-09-20", "ended", "FOX", "tt0303461", 1, None),
    ("house", "House", "2004-11-16", "ended", "FOX", "tt0412142", 8, None),
    ("marvel-s-jessica-jones", "Marvel's Jessica Jones", "2015-11-20", "running", "Netflix", "tt2357547", 2, None),
    ("the-big-bang-theory", "The Big Bang Theory", "2007-09-24", "running", "CBS", "tt0898266", 12, 24),
    ("the-flash", "The Flash", "2014-10-07", "running", "The CW", "tt3107288", 7, None),
    ("the-walking-dead", "The Walking Dead", "2010-10-31", "running", "AMC", "tt1520211", 8, None),
]
EPISODES = {
    "118_season1_number2": "1x02 Paternity 2004-11-23 60",
    "13_season1_number1": "1x01 City of Heroes 2014-10-07 60",
    "13_season2_number2": "2x02 Flash of Two Worlds 2015-10-13 60",
    "13_season2_number3": "2x03 Family of Rogues 2015-10-20 60",
    "13_season2_number4": "2x04 The Fury of Firestorm 2015-10-27 60",
    "167_season1_number1": "1x01 12:00 A.M.-1:00 A.M. 2001-11-06 60",
    "180_season1_number13": "1x13 Trash 60",
    "4_season2_number2": "2x02 Identity 2013-10-16 60",
}


@needs_real_files
@pytest.mark.parametrize("expected", SHOWS, ids=lambda show: show[0])
def test_real_shows(expected):
    name, title, premiered, status, network, imdb_id, total, last_order = expected
    claims = tvmaze.read_series(read_file(f"tvmaze/show_{name}_seasons.json"))
    values = claims.values
    assert (values["title"], values["premiered"], values["status"]) == (title, premiered, status)
    assert claims.lists["networks"] == [network]
    assert claims.lists["languages"] == ["English"]
    assert dict(claims.external_ids)["imdb"] == imdb_id
    assert len(claims.seasons) == claims.seasons[-1].number == total
    assert claims.seasons[-1].values.get("announced_episodes") == last_order


@needs_real_files
@pytest.mark.parametrize("name", EPISODES)
def test_real_episodes(name):
    claims = tvmaze.read_series(read_file(f"tvmaze/episode_show{name}.json"))
    assert [episode_line(episode) for episode in claims.episodes] == [EPISODES[name]]


@needs_real_files
def test_real_files_of_one_series():
    parts = ("show_single_search_with_episodes", "akas", "cast", "crew", "seasons")
    claims = tvmaze.read_series(*(read_file(SILICON_VALLEY.format(part)) for part in parts))
    assert len(claims.episodes) == 38
    assert episode_line(claims.episodes[2]) == "1x03 Articles of Incorporation 2014-04-20 30"
    lines = [credit_line(credit) for credit in claims.credits]
    assert len(lines) == 13 + 31
    assert lines[0] == "cast: Zach Woods as Jared Dunn (main, some)"
    assert lines[13] == "co-executive-producer: Jamie Babbit (some)"
    assert len({credit.person.external_ids for credit in claims.credits[13:]}) == 26
    assert len(claims.seasons) == 4
    assert claims.seasons[0].values == {"announced_episodes": 8}
    assert claims.unmapped[0] == "Season 1 ran from 2014-04-06 to 2014-06-01: the dates stand with episodes."
    assert len(claims.other_titles) == 1


@needs_real_files
def test_real_lists_of_several_series():
    schedule = tvmaze.read_all(read_file("tvmaze/schedule_NO_2017-09-21.json"))
    assert [len(claims.episodes) for claims in schedule] == [1, 1, 1]
    assert (schedule[0].values["title"], episode_line(schedule[0].episodes[0])) == (
        "Melk",
        "1x14 Episode 14 2017-09-21 12",
    )
    hits = tvmaze.read_all(read_file(SILICON_VALLEY.format("show_search")))
    assert len(hits) == 3
    assert hits[0].external_ids[0] == ("tvmaze", "143")


@needs_real_files
def test_real_files_without_a_series():
    person = tvmaze.read_person(read_file(SILICON_VALLEY.format("people")))
    assert (person.name, person.external_ids) == ("Thomas Middleditch", (("tvmaze", "27753"),))
    for name in ("episode_show13_season100_number100", "silicon-valley_cast_credits", "silicon-valley_people"):
        with pytest.raises(SourceError):
            tvmaze.read_series(read_file(f"tvmaze/{name}.json"))
