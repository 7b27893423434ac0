"""TMDB JSON: samples of our own, and real files where they are."""

import json

import pytest

from catalog.sources import tmdb
from catalog.sources.series_claims import OtherTitle, SourceError
from catalog.tests.sources.claim_summary import credit_line, episode_line, names_in_role
from catalog.tests.sources.real_files import needs_real_files, read_file


def member(number, name, **facts):
    return {"id": number, "name": name, "original_name": name} | facts


EPISODE = {
    "id": 501,
    "show_id": 77,
    "season_number": 1,
    "episode_number": 1,
    "name": "Start",
    "air_date": "2010-01-02",
    "runtime": 45,
    "production_code": "1X01",
    "crew": [member(1, "A One", job="Director", department="Directing"), member(2, "B Two", job="Teleplay")],
    "guest_stars": [member(9, "C Three", character="Clerk (as C. Three) (uncredited)", order=5)],
}
SEASON = {
    "id": 401,
    "season_number": 1,
    "name": "Season 1",
    "episodes": [
        EPISODE,
        EPISODE | {"id": 502, "episode_number": 2, "name": "Episode 2", "crew": [], "air_date": None},
    ],
}
SERIES = {
    "id": 77,
    "name": "Calm",
    "original_name": "Ruhe",
    "original_language": "de",
    "origin_country": ["DE"],
    "first_air_date": "2010-01-02",
    "last_air_date": "2011-02-03",
    "status": "Canceled",
    "episode_run_time": [45, 50],
    "genres": [{"id": 1, "name": "Action &amp; Adventure"}],
    "networks": [{"id": 3, "name": "ZDF"}],
    "production_companies": [{"id": 4, "name": "Calm Film"}],
    "created_by": [member(1, "A One")],
    "number_of_seasons": 1,
    "number_of_episodes": 2,
    "seasons": [{"id": 401, "season_number": 1, "name": "Staffel 1", "episode_count": 2, "air_date": None}],
    "external_ids": {"imdb_id": "tt0000077", "tvdb_id": 88, "freebase_mid": None, "wikidata_id": "Q77"},
    "content_ratings": {"results": [{"iso_3166_1": "DE", "rating": "12"}, {"iso_3166_1": "US", "rating": "TV-14"}]},
    "alternative_titles": {"results": [{"iso_3166_1": "FR", "title": "Le Calme", "type": ""}]},
    "translations": {"translations": [{"iso_639_1": "nl", "iso_3166_1": "NL", "data": {"name": "Kalm"}}]},
    "credits": {"cast": [member(5, "D Four", character="Dee", order=1), member(6, "E Five", order=0)], "crew": []},
}
AGGREGATE = {
    "id": 401,
    "cast": [
        member(5, "D Four", roles=[{"character": "Dee", "episode_count": 2}, {"character": "Twin", "episode_count": 1}])
    ],
    "crew": [member(7, "F Six", department="Camera", jobs=[{"job": "Director of Photography", "episode_count": 1}])],
}


def read(*values):
    return tmdb.read_series(*(json.dumps(value) for value in values))


def test_a_series_with_what_was_appended():
    claims = read(SERIES)
    assert claims.values == {
        "title": "Calm",
        "premiered": "2010-01-02",
        "ended": "2011-02-03",
        "status": "cancelled",
        "runtime_min": 45,
        "runtime_max": 50,
        "content_rating": "12",
    }
    assert claims.lists == {
        "genres": ["Action & Adventure"],
        "languages": ["de"],
        "countries": ["DE"],
        "networks": ["ZDF"],
        "production_companies": ["Calm Film"],
    }
    assert claims.external_ids == (("tmdb", "77"), ("imdb", "tt0000077"), ("tvdb", "88"), ("wikidata", "Q77"))
    assert claims.company_ids == {"ZDF": (("tmdb-network", "3"),), "Calm Film": (("tmdb", "4"),)}
    assert claims.other_titles == [
        OtherTitle("Ruhe", "original", "de"),
        OtherTitle("Le Calme", note="FR"),
        OtherTitle("Kalm", "translated", "nl", "NL"),
    ]
    assert [credit_line(credit) for credit in claims.credits] == [
        "creator: A One",
        "cast: E Five (main, some)",
        "cast: D Four as Dee (main, some)",
    ]
    assert claims.unmapped == ["TMDB counts 1 seasons and 2 episodes.", "Content ratings of other countries: US TV-14."]


