"""As it was: each kind of value comes back out of the log as it went in."""

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
MOMENT = dt.datetime(2020, 2, 29, 13, 37, 59, 123456, tzinfo=dt.UTC)


def as_it_was(record, version):
    """The values of a record at a version."""
    changes = Change.objects.filter(kind=record._meta.model_name, record_id=record.pk, pk__gt=version).order_by("pk")
    return next(iter(rows_from_changes(changes).values())).before


def changed(record, **values):
    """(the row before, the version of then) of a record that then gets other values."""
    before, version = read_row(type(record), record.pk, "default"), Change.objects.version()
    for name, value in values.items():
        setattr(record, name, value)
    record.save()
    return before, version


CASES = {
    "half-known dates": lambda: (make.person(born="1950", died="2001-03"), {"born": "1950-02-01", "died": None}),
    "moments": lambda: (make.episode(published_at=MOMENT), {"published_at": None}),
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
def test_each_kind_of_value_is_as_it_was(case):
    record, values = CASES[case]()
    before, version = changed(record, **values)
    assert read_row(type(record), record.pk, "default") != before
    assert as_it_was(record, version) == before


def test_whatever_the_article_holds_survives_the_log(soundtrack):
    for model in filter(is_recorded, apps.get_app_config("catalog").get_models()):
        for row in model._base_manager.values()[:20]:
            assert deserialize_row(model, serialize_row(row)) == row


def test_a_record_that_is_added_was_not_there_and_one_that_is_deleted_was():
    version = Change.objects.version()
    person = make.person("Ann")
    assert as_it_was(person, version) is None
    row, version = read_row(type(person), person.pk, "default"), Change.objects.version()
    key = person.pk
    person.delete()
    person.pk = key
    assert as_it_was(person, version) == row


def test_what_it_was_tied_to_is_known_from_either_side():
    series, drama, comedy = make.series(), make.genre("Drama"), make.genre("Comedy")
    series.genres.set([drama])
    version = Change.objects.version()
    series.genres.set([comedy])
    comedy.series.add(make.series())
    row = rows_since(version, f"series:{series.pk}")["series", series.pk]
    assert row.m2m_before({"series_genres": [comedy.pk]}) == {"series_genres": [drama.pk]}
    last = Change.objects.order_by("-pk").first()
    assert (last.kind, deserialize_m2m(last.before, model_of("genre"))) == ("genre", {"series_genres": [series.pk]})


def test_parts_are_found_that_are_there_that_are_gone_and_that_moved_away():
    one, other = make.episode(), make.episode()
    stays, goes, moves = (make.credit(one) for _ in range(3))
    cited = Citation.objects.create(source=make.source(), credit=goes)
    version = Change.objects.version()
    keys = {("episode", one.pk), ("credit", stays.pk), ("credit", goes.pk), ("credit", moves.pk)}
    keys |= {("citation", cited.pk)}
    goes.delete()
    moves.episode = other
    moves.save()
    assert record_and_parts(Episode, one.pk, version) == keys


def test_who_was_merged_stands_for_whom_also_over_several_steps():
    ann, bob, cat = (make.person(name) for name in ("Ann", "Bob", "Cat"))
    assert merged_into("person", ann.pk) is None
    for gone, stays in ((ann, bob), (bob, cat)):
        with record_edit(kind=Edit.Kind.MERGE, subject=f"person:{stays.pk}"):
            key = gone.pk
            gone.delete()
            gone.pk = key
    assert merged_into("person", ann.pk) == merged_into("person", bob.pk) == cat.pk
    assert merged_into("person", cat.pk) is None


def test_kinds_that_the_catalogue_no_longer_has_are_passed_over():
    gone = Change(action="changed", kind="channel", record_id=1, label="Old", before={}, after={})
    assert rows_from_changes([gone]) == {}


def test_a_column_that_is_gone_is_left_out_and_a_new_one_is_no_matter():
    song = Song.objects.create(title="One")
    stored = serialize_row(read_row(Song, song.pk, "default")) | {"tempo": 120}
    assert "tempo" not in deserialize_row(Song, stored)
    assert deserialize_row(Role, {"name": "Editor"}) == {"name": "Editor"}


def test_names_are_read_by_a_few_queries_whatever_the_kind(soundtrack):
    for model in filter(is_recorded, apps.get_app_config("catalog").get_models()):
        keys = list(model._base_manager.values_list("pk", flat=True)[:15])
        with CaptureQueriesContext(connection) as captured:
            named = labels_for(model, keys)
        assert len(captured) <= 1, model
        assert named == {record.pk: str(record) for record in model._base_manager.filter(pk__in=keys)}


def test_what_is_gone_has_the_name_that_it_had_last():
    person = make.person("Ann")
    person.name = "Anne"
    person.save()
    key = person.pk
    person.delete()
    assert labels_for(type(person), [key, 10**6]) == {key: "Anne"}
