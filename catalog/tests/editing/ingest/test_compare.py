"""Plans of imports: what is new, the same, different or unsure, and what is ticked."""

import pytest

from catalog.sources.series_claims import SeasonClaim
from catalog.tests import factories as make
from catalog.tests.editing.ingest.statements import cells, compare, credit, episode, person, statement

pytestmark = pytest.mark.django_db
NEW, SAME, DIFFERS, UNSURE = "new", "same", "differs", "unsure"


@pytest.fixture
def treme(vocabulary):
    """A series with a season."""
    return make.season(make.series("Treme", premiered="2010-04-11"))


def test_a_new_series_is_planned_with_its_seasons_episodes_and_people(vocabulary):
    claims = statement(
        episode(2, credit("director", "Ernest Dickerson"), title="Meet De Boys", air_date="2010-04-18"),
        episode(1, credit("director", person("Agnieszka Holland", imdb="nm0002140", born="1948-11-28"))),
        credits=[credit("creator", "David Simon")],
        seasons=[SeasonClaim(1, {"announced_episodes": 10})],
        values={"premiered": "2010-04-11"},
    )
    plan = compare(claims)
    assert [planned.key for planned in plan.records] == [
        *("series", "s01", "s01e01", "s01e02", "person.agnieszkaholland"),
    ]
    assert all(planned.is_new for planned in plan.records)
    assert cells(plan, "series.title") == [("Treme", NEW, True)]
    assert cells(plan, "s01.announced_episodes") == [("10", NEW, True)]
    assert cells(plan, "s01e02.director") == [("Ernest Dickerson", NEW, True)]
    assert cells(plan, "s01e02.air_date") == [("2010-04-18", NEW, True)]
    assert cells(plan, "person.agnieszkaholland.born") == [("1948-11-28", NEW, True)]
    assert cells(plan, "person.agnieszkaholland.id.imdb") == [("nm0002140", NEW, True)]
    assert (plan.errors, plan.questions) == ([], [])


def test_what_two_sources_agree_on_is_ticked_and_what_they_differ_on_is_not(vocabulary):
    plan = compare(
        statement(episode(1, credit("director", "Ann Lee"), title="Do You Know", runtime=79, air_date="2010-04-11")),
        statement(
            episode(1, credit("director", "Joe Roe"), title="Do you know…", runtime=80), publisher="TMDB", title="TREME"
        ),
    )
    assert cells(plan, "series.title") == [("Treme", NEW, True), ("TREME", NEW, True)]
    assert cells(plan, "s01e01.title") == [("Do You Know", NEW, True), ("Do you know…", NEW, True)]
    assert cells(plan, "s01e01.runtime") == [("79", DIFFERS, False), ("80", DIFFERS, False)]
    assert cells(plan, "s01e01.air_date") == [("2010-04-11", NEW, True)]
    assert cells(plan, "s01e01.director") == [("Ann Lee", DIFFERS, False), ("Joe Roe", DIFFERS, False)]
