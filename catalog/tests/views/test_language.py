"""Titles and names carry their direction, and their language as far as it is recorded."""

import pytest

from catalog.models import Language
from catalog.tests import factories as make
from catalog.tests import page_parsing

pytestmark = pytest.mark.django_db


def persian_series():
    """Create a series with a Persian title and an episode."""
    series = make.series("شهرزاد", slug="shahrzad")
    series.languages.add(Language.objects.create(code="fa", name="Persian"))
    make.episode(make.season(series), title="آغاز")
    make.episode(series.seasons.get(), title="پایان")
    return series


def language_and_direction(client, url, selector="h1"):
    """The attributes of the first element that ``selector`` matches."""
    element = page_parsing.get_page(client, url).cssselect(selector)[0]
    return element.get("lang"), element.get("dir")


@pytest.mark.parametrize(
    ("url", "selector"),
    [
        ("/series/shahrzad/", "h1"),
        ("/series/shahrzad/s01e01/", "h1"),
        ("/series/", "article h3 a"),
        ("/", ".shelf h3 a"),
        ("/search/?q=شهرزاد", "main li b"),
    ],
)
def test_a_title_in_the_original_language_carries_it(client, url, selector):
    persian_series()
    assert language_and_direction(client, url, selector) == ("fa", "auto")


@pytest.mark.parametrize(
    ("code", "title", "original_title", "language"),
    [
        ("es", "La casa de papel", "", "es"),
        ("es", "Money Heist", "La casa de papel", None),
        ("fa", "Shahrzad", "", None),
        ("ja", "進撃の巨人", "", "ja"),
        ("ja", "進撃の巨人", "進撃の巨人 1", "ja"),
        ("de", "Дедушка", "", None),
        ("en", "The Office", "", None),
    ],
)
def test_the_language_of_a_title_fits_its_script_and_other_titles(client, code, title, original_title, language):
    series = make.series(title, slug="one")
    series.languages.add(Language.objects.create(code=code, name=code))
    if original_title:
        series.titles.create(title=original_title, kind="original")
    assert language_and_direction(client, "/series/one/") == (language, "auto")


def test_the_language_is_not_known_with_several_original_languages_or_without_a_title(client):
    series = persian_series()
    untitled = make.episode(series.seasons.get(), title="")
    assert language_and_direction(client, untitled.get_absolute_url()) == (None, "auto")
    series.languages.add(Language.objects.create(code="ar", name="Arabic"))
    assert language_and_direction(client, "/series/shahrzad/") == (None, "auto")


def test_alternative_titles_carry_their_language(client):
    series = make.series("One")
    language = Language.objects.create(code="he", name="Hebrew")
    series.titles.create(title="אחת", kind="translated", language=language)
    series.titles.create(title="Uno", kind="also")
    values = page_parsing.get_page(client, "/series/one/").cssselect("[data-fact=titles] bdi")
    assert {(value.text, value.get("lang"), value.get("dir")) for value in values} == {
        ("אחת", "he", "auto"),
        ("Uno", None, "auto"),
    }


def names_without_direction(page, url):
    """(url, tag, text) of each element with Arabic letters that neither has nor inherits a direction."""
    for element in page.xpath("//body//*[normalize-space(text()) != '']"):
        if any("\u0600" <= char <= "\u06ff" for char in element.text or ""):
            ancestry = [element, *element.iterancestors()]
            if not any(item.tag == "bdi" or item.get("dir") == "auto" for item in ancestry):
                yield url, element.tag, element.text


def test_names_have_a_direction_wherever_they_are_listed(client):
    person = make.person("شهاب حسینی", slug="shahab")
    company = make.company("استودیو", slug="studio")
    company.aliases.create(name="فیلم")
    series = make.series("Harbour")
    make.series_company(series, company)
    episode = make.episode(make.season(series), title="آغاز")
    make.credit(episode, person, "director")
    other = make.person("لیلا حاتمی", slug="leila")
    make.credit(make.episode(episode.season, title="پایان"), other, "director")
    make.credit(series, other, "editor")
    make.credit(series, other, "guest", character=make.character(series, "نقش", slug="naghsh"))
    make.cue(episode, make.song("ترانه", "خواننده", slug="taraneh"))
    make.cited_source("خبر")
    pages = ["/people/", "/people/shahab/", "/companies/", "/companies/studio/", "/episodes/", "/series/harbour/"]
    pages += ["/series/harbour/s01e01/", "/series/harbour/season-1/", "/search/?q=شهاب", "/", "/sources/khbr/"]
    pages += ["/people/shahab/with/leila/", "/sources/", "/people/?with=leila"]
    pages += ["/characters/naghsh/", "/songs/", "/songs/taraneh/"]
    pages += ["/episodes/?director=shahab&director__not=leila&editor__all=leila", "/episodes/facets/director/"]
    items = [item for url in pages for item in names_without_direction(page_parsing.get_page(client, url), url)]
    assert items == []