def test_a_season_and_the_credits_of_its_episodes():
    claims = read(SEASON)
    assert claims.external_ids == (("tmdb", "77"),)
    assert (claims.seasons[0].values, claims.seasons[0].external_ids) == ({}, (("tmdb", "401"),))
    assert [episode_line(episode) for episode in claims.episodes] == ["1x01 Start 2010-01-02 45", "1x02 Episode 2 45"]
    assert claims.episodes[1].claim.doubtful == {"title"}
    assert claims.episodes[0].claim.values["production_code"] == "1X01"
    assert [credit_line(credit) for credit in claims.episodes[0].claim.credits] == [
        "director: A One",
        "teleplay: B Two",
        "guest: C Three as Clerk (guest, uncredited)",
    ]
    assert claims.episodes[0].claim.credits[2].credited_as == "C. Three"


def test_parts_are_of_the_record_that_has_their_id():
    episode_ids = {"id": 501, "imdb_id": "tt0000501", "tvdb_id": None, "freebase_mid": None}
    claims = read(episode_ids, AGGREGATE, SEASON, SERIES)
    assert claims.episodes[0].external_ids == (("tmdb", "501"), ("imdb", "tt0000501"))
    assert [credit_line(credit) for credit in claims.seasons[0].credits] == [
        "cast: D Four as Dee (2 episodes)",
        "cast: D Four as Twin (1 episode, some)",
        "cinematographer: F Six (1 episode, some)",
    ]
    assert claims == read(SERIES, SEASON, AGGREGATE, episode_ids)


def test_credits_alone_are_for_some_episodes():
    claims = read(AGGREGATE)
    assert [credit.claim.for_some_episodes for credit in claims.credits] == [True, True, True]
    assert claims.unmapped == [
        "It is not stated whether TMDB 401 is the series, a season or an episode: "
        "read the credits together with that file."
    ]


def test_seasons_appended_to_a_series():
    assert read(SERIES | {"season/1": SEASON}).episodes == read(SERIES, SEASON).episodes


def test_one_id_with_two_names_is_one_person_and_two_titles_stay():
    other = EPISODE | {"name": "启程", "crew": [{"id": 1, "name": "甲一", "original_name": "A One", "job": "Director"}]}
    claims = read(EPISODE, other)
    assert names_in_role(claims.episodes[0], "director") == ["A One"]
    assert claims.episodes[0].people[0].other_names == ("甲一",)
    assert claims.episodes[0].other_titles == [OtherTitle("启程")]
    assert read(other, EPISODE).episodes[0].people[0].name == "甲一"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"success": False, "status_code": 34, "status_message": "Not here."}, r"TMDB answered “Not here” \(34\)"),
        ({"title": "Speed", "release_date": "1994-06-10"}, "about a film, Speed"),
        (member(1, "A One", known_for_department="Acting"), "about a person, A One"),
        ({"tv_results": [], "movie_results": [{"title": "Speed"}]}, "found a film, Speed"),
        ({"tv_results": [], "person_results": [{"name": "A One"}]}, "found a person, A One"),
        ({"tv_results": []}, "found nothing"),
        ([SERIES, SERIES | {"id": 78}], "about 2 series, the first is TMDB 77"),
        ({"id": 401, "imdb_id": None, "tvdb_id": 5}, "ids of TMDB 401: read it together"),
        ({"x": 1}, "no facts about a series"),
        (EPISODE | {"season_number": -2}, "no number of a season"),
    ],
)
def test_what_is_no_series_is_refused_with_a_sentence(value, message):
    with pytest.raises(SourceError, match=message):
        read(value)


def test_a_list_of_series_and_search_results_are_read_one_by_one():
    assert len(tmdb.read_all(json.dumps([SERIES, SERIES | {"id": 78}]))) == 2
    found_rows = {"tv_results": [], "tv_episode_results": [EPISODE], "tv_season_results": [SEASON | {"show_id": 79}]}
    assert [claims.external_ids for claims in tmdb.read_all(json.dumps(found_rows))] == [
        (("tmdb", "79"),),
        (("tmdb", "77"),),
    ]


def test_a_person():
    person = tmdb.read_person(json.dumps(member(5, "D Four", birthday="1950-02-03", imdb_id="nm0000005")))
    assert person.external_ids == (("tmdb", "5"), ("imdb", "nm0000005"))
    assert person.values == (("born", "1950-02-03"),)


