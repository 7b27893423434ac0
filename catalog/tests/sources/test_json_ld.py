"""JSON-LD of saved web pages: samples of our own."""

import json

import pytest

from catalog.sources import json_ld
from catalog.sources.series_claims import OtherTitle, SourceError
from catalog.tests.sources.claim_summary import credit_line, episode_line

SERIES = {
    "@context": "https://schema.org",
    "@type": "TVSeries",
    "@id": "#series",
    "name": "Tom &amp; Calm",
    "alternateName": ["Ruhe"],
    "url": "https://www.example.com/calm",
    "sameAs": ["https://www.imdb.com/title/tt0000077/", "javascript:alert(1)", "https://www.wikidata.org/wiki/Q77"],
    "description": "A sentence of somebody.",
    "startDate": "2010-01-02",
    "endDate": "2011",
    "genre": "Drama",
    "inLanguage": "en",
    "countryOfOrigin": {"@type": "Country", "name": "Ireland"},
    "contentRating": "TV-14",
    "numberOfSeasons": 1,
    "productionCompany": {"@type": "Organization", "name": "Calm Film"},
    "creator": [{"@type": "Person", "name": "A One"}, {"@type": "Organization", "name": "Bang"}],
    "actor": [
        {"@type": "PerformanceRole", "characterName": "Dee", "actor": {"@type": "Person", "name": "D Four"}},
        {"@type": "Person", "name": "E Five", "url": "/name/nm0000005/"},
    ],
    "containsSeason": {
        "@type": "TVSeason",
        "seasonNumber": "1",
        "name": "Season 1",
        "episode": [
            {
                "@type": "TVEpisode",
                "episodeNumber": 1,
                "name": "Start",
                "datePublished": "2010-01-02T20:00:00Z",
                "timeRequired": "PT1H2M",
                "director": {"@type": "Person", "name": "B Two"},
                "author": "C Three",
            },
            {"@type": "TVEpisode", "name": "Nowhere"},
        ],
    },
}
PAGE = """<!DOCTYPE html><html><head><title>Calm</title>
<script>var a = "<script";</script>
<SCRIPT nonce="x" type='application/ld+json'>{}</SCRIPT>
<script type="application/ld+json">{{"@type": "BreadcrumbList"</script></head><body></body></html>"""


def test_a_series_in_a_saved_page():
    claims = json_ld.read_series(PAGE.format(json.dumps(SERIES)))
    assert claims.values == {
        "title": "Tom & Calm",
        "premiered": "2010-01-02",
        "ended": "2011",
        "content_rating": "TV-14",
    }
    assert claims.lists == {
        "genres": ["Drama"],
        "languages": ["en"],
        "countries": ["Ireland"],
        "production_companies": ["Calm Film"],
    }
    assert claims.external_ids == (("imdb", "tt0000077"), ("wikidata", "Q77"))
    assert claims.other_titles == [OtherTitle("Ruhe")]
    assert (claims.source.publisher, claims.source.url) == ("example.com", "https://www.example.com/calm")
    assert [credit_line(credit) for credit in claims.credits] == [
        "creator: A One",
        "cast: D Four as Dee (some)",
        "cast: E Five (some)",
    ]
    assert claims.credits[2].person.external_ids == (("imdb", "nm0000005"),)
    (episode,) = claims.episodes
    assert episode_line(episode) == "1x01 Start 2010-01-02 62"
    assert [credit_line(credit) for credit in episode.claim.credits] == ["director: B Two", "writer: C Three"]
    assert claims.unmapped == [
        "The page counts 1 seasons.",
        "Bang is an organisation that is stated as creator.",
        "The episode “Nowhere” has no number of its season and episode.",
    ]


def test_json_ld_alone_and_a_graph_with_references():
    assert json_ld.read_series(json.dumps([SERIES])) == json_ld.read_series(json.dumps(SERIES))
    graph = [
        {"@type": "TVEpisode", "name": "Start", "episodeNumber": 3, "partOfSeason": {"@id": "#one"}},
        {"@type": "TVSeason", "@id": "#one", "seasonNumber": 1, "partOfSeries": {"@id": "#series"}},
        {"@type": ["http://schema.org/TVSeries"], "@id": "#series", "name": "Calm", "actor": {"@id": "#a"}},
        {"@type": "Person", "@id": "#a", "name": "A One"},
    ]
    claims = json_ld.read_series(json.dumps({"@context": "https://schema.org", "@graph": graph}))
    assert claims.values == {"title": "Calm"}
    assert [episode_line(episode) for episode in claims.episodes] == ["1x03 Start"]
    assert [credit_line(credit) for credit in claims.credits] == ["cast: A One (some)"]


def test_a_link_that_is_no_web_address_is_left_out():
    claims = json_ld.read_series(json.dumps(SERIES | {"url": "javascript:alert(1)"}))
    assert (claims.source.publisher, claims.source.url) == ("Web page", "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<html><script type='application/ld+json'>{}</script></html>", "no facts about a series"),
        ("<html><script type='application/ld+json'>{</script></html>", "ends too early"),
        ("<html><script type='application/ld+json'>{}", "no JSON-LD"),
        ("<html></html>", "no JSON-LD"),
        ('{"@type": "Movie", "name": "Speed"}', "about a film, Speed"),
        (
            '[{"@type": "TVSeries", "name": "A"}, {"@type": "TVSeries", "name": "B"}]',
            "about 2 series, the first is",
        ),
    ],
)
def test_what_is_no_series_is_refused_with_a_sentence(text, message):
    with pytest.raises(SourceError, match=message):
        json_ld.read_series(text)


def test_nodes_that_refer_to_each_other_in_circles_are_read_once():
    nodes = [{"@type": "TVSeason", "@id": "#x", "seasonNumber": 1, "episode": [{"@id": "#x"}] * 1000}]
    assert [season.number for season in json_ld.read_series(json.dumps(nodes)).seasons] == [1]
