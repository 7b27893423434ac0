"""Which series of the catalogue a source is about."""

import pytest

from catalog.editing.ingest.match_series import match_series, match_sources
from catalog.models import AlternativeTitle, ExternalId
from catalog.tests import factories as make
from catalog.tests.editing.ingest.statements import statement

pytestmark = pytest.mark.django_db


def galactica(premiered=None, ids=(), title="Battlestar Galactica"):
    return statement(title=title, values={"premiered": premiered} if premiered else {}, ids=ids)


@pytest.fixture
def old():
    series = make.series("Battlestar Galactica", premiered="1978-09-17")
    ExternalId.objects.create(series=series, scheme="imdb", value="tt0076984")
    return series


@pytest.fixture
def new():
    return make.series("Battlestar Galactica", premiered="2003-12-08")


def test_nothing_matches_in_an_empty_catalogue(db):
    assert match_series(galactica()) == []
    assert match_series(galactica(title="")) == []


def test_an_external_id_wins_over_the_title(old, new):
    assert match_series(galactica("2003", ids=[("imdb", "tt0076984")], title="Galactica")) == [old]


def test_the_year_tells_two_of_one_title_apart(old, new):
    assert match_series(galactica("2003-12-08")) == [new]
    assert match_series(galactica("1978")) == [old]
    assert match_series(galactica("1980-01-27")) == []


def test_without_a_year_two_of_one_title_are_a_question(old, new):
    assert match_series(galactica()) == [old, new]


def test_a_series_without_a_premiere_may_be_meant(old):
    undated = make.series("BATTLESTAR  Galactica!")
    assert match_series(galactica("2003-12-08")) == [undated]
    assert match_series(galactica("1978-09-17")) == [old, undated]


def test_an_alternative_title_is_a_title(new):
    AlternativeTitle.objects.create(series=new, title="BSG", kind="also")
    assert match_series(galactica(title="bsg")) == [new]


def test_a_series_with_another_id_is_not_meant(old):
    assert match_series(galactica(ids=[("imdb", "tt0407362")])) == []
    assert match_series(galactica(ids=[("tmdb", "1972")])) == [old]


def test_ids_of_two_series_are_a_question(old, new):
    ExternalId.objects.create(series=new, scheme="tmdb", value="1972")
    assert match_series(galactica(ids=[("imdb", "tt0076984"), ("tmdb", "1972")])) == [old, new]


def test_an_id_of_an_episode_is_not_that_of_a_series(db):
    episode = make.episode(make.season(make.series("Another")))
    ExternalId.objects.create(episode=episode, scheme="tmdb", value="1972")
    assert match_series(galactica(ids=[("tmdb", "1972")])) == []


def test_a_title_in_another_script_is_not_its_transliteration(db):
    make.series("Duda")
    assert match_series(galactica(title="Дуда")) == []


def test_an_entered_title_is_compared_if_no_source_states_one(new):
    untitled = galactica(title="")
    assert match_sources([untitled], "battlestar galactica") == [new]
    assert match_sources([untitled], "") == []
    assert match_sources([untitled, galactica(title="Treme")], "Battlestar Galactica") == []
    assert match_sources([galactica(), galactica()], "") == [new]
