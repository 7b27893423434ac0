"""Languages, countries, genres and companies by the words and codes of sources."""

import pytest

from catalog.editing.ingest.stated_words import StatedWords
from catalog.models import Alias, Company, ExternalId
from catalog.tests import factories as make
from catalog.tests.editing.ingest.statements import cells, compare, fact, statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def words(vocabulary):
    return StatedWords.load()


LANGUAGES = {
    **dict.fromkeys(["English", "english", "en", "EN", "eng", "en-US", "en_GB"], "en"),
    **dict.fromkeys(["English (US)", "English language"], "en"),
    **dict.fromkeys(["German", "de", "deu", "ger"], "de"),
    **dict.fromkeys(["Norwegian Bokmål", "nb", "nob"], "nb"),
    **dict.fromkeys(["Mandarin", "cmn", "Mandarin Chinese"], "cmn"),
    **dict.fromkeys(["cn", "yue", "Cantonese"], "yue"),
    **{"pt-BR": "pt", "Farsi": "fa", "iw": "he", "Klingon": "", "xx": "", "": "", "und": ""},
}  # fmt: skip
COUNTRIES = {
    **dict.fromkeys(["US", "us", "USA", "U.S.", "United States", "United States of America"], "US"),
    **dict.fromkeys(["GB", "UK", "GBR", "United Kingdom", "Great Britain", "England"], "GB"),
    **dict.fromkeys(["South Korea", "KR", "KOR", "Republic of Korea", "Korea, Republic of"], "KR"),
    **{"Côte d’Ivoire": "CI", "Cote d'Ivoire": "CI", "Türkiye": "TR", "Czech Republic": "CZ"},
    **{"West Germany": "DE", "Yugoslavia": "", "": "", "XKX": ""},
}
GENRES = {
    **dict.fromkeys(["Science fiction", "Science-Fiction", "Sci-Fi", "SCI-FI"], ["Science fiction"]),
    **{"Sci-Fi & Fantasy": ["Science fiction", "Fantasy"], "Action & Adventure": ["Action", "Adventure"]},
    **{"Drama": ["Drama"], "Musical drama": ["Musical drama"], "Comedy-drama": ["Comedy drama"]},
    **{"Kids": ["Children's"]},
    **{"Supernatural drama": ["Supernatural", "Drama"], "Sport": ["Sports"], "Talk": ["Talk show"]},
    **{"Soap": ["Soap opera"]},
    **{"Talk Show": ["Talk show"], "Animated sitcom": ["Animation", "Sitcom"], "Reality-TV": ["Reality"]},
    **{"Home and Garden": [], "Workplace comedy": [], "Miniseries": [], "": []},
}  # fmt: skip


@pytest.mark.parametrize("text", LANGUAGES)
def test_languages(words, text):
    assert [language.code for language in words.find_language(text)] == [LANGUAGES[text]] * bool(LANGUAGES[text])


@pytest.mark.parametrize("text", COUNTRIES)
def test_countries(words, text):
    assert [country.code for country in words.find_country(text)] == [COUNTRIES[text]] * bool(COUNTRIES[text])


@pytest.mark.parametrize("text", GENRES)
def test_genres(words, text):
    assert [genre.name for genre in words.find_genres(text)] == GENRES[text]


def with_lists(publisher="TVmaze", company_ids=None, **lists):
    return statement(publisher=publisher, lists=lists, company_ids=company_ids or {})


def test_words_are_linked_once_and_others_are_unmapped(vocabulary):
    plan = compare(with_lists(languages=["English", "en", "Klingon"], genres=["Sci-Fi & Fantasy", "Fantasy"]))
    assert cells(plan, "series.languages") == [("English", "new", True)]
    assert cells(plan, "series.genres") == [("Science fiction", "new", True), ("Fantasy", "new", True)]
    assert plan.unmapped == [(0, "“Klingon” is none of the languages of the vocabulary.")]


def test_genres_of_two_sources_do_not_contradict_each_other_but_countries_do(vocabulary):
    plan = compare(
        with_lists(genres=["Sitcom"], countries=["US", "CA"]),
        with_lists("TMDB", genres=["Comedy"], countries=["US", "Great Britain"]),
    )
    assert cells(plan, "series.genres") == [("Sitcom", "new", True), ("Comedy", "new", True)]
    assert cells(plan, "series.countries") == [
        *(("United States", "new", True), ("Canada", "differs", False)),
        *(("United States", "new", True), ("United Kingdom", "differs", False)),
    ]


