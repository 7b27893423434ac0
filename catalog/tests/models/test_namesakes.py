"""Namesakes: what tells people and series of one name apart."""

import pytest

from catalog.models import Company, Person, Series
from catalog.models.namesakes import namesake_notes
from catalog.tests import factories as make


def notes_of(*records, **options):
    """The notes of records of one model, in their order; None where there is no note."""
    notes = namesake_notes(type(records[0]), [record.pk for record in records], **options)
    return [notes.get(record.pk) for record in records]


def test_names_that_one_record_has_need_no_note(db):
    assert notes_of(make.person("Ann Lee", born="1950"), make.person("Ann West")) == [None, None]
    assert notes_of(make.series("One", premiered="2001"), make.series("Two")) == [None, None]
    assert namesake_notes(Company, [make.company("Net").pk, make.company("Net").pk]) == {}
    assert namesake_notes(Person, []) == {}


def test_years_come_first_then_a_known_work_then_the_slug(db):
    series = make.series("Soap")
    old, young = make.person("Ann Lee", born="1950-03", died="2001"), make.person("Ann Lee", born="1980")
    worker, other, third = (make.person("ann lee") for _ in range(3))
    make.credit(make.episode(make.season(series)), worker, "director")
    assert notes_of(old, young, worker, other, third) == [
        "1950–2001",
        "born 1980",
        "Director on Soap",
        other.slug,
        third.slug,
    ]


def test_equal_years_and_works_tell_nobody_apart(db):
    series = make.series("Soap")
    first, second = (make.person("Ann Lee", born="1950") for _ in range(2))
    assert notes_of(first, second) == ["ann-lee", "ann-lee-2"]
    make.credit(series, first, "creator")
    assert notes_of(first, second) == ["Creator on Soap", "ann-lee-2"]
    make.credit(series, second, "creator")
    assert notes_of(first, second) == ["ann-lee", "ann-lee-2"]


def test_series_are_told_apart_by_their_years(db):
    first, second = (
        make.series("The Office", premiered="2001", ended="2003"),
        make.series("The Office", premiered="2005"),
    )
    third = make.series("the office")
    assert notes_of(first, second, third) == ["2001–2003", "2005", third.slug]
    assert namesake_notes(Series, ["the-office", "no-such-thing"], field="slug") == {"the-office": "2001–2003"}


def test_one_is_told_apart_from_a_namesake_that_is_not_asked_for(db):
    person = make.person("Ann Lee", born="1950")
    make.person("Ann Lee")
    assert notes_of(person) == ["born 1950"]


def test_visitors_know_no_drafts(db):
    person, draft = make.person("Ann Lee", born="1950"), make.person("Ann Lee", published_at=None)
    assert notes_of(person, published=True) == [None]
    assert notes_of(person) == ["born 1950"]
    make.person("Ann Lee")
    make.credit(make.series("Secret", published_at=None), person, "creator")
    person.born = None
    person.save()
    assert notes_of(person, published=True) == [person.slug]
    assert notes_of(person, draft) == ["Creator on Secret", draft.slug]


@pytest.mark.parametrize("total", [2, 40])
def test_notes_take_three_queries(db, django_assert_num_queries, total):
    with make.deferred_indexing():
        people = [make.person(f"Ann Lee {number // 2}") for number in range(total)]
        series = make.series()
        for person in people:
            make.credit(series, person, "creator")
    with django_assert_num_queries(3):
        namesake_notes(Person, [person.pk for person in people])


def test_years_that_are_not_known_are_left_out(db):
    people = [
        make.person("Ann Lee", **years)
        for years in ({"born": "1950-03-02"}, {"died": "2001"}, {"born": "1960", "died": "2002-05"})
    ]
    assert notes_of(*people) == ["born 1950", "died 2001", "1960–2002"]
