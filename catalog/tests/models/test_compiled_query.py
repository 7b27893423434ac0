"""Compiled queries return the same as Django's, and hold no connection."""

import gc
import threading
import weakref

import pytest
from django.apps import apps
from django.db import connections

from catalog.models import Change, Person
from catalog.models.change_recorder import logged_columns, read_row
from catalog.models.compiled_query import QUERY_BATCH_SIZE, CompiledQuery
from catalog.tests import factories as make


def test_row_equals_djangos_values_for_every_model(soundtrack):
    make.person(born="1950-02")
    tested = set()
    for model in apps.get_app_config("catalog").get_models():
        for record in model._base_manager.order_by("-pk")[:20]:
            expected = model._base_manager.filter(pk=record.pk).values(*logged_columns(model)).get()
            row = read_row(model, record.pk, "default")
            assert (list(row), row) == (list(expected), expected)
            assert {name: type(value) for name, value in row.items()} == {
                name: type(value) for name, value in expected.items()
            }
            tested.add(model)
    assert len(tested) > 20


def test_keys_are_queried_in_batches(db, django_assert_num_queries):
    with make.deferred_indexing():
        people = [make.person() for _ in range(3)]
    names = CompiledQuery(lambda keys, *_: Person.objects.order_by().filter(pk__in=keys).values_list("name"))
    keys = [person.pk for person in people]
    unused_keys = range(10**9, 10**9 + 3 * QUERY_BATCH_SIZE)
    with django_assert_num_queries(4):
        rows = names([*keys[:2], *unused_keys, keys[2]])
    assert sorted(name for (name,) in rows) == sorted(person.name for person in people)
    assert names([]) == []
    assert len(names(keys * 2)) == 3


@pytest.mark.django_db(transaction=True)
def test_connection_of_an_ended_thread_is_released():
    make.episode()
    change, connection_refs = Change.objects.first(), []
    query = CompiledQuery(lambda keys, *_: Change.objects.order_by().filter(pk__in=keys).values_list("at", "fields"))

    def read():
        assert [tuple(row) for row in query([change.pk])] == [(change.at, change.fields)]
        connection_refs.append(weakref.ref(connections["default"]))
        connections.close_all()

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    gc.collect()
    assert connection_refs[0]() is None
