"""Citations of an import: what a source states, what it disputes, and what happens to citations that exist."""

import pytest

from catalog.editing.ingest.plan import CompanyClaim, FactKind, State
from catalog.models import Citation, Genre, Source
from catalog.partial_date import PartialDate
from catalog.sources.series_claims import ReviewClaim, SourceFacts
from catalog.tests import factories as make
from catalog.tests.editing.ingest.plans import (
    WIKIPEDIA,
    cell,
    claim,
    fact,
    import_source,
    plan,
    planned,
    role,
    value,
    write,
)
from catalog.tests.history import catalogue_state

pytestmark = pytest.mark.django_db
DIFFERS = State.DIFFERS


@pytest.fixture
def episode():
    """A published episode; its roles exist."""
    make.role("director")
    make.role("cast")
    return make.episode(title="Tide")


def episode_plan(episode, *facts, **values):
    """A plan for one episode, with two sources."""
    sources = [import_source(), import_source(WIKIPEDIA, "wikipedia")]
    records = planned(episode.series), planned(episode.season), planned(episode, *facts)
    return plan(episode.series, *records, sources=sources, **values)


def citations(**condition):
    """(publisher, field, claim, locator) of citations."""
    rows = Citation.objects.filter(**condition).values_list("source__publisher", "field", "claim", "locator")
    return set(rows)


def two_directors():
    """Two sources name different directors; the first is taken."""
    return role(
        "director",
        cell(claim("Ann Lee"), 0, DIFFERS, is_ticked=True, locator="episode 1"),
        cell(claim("Bo Ek"), 1, DIFFERS, locator="season 1, row 1"),
    )


def test_of_two_directors_one_is_taken_and_the_other_is_a_disputed_claim_on_the_page(episode, client):
    result, _ = write(episode_plan(episode, two_directors()))
    credit = episode.credits.get()
    assert str(credit.person) == "Ann Lee"
    assert citations(credit=credit) == {
        ("TVmaze", "", "", "episode 1"),
        ("Wikipedia", "person", "Bo Ek", "season 1, row 1"),
    }
    assert (result.disputed, result.differing) == (1, ["S01E01, director: Bo Ek (Wikipedia)"])
    page = client.get(episode.get_absolute_url()).content.decode()
    assert "Sources disagree" in page
    assert "Bo Ek according to" in page
    source_page = client.get(Source.objects.get(publisher="Wikipedia").get_absolute_url()).content.decode()
    assert "This source disagrees on person: Bo Ek" in source_page


def test_disputes_are_noted_only_if_the_editor_wants_it(episode):
    result, _ = write(episode_plan(episode, two_directors(), notes_disputes=False))
    assert (citations(credit__isnull=False), result.disputed) == ({("TVmaze", "", "", "episode 1")}, 0)
    assert not Source.objects.filter(publisher="Wikipedia").exists()


def test_the_same_again_changes_nothing(episode):
    write(episode_plan(episode, two_directors(), value("title", cell("Ebb", 1, DIFFERS))))
    before = catalogue_state()
    ann = episode.credits.get().person
    again = role("director", cell(claim("Ann Lee"), 0, State.SAME), cell(claim("Bo Ek"), 1, DIFFERS))
    values = {"people": {"annlee": ann.pk}}
    result, edit = write(episode_plan(episode, again, value("title", cell("Ebb", 1, DIFFERS)), **values))
    assert (edit, catalogue_state(), result.is_empty) == (None, before, True)
    assert result.differing == ["S01E01, director: Bo Ek (Wikipedia)", "S01E01, title: Ebb (Wikipedia)"]


def test_a_claim_is_on_the_credits_that_its_source_does_not_state(episode):
    ann, cy = make.person("Ann Lee"), make.person("Cy Day")
    both = make.credit(episode, ann, billing=1), make.credit(episode, cy, billing=2)
    directors = role(
        "director",
        cell(claim("Ann Lee"), 1, State.SAME),
        cell(claim("Bo Ek"), 1, DIFFERS),
        cell(claim("Ed Fox"), 1, DIFFERS),
    )
    write(episode_plan(episode, directors, people={"annlee": ann.pk}))
    assert citations(credit=both[0]) == {("Wikipedia", "", "", "")}
    assert citations(credit=both[1]) == {("Wikipedia", "person", "Bo Ek, Ed Fox", "")}


