"""NFO files: samples of our own, and real files where they are."""

import pytest

from catalog.sources import nfo
from catalog.sources.series_claims import OtherTitle, SourceError
from catalog.tests.sources.claim_summary import credit_line, episode_line, names_in_role
from catalog.tests.sources.real_files import needs_real_files, read_file

SHOW = """<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>
<tvshow>
  <title>Calm &amp; Quiet</title>
  <originaltitle>Ruhe</originaltitle>
  <plot>A sentence of somebody.</plot>
  <mpaa>TV-14</mpaa>
  <uniqueid type="tmdb" default="true">77</uniqueid>
  <uniqueid type="own">-1</uniqueid>
  <id IMDB="tt0000077">88</id>
  <episodeguide>{"tvdb":"88","imdb":"tt0000077"}</episodeguide>
  <genre>Drama</genre><genre>Crime</genre>
  <premiered>2010-01-02</premiered>
  <status>Ended</status>
  <studio>ZDF</studio>
  <runtime>45</runtime>
  <namedseason number="1">Season 1</namedseason><namedseason number="2">The Box</namedseason>
  <actor><name>B Two</name><role>Bee</role><order>1</order></actor>
  <actor><name>A One</name><role/><order>0</order></actor>
</tvshow>
"""
EPISODE = """<episodedetails>
  <title>{title}</title><showtitle>Calm &amp; Quiet</showtitle><season>1</season><episode>{number}</episode>
  <aired>2010-01-02</aired><runtime>0</runtime><code>1X0{number}</code>
  <director>A One / B Two</director><credits>C Three</credits><credits>D Four</credits>
  <actor><name>E Five</name><role>Cop</role><type>GuestStar</type></actor>
</episodedetails>
"""
EMPTY = "<episodedetails><title></title><season>-2</season><episode>-2</episode></episodedetails>"
FIRST, SECOND = EPISODE.format(title="One", number=1), EPISODE.format(title="Two", number=2)


def test_a_show():
    claims = nfo.read_series(SHOW)
    assert claims.values == {
        "title": "Calm & Quiet",
        "premiered": "2010-01-02",
        "status": "ended",
        "runtime_min": 45,
        "runtime_max": 45,
        "content_rating": "TV-14",
    }
    assert claims.lists == {"genres": ["Drama", "Crime"], "networks": ["ZDF"]}
    assert claims.external_ids == (("imdb", "tt0000077"), ("tmdb", "77"), ("tvdb", "88"))
    assert claims.other_titles == [OtherTitle("Ruhe", "original")]
    assert [(season.number, season.values) for season in claims.seasons] == [(2, {"title": "The Box"})]
    assert [credit_line(credit) for credit in claims.credits] == ["cast: A One (some)", "cast: B Two as Bee (some)"]
    assert claims.unmapped == []


@pytest.mark.parametrize(
    "text",
    [
        FIRST + SECOND,
        f'<?xml version="1.0"?>\n{FIRST}<?xml version="1.0"?>{SECOND}',
        f"<episodes>{FIRST}{SECOND}</episodes>",
        f"{FIRST}{SECOND}\nhttps://www.example.com/?tab=series&id=88",
    ],
    ids=["two roots", "two declarations", "wrapper", "address behind"],
)
def test_a_file_of_several_episodes(text):
    claims = nfo.read_series(text)
    assert [episode_line(episode) for episode in claims.episodes] == ["1x01 One 2010-01-02", "1x02 Two 2010-01-02"]
    assert [credit_line(credit) for credit in claims.episodes[1].claim.credits] == [
        "director: A One",
        "director: B Two",
        "writer: C Three",
        "writer: D Four",
        "guest: E Five as Cop (guest)",
    ]
    assert claims.episodes[0].claim.values["production_code"] == "1X01"
    assert claims.values == {"title": "Calm & Quiet"}


def test_a_season():
    season = "<season><title>Season 2</title><seasonnumber>2</seasonnumber><tvdbid>91</tvdbid></season>"
    (claim,) = nfo.read_series(season).seasons
    assert (claim.number, claim.values, claim.external_ids) == (2, {}, (("tvdb", "91"),))


