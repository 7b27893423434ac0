"""The change log: every change in the transaction that makes it, and nothing else."""

import pytest
from django.db import transaction

from catalog.models import Alias, Change, Episode, Event, FormerSlug, Person, Series, change_recorder
from catalog.tests import factories as make


def since(version):
    """(action, kind, fields) of what was logged after a version, oldest first."""
    return list(Change.objects.filter(pk__gt=version).order_by("pk").values_list("action", "kind", "fields"))


def test_an_untouched_catalogue_has_version_0(db):
    assert Change.objects.version() == 0


def test_adding_changing_and_deleting_are_logged_with_what_changed(db):
    person = make.person("Ann Lee")
    version = Change.objects.version()
    person.name, person.born = "Ann B. Lee", "1950"
    person.save()
    pk = person.pk
    person.delete()
    assert since(0) == [
        ("added", "person", []),
        ("changed", "person", ["born", "name"]),
        ("deleted", "person", []),
    ]
    assert [change.label for change in Change.objects.order_by("pk")] == ["Ann Lee", "Ann B. Lee", "Ann B. Lee"]
    assert set(Change.objects.values_list("record_id", flat=True)) == {pk}
    assert Change.objects.version() > version


def test_each_change_makes_another_version_and_saving_what_is_there_makes_none(db):
    episode = make.episode()
    seen = [Change.objects.version()]
    for title in ("One", "Two"):
        episode.title = title
        episode.save()
        seen.append(Change.objects.version())
    assert seen == sorted(set(seen))
    episode.save()
    Episode.objects.get().save()
    assert Change.objects.version() == seen[-1]


def test_a_value_written_otherwise_is_no_change(db):
    series = make.series(premiered="2019-12-18", runtime_min=51)
    version = Change.objects.version()
    series = Series.objects.get()
    series.runtime_min = "51"
    series.save()
    assert Change.objects.version() == version


def test_what_a_record_is_tied_to_is_logged_once_it_really_changes(db):
    series, genre = make.series(), make.genre()
    version = Change.objects.version()
    series.genres.add(genre)
    series.genres.add(genre)
    series.genres.set([genre])
    assert since(version) == [("changed", "series", ["series_genres"])]
    series.genres.set([])
    series.genres.set([])
    assert len(since(version)) == 2


def test_ties_are_logged_from_either_side(db):
    person, event = make.person(), make.event(make.series())
    version = Change.objects.version()
    person.events.add(event)
    assert since(version) == [("changed", "person", ["event_people"])]
    assert Event.objects.get().people.get() == person


def test_a_deletion_logs_everything_that_goes_along(db):
    episode = make.episode()
    make.credit(episode)
    version = Change.objects.version()
    episode.series.delete()
    assert sorted(kind for _, kind, _ in since(version)) == ["credit", "episode", "season", "series"]
    assert {action for action, _, _ in since(version)} == {"deleted"}


def test_deleting_many_at_once_logs_each(db):
    for _ in range(3):
        make.person()
    version = Change.objects.version()
    Person.objects.all().delete()
    assert len(since(version)) == 3


def test_a_label_that_is_too_long_is_cut(db):
    make.event(make.series("x" * 200), "y" * 200)
    Alias.objects.create(person=make.person(), name="z" * 160)
    assert max(len(change.label) for change in Change.objects.all()) <= 250


def test_a_change_that_is_taken_back_leaves_no_entry(db):
    version = Change.objects.version()
    with transaction.atomic():
        make.person()
        transaction.set_rollback(True)
    assert Change.objects.version() == version
    assert not Person.objects.exists()


def broken(*args, **kwargs):
    """Stands for a log, or a redirect, that cannot be written."""
    raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_logged_is_not_saved(monkeypatch):
    person = make.person("Ann Lee")
    monkeypatch.setattr(change_recorder, "write_change", broken)
    person.name = "Another"
    with pytest.raises(ZeroDivisionError):
        person.save()
    with pytest.raises(ZeroDivisionError):
        make.person("New")
    with pytest.raises(ZeroDivisionError):
        person.delete()
    with pytest.raises(ZeroDivisionError):
        make.event(make_series()).people.add(person)
    assert list(Person.objects.values_list("name", flat=True)) == ["Ann Lee"]


def make_series():
    """A series past the log, which is broken."""
    return Series.objects.bulk_create([Series(title="One", slug="one")])[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["person", "season", "episode"])
def test_what_cannot_leave_a_redirect_does_not_move(monkeypatch, kind):
    episode = make.episode()
    record = {"person": make.person("Ann Lee"), "season": episode.season, "episode": episode}[kind]
    record = type(record).objects.get(pk=record.pk)
    monkeypatch.setattr(FormerSlug, "add", broken)
    before = record.get_absolute_url()
    version = Change.objects.version()
    setattr(record, "slug" if kind == "person" else "number", "ann" if kind == "person" else 9)
    with pytest.raises(ZeroDivisionError):
        record.save()
    assert type(record).objects.get(pk=record.pk).get_absolute_url() == before
    assert Change.objects.version() == version
