"""Deleting records with everything that belongs to them, in batches."""

import pytest
from django.db import transaction

from catalog.models import Change, Series, record_edit
from catalog.models.deletion import delete_records
from catalog.search.index import INDEXED_MODELS, Index, table_name
from catalog.tests import factories as make
from catalog.tests.history import assert_indexes_current, catalogue_state
from catalog.tests.history.test_undelete import restore, series_with_all_parts

pytestmark = pytest.mark.django_db


def result_of(delete):
    """The log entries of a deletion, and the search index and the records after it. It is rolled back."""
    version = Change.objects.version()
    with transaction.atomic():
        with record_edit(reason="A duplicate"):
            delete()
        changes = Change.objects.filter(pk__gt=version).order_by("pk").values()
        assert {row.pop("edit_id") for row in changes} != {None}
        entries = [row | {"id": 0, "at": None} for row in changes]
        index = {kind: Index(kind).execute(f"SELECT * FROM {table_name(kind)} ORDER BY 1") for kind in INDEXED_MODELS}
        state = catalogue_state()
        transaction.set_rollback(True)
    return entries, index, state


def test_log_index_and_records_are_the_same_as_when_deleted_one_by_one():
    series, _ = series_with_all_parts(), make.episode(title="Remains")
    assert_indexes_current()
    entries, *others = result_of(lambda: delete_records([series]))
    assert len(entries) >= 20
    assert [entries, *others] == [*result_of(lambda: Series.objects.get(title="Harbour").delete())]


def test_links_are_logged_in_the_order_of_their_keys():
    first, second = make.event(make.series()), make.event(make.series())
    people = [make.person(name) for name in ("Zoe", "Ann", "Mia")]
    first.people.set(people)
    delete_records([first, second])
    people_logged = [change.before["event_people"] for change in Change.objects.filter(action="deleted").order_by("pk")]
    assert people_logged == [[], [person.pk for person in people]]  # the last record is deleted first


def test_several_records_are_deleted_and_restored():
    first, second = make.series("First"), make.series("Second")
    make.credit(make.episode(make.season(first)))
    before, key = catalogue_state(), first.pk
    with record_edit():
        delete_records([first, second])
    assert not Series.objects.exists()
    assert_indexes_current()
    restore("series", key)
    assert Series.objects.get() == Series(pk=key)
    restore("series", Change.objects.get(label="Second", action="deleted").record_id)
    assert catalogue_state() == before


def test_a_deletion_without_an_edit_is_logged():
    delete_records([make.person("Ann")])
    assert str(Change.objects.first()) == "person Ann deleted"


def test_links_to_deleted_records_are_cut_and_logged():
    picture = make.picture()
    person = make.person(picture=picture)
    delete_records([picture])
    person.refresh_from_db()
    assert person.picture is None
    assert [(change.kind, change.action) for change in Change.objects.order_by("-pk")[:2]] == [
        ("picture", "deleted"),
        ("person", "changed"),
    ]


def test_nothing_is_deleted_or_logged_if_it_fails(monkeypatch):
    series, version = series_with_all_parts(), Change.objects.version()
    before = catalogue_state()
    monkeypatch.setattr(Change, "notify", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        delete_records([series])
    assert (catalogue_state(), Change.objects.version()) == (before, version)


def test_no_records_are_no_deletion():
    delete_records([])
    assert not Change.objects.exists()
