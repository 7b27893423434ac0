"""Sources that seem to be about another series: nothing of them is ticked."""

import pytest

from catalog.editing.ingest.plan import ImportSource
from catalog.models import AlternativeTitle, Citation, ExternalId
from catalog.partial_date import PartialDate
from catalog.sources.series_claims import OtherTitle
from catalog.tests import factories as make
from catalog.tests.editing.ingest.plans import write_sources
from catalog.tests.editing.ingest.statements import cells, compare, credit, episode, statement

pytestmark = pytest.mark.django_db
IMDB = ("imdb", "tt0108778")


def friends(title="Friends", **values):
    return statement(
        episode(1, credit("director", "James Burrows"), title="Pilot"), publisher="TMDB", title=title, **values
    )


def valley(**values):
    return statement(episode(1, title="Minimum Viable Product"), title="Silicon Valley", **values)


def doubted(plan):
    """The positions of the sources of which all is unsure and nothing ticked."""
    sure = {cell.source for cell in plan.cells() if cell.state in ("new", "differs") or cell.is_ticked}
    return sorted({cell.source for cell in plan.cells() if cell.state == "unsure"} - sure)


def test_a_source_about_another_series_is_unsure_and_named(vocabulary):
    plan = compare(valley(), friends())
    assert doubted(plan) == [1]
    assert plan.warnings == [
        "TMDB may be about another series, “Friends”, so nothing of it is ticked. If it is another, remove this source."
    ]
    assert {cell.words for cell in plan.cells() if cell.is_ticked} >= {"Silicon Valley", "Minimum Viable Product"}


def test_it_contradicts_nothing(vocabulary):
    credited = statement(
        episode(1, credit("director", "Mike Judge"), title="Minimum Viable Product"), title="Silicon Valley"
    )
    assert cells(compare(credited, friends()), "s01e01.director") == [
        ("Mike Judge", "new", True),
        ("James Burrows", "unsure", False),
    ]


@pytest.mark.parametrize(
    "claims",
    [
        [valley(), friends("silicon valley")],
        [valley(), friends("Silicon Valley (US)")],
        [valley(ids=[IMDB]), friends(ids=[IMDB])],
        [valley(), friends(other_titles=[OtherTitle("Silicon Valley")])],
        [valley(), friends(title="")],
        [friends(), friends(ids=[IMDB]), valley(ids=[IMDB])],
        [valley(ids=[IMDB]), friends("F"), friends(ids=[IMDB], other_titles=[OtherTitle("F")])],
    ],
)
def test_a_title_or_an_id_in_common_is_enough(vocabulary, claims):
    plan = compare(*claims)
    assert (doubted(plan), plan.warnings) == ([], [])


def test_sources_are_compared_with_what_is_recorded(vocabulary):
    series = make.series("Friends")
    assert doubted(compare(valley(), series=series)) == [0]
    ExternalId.objects.create(series=series, scheme="imdb", value=IMDB[1])
    assert doubted(compare(valley(ids=[IMDB]), series=series)) == []
    ExternalId.objects.all().delete()
    AlternativeTitle.objects.create(series=series, title="Silicon Valley", kind="also")
    assert doubted(compare(valley(), series=series)) == []


def test_an_editor_ticks_it_all_the_same(vocabulary):
    series = make.series("Friends")
    tick = next(
        cell.tick for cell in compare(valley(), series=series).cells() if cell.words == "Minimum Viable Product"
    )
    plan = compare(valley(), series=series, ticked={tick})
    assert [cell.words for cell in plan.cells() if cell.is_ticked] == ["Minimum Viable Product"]


def test_what_an_editor_set_cannot_be_ticked(vocabulary):
    series = make.series("Friends", premiered="1994-09-22")
    plan = compare(valley(values={"premiered": PartialDate("2014-04-06")}), series=series)
    (cell,) = next(fact.cells for fact in plan.facts() if fact.key == "series.premiered")
    assert (cell.state, cell.may_tick, cell.note) == ("unsure", False, "It may be another series. Set by an editor.")


def test_nothing_of_it_differs_or_is_noted_as_disputed(vocabulary):
    series = make.series("Friends")
    make.episode(make.season(series, 1), 1)
    other = make.episode(make.season(make.series("Silicon Valley"), 1), 1)
    ExternalId.objects.create(episode=other, scheme="tvmaze", value="10897")
    source = statement(episode(1, title="Minimum Viable Product", ids=[("tvmaze", "10897")]), title="Silicon Valley")
    plan, _, _ = write_sources(ImportSource("tvmaze", source), series=series)
    assert {str(cell.state) for cell in plan.cells()} == {"unsure", "same"}
    assert not Citation.objects.exists()