def test_beside_recorded_links_others_are_ticked_by_hand(vocabulary):
    series = make.series("Treme")
    series.genres.add(make.genre("Jazz"))
    plan = compare(statement(lists={"genres": ["Drama"]}), series=series)
    assert fact(plan, "series.genres").recorded == ["Jazz"]
    assert cells(plan, "series.genres") == [("Drama", "new", False)]


def company_of(plan, part="network"):
    return [cell.value.pk for cell in fact(plan, f"series.company.{part}").cells]


def test_a_company_is_found_by_its_name_alias_or_id(vocabulary):
    hbo, showtime = make.company("HBO"), make.company("Showtime")
    Alias.objects.create(company=hbo, name="Home Box Office")
    ExternalId.objects.create(company=showtime, scheme="tvmaze", value="9")
    names = {"networks": ["Home Box Office", "Show Time Networks"], "production_companies": ["hbo", "Blown Deadline"]}
    plan = compare(with_lists(company_ids={"Show Time Networks": (("tvmaze", "9"),)}, **names))
    assert company_of(plan) == [hbo.pk, showtime.pk]
    assert company_of(plan, "production") == [hbo.pk, None]
    assert cells(plan, "series.company.production") == [("hbo", "new", True), ("Blown Deadline", "new", True)]


def test_one_company_under_two_names_is_stated_once(vocabulary):
    hbo = make.company("HBO")
    Alias.objects.create(company=hbo, name="Home Box Office")
    plan = compare(with_lists(networks=["HBO"]), with_lists("TMDB", networks=["Home Box Office"]))
    assert {cell.key for cell in fact(plan, "series.company.network").cells} == {str(hbo.pk)}


def test_a_country_behind_a_company_is_no_part_of_its_name(vocabulary):
    plan = compare(with_lists(networks=["FOX"]), with_lists("TheTVDB", networks=["FOX (US)"]))
    assert cells(plan, "series.company.network") == [("FOX", "new", True), ("FOX (US)", "new", True)]
    fox, dutch = make.company("Fox"), make.company("Fox (NL)")
    assert company_of(compare(with_lists(networks=["FOX (US)", "FOX (NL)"]))) == [fox.pk, dutch.pk]


def test_two_companies_of_one_name_are_not_guessed(vocabulary):
    for slug in ("fox", "fox-2"):
        Company.objects.create(name="Fox", slug=slug)
    (cell,) = fact(compare(with_lists(networks=["FOX"])), "series.company.network").cells
    assert (str(cell.state), cell.may_tick, cell.note) == ("unsure", False, "Several companies have this name.")


def test_a_company_of_this_name_with_another_id_is_not_meant(vocabulary):
    fox = make.company("Fox")
    ExternalId.objects.create(company=fox, scheme="tvmaze", value="4")
    ids = {"Fox": (("tvmaze", "1499"),)}
    assert company_of(compare(with_lists(networks=["Fox"], company_ids=ids))) == [None]
    assert company_of(compare(with_lists(networks=["Fox"], company_ids={"Fox": (("tmdb", "19"),)}))) == [fox.pk]


def test_web_channels_and_networks_are_numbered_apart(vocabulary):
    netflix = make.company("Netflix")
    ExternalId.objects.create(company=netflix, scheme="tvmaze-web", value="1")
    assert company_of(compare(with_lists(networks=["NBC"], company_ids={"NBC": (("tvmaze", "1"),)}))) == [None]
    ids = {"Netflix Inc.": (("tvmaze-web", "1"),)}
    assert company_of(compare(with_lists(networks=["Netflix Inc."], company_ids=ids))) == [netflix.pk]


def test_a_recorded_part_is_the_same_and_another_company_differs(vocabulary):
    series = make.series("Treme")
    part = make.series_company(series, make.company("HBO"))
    plan = compare(with_lists(networks=["HBO"]), with_lists("TMDB", networks=["AMC"]), series=series)
    assert cells(plan, "series.company.network") == [("HBO", "same", True), ("AMC", "differs", False)]
    assert fact(plan, "series.company.network").cells[0].row == part