def test_a_double_episode_and_several_files():
    double = FIRST.replace("<aired>", "<episodenumberend>2</episodenumberend><aired>")
    claims = nfo.read_series(SHOW, double)
    assert (claims.episodes[0].claim.number, claims.episodes[0].claim.values["last_number"]) == (1, 2)


def test_empty_templates_beside_others_are_said():
    claims = nfo.read_series(f"<episodes>{FIRST}{EMPTY}</episodes>")
    assert (len(claims.episodes), claims.unmapped) == (1, ["1 of 2 entries are empty templates."])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<movie><title>Speed</title></movie>", "about a film"),
        ("<tvshow><title></title></tvshow>", "empty template"),
        (f"<episodes>{EMPTY}</episodes>", "empty template"),
        ("<episodes></episodes>", "has no <tvshow>, <season> or <episodedetails>"),
        ("<other/>", "has no <tvshow>, <season> or <episodedetails>"),
        ("<episodedetails><title>A</title></episodedetails>", "“A” has no number"),
        ("<tvshow><title>A</title>", "not valid XML"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><tvshow><title>&b;</title></tvshow>', "not valid XML|DTD"),
        ("<tvshow>" + "<a>" * 100_000, "not valid XML"),
    ],
)
def test_what_is_no_series_is_refused_with_a_sentence(text, message):
    with pytest.raises(SourceError, match=message):
        nfo.read_series(text)


def test_other_encodings():
    declared = '<?xml version="1.0" encoding="ISO-8859-1"?><tvshow><title>Café</title></tvshow>'
    assert nfo.read_series(declared.encode("latin-1")).values == {"title": "Café"}
    assert nfo.read_series(declared.encode("utf-16")).values == {"title": "Café"}


@needs_real_files
@pytest.mark.parametrize(
    ("name", "title", "premiered", "actors"),
    [
        ("jellyfin_American_Gods", "American Gods", "2017-04-30", 6),
        ("mediaelch_kodi_v18_show_Torchwood", "Torchwood", "2006-10-22", 11),
        ("mediaelch_kodi_v20_show_Torchwood", "Torchwood", "2006-10-22", 11),
    ],
)
def test_real_shows(name, title, premiered, actors):
    claims = nfo.read_series(read_file(f"nfo/{name}.nfo"))
    assert (claims.values["title"], claims.values["premiered"], len(claims.credits)) == (title, premiered, actors)
    ids = {"imdb": "tt0485301", "tmdb": "424", "tvdb": "79511", "tvmaze": "659"}
    assert dict(claims.external_ids) == (ids if title == "Torchwood" else {"tmdb": "46639", "tvdb": "253573"})


@needs_real_files
def test_real_seasons_and_episodes():
    (season,) = nfo.read_series(read_file("nfo/jellyfin_Season_01.nfo")).seasons
    assert (season.number, len(season.credits)) == (1, 10)
    (episode,) = nfo.read_series(read_file("nfo/jellyfin_The_Bone_Orchard.nfo")).episodes
    assert episode_line(episode) == "1x01 The Bone Orchard 2017-04-30"
    assert names_in_role(episode, "director") == ["David Slade"]
    assert names_in_role(episode, "writer") == ["Bryan Fuller", "Michael Green"]
    assert len(names_in_role(episode, "cast")) == 11
    claims = nfo.read_series(read_file("nfo/mediaelch_kodi_v18_episode_American_Dad_S02E01.nfo"))
    assert (claims.values["title"], len(claims.episodes[0].people)) == ("American Dad!", 6)
    assert episode_line(claims.episodes[0]) == "2x01 Camp Refoogee 2005-09-11"


@needs_real_files
@pytest.mark.parametrize(
    "name", ["jellyfin_CommunityRating_Comma", "mediaelch_kodi_v18_episode_empty", "mediaelch_kodi_v18_show_empty"]
)
def test_real_films_and_templates_are_refused(name):
    with pytest.raises(SourceError, match="about a film|empty template"):
        nfo.read_series(read_file(f"nfo/{name}.nfo"))
