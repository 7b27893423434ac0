"""What editors paste: ids, titles and addresses. Only the id or title of an address is ever used."""

import pytest

from catalog.fetching import tmdb, tvmaze, wikidata, wikipedia
from catalog.fetching.fetched_text import FetchError
from catalog.fetching.references import choose_match, clean_reference, id_in_path, page_path


def tvmaze_id(reference):
    return id_in_path(page_path(clean_reference(reference), "TVmaze", tvmaze.HOSTS), tvmaze.SHOW_PATH, "TVmaze")


@pytest.mark.parametrize(
    "reference",
    [
        "https://www.tvmaze.com/shows/169/breaking-bad",
        "https://www.tvmaze.com/shows/169",
        "https://tvmaze.com/shows/169/breaking-bad/episodes?all=1#top",
        "https://api.tvmaze.com/shows/169?embed=cast",
        "  www.tvmaze.com/shows/169/x\n",
        "HTTPS://WWW.TVMAZE.COM/shows/169",
    ],
)
def test_addresses_of_tvmaze(reference):
    assert tvmaze_id(reference) == "169"


@pytest.mark.parametrize(
    ("module", "pattern", "reference", "expected"),
    [
        (tmdb, tmdb.SERIES_PATH, "https://www.themoviedb.org/tv/1396-breaking-bad/season/1?language=de", "1396"),
        (tmdb, tmdb.SERIES_PATH, "https://www.themoviedb.org/de-DE/tv/1396", "1396"),
        (wikidata, wikidata.ITEM_PATH, "https://www.wikidata.org/wiki/Q1079", "Q1079"),
        (wikidata, wikidata.ITEM_PATH, "https://www.wikidata.org/entity/Q1079", "Q1079"),
    ],
)
def test_addresses_of_others(module, pattern, reference, expected):
    assert id_in_path(page_path(reference, module.LABEL, module.HOSTS), pattern, module.LABEL) == expected


@pytest.mark.parametrize(
    "reference",
    [
        "http://www.tvmaze.com/shows/169",
        "ftp://www.tvmaze.com/shows/169",
        "file:///etc/passwd",
        "//www.tvmaze.com/shows/169",
        "https://www.tvmaze.com:443/shows/169",
        "https://www.tvmaze.com:8080/shows/169",
        "https://user:pass@www.tvmaze.com/shows/169",
        "https://user@www.tvmaze.com/shows/169",
        "https://www.tvmaze.com@evil.example/shows/169",
        "https://evil.example/www.tvmaze.com/shows/169",
        "https://www.tvmaze.com.evil.example/shows/169",
        "https://www.tvmaze.com\\@evil.example/shows/169",
        "https://evil.example\\www.tvmaze.com/shows/169",
        "https://www.tvmaze.com%2F@evil.example/shows/169",
        "https://www.tvmaze.com%00.evil.example/shows/169",
        "https://www.tvmaze.com./shows/169",
        "https://wwẉ.tvmaze.com/shows/169",
        "https://localhost/shows/169",
        "https://127.0.0.1/shows/169",
        "https://2130706433/shows/169",
        "https://0x7f.1/shows/169",
        "https://[::1]/shows/169",
        "https://[::1/shows/169",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/shows/169",
        "https:///shows/169",
        "https://",
    ],
)
def test_any_other_address_is_refused(reference):
    with pytest.raises(FetchError, match=r"This is no address of TVmaze: it has to begin with https://"):
        tvmaze_id(reference)


@pytest.mark.parametrize(
    "reference",
    [
        "https://www.tvmaze.com/people/1/x",
        "https://www.tvmaze.com/shows/",
        "https://www.tvmaze.com/shows/0",
        "https://www.tvmaze.com/shows/１６９",
        "https://www.tvmaze.com/shows/169%2F..%2F..",
        "https://www.tvmaze.com/shows/../people/1",
        "https://www.tvmaze.com/shows%2F169",
        "https://www.tvmaze.com/shows/169%0d%0aX-Header:1",
        "https://www.tvmaze.com/shows/99999999999999999999",
    ],
)
def test_an_address_without_a_series_is_refused(reference):
    with pytest.raises(FetchError, match="This address of TVmaze is not that of a series"):
        tvmaze_id(reference)


@pytest.mark.parametrize("reference", ["", "  ", "a\nb", "a\x00b", "a\u2028b", "x" * 1_001, "https://a\r\nHost: b/"])
def test_control_characters_and_nothing_are_refused(reference):
    with pytest.raises(FetchError):
        clean_reference(reference)


@pytest.mark.parametrize("title", ["Star Trek: Discovery", "javascript:alert(1)", "24", "M*A*S*H", "and/or", "$#*!"])
def test_a_title_is_no_address(title):
    assert page_path(title, "TVmaze", tvmaze.HOSTS) is None


@pytest.mark.parametrize(
    ("reference", "title"),
    [
        ("https://en.wikipedia.org/wiki/Night_Ferry_(season_1)", "Night Ferry (season 1)"),
        ("https://en.m.wikipedia.org/wiki/Night_Ferry#Cast", "Night Ferry"),
        ("https://en.wikipedia.org/wiki/Caf%C3%A9_%26_Bar", "Café & Bar"),
        ("https://en.wikipedia.org/wiki/50%25_Off", "50% Off"),
        ("Night_Ferry", "Night Ferry"),
        ("Either/Or", "Either/Or"),
    ],
)
def test_titles_of_wikipedia(reference, title):
    assert wikipedia._title_of(reference) == title


@pytest.mark.parametrize(
    "reference",
    [
        "https://de.wikipedia.org/wiki/Tatort",
        "https://en.wikipedia.org/w/index.php?title=Night_Ferry",
        "https://en.wikipedia.org/wiki/",
        "https://en.wikipedia.org/wiki/A%7CB",
        "https://en.wikipedia.org/wiki/A%0AB",
        "https://en.wikipedia.org/wiki/A%00B",
        "https://en.wikipedia.org/wiki/A%5BB",
        "A|B",
        "{{A}}",
        "tt0903747",
        "é" * 128,
    ],
)
def test_what_is_no_title_of_wikipedia(reference):
    with pytest.raises(FetchError, match=r"^[A-Z].*[.]$"):
        wikipedia._title_of(reference)


CANDIDATES = [("1", "Fog", "1990"), ("2", "Fog", "2010"), ("3", "Fog and Ice", ""), ("4", "ICE", "2001")]


def test_a_title_that_one_series_has():
    assert choose_match("TVmaze", "ice", CANDIDATES) == "4"


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("Fog", "TVmaze has 2 series with the title “Fog”: give the id of one of Fog (1; 1990), Fog (2; 2010), "),
        ("Mist", "TVmaze has no series with the title “Mist”. It has Fog (1; 1990), "),
    ],
)
def test_a_title_that_no_or_several_series_have(title, sentence):
    with pytest.raises(FetchError) as caught:
        choose_match("TVmaze", title, CANDIDATES)
    assert str(caught.value).startswith(sentence)
    assert str(caught.value).endswith("Fog and Ice (3), ICE (4; 2001).")
