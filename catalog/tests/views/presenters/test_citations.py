"""Citation marks: sources are numbered in the order of the facts, each once; disputes are apart."""

import pytest

from catalog.models import Citation
from catalog.tests import factories as make
from catalog.views.presenters.citations import PageCitations

pytestmark = pytest.mark.django_db


def cite(source, field="", **fields):
    """A citation of the given record."""
    return Citation.objects.create(source=source, field=field, **fields)


def numbers(sources):
    """The numbers of the marks."""
    return [numbered.number for numbered in sources]


def test_sources_are_numbered_in_the_order_of_the_facts():
    series, person = make.series(), make.person()
    first, second = make.source("First"), make.source("Second")
    cite(first, series=series)
    cite(second, person=person)
    citations = PageCitations([series, person])
    assert citations.sources == []
    assert numbers(citations.for_fact(person)) == [1]
    assert numbers(citations.for_fact(series)) == [2]
    assert numbers(citations.for_fact(person)) == [1]
    assert [numbered.source for numbered in citations.sources] == [second, first]


def test_a_citation_of_a_record_counts_for_each_field_and_one_of_a_field_for_no_other():
    series = make.series()
    record_source, title, ended = make.source("Whole"), make.source("Title"), make.source("Ended")
    cite(record_source, series=series)
    cite(title, "title", series=series)
    cite(ended, "ended", series=series)
    citations = PageCitations([series])
    assert {numbered.source for numbered in citations.for_fact(series, "title")} == {record_source, title}
    assert {numbered.source for numbered in citations.for_fact(series, "premiered")} == {record_source}
    assert {numbered.source for numbered in citations.for_fact(series, "title", "ended")} == {
        record_source,
        title,
        ended,
    }
    assert {numbered.source for numbered in citations.for_fact(series)} == {record_source, title, ended}


def test_a_source_is_marked_once_and_has_all_its_locators():
    series, source = make.series(), make.source()
    for field, locator in (("title", "Infobox"), ("ended", "Release"), ("status", "Infobox"), ("premise", "")):
        cite(source, field, series=series, locator=locator)
    citations = PageCitations([series])
    assert len(citations.for_fact(series)) == 1
    assert citations.sources[0].locators == ["Infobox", "Release"]


def test_a_different_claim_is_a_dispute_and_no_mark_and_equal_claims_are_grouped():
    series, first, second = make.series(), make.source("One"), make.source("Two")
    for source in (first, second):
        cite(source, "ended", series=series, claim="2020", note="a misprint")
    cite(first, "status", series=series, claim="Running")
    citations = PageCitations([series])
    assert citations.for_fact(series, "ended") == []
    ((claim, note, sources),) = citations.disputes_of(series, "ended")
    assert (claim, note, [numbered.source for numbered in sources]) == ("2020", "a misprint", [first, second])
    assert len(citations.disputes_of(series)) == 2
    assert citations.disputes_of(series, "title") == []


def test_records_of_the_same_key_and_another_kind_are_not_confused():
    series, person = make.series(), make.person()
    person = type(person).objects.create(pk=series.pk + 1000, name="Ann")
    other_series = type(series).objects.create(pk=person.pk, title="Other")
    cite(make.source(), person=person)
    citations = PageCitations([series, person, other_series])
    assert numbers(citations.for_fact(person)) == [1]
    assert citations.for_fact(other_series) == []


def test_the_citations_of_a_page_are_read_by_one_query_and_without_records_by_none(django_assert_num_queries):
    records = [make.series(), make.person(), make.credit(make.episode()), make.company()]
    for record in records:
        cite(make.source(), **{record._meta.model_name: record})
    with django_assert_num_queries(1):
        citations = PageCitations(records)
        sources = [str(numbered.source) for record in records for numbered in citations.for_fact(record)]
    assert len(sources) == 4
    with django_assert_num_queries(0):
        assert PageCitations([make.source]).sources == PageCitations().sources == []
