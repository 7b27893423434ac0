"""TheTVDB JSON of three versions: samples of our own, and real files where they are."""

import json

import pytest

from catalog.sources import tvdb
from catalog.sources.series_claims import OtherTitle, SourceError
from catalog.tests.sources.claim_summary import credit_line, episode_line, names_in_role
from catalog.tests.sources.real_files import needs_real_files, read_file

OLD_SERIES = {
    "id": 70,
    "seriesName": "Calm",
    "aliases": ["Ruhe", "Calm"],
    "status": "Continuing",
    "firstAired": "2005-3-26",
    "network": "ITV",
    "runtime": "45",
    "genre": ["Drama"],
    "rating": "TV-14",
    "imdbId": "tt0000070",
}
OLD_EPISODE = {
    "id": 71,
    "seriesId": 70,
    "airedSeason": 1,
    "airedEpisodeNumber": 2,
    "dvdSeason": 1,
    "dvdEpisodeNumber": 1.0,
    "absoluteNumber": 2,
    "episodeName": "Second",
    "firstAired": "2005-04-02",
    "directors": ["A One"],
    "writers": ["B Two", "A One"],
    "guestStars": ["C Three", ""],
    "productionCode": "P2",
    "imdbId": "",
}
ACTORS = [
    {"id": 1, "seriesId": 70, "name": "E Five", "role": "", "sortOrder": 3},
    {"id": 2, "seriesId": 70, "name": "D Four", "role": "Dee|Twin", "sortOrder": 0},
]
SERIES = {
    "id": 70,
    "name": "Calm",
    "aliases": [{"language": "deu", "name": "Ruhe"}],
    "firstAired": "2005-03-26",
    "lastAired": "2006-01-02",
    "status": {"id": 2, "name": "Ended"},
    "originalCountry": "gbr",
    "originalLanguage": "eng",
    "defaultSeasonType": 1,
    "averageRuntime": 45,
    "genres": [{"id": 1, "name": "Drama"}],
    "originalNetwork": {"id": 9, "name": "ITV"},
    "companies": [
        {"id": 9, "name": "ITV", "companyType": {"companyTypeName": "Network"}},
        {"id": 8, "name": "Calm Film", "companyType": {"companyTypeName": "Production Company"}},
        {"id": 7, "name": "Bang", "companyType": {"companyTypeName": "Special Effects"}},
    ],
    "remoteIds": [{"id": "tt0000070", "sourceName": "IMDB"}, {"id": "x.example", "sourceName": "Official Website"}],
    "contentRatings": [{"name": "15", "country": "gbr"}, {"name": "TV-14", "country": "usa"}],
    "translations": {"nameTranslations": [{"language": "nld", "name": "Kalm"}]},
    "seasons": [
        {"id": 91, "number": 1, "type": {"type": "official"}},
        {"id": 92, "number": 1, "type": {"type": "dvd"}, "name": "The Box"},
    ],
    "characters": [
        {"peopleId": 4, "personName": "D Four", "name": "Dee", "peopleType": "Actor", "sort": 1},
        {"peopleId": 3, "personName": "C Three", "name": None, "peopleType": "Creator", "sort": 0},
    ],
    "episodes": [
        {
            "id": 71,
            "seriesId": 70,
            "seasonNumber": 1,
            "number": 2,
            "absoluteNumber": 2,
            "name": "Second",
            "aired": "2005-04-02",
            "runtime": 44,
            "remoteIds": [{"id": "tt0000071", "sourceName": "IMDB"}],
            "characters": [
                {"peopleId": 1, "personName": "A One", "peopleType": "Director"},
                {"peopleId": 5, "personName": "E Five", "name": "Cop", "peopleType": "Guest Star"},
            ],
        }
    ],
}


def read(*values, **options):
    return tvdb.read_series(*(json.dumps({"data": value}) for value in values), **options)


def test_a_series_of_version_2():
    claims = read(OLD_SERIES, [OLD_EPISODE], ACTORS)
    assert claims.values == {
        "title": "Calm",
        "premiered": "2005-03-26",
        "status": "running",
        "runtime_min": 45,
        "runtime_max": 45,
        "content_rating": "TV-14",
    }
    assert claims.lists == {"genres": ["Drama"], "networks": ["ITV"]}
    assert claims.external_ids == (("tvdb", "70"), ("imdb", "tt0000070"))
    assert claims.other_titles == [OtherTitle("Ruhe")]
    assert [credit_line(credit) for credit in claims.credits] == [
        "cast: D Four as Dee / Twin (some)",
        "cast: E Five (some)",
    ]
    (episode,) = claims.episodes
    assert episode_line(episode) == "1x02 Second 2005-04-02"
    assert (episode.claim.values["production_code"], episode.claim.values["overall_number"]) == ("P2", 2)
    assert [credit_line(credit) for credit in episode.claim.credits] == [
        "director: A One",
        "writer: B Two",
        "writer: A One",
        "guest: C Three (guest)",
    ]


