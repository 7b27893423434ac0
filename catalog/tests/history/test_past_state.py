"""Reconstructing earlier values: each kind of value is read from the log as it was written."""

import datetime as dt
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.history.labels import labels_for
from catalog.history.past_state import (
    deserialize_m2m,
    deserialize_row,
    merged_into,
    model_of,
    record_and_parts,
    rows_from_changes,
    rows_since,
)
from catalog.models import Change, Citation, Edit, Episode, Review, Role, Song, record_edit
from catalog.models.change_recorder import is_recorded, read_row, serialize_row
from catalog.tests import factories as make

pytestmark = pytest.mark.django_db
PUBLISHED_AT = dt.datetime(2020, 2, 29, 13, 37, 59, 123456, tzinfo=dt.UTC)


def values_at(record, version):
    """The values of a record at a version, None if it did not exist."""
    changes = Change.objects.filter(kind=record._meta.model_name, record_id=record.pk, pk__gt=version).order_by("pk")
    return next(iter(rows_from_changes(changes).values())).before


def change(record, **values):
    """Give a record other values; return its row and the version of the log before that."""
    before, version = read_row(type(record), record.pk, "default"), Change.objects.version()
    for name, value in values.items():
        setattr(record, name, value)
    record.save()
    return before, version


CASES = {
    "half-known dates": lambda: (make.person(born="1950", died="2001-03"), {"born": "1950-02-01", "died": None}),
    "moments": lambda: (make.episode(published_at=PUBLISHED_AT), {"published_at": None}),
    "numbers with a point": lambda: (
        Review.objects.create(series=make.series(), aggregator="A", score="61.50", average="4.25", average_scale="5"),
        {"score": Decimal("7.1"), "average": None},
    ),
    "lists": lambda: (make.role(), {"synonyms": ["Directed by", "„Regie“"]}),
    "pictures": lambda: (make.picture(focal_x=10), {"alt_text": "Another", "focal_x": 90}),
    "relations": lambda: (make.person(picture=make.picture()), {"picture": None}),
    "yes and no": lambda: (make.credit(make.episode(), pilot_only=True), {"pilot_only": False}),
    "prose": lambda: (make.series(premise="Two\nlines – and “signs”. \U0001f3b5"), {"premise": ""}),
}


@pytest.mark.parametrize("case", CASES)
def test_each_kind_of_value_is_restored(case):
    record, values = CASES[case]()
    before, version = change(record, **values)
    assert read_row(type(record), record.pk, "default") != before
    assert values_at(record, version) == before


def test_every_row_of_the_article_survives_serialization(soundtrack):
    for model in filter(is_recorded, apps.get_app_config("catalog").get_models()):
        for row in model._base_manager.values()[:20]:
            assert deserialize_row(model, serialize_row(row)) == row


def test_an_added_record_has_no_earlier_values_and_a_deleted_one_has():
    version = Change.objects.version()
    person = make.person("Ann")
    assert values_at(person, version) is None
    row, version = read_row(type(person), person.pk, "default"), Change.objects.version()
    key = person.pk
    person.delete()
    person.pk = key
    assert values_at(person, version) == row


def test_many_to_many_keys_are_logged_from_both_sides():
    series, drama, comedy = make.series(), make.genre("Drama"), make.genre("Comedy")
    series.genres.set([drama])
    version = Change.objects.version()
    series.genres.set([comedy])
    comedy.series.add(make.series())
    row = rows_since(version, f"series:{series.pk}")["series", series.pk]
    assert row.m2m_before({"series_genres": [comedy.pk]}) == {"series_genres": [drama.pk]}
    last = Change.objects.order_by("-pk").first()
    assert (last.kind, deserialize_m2m(model_of("genre"), last.before)) == ("genre", {"series_genres": [series.pk]})


def test_parts_include_deleted_and_moved_ones():
    episode, other_episode = make.episode(), make.episode()
    unchanged, deleted, moved = (make.credit(episode) for _ in range(3))
    citation = Citation.objects.create(source=make.source(), credit=deleted)
    version = Change.objects.version()
    keys = {("episode", episode.pk), ("citation", citation.pk)}
    keys |= {("credit", credit.pk) for credit in (unchanged, deleted, moved)}
    deleted.delete()
    moved.episode = other_episode
    moved.save()
    assert record_and_parts(Episode, episode.pk, version) == keys


def test_merges_are_followed_over_several_steps():
    ann, bob, cat = (make.person(name) for name in ("Ann", "Bob", "Cat"))
    assert merged_into("person", ann.pk) is None
    for duplicate, target in ((ann, bob), (bob, cat)):
        with record_edit(kind=Edit.Kind.MERGE, subject=f"person:{target.pk}"):
            key = duplicate.pk
            duplicate.delete()
            duplicate.pk = key
    assert merged_into("person", ann.pk) == merged_into("person", bob.pk) == cat.pk
    assert merged_into("person", cat.pk) is None


def test_unknown_kinds_are_ignored():
    change_of_removed_model = Change(action="changed", kind="channel", record_id=1, label="Old", before={}, after={})
    assert rows_from_changes([change_of_removed_model]) == {}


def test_removed_columns_are_dropped_and_new_ones_may_be_missing():
    song = Song.objects.create(title="One")
    stored = serialize_row(read_row(Song, song.pk, "default")) | {"tempo": 120}
    assert "tempo" not in deserialize_row(Song, stored)
    assert deserialize_row(Role, {"name": "Editor"}) == {"name": "Editor"}


def test_labels_of_one_model_need_one_query(soundtrack):
    for model in filter(is_recorded, apps.get_app_config("catalog").get_models()):
        keys = list(model._base_manager.values_list("pk", flat=True)[:15])
        with CaptureQueriesContext(connection) as captured:
            labels = labels_for(model, keys)
        assert len(captured) <= 1, model
        assert labels == {record.pk: str(record) for record in model._base_manager.filter(pk__in=keys)}


def test_deleted_records_have_their_last_label():
    person = make.person("Ann")
    person.name = "Anne"
    person.save()
    key = person.pk
    person.delete()
    assert labels_for(type(person), [key, 10**6]) == {key: "Anne"}