def test_of_the_cast_only_another_performer_of_a_character_is_disputed(episode):
    nellie = make.character(episode.series, "Nellie")
    played, plain = make.credit(episode, "Ann Lee", "cast", character=nellie), make.credit(episode, "Cy Day", "cast")
    cast = role(
        "cast",
        cell(claim("Bo Ek", "cast", character="Nellie"), 1, DIFFERS),
        cell(claim("Ed Fox", "cast", character="Sam"), 1, DIFFERS),
    )
    write(episode_plan(episode, cast))
    assert citations(credit=played) == {("Wikipedia", "person", "Bo Ek", "")}
    assert citations(credit=plain) == set()


def test_an_empty_fact_has_no_dispute(episode):
    result, edit = write(episode_plan(episode, value("runtime", cell(44, 1, DIFFERS, may_tick=False))))
    assert (edit, result.differing) == (None, ["S01E01, runtime: 44 (Wikipedia)"])


def test_a_value_of_an_editor_is_disputed(episode):
    write(episode_plan(episode, value("title", cell("E" * 400, 1, DIFFERS, may_tick=False, locator="L" * 200))))
    citation = episode.citations.get()
    assert (citation.field, len(citation.claim), len(citation.locator)) == ("title", 300, 160)
    assert citation.claim.endswith("E…")


def test_a_source_whose_value_is_replaced_claims_it_and_supports_it_once_it_is_taken_again(episode):
    write(episode_plan(episode, value("runtime", cell(40, 0))))
    swapped = value("runtime", cell(40, 0, DIFFERS), cell(44, 1, DIFFERS, is_ticked=True))
    write(episode_plan(episode, swapped))
    assert citations(episode=episode) == {("TVmaze", "runtime", "40", ""), ("Wikipedia", "runtime", "", "")}
    back = value("runtime", cell(40, 0, DIFFERS, is_ticked=True), cell(44, 1, DIFFERS))
    write(episode_plan(episode, back))
    assert citations(episode=episode) == {("TVmaze", "runtime", "", ""), ("Wikipedia", "runtime", "44", "")}
    assert not Citation.objects.filter(unchecked=True).exists()


def test_a_claimed_date_is_in_the_words_of_the_page(episode):
    episode.air_date = "2019-10-01"
    episode.save()
    write(episode_plan(episode, value("air_date", cell(PartialDate("2019-10-02"), 1, DIFFERS))))
    assert episode.citations.get().claim == "2 October 2019"


def test_a_citation_that_an_editor_confirmed_stays(episode):
    source = make.source("Harbour", publisher="TVmaze", url="https://www.tvmaze.com/shows/1")
    confirmed = Citation.objects.create(source=source, episode=episode, field="title", locator="seen")
    write(episode_plan(episode, value("title", cell("Ebb", 0, DIFFERS))))
    assert citations(episode=episode) == {("TVmaze", "title", "", "seen")}
    confirmed.unchecked = True  # the editor changed the title and left the question open
    confirmed.save()
    write(episode_plan(episode, value("title", cell("Ebb", 0, DIFFERS))))
    assert citations(episode=episode) == {("TVmaze", "title", "Ebb", "seen")}


def test_a_source_of_a_credit_that_an_editor_gave_to_somebody_else_disputes_it(episode):
    write(episode_plan(episode, role("director", cell(claim("Bo Ek"), 1))))
    credit = episode.credits.get()
    bo = credit.person
    credit.person = make.person("Ed Fox")
    credit.save()
    for _ in range(2):
        again = role("director", cell(claim("Bo Ek"), 1, DIFFERS, may_tick=False))
        write(episode_plan(episode, again, people={"boek": bo.pk}))
        assert citations(credit=credit) == {("Wikipedia", "person", "Bo Ek", "")}
    assert not Citation.objects.filter(unchecked=True).exists()