def test_a_series_of_version_4():
    claims = read(SERIES)
    assert claims.values == {
        "title": "Calm",
        "premiered": "2005-03-26",
        "ended": "2006-01-02",
        "status": "ended",
        "runtime_min": 45,
        "runtime_max": 45,
        "content_rating": "15",
    }
    assert claims.lists == {
        "countries": ["gbr"],
        "languages": ["eng"],
        "genres": ["Drama"],
        "networks": ["ITV"],
        "production_companies": ["Calm Film"],
    }
    assert claims.external_ids == (("tvdb", "70"), ("imdb", "tt0000070"))
    assert claims.other_titles == [OtherTitle("Ruhe", language="deu"), OtherTitle("Kalm", "translated", "nld")]
    assert [(season.number, season.external_ids, season.values) for season in claims.seasons] == [
        (1, (("tvdb", "91"),), {})
    ]
    assert [credit_line(credit) for credit in claims.credits] == ["creator: C Three", "cast: D Four as Dee (some)"]
    assert [credit_line(credit) for credit in claims.episodes[0].claim.credits] == [
        "director: A One",
        "guest: E Five as Cop (guest)",
    ]
    assert claims.episodes[0].external_ids == (("tvdb", "71"), ("imdb", "tt0000071"))
    assert claims.unmapped == [
        "Bang is stated as “Special Effects”, which is no role of a company here.",
        "The content rating in usa is TV-14.",
    ]


def test_a_page_of_episodes_of_version_4():
    series = {key: value for key, value in SERIES.items() if key != "episodes"}
    assert read({"series": series, "episodes": SERIES["episodes"]}) == read(SERIES)


@pytest.mark.parametrize(
    ("season_type", "positions"),
    [("aired", [(1, 2), (3, 1)]), ("dvd", [(1, 1)]), ("absolute", [(1, 2), (1, 9)])],
)
def test_the_order_numbers_the_episodes(season_type, positions):
    other = OLD_EPISODE | {"id": 72, "airedSeason": 3, "airedEpisodeNumber": 1, "dvdSeason": None, "absoluteNumber": 9}
    claims = read([OLD_EPISODE, other | {"episodeName": "Late"}], season_type=season_type)
    assert [(episode.season, episode.claim.number) for episode in claims.episodes] == positions
    sentence = "The episode “Late” (TheTVDB 72) has no number in dvd order."
    assert claims.unmapped == ([sentence] if season_type == "dvd" else [])


def test_seasons_of_the_order():
    claims = read(SERIES, season_type="dvd")
    assert [season.values for season in claims.seasons] == [{"title": "The Box"}]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"Error": "ID not here"}, "TheTVDB answered “ID not here” in place of data"),
        ({"status": "failure", "message": "Unauthorized", "data": None}, "TheTVDB answered “Unauthorized”"),
        ({"data": []}, "no facts about a series"),
        ({"data": [OLD_SERIES, {"x": 1}]}, "no facts about a series"),
        ({"data": [OLD_SERIES, OLD_SERIES | {"id": 72}]}, "about 2 series, the first is TheTVDB 70 "),
        ({"data": [OLD_EPISODE, OLD_EPISODE | {"seriesId": 72}]}, "about two series: tvdb 70 and tvdb 72"),
        ({"data": OLD_SERIES | {"seriesName": "** 403: Series Not Permitted **"}}, "has no title"),
    ],
)
def test_what_is_no_series_is_refused_with_a_sentence(answer, message):
    with pytest.raises(SourceError, match=message):
        tvdb.read_series(json.dumps(answer))


