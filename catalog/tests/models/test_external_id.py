"""Identifiers in other catalogues: read from pasted addresses, and checked."""

import pytest
from django.core.exceptions import ValidationError

from catalog.formats.record_import import Outcome
from catalog.models import ExternalId
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import change_url, form_errors, submit_form, was_saved
from catalog.tests.formats.test_record_import import run

pytestmark = pytest.mark.django_db

OWNERS = {
    "series": make.series,
    "season": make.season,
    "episode": make.episode,
    "person": make.person,
    "company": make.company,
}
UUID = "f27ec8db-af05-4f36-916e-3d57f91ecf5e"


def cleaned(scheme, owner, value):
    """The value of a validated identifier; raises ValidationError."""
    identifier = ExternalId(scheme=scheme, value=value, **{owner: OWNERS[owner]()})
    identifier.full_clean()
    return identifier.value


@pytest.mark.parametrize(
    ("scheme", "owner", "value", "identifier"),
    [
        ("imdb", "series", "https://www.imdb.com/title/tt8269772/", "tt8269772"),
        ("imdb", "episode", "https://m.imdb.com/de/title/tt8656572/reviews/?ref_=tt_ov_rt#top", "tt8656572"),
        ("imdb", "person", "imdb.com/name/nm0922247", "nm0922247"),
        ("imdb", "person", "https://www.imdb.com/name/nm12345678/?ref_=fn_al_nm_1", "nm12345678"),
        ("imdb", "company", "http://www.imdb.com/company/co0144901?ref_=x", "co0144901"),
        ("tmdb", "series", "https://www.themoviedb.org/tv/1396-breaking-bad?language=de", "1396"),
        ("tmdb", "series", "https://www.themoviedb.org/tv/1396/season/2", "1396"),
        ("tmdb", "person", "https://www.themoviedb.org/person/17419-bryan-cranston", "17419"),
        ("tmdb", "company", "https://www.themoviedb.org/company/11073-sony", "11073"),
        ("tmdb-network", "company", "https://www.themoviedb.org/network/213-netflix", "213"),
        ("tmdb-network", "company", "213", "213"),
        ("tvdb", "series", "https://thetvdb.com/dereferrer/series/81189", "81189"),
        ("tvdb", "series", "https://www.thetvdb.com/?tab=series&id=81189&lid=7", "81189"),
        ("tvdb", "episode", "https://thetvdb.com/series/breaking-bad/episodes/349232", "349232"),
        ("tvmaze", "series", "https://www.tvmaze.com/shows/169/breaking-bad", "169"),
        ("tvmaze", "series", "https://api.tvmaze.com/shows/169?embed=cast", "169"),
        ("tvmaze", "season", "https://www.tvmaze.com/seasons/763/breaking-bad-season-1", "763"),
        ("tvmaze", "episode", "https://www.tvmaze.com/episodes/12192/breaking-bad-1x01-pilot", "12192"),
        ("tvmaze", "person", "https://www.tvmaze.com/people/14245/bryan-cranston", "14245"),
        ("tvmaze", "company", "https://www.tvmaze.com/networks/20/amc", "20"),
        ("tvmaze-web", "company", "https://www.tvmaze.com/webchannels/1/netflix", "1"),
        ("wikidata", "person", "https://www.wikidata.org/wiki/Q1337#P31", "Q1337"),
        ("wikidata", "series", "http://www.wikidata.org/entity/Q1079", "Q1079"),
        ("wikidata", "company", "q907311", "Q907311"),
        ("musicbrainz", "person", f"https://musicbrainz.org/artist/{UUID}/releases", UUID),
        ("musicbrainz", "company", f"https://musicbrainz.org/label/{UUID.upper()}", UUID),
        ("imdb", "series", " tt8269772 ", "tt8269772"),
        ("imdb", "series", "TT8269772", "tt8269772"),
        ("tvdb", "season", "30272", "30272"),
    ],
)
def test_an_address_becomes_the_identifier(scheme, owner, value, identifier):
    assert cleaned(scheme, owner, value) == identifier


