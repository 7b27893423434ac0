"""Readings whose SQL is written once give what Django gives, and hold on to nothing."""

import gc
import threading
import weakref

import pytest
from django.apps import apps
from django.db import connections

from catalog.models import Change, Person
from catalog.models.change_recorder import read_row
from catalog.models.compiled_query import QUERY_BATCH_SIZE, CompiledQuery
from catalog.tests import factories as make


def test_a_row_is_what_django_reads_of_every_record(soundtrack):
    make.person(born="1950-02")
    seen = set()
    for model in apps.get_app_config("catalog").get_models():
        for record in model._base_manager.order_by("-pk")[:20]:
            plain = model._base_manager.filter(pk=record.pk).values().get()
            row = read_row(model, record.pk, "default")
            assert (list(row), row) == (list(plain), plain)
            assert {name: type(value) for name, value in row.items()} == {k: type(v) for k, v in plain.items()}
            seen.add(model)
    assert len(seen) > 20


def test_any_number_of_keys_is_asked_for(db, django_assert_num_queries):
    with make.deferred_indexing():
        people = [make.person() for _ in range(3)]
    names = CompiledQuery(lambda keys, *_: Person.objects.order_by().filter(pk__in=keys).values_list("name"))
    keys = [one.pk for one in people]
    far = range(10**9, 10**9 + 3 * QUERY_BATCH_SIZE)
    with django_assert_num_queries(4):
        found = names([*keys[:2], *far, keys[2]])
    assert sorted(name for (name,) in found) == sorted(one.name for one in people)
    assert names([]) == []
    assert len(names(keys * 2)) == 3


@pytest.mark.django_db(transaction=True)
def test_the_connection_of_a_thread_that_ended_is_let_go():
    make.episode()
    last, kept = Change.objects.first(), []
    moments = CompiledQuery(lambda keys, *_: Change.objects.order_by().filter(pk__in=keys).values_list("at", "fields"))

    def read():
        assert [tuple(row) for row in moments([last.pk])] == [(last.at, last.fields)]
        kept.append(weakref.ref(connections["default"]))
        connections.close_all()

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    gc.collect()
    assert kept[0]() is None