def test_the_first_ticked_value_of_a_single_fact_wins(episode):
    runtime = value(
        "runtime",
        cell(40, 0, DIFFERS, is_ticked=True),
        cell(44, 1, DIFFERS, is_ticked=True),
    )
    result, _ = write(episode_plan(episode, runtime))
    episode.refresh_from_db()
    assert episode.runtime == 40
    assert citations(episode=episode) == {("TVmaze", "runtime", "", ""), ("Wikipedia", "runtime", "44", "")}
    assert result.differing == ["S01E01, runtime: 44 (Wikipedia)"]


def test_a_source_supports_or_disputes_a_list(episode):
    drama, comedy = (Genre.objects.create(name=name) for name in ("Drama", "Comedy"))
    series = episode.series
    series.genres.add(drama)
    genres = fact(
        FactKind.LINK,
        "genres",
        cell(drama, 0, State.SAME),
        cell(drama, 1, State.SAME),
        cell(comedy, 1, DIFFERS),
        is_list=True,
    )
    import_plan = episode_plan(episode)
    import_plan.records[0].facts.append(genres)
    write(import_plan)
    assert citations(series=series) == {("TVmaze", "genres", "", ""), ("Wikipedia", "genres", "Drama, Comedy", "")}


def test_disputes_about_rows(episode):
    series = episode.series
    svt, nrk = make.company("SVT"), make.company("NRK")
    part = make.series_company(series, svt)
    facts = [
        fact(FactKind.COMPANY, "network", cell(CompanyClaim("NRK", nrk.pk), 1, DIFFERS, key="nrk"), is_list=True),
        fact(FactKind.EXTERNAL_ID, "imdb", cell("tt0000001", 0), cell("tt0000002", 1, DIFFERS)),
        fact(FactKind.REVIEW, "Metacritic", cell(ReviewClaim("Metacritic", "71"), 0)),
    ]
    import_plan = episode_plan(episode)
    import_plan.records[0].facts += facts
    write(import_plan)
    assert [claim[1] for claim in citations(series_company=part)] == ["company"]
    assert citations(external_id__isnull=False) == {("TVmaze", "", "", ""), ("Wikipedia", "value", "tt0000002", "")}
    again = fact(FactKind.REVIEW, "Metacritic", cell(ReviewClaim("Metacritic", "75"), 1, DIFFERS, is_ticked=True))
    import_plan = episode_plan(episode)
    import_plan.records[0].facts.append(again)
    write(import_plan)
    assert series.reviews.get().score == 75


def test_the_record_of_a_source_is_found_again_and_brought_up_to_date(episode):
    source = make.source("Harbour", publisher="TVmaze", url="http://www.tvmaze.com/shows/1/", kind="other")
    write(episode_plan(episode, value("runtime", cell(40))))
    source.refresh_from_db()
    assert (source.licence, source.revision, source.kind) == ("CC BY-SA", "2026-11-01", "other")
    assert Source.objects.count() == 1


def test_a_source_without_an_address_is_found_by_publisher_and_title(episode):
    facts = SourceFacts("Table", "episodes.csv", "javascript:alert(1)", "L" * 400)
    for runtime in (40, 41):
        runtime_fact = value("runtime", cell(runtime, 0, DIFFERS, is_ticked=True))
        write(
            plan(
                episode.series,
                planned(episode.series),
                planned(episode, runtime_fact),
                sources=[import_source(facts, "table")],
            )
        )
    source = Source.objects.get()
    assert (source.url, source.kind, len(source.licence)) == ("", "other", 300)


def test_a_source_of_which_nothing_is_known_is_named_by_its_file(episode):
    unknown = import_source(SourceFacts(""), "table")
    write(
        plan(episode.series, planned(episode.series), planned(episode, value("runtime", cell(40))), sources=[unknown])
    )
    assert str(Source.objects.get()) == "Source of kind table"


def test_who_may_not_publish_does_not_change_the_record_of_a_source(episode):
    source = make.source("Harbour", publisher="TVmaze", url="https://www.tvmaze.com/shows/1")
    episode.published_at = None
    episode.save()
    write(episode_plan(episode, value("air_date", cell(PartialDate("2001"))), publishes=False))
    source.refresh_from_db()
    assert (source.licence, episode.citations.count()) == ("", 1)
