"""Alternative titles, scores and identifiers of sources."""

import pytest

from catalog.models import AlternativeTitle, ExternalId, Review
from catalog.sources.series_claims import OtherTitle, ReviewClaim, SeasonClaim
from catalog.tests import factories as make
from catalog.tests.editing.ingest.statements import (
    DIFFERS,
    NEW,
    SAME,
    cells,
    compare,
    episode,
    fact,
    imported,
    only_cell,
    statement,
)

pytestmark = pytest.mark.django_db


def test_a_title_that_equals_the_main_title_is_no_alternative_title(vocabulary):
    titles = [OtherTitle("TREME"), OtherTitle("Treme: New Orleans"), OtherTitle("Тримей", "original", "ru")]
    plan = compare(statement(other_titles=titles), statement(title="Treme: New Orleans", publisher="TMDB"))
    assert [fact.key for fact in plan.records[0].facts if fact.key.startswith("series.title.")] == [
        "series.title.original"
    ]
    plan = compare(
        statement(episode(1, title="Do You Know", other_titles=[OtherTitle("Do you know?"), OtherTitle("Pilot")]))
    )
    assert cells(plan, "s01e01.title.also") == [("Pilot", NEW, True)]


def test_recorded_alternative_titles(season):
    series = season.series
    row = AlternativeTitle.objects.create(series=series, title="Treme: New Orleans", kind="also")
    claims = statement(title="Treme: New Orleans", other_titles=[OtherTitle("Treme, New Orleans"), OtherTitle("T")])
    plan = compare(claims, series=series)
    cell = only_cell(plan, "series.title")
    assert (str(cell.state), cell.may_tick, cell.note) == (SAME, False, "It is recorded as an alternative title.")
    plan = compare(statement(other_titles=[OtherTitle("Treme, New Orleans"), OtherTitle("T")]), series=series)
    assert cells(plan, "series.title.also") == [("Treme, New Orleans", SAME, True), ("T", NEW, False)]
    assert fact(plan, "series.title.also").cells[0].row == row


def test_a_score_is_the_same_whatever_its_digits(season):
    row = Review.objects.create(series=season.series, aggregator="Metacritic", score="86.00")
    reviews = [ReviewClaim("metacritic", "86"), ReviewClaim("Rotten Tomatoes", "97", is_percentage=True)]
    plan = compare(statement(reviews=[*reviews, ReviewClaim("Metacritic", "84", season=1)]), series=season.series)
    assert cells(plan, "series.review.metacritic") == [("86 of 100", SAME, True)]
    assert fact(plan, "series.review.metacritic").cells[0].row == row
    assert cells(plan, "series.review.rottentomatoes") == [("97%", NEW, True)]
    assert cells(plan, "s01.review.metacritic") == [("84 of 100", NEW, True)]


@pytest.mark.parametrize("writer", ["an import", "an editor", "an editor after an import"])
def test_a_score_or_id_of_an_import_may_be_replaced(season, writer):
    def add():
        review = Review.objects.create(series=season.series, aggregator="Metacritic", score="86")
        return review, ExternalId.objects.create(series=season.series, scheme="imdb", value="tt1279972")

    rows = imported(add) if "import" in writer else add()
    for row in rows if writer.startswith("an editor after") else ():
        row.note, row.score, row.value = "", "85", "tt1279975"
        row.save()
    claims = statement(reviews=[ReviewClaim("Metacritic", "84")], ids=[("imdb", "tt1279973")])
    plan = compare(claims, series=season.series)
    for key in ("series.review.metacritic", "series.id.imdb"):
        assert (str(only_cell(plan, key).state), only_cell(plan, key).may_tick) == (DIFFERS, writer == "an import")


@pytest.mark.parametrize("score", ["101", "many", "-1", "NaN", ""])
def test_a_score_outside_its_scale_cannot_be_ticked(vocabulary, score):
    assert not only_cell(
        compare(statement(reviews=[ReviewClaim("Metacritic", score)])), "series.review.metacritic"
    ).may_tick


def test_an_id_of_another_record_cannot_be_ticked(season):
    ExternalId.objects.create(series=make.series("Another"), scheme="imdb", value="tt1279972")
    ids = [("imdb", "tt1279972"), ("tmdb", "33455")]
    plan = compare(
        statement(ids=ids, seasons=[SeasonClaim(1, external_ids=(("tmdb", "33455"),))]), series=season.series
    )
    cell = only_cell(plan, "series.id.imdb")
    assert (str(cell.state), cell.may_tick, cell.is_ticked, cell.note) == (
        DIFFERS,
        False,
        False,
        "Another has this id.",
    )
    assert cells(plan, "series.id.tmdb") == cells(plan, "s01.id.tmdb") == [("33455", NEW, True)]


def test_one_id_of_two_episodes_is_taken_once(vocabulary):
    ids = [("imdb", "tt1279973")]
    first, second = (SeasonClaim(number, external_ids=tuple(ids)) for number in (1, 2))
    plan = compare(statement(seasons=[first, second]))
    assert cells(plan, "s01.id.imdb") == [("tt1279973", NEW, True)]
    assert cells(plan, "s02.id.imdb") == [("tt1279973", DIFFERS, False)]