@pytest.mark.parametrize(
    ("scheme", "owner", "value"),
    [
        ("imdb", "series", "8269772"),
        ("imdb", "series", "tt82697"),
        ("imdb", "series", "nm0922247"),
        ("imdb", "person", "https://www.imdb.com/title/tt8269772/"),
        ("imdb", "series", "https://www.themoviedb.org/tv/1396"),
        ("imdb", "series", "https://imdb.com.example.org/title/tt8269772/"),
        ("tmdb", "series", "breaking-bad"),
        ("tmdb", "series", "1396-breaking-bad"),
        ("tmdb", "episode", "https://www.themoviedb.org/tv/1396/season/1/episode/2"),
        ("tmdb", "person", "https://www.themoviedb.org/tv/1396"),
        ("tvdb", "series", "https://thetvdb.com/series/1883"),
        ("tvdb", "season", "https://thetvdb.com/series/breaking-bad/seasons/official/1"),
        ("tvmaze", "episode", "https://www.tvmaze.com/shows/169/breaking-bad"),
        ("wikidata", "person", "P31"),
        ("wikidata", "person", "Q0"),
        ("wikidata", "person", "https://en.wikipedia.org/wiki/Q1337"),
        ("musicbrainz", "person", UUID[:-1]),
        ("musicbrainz", "company", f"https://musicbrainz.org/artist/{UUID}"),
        ("imdb", "series", "tt１２３４５６７"),
        ("tmdb", "person", "1٢٣"),
        ("wikidata", "person", "Q1२"),
        ("tmdb", "company", "https://www.themoviedb.org/network/213"),
        ("tmdb-network", "company", "https://www.themoviedb.org/company/11073"),
        ("tmdb-network", "person", "213"),
        ("tvmaze", "company", "https://www.tvmaze.com/webchannels/1/netflix"),
    ],
)
def test_other_values_are_refused(scheme, owner, value):
    with pytest.raises(ValidationError) as error:
        cleaned(scheme, owner, value)
    (message,) = error.value.message_dict["value"]
    assert message.startswith(("Enter the ", "This address has no ", "This is an address of "))


@pytest.mark.parametrize(
    ("scheme", "address", "other"),
    [
        ("tmdb", "https://www.themoviedb.org/network/213", "TMDB network"),
        ("tvmaze-web", "https://www.tvmaze.com/networks/20/amc", "TVmaze"),
        ("imdb", "https://www.themoviedb.org/company/11073", "TMDB"),
        ("tmdb-network", "https://www.wikidata.org/wiki/Q907311", "Wikidata"),
    ],
)
def test_the_address_of_another_catalogue_names_it(scheme, address, other):
    with pytest.raises(ValidationError) as error:
        cleaned(scheme, "company", address)
    (message,) = error.value.message_dict["value"]
    assert message.startswith(f"This is an address of {other}: choose that instead of ")


def test_an_address_is_pasted_into_the_form(admin_client):
    person = make.person()
    address = "https://www.themoviedb.org/person/17419-bryan-cranston-with-a-slug-longer-than-the-column"
    rows = {"external_ids": [{"scheme": "tmdb", "value": address}]}
    assert was_saved(submit_form(admin_client, change_url(person), rows=rows))
    assert person.external_ids.get().value == "17419"
    rows = {"external_ids": [{"scheme": "imdb", "value": address}]}
    assert any("IMDb" in error for error in form_errors(submit_form(admin_client, change_url(person), rows=rows)))


def test_two_spellings_of_an_identifier_are_one(admin_client):
    ExternalId.objects.create(scheme="imdb", value="nm0922247", person=make.person())
    rows = {"external_ids": [{"scheme": "imdb", "value": "https://www.imdb.com/name/nm0922247/"}]}
    response = submit_form(admin_client, change_url(make.person()), rows=rows)
    assert "Another record has this identifier." in form_errors(response)


def test_an_address_is_imported_as_the_identifier():
    make.person("Ada")
    address = "https://www.imdb.com/name/nm0922247/"
    columns = dict.fromkeys(("series", "season", "episode", "company"), "") | {"person": "ada", "scheme": "imdb"}
    result = run(ExternalId, columns | {"value": address})
    assert [row.outcome for row in result.rows] == [Outcome.NEW]
    assert ExternalId.objects.get().value == "nm0922247"
    (row,) = run(ExternalId, columns | {"value": "Ada"}).rows
    assert [name for name, _ in row.errors] == ["value"]


def test_a_company_has_one_number_as_company_and_another_as_network():
    company, rival = make.company(), make.company()
    ExternalId.objects.create(scheme="tmdb", value="213", company=rival)
    for scheme in ("tmdb-network", "tvmaze", "tvmaze-web"):
        identifier = ExternalId(scheme=scheme, value="213", company=company)
        identifier.full_clean()
        identifier.save()
    with pytest.raises(ValidationError):
        ExternalId(scheme="tmdb", value="213", company=company).full_clean()