REAL_SERIES = {  # file: title, id, premiered, networks, numbers of seasons and episodes
    "neodb_tv_1668_en": ("Friends", "1668", "1994-09-22", ["NBC"], 10, 228),
    "phptmdb_breaking_bad_tv_all": ("Breaking Bad", "1396", "2008-01-19", ["AMC"], 5, 62),
    "tmdblib_tv_1396": ("Breaking Bad", "1396", "2008-01-20", ["AMC"], 5, 62),
    "tmdblib_tv_1396_2": ("Breaking Bad", "1396", "2008-01-20", ["AMC"], 5, 62),
    "tmdblib_tv_1400": ("Seinfeld", "1400", "1989-07-05", ["NBC"], 9, 180),
    "tmdblib_tv_1668": ("Friends", "1668", "1994-09-22", ["NBC"], 10, 228),
    "tmdblib_tv_1668_2": ("Friends", "1668", "1994-09-22", ["NBC"], 10, 228),
}
REAL_SEASONS = {  # file: episodes, the third row, its directors, writers and number of guests
    "neodb_tv_1668_season_2_en": (
        *(24, "2x03 The One Where Heckles Dies 1995-10-05 23"),
        *(["Kevin S. Bright"], ["Michael Curtis", "Greg Malins"], 4),
    ),
    "neodb_tv_1668_season_2_pt": (
        *(24, "2x03 O episódio em que o Sr. Heckles morre 1995-10-05 23"),
        *(["Kevin S. Bright"], ["Michael Curtis", "Greg Malins"], 4),
    ),
    "phptmdb_breaking_bad_season_2_all": (13, "2x03 Bit by a Dead Bee 2009-03-22", [], [], 0),
    "tmdblib_tv_1396_season_1": (
        *(7, "1x03 ...And the Bag's in the River 2008-02-10 49"),
        *(["Adam Bernstein"], ["Vince Gilligan"], 7),
    ),
    "tmdblib_tv_1396_season_1_2": (
        *(7, "1x03 ...And the Bag's in the River 2008-02-10 49"),
        *(["Adam Bernstein"], ["Vince Gilligan"], 7),
    ),
}
REAL_EPISODES = {
    "neodb_tv_1668_season_2_episode_1_en_US": (
        *("2x01 The One with Ross's New Girlfriend 1995-09-21 22", ["Michael Lembeck"]),
        *(["Mike Sikowitz", "Jeff Astrof"], 3),
    ),
    # The director and the guests stand only in what was appended.
    "phptmdb_breaking_bad_s2e1_all": ("2x01 Seven Thirty-Seven 2009-03-08", ["Bryan Cranston"], [], 6),
    "tmdblib_tv_1396_season_1_episode_1": ("1x01 Pilot 2008-01-20 59", ["Vince Gilligan"], ["Vince Gilligan"], 17),
    "tmdblib_tv_1396_season_1_episode_1_2": ("1x01 Pilot 2008-01-20 59", ["Vince Gilligan"], ["Vince Gilligan"], 17),
}


def read_real(*names):
    return tmdb.read_series(*(read_file(f"tmdb/{name}.json") for name in names))


def people_of(episode):
    return (
        names_in_role(episode, "director"),
        names_in_role(episode, "writer"),
        len(names_in_role(episode, "guest")),
    )


@needs_real_files
@pytest.mark.parametrize("name", REAL_SERIES)
def test_real_series(name):
    claims = read_real(name)
    title, tmdb_id, premiered, networks, seasons, episodes = REAL_SERIES[name]
    assert (claims.values["title"], claims.values["premiered"]) == (title, premiered)
    assert claims.external_ids[0] == ("tmdb", tmdb_id)
    assert claims.lists["networks"] == networks
    assert [season.number for season in claims.seasons] == list(range(seasons + 1))
    assert f"TMDB counts {seasons} seasons and {episodes} episodes." in claims.unmapped


@needs_real_files
@pytest.mark.parametrize("name", REAL_SEASONS)
def test_real_seasons(name):
    claims = read_real(name)
    total, third, *people = REAL_SEASONS[name]
    assert len(claims.episodes) == total
    assert claims.seasons[0].values == {}
    assert episode_line(claims.episodes[2]) == third
    assert list(people_of(claims.episodes[2])) == people


@needs_real_files
@pytest.mark.parametrize("name", REAL_EPISODES)
def test_real_episodes(name):
    (episode,) = read_real(name).episodes
    line, *people = REAL_EPISODES[name]
    assert episode_line(episode) == line
    assert list(people_of(episode)) == people


