"""Source marks: numbered as the page asks, each source once, claims that differ apart."""

import pytest

from catalog.models import Citation
from catalog.tests import factories as make
from catalog.views.presenters.citations import PageCitations

pytestmark = pytest.mark.django_db


def cite(source, field="", **fields):
    """A citation of whatever record is named."""
    return Citation.objects.create(source=source, field=field, **fields)


def numbers(listed):
    """What stands in the brackets."""
    return [each.number for each in listed]


def test_sources_are_numbered_in_the_order_in_which_they_are_asked_for():
    series, person = make.series(), make.person()
    first, second = make.source("First"), make.source("Second")
    cite(first, series=series)
    cite(second, person=person)
    marks = PageCitations([series, person])
    assert marks.sources == []
    assert numbers(marks.for_fact(person)) == [1]
    assert numbers(marks.for_fact(series)) == [2]
    assert numbers(marks.for_fact(person)) == [1]
    assert [listed.source for listed in marks.sources] == [second, first]


def test_a_citation_of_the_whole_stands_for_each_field_and_one_of_a_field_for_no_other():
    series = make.series()
    whole, title, ended = make.source("Whole"), make.source("Title"), make.source("Ended")
    cite(whole, series=series)
    cite(title, "title", series=series)
    cite(ended, "ended", series=series)
    marks = PageCitations([series])
    assert {listed.source for listed in marks.for_fact(series, "title")} == {whole, title}
    assert {listed.source for listed in marks.for_fact(series, "premiered")} == {whole}
    assert {listed.source for listed in marks.for_fact(series, "title", "ended")} == {whole, title, ended}
    assert {listed.source for listed in marks.for_fact(series)} == {whole, title, ended}


def test_a_source_is_marked_once_and_keeps_every_place_it_was_found_in():
    series, source = make.series(), make.source()
    for field, locator in (("title", "Infobox"), ("ended", "Release"), ("status", "Infobox"), ("premise", "")):
        cite(source, field, series=series, locator=locator)
    marks = PageCitations([series])
    assert len(marks.for_fact(series)) == 1
    assert marks.sources[0].locators == ["Infobox", "Release"]


def test_what_sources_say_otherwise_is_a_dispute_and_no_mark_and_the_same_claim_is_told_once():
    series, one, two = make.series(), make.source("One"), make.source("Two")
    for source in (one, two):
        cite(source, "ended", series=series, claim="2020", note="a misprint")
    cite(one, "status", series=series, claim="Running")
    marks = PageCitations([series])
    assert marks.for_fact(series, "ended") == []
    ((claim, note, listed),) = marks.disputes_of(series, "ended")
    assert (claim, note, [each.source for each in listed]) == ("2020", "a misprint", [one, two])
    assert len(marks.disputes_of(series)) == 2
    assert marks.disputes_of(series, "title") == []


def test_records_of_the_same_key_and_another_kind_are_not_confused():
    series, person = make.series(), make.person()
    person = type(person).objects.create(pk=series.pk + 1000, name="Ann")
    other = type(series).objects.create(pk=person.pk, title="Other")
    cite(make.source(), person=person)
    marks = PageCitations([series, person, other])
    assert numbers(marks.for_fact(person)) == [1]
    assert marks.for_fact(other) == []


def test_the_citations_of_a_page_are_read_by_one_query_and_without_records_by_none(django_assert_num_queries):
    records = [make.series(), make.person(), make.credit(make.episode()), make.company()]
    for record in records:
        cite(make.source(), **{record._meta.model_name: record})
    with django_assert_num_queries(1):
        marks = PageCitations(records)
        found = [str(listed.source) for record in records for listed in marks.for_fact(record)]
    assert len(found) == 4
    with django_assert_num_queries(0):
        assert PageCitations([make.source]).sources == PageCitations().sources == []