WORKPLACE = (
    "7x05 The Workplace Proximity 2013-10-17",
    ["Mark Cendrowski"],
    ["Chuck Lorre", "Eric Kaplan", "Jim Reynolds"],
    2,
    140,
)
REAL_EPISODES = {  # file: episode, directors, writers, number of guests, overall number
    "v2_episodes-110995": ("1x02 Paternity 2004-11-23", ["Peter O'Fallon"], ["Lawrence Kaplow"], 7, 3),
    "v2_episodes-306190": ("2x02 Autopsy 2005-09-20", ["Deran Sarafian"], ["Lawrence Kaplow"], 8, 25),
    "v2_episodes-5313345": ("10x06 My Struggle II 2016-02-22", ["Chris Carter"], ["Chris Carter"], 1, None),
    "v2_series-73255-episodes-query_airedepisode-2-airedseason-1": ("1x02 Paternity 2004-11-23", [], [], 0, 3),
    "v2_series-73255-episodes-query_airedepisode-2-airedseason-2": ("2x02 Autopsy 2005-09-20", [], [], 0, 25),
    "v2_series-77398-episodes-query_airedepisode-6-airedseason-10": (
        *("10x06 My Struggle II 2016-02-22", [], [], 0, None),
    ),
    "v3_test_query_series_episodes_1": WORKPLACE,
    "v3_test_refine_3": WORKPLACE,
    "v3_test_refine_4": WORKPLACE,
}
REAL_SERIES = {  # file: title, premiered, running time, IMDb id, other titles
    "v2_series-296762": ("Westworld", "2016-10-02", 60, "tt0475784", []),
    "v2_series-73255": ("House", "2004-11-16", 45, "tt0412142", ["House M.D.", "House MD"]),
    "v2_series-77398": (
        *("The X-Files", "1993-09-10", 45, "tt0106179"),
        ["The X Files", "The X-Files (2016)", "The XFiles"],
    ),
    "v3_test_get_series_1": ("The Big Bang Theory", "2007-09-24", 25, "tt0898266", []),
    "v3_test_refine_2": ("The Big Bang Theory", "2007-09-24", 25, "tt0898266", []),
}
REAL_ACTORS = {  # file: number of actors, the first by their order
    "v2_series-73255-actors": (14, "cast: Hugh Laurie as Gregory House (some)"),
    "v2_series-77398-actors": (15, None),
    "v3_test_get_series_actors_1": (12, "cast: Jim Parsons as Sheldon Cooper (some)"),
}
REAL_SEARCHES = {  # file: number of series, the first one's title, id and premiere
    "v2_search-series_imdbid-tt0944947": (1, "Game of Thrones", "121361", "2011-04-17"),
    "v2_search-series_name-the-x-files": (3, "The X-Files", "77398", "1993-09-10"),
    "v2_search-series_name-westworld": (4, "Westworld", "296762", "2016-10-02"),
    "v2_search-series_name-house": (100, "The House", "139341", "1980-11-09"),
    "v3_test_refine_1": (1, "The Big Bang Theory", "80379", "2007-09-24"),
}


def read_real(name):
    return tvdb.read_series(read_file(f"tvdb/{name}.json"))


@needs_real_files
@pytest.mark.parametrize("name", REAL_EPISODES)
def test_real_episodes(name):
    (episode,) = read_real(name).episodes
    line, directors, writers, guests, overall_number = REAL_EPISODES[name]
    assert episode_line(episode) == line
    assert names_in_role(episode, "director") == directors
    assert names_in_role(episode, "writer") == writers
    assert len(names_in_role(episode, "guest")) == guests
    assert episode.claim.values.get("overall_number") == overall_number


@needs_real_files
@pytest.mark.parametrize("name", REAL_SERIES)
def test_real_series(name):
    claims = read_real(name)
    title, premiered, runtime, imdb_id, titles = REAL_SERIES[name]
    assert (claims.values["title"], claims.values["premiered"]) == (title, premiered)
    assert claims.values["runtime_min"] == runtime
    assert dict(claims.external_ids)["imdb"] == imdb_id
    assert [other.title for other in claims.other_titles] == titles


@needs_real_files
@pytest.mark.parametrize("name", REAL_ACTORS)
def test_real_actors(name):
    total, first = REAL_ACTORS[name]
    lines = [credit_line(credit) for credit in read_real(name).credits]
    assert len(lines) == total
    assert first in (None, lines[0])


@needs_real_files
@pytest.mark.parametrize("name", REAL_SEARCHES)
def test_real_search_results(name):
    results = tvdb.read_all(read_file(f"tvdb/{name}.json"))
    total, title, tvdb_id, premiered = REAL_SEARCHES[name]
    assert len(results) == total
    assert (results[0].values["title"], results[0].values["premiered"]) == (title, premiered)
    assert results[0].external_ids[0] == ("tvdb", tvdb_id)