@needs_real_files
def test_real_seasons_of_three_languages_are_one():
    names = [f"neodb_tv_1668_season_2_{language}" for language in ("en", "pt", "zh_CN")]
    claims = read_real("neodb_tv_1668_en", *names)
    assert len(claims.episodes) == 24 + 1
    heckles = next(episode for episode in claims.episodes if (episode.season, episode.claim.number) == (2, 3))
    assert heckles.claim.values["title"] == "The One Where Heckles Dies"
    assert [title.title for title in heckles.other_titles] == [
        "O episódio em que o Sr. Heckles morre",
        "海克里斯先生死了",
    ]
    assert people_of(heckles) == (["Kevin S. Bright"], ["Michael Curtis", "Greg Malins"], 4)
    jennifer = next(credit.person for credit in claims.credits if credit.person.name == "Jennifer Aniston")
    assert jennifer.other_names == ("珍妮弗·阿尼斯顿",)
    assert episode_line(read_real(names[2]).episodes[2]) == "2x03 海克里斯先生死了 1995-10-05 23"


@needs_real_files
def test_real_parts_with_their_records():
    season = "tmdblib_tv_1396_season_1"
    parts = (f"{season}_aggregate_credits", f"{season}_external_ids", f"{season}_episode_1_external_ids")
    claims = read_real("tmdblib_tv_1396", season, *parts, "tmdblib_tv_1396_alternative_titles")
    lines = [credit_line(credit) for credit in claims.seasons[1].credits]
    assert lines[0] == "cast: Bryan Cranston as Walter White (7 episodes)"
    is_cast = [credit.claim.role == "cast" for credit in claims.seasons[1].credits]
    assert (is_cast.count(True), is_cast.count(False)) == (68, 39)  # roles of 67 people, jobs of 37
    assert dict(claims.seasons[1].external_ids)["wikidata"] == "Q1582890"
    assert dict(claims.episodes[-7].external_ids) == {
        "tmdb": "62085",
        "imdb": "tt0959621",
        "tvdb": "349232",
        "wikidata": "Q14625947",
    }
    assert OtherTitle("Bədbəxt", note="AZ") in claims.other_titles


@needs_real_files
@pytest.mark.parametrize(
    ("name", "first", "cast", "crew"),
    [
        ("tmdblib_tv_1396_credits", "cast: Bryan Cranston as Walter White (main, some)", 8, 27),
        ("tmdblib_tv_1396_season_1_credits", "cast: Bryan Cranston as Walter White (main, some)", 6, 17),
        ("tmdblib_tv_1396_season_1_episode_1_credits", "cast: Bryan Cranston as Walter White (main, some)", 6, 7),
    ],
)
def test_real_credits_alone(name, first, cast, crew):
    credits = read_real(name).credits
    roles = [credit.claim.role for credit in credits]
    assert credit_line(credits[0]) == first
    assert (roles.count("cast"), len(roles) - roles.count("cast") - roles.count("guest")) == (cast, crew)


@needs_real_files
def test_real_lists():
    shows = tmdb.read_all(read_file("tmdb/seenit_tv_details_list.json"))
    assert len(shows) == 100
    assert (shows[0].values["title"], shows[0].external_ids[0]) == ("One Piece", ("tmdb", "37854"))
    assert shows[0].other_titles[0] == OtherTitle("ワンピース", "original", "ja")
    assert [episode_line(episode) for episode in shows[0].episodes] == [
        "20x885 Episode 885 2019-05-19",
        "20x886 Episode 886 2019-05-26",
    ]
    translations = read_real("tmdblib_tv_1396_translations").other_titles
    assert OtherTitle("Во все тяжкие", "translated", "ru", "RU") in translations
    assert len(read_real("tmdblib_tv_1396_alternative_titles").other_titles) > 30
    assert "DE 16" in read_real("tmdblib_tv_1396_content_ratings").unmapped[0]


@needs_real_files
def test_real_search_results():
    assert read_real("tmdblib_find_81189").values["title"] == "Breaking Bad"
    assert read_real("tmdblib_find_tt0903747").values["premiered"] == "2008-01-20"
    assert episode_line(read_real("tmdblib_find_tt0959621").episodes[0]) == "1x01 Pilot 2008-01-20 59"
    assert len(tmdb.read_all(read_file("tmdb/tmdblib_find_30272.json"))) == 2
    for name, sentence in (("nm0000246", "person, Bruce Willis"), ("tt0088247", "film, The Terminator")):
        with pytest.raises(SourceError, match=sentence):
            read_real(f"tmdblib_find_{name}")
