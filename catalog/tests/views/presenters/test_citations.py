"""Citation marks: sources are numbered in the order of the facts, each once; disputes are apart."""

import pytest

from catalog.models import Citation, Source
from catalog.tests import factories as make
from catalog.views.presenters.citations import CitationMark, NumberedSource, PageCitations

pytestmark = pytest.mark.django_db


def cite(source, field="", **fields):
    """A citation of the given record."""
    return Citation.objects.create(source=source, field=field, **fields)


def numbers(mark):
    """The numbers of a mark."""
    return [numbered.number for numbered in mark.sources]


def sources(mark):
    """The sources of a mark."""
    return {numbered.source for numbered in mark.sources}


def test_sources_are_numbered_in_the_order_of_the_facts():
    series, person = make.series(), make.person()
    first, second = make.source("First"), make.source("Second")
    cite(first, series=series)
    cite(second, person=person)
    citations = PageCitations([series, person])
    assert citations.sources == []
    assert numbers(citations.mark_of(person)) == [1]
    assert numbers(citations.mark_of(series)) == [2]
    assert numbers(citations.mark_of(person)) == [1]
    assert [numbered.source for numbered in citations.sources] == [second, first]


def test_a_citation_of_a_record_counts_for_each_field_and_one_of_a_field_for_no_other():
    series = make.series()
    record_source, title, ended = make.source("Whole"), make.source("Title"), make.source("Ended")
    cite(record_source, series=series)
    cite(title, "title", series=series)
    cite(ended, "ended", series=series)
    citations = PageCitations([series])
    assert sources(citations.mark_of(series, "title")) == {record_source, title}
    assert sources(citations.mark_of(series, "premiered")) == {record_source}
    assert sources(citations.mark_of(series, "title", "ended")) == {
        record_source,
        title,
        ended,
    }
    assert sources(citations.mark_of(series)) == {record_source, title, ended}


def test_a_source_is_marked_once_and_has_all_its_locators():
    series, source = make.series(), make.source()
    for field, locator in (("title", "Infobox"), ("ended", "Release"), ("status", "Infobox"), ("premise", "")):
        cite(source, field, series=series, locator=locator)
    citations = PageCitations([series])
    assert len(citations.mark_of(series).sources) == 1
    assert citations.sources[0].locators == ["Infobox", "Release"]


def test_a_different_claim_is_a_dispute_and_no_mark_and_equal_claims_are_grouped():
    series, first, second = make.series(), make.source("One"), make.source("Two")
    for source in (first, second):
        cite(source, "ended", series=series, claim="2020", note="a misprint")
    cite(first, "status", series=series, claim="Running")
    citations = PageCitations([series])
    assert citations.mark_of(series, "ended") is None
    (dispute,) = citations.disputes_of(series, "ended")
    assert (dispute.claim, dispute.note, numbers(dispute.mark)) == ("2020", "a misprint", [1, 2])
    assert dispute.label == f"{series}: last released"
    assert len(citations.disputes_of(series)) == 2
    assert [dispute.claim for dispute in citations.disputes] == ["2020", "Running"], "each once"
    assert citations.disputes_of(series, "title") == []


def test_records_of_the_same_key_and_another_kind_are_not_confused():
    series, person = make.series(), make.person()
    person = type(person).objects.create(pk=series.pk + 1000, name="Ann")
    other_series = type(series).objects.create(pk=person.pk, title="Other")
    cite(make.source(), person=person)
    citations = PageCitations([series, person, other_series])
    assert numbers(citations.mark_of(person)) == [1]
    assert citations.mark_of(other_series) is None


def test_the_citations_of_a_page_are_read_by_one_query_and_without_records_by_none(django_assert_num_queries):
    records = [make.series(), make.person(), make.credit(make.episode()), make.company()]
    for record in records:
        cite(make.source(), **{record._meta.model_name: record})
    with django_assert_num_queries(1):
        citations = PageCitations(records)
        labels = [str(numbered.source) for record in records for numbered in citations.mark_of(record).sources]
    assert len(labels) == 4
    with django_assert_num_queries(0):
        assert PageCitations([make.source]).sources == PageCitations().sources == []


@pytest.mark.parametrize(
    ("sources_of_the_fact", "text"),
    [
        ([1], "1"),
        ([1, 2], "1, 2"),
        ([1, 2, 3], "1–3"),
        ([1, 3, 4, 5, 7], "1, 3–5, 7"),
        ([2, 3, 5, 6, 7, 8], "2, 3, 5–8"),
    ],
)
def test_numbers_of_a_mark_are_set_close_and_runs_of_three_are_ranges(sources_of_the_fact, text):
    all_sources = [NumberedSource(number, Source(slug=str(number))) for number in range(10)]
    assert CitationMark(tuple(all_sources[number] for number in sources_of_the_fact)).numbers == text


def test_facts_with_the_same_sources_share_one_mark():
    series, person, source = make.series(), make.person(), make.source()
    cite(source, series=series)
    cite(source, person=person)
    citations = PageCitations([series, person])
    assert citations.mark_of(series) is citations.mark_of(person)
    assert [mark.id for mark in citations.marks] == ["cited-1"]


def test_sources_that_were_not_checked_are_apart_in_the_mark():
    series, first, second, third = make.series(), make.source("A"), make.source("B"), make.source("C")
    cite(first, "title", series=series)
    cite(second, "title", series=series, unchecked=True)
    cite(third, "title", series=series, unchecked=True)
    cite(third, "title", series=series, locator="page 2")
    cite(first, "ended", series=series, unchecked=True)
    citations = PageCitations([series])
    mark, ended = citations.mark_of(series, "title"), citations.mark_of(series, "ended")
    assert (mark.numbers, mark.unchecked_numbers) == ("1, 3", "2")
    assert (ended.numbers, ended.unchecked_numbers) == ("", "1")
    assert len({mark.id for mark in citations.marks}) == 2


def test_a_source_of_the_whole_record_does_not_support_a_field_on_which_it_disagrees():
    series, source = make.series(), make.source()
    cite(source, series=series)
    cite(source, "ended", series=series, claim="2021")
    citations = PageCitations([series])
    assert citations.mark_of(series, "ended") is None
    assert citations.mark_of(series, "title").numbers == "1"
    assert [dispute.claim for dispute in citations.disputes_of(series, "ended")] == ["2021"]
