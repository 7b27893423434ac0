"""When an index is read, brought up to date, and read again."""

import pytest
from django.db import transaction

from catalog.facets.episode import EpisodeFacets
from catalog.facets.index import registry
from catalog.facets.person import PersonFacets
from catalog.facets.series import SeriesFacets
from catalog.facets.uncounted_engine import UncountedEngine
from catalog.models import Change, Episode, Person, Role, Season, Series
from catalog.tests import factories as make
from catalog.tests.facets.test_index import LISTS, assert_index_equals_sql, create_catalogue


def test_an_edit_reads_a_few_rows_again_and_many_edits_the_whole_list(db, monkeypatch):
    create_catalogue()
    assert_index_equals_sql(EpisodeFacets)
    index = registry._indexes[EpisodeFacets]
    base = index.value.segments[0][0]
    first, last = Episode.objects.first(), Episode.objects.last()
    for number in range(registry.MAX_SEGMENTS - 1):
        episode = (first, last)[number % 2]
        episode.title = f"Title {number}"
        episode.save()
        assert_index_equals_sql(EpisodeFacets)
        assert index.value.segments[0][0] is base
        assert len(index.value.segments[-1][0]) == 1
    assert len(index.value.segments) == registry.MAX_SEGMENTS
    first.title = "One segment too many"
    first.save()
    assert_index_equals_sql(EpisodeFacets)
    assert [len(segment) for segment, _ in index.value.segments] == [len(base), 2]
    builds = []
    monkeypatch.setattr(index, "start_build", lambda *_: builds.append(index.version))
    monkeypatch.setattr(registry, "REBUILD_AFTER_ROWS", 2)
    last.title = "Last"
    last.save()
    assert_index_equals_sql(EpisodeFacets)
    assert builds == [index.version]


def test_many_edited_episodes_are_read_again_in_parts(db, monkeypatch):
    create_catalogue()
    assert_index_equals_sql(EpisodeFacets)
    monkeypatch.setattr(registry, "MAX_KEYS", 2)
    first, *others = Episode.objects.order_by("pk")
    series = Series.objects.get(title="Two")
    series.sort_title = "Another"
    series.save()
    make.credit(series, "Dee", "director")
    for number, episode in enumerate([first, *others], 1):
        episode.air_date = f"200{number}"
        episode.save()
    first.published_at = None
    first.save()
    assert_index_equals_sql(EpisodeFacets)
    segments = registry._indexes[EpisodeFacets].value.segments
    assert [len(segment) for segment, _ in segments] == [4, 1, 2]
    assert_index_equals_sql(EpisodeFacets, "director=dee&sort=title")


@pytest.mark.django_db(transaction=True)
def test_the_process_that_edits_is_up_to_date_soon_after_the_answer(django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(registry, "REFRESH_DELAY", 60)
    create_catalogue()
    assert_index_equals_sql(EpisodeFacets)
    index = registry._indexes[EpisodeFacets]
    with transaction.atomic():
        for episode in Episode.objects.all():
            episode.title += " again"
            episode.save()
    assert index.version < Change.objects.version()
    (refresh,) = registry._timers.values()
    refresh.function()  # as after the delay
    assert index.version == Change.objects.version()
    with django_assert_num_queries(1):
        registry.current_snapshot(EpisodeFacets)
    assert_index_equals_sql(EpisodeFacets)


@pytest.mark.django_db(transaction=True)
def test_a_request_before_that_is_up_to_date_too(monkeypatch):
    monkeypatch.setattr(registry, "REFRESH_DELAY", 60)
    create_catalogue()
    assert_index_equals_sql(EpisodeFacets)
    with transaction.atomic():
        Episode.objects.first().delete()
    assert_index_equals_sql(EpisodeFacets)


@pytest.mark.django_db(transaction=True)
def test_the_refresh_runs_by_itself(monkeypatch):
    monkeypatch.setattr(registry, "REFRESH_DELAY", 0.01)
    create_catalogue()
    assert_index_equals_sql(EpisodeFacets)
    with transaction.atomic():
        Episode.objects.first().delete()
    registry._timers["refresh"].join(20)
    assert registry._indexes[EpisodeFacets].version == Change.objects.version()


def test_an_edit_of_data_without_facets_keeps_the_arrays(db):
    create_catalogue()
    assert_index_equals_sql(EpisodeFacets)
    segments = registry._indexes[EpisodeFacets].value.segments
    make.event(Series.objects.first())
    Person.objects.filter(slug="cid").get().save()
    make.source()
    assert_index_equals_sql(EpisodeFacets)
    assert registry._indexes[EpisodeFacets].value.segments is segments


@pytest.mark.parametrize(
    ("facet_set", "model", "field"),
    [
        (EpisodeFacets, Episode, "synopsis"),
        (EpisodeFacets, Season, "synopsis"),
        (SeriesFacets, Series, "premise"),
        (PersonFacets, Person, "biography"),
    ],
)
def test_an_edit_of_a_long_text_or_a_picture_keeps_the_arrays(db, facet_set, model, field):
    create_catalogue()
    assert_index_equals_sql(facet_set)
    index, record = registry._indexes[facet_set], model.objects.first()
    segments = index.value.segments
    setattr(record, field, "A xylophone.")
    record.save()
    if hasattr(record, "picture_id"):
        record.picture = make.picture()
        record.save()
    assert_index_equals_sql(facet_set)
    assert_index_equals_sql(facet_set, "q=xylophone")
    assert index.value.segments is segments
    assert index.version == Change.objects.version()
    record.published_at = None
    record.save()
    assert_index_equals_sql(facet_set)
    assert index.value.segments is not segments


def test_a_role_that_changes_department_rebuilds_the_index(db):
    create_catalogue()
    assert_index_equals_sql(EpisodeFacets)
    director = Role.objects.get(slug="director")
    director.department = Role.objects.get(slug="cast").department
    director.save()
    for facet_set in LISTS:
        assert_index_equals_sql(facet_set)


@pytest.mark.django_db(transaction=True)
def test_a_long_list_is_read_in_the_background_while_pages_do_without_counts(monkeypatch):
    monkeypatch.setattr(registry, "MAX_SYNC_BUILD_ROWS", 0)
    create_catalogue()
    facets = EpisodeFacets({}, queryset=Episode.objects.published())
    assert isinstance(facets.engine, UncountedEngine)
    registry._indexes[EpisodeFacets].build_thread.join()
    assert registry.current_snapshot(EpisodeFacets) is not None
    assert_index_equals_sql(EpisodeFacets)
    make.episode(Season.objects.first(), 9)
    assert_index_equals_sql(EpisodeFacets)


@pytest.mark.django_db(transaction=True)
def test_a_list_that_cannot_be_read_is_shown_without_counts(monkeypatch, caplog):
    monkeypatch.setattr(registry, "MAX_SYNC_BUILD_ROWS", 0)
    monkeypatch.setitem(registry.BUILDERS, "episode", lambda *_: 1 / 0)
    create_catalogue()
    assert registry.current_snapshot(EpisodeFacets) is None
    thread = registry._indexes[EpisodeFacets].build_thread
    thread.join()
    assert "lists are shown without counts" in caplog.text
