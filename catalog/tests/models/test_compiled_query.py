"""Compiled queries return the same as Django's, and hold no connection."""

import datetime as dt
import gc
import threading
import weakref

import pytest
from django.apps import apps
from django.db import connections
from django.utils import timezone

from catalog.models import Change, Episode, Genre, Person, Series, page_queries
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


def test_records_equal_djangos_with_all_that_is_joined_and_prefetched(soundtrack, django_assert_num_queries):
    querysets = {
        "series": lambda keys, _: Series.objects.for_page().filter(pk=keys[0]),
        "episode": lambda keys, _: Episode.objects.for_page().filter(pk__in=keys).in_order(),
    }
    for build in querysets.values():
        keys = list(build([1, 2, 3], []).model.objects.values_list("pk", flat=True)[:3])
        for _ in range(2):
            for record, expected in zip(CompiledQuery(build)(keys), build(keys, []), strict=True):
                with django_assert_num_queries(0):
                    assert loaded(record) == loaded(expected)


def loaded(record):
    """The values of a record, and of the records that are joined to it or prefetched for it."""
    values = {name: value for name, value in vars(record).items() if name[0] != "_" and name != "owner_key"}
    related = {name: [other] for name, other in record._state.fields_cache.items() if other and name not in OWNERS}
    prefetched = vars(record).get("_prefetched_objects_cache", {})
    return values, {name: list(map(loaded, others)) for name, others in (related | prefetched).items()}


OWNERS = ("series", "episode")  # of prefetched parts, which would lead back


def test_a_later_part_of_a_list_continues_the_first(db):
    with make.deferred_indexing():
        names = [make.person(f"Person {number}").name for number in range(5)]
    query = CompiledQuery(lambda keys, _: Person.objects.filter(pk__gt=keys[0]).order_by("pk")).of(0)
    assert [person.name for person in query.part(0, 2) + query.part(2, 9)] == names
    assert query.total() == 5
    assert query.query.first(0, slug="unused").name == "Person 0"
    assert query.query.first(10**6) is None


def test_prefetched_relations_can_be_narrowed(db):
    series, other = make.series(), make.series()
    series.genres.set([make.genre("Drama"), make.genre("Musical")])
    other.genres.set(Genre.objects.filter(name="Drama"))
    records = CompiledQuery(
        lambda keys, _: Series.objects.prefetch_related("genres").filter(pk__in=keys).order_by("pk")
    )
    first, second = records([series.pk, other.pk])
    assert [[genre.name for genre in record.genres.all()] for record in (first, second)] == [
        ["Drama", "Musical"],
        ["Drama"],
    ]
    assert [genre.name for genre in second.genres.filter(name__contains="a").order_by("-name")] == ["Drama"]


def test_no_query_of_a_page_holds_the_time_at_which_it_was_compiled(db, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2031, 5, 7, tzinfo=dt.UTC))
    queries = {name: query for name, query in vars(page_queries).items() if isinstance(query, CompiledQuery)}
    assert len(queries) > 20
    for name, query in queries.items():
        params = [str(param) for param in query._compile("default", 4, 1, None).params]
        assert not [param for param in params if param.startswith("2031-05-07")], name


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
