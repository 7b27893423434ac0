"""The change log: every change is logged, in its own transaction, and nothing else is."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from catalog.models import Alias, Change, Citation, Episode, Event, FormerSlug, Person, Series, change_recorder
from catalog.tests import factories as make


def changes_after(version):
    """(action, kind, fields) of the entries after a version, oldest first."""
    return list(Change.objects.filter(pk__gt=version).order_by("pk").values_list("action", "kind", "fields"))


def test_empty_log_has_version_0(db):
    assert Change.objects.version() == 0


def test_additions_changes_and_deletions_are_logged_with_the_changed_fields(db):
    person = make.person("Ann Lee")
    version = Change.objects.version()
    person.name, person.born = "Ann B. Lee", "1950"
    person.save()
    pk = person.pk
    person.delete()
    assert changes_after(0) == [
        ("added", "person", []),
        ("changed", "person", ["born", "name", "sort_name"]),
        ("deleted", "person", []),
    ]
    assert [change.label for change in Change.objects.order_by("pk")] == ["Ann Lee", "Ann B. Lee", "Ann B. Lee"]
    assert set(Change.objects.values_list("record_id", flat=True)) == {pk}
    assert Change.objects.version() > version


def test_every_change_has_a_new_version_and_saving_without_a_change_has_none(db):
    episode = make.episode()
    versions = [Change.objects.version()]
    for title in ("One", "Two"):
        episode.title = title
        episode.save()
        versions.append(Change.objects.version())
    assert versions == sorted(set(versions))
    episode.save()
    Episode.objects.get().save()
    assert Change.objects.version() == versions[-1]


def test_equal_value_of_another_type_is_no_change(db):
    series = make.series(premiered="2019-12-18", runtime_min=51)
    version = Change.objects.version()
    series = Series.objects.get()
    series.runtime_min = "51"
    series.save()
    assert Change.objects.version() == version


def test_many_to_many_links_are_logged_only_when_they_change(db):
    series, genre = make.series(), make.genre()
    version = Change.objects.version()
    series.genres.add(genre)
    series.genres.add(genre)
    series.genres.set([genre])
    assert changes_after(version) == [("changed", "series", ["series_genres"])]
    series.genres.set([])
    series.genres.set([])
    assert len(changes_after(version)) == 2


def test_many_to_many_links_are_logged_from_either_side(db):
    person, event = make.person(), make.event(make.series())
    version = Change.objects.version()
    person.events.add(event)
    assert changes_after(version) == [("changed", "person", ["event_people"])]
    assert Event.objects.get().people.get() == person


def test_deletion_logs_all_cascaded_deletions(db):
    episode = make.episode()
    make.credit(episode)
    version = Change.objects.version()
    episode.series.delete()
    assert sorted(kind for _, kind, _ in changes_after(version)) == ["credit", "episode", "season", "series"]
    assert {action for action, _, _ in changes_after(version)} == {"deleted"}


def test_deleting_a_queryset_logs_each_record(db):
    for _ in range(3):
        make.person()
    version = Change.objects.version()
    Person.objects.all().delete()
    assert len(changes_after(version)) == 3


def test_long_label_is_cut(db):
    make.event(make.series("x" * 200), "y" * 200)
    Alias.objects.create(person=make.person(), name="z" * 160)
    assert max(len(change.label) for change in Change.objects.all()) <= 250


def test_rolled_back_change_leaves_no_entry(db):
    version = Change.objects.version()
    with transaction.atomic():
        make.person()
        transaction.set_rollback(True)
    assert Change.objects.version() == version
    assert not Person.objects.exists()


def fail(*args, **kwargs):
    """Replaces a function that writes an entry or a redirect."""
    raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_change_that_cannot_be_logged_is_not_saved(monkeypatch):
    person = make.person("Ann Lee")
    monkeypatch.setattr(change_recorder, "write_change", fail)
    person.name = "Another"
    with pytest.raises(ZeroDivisionError):
        person.save()
    with pytest.raises(ZeroDivisionError):
        make.person("New")
    with pytest.raises(ZeroDivisionError):
        person.delete()
    with pytest.raises(ZeroDivisionError):
        make.event(create_unlogged_series()).people.add(person)
    assert list(Person.objects.values_list("name", flat=True)) == ["Ann Lee"]


def create_unlogged_series():
    """Create a series without writing the log."""
    return Series.objects.bulk_create([Series(title="One", slug="one")])[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["person", "season", "episode"])
def test_record_whose_redirect_cannot_be_created_does_not_move(monkeypatch, kind):
    episode = make.episode()
    record = {"person": make.person("Ann Lee"), "season": episode.season, "episode": episode}[kind]
    record = type(record).objects.get(pk=record.pk)
    monkeypatch.setattr(FormerSlug, "add", fail)
    url = record.get_absolute_url()
    version = Change.objects.version()
    setattr(record, "slug" if kind == "person" else "number", "ann" if kind == "person" else 9)
    with pytest.raises(ZeroDivisionError):
        record.save()
    assert type(record).objects.get(pk=record.pk).get_absolute_url() == url
    assert Change.objects.version() == version


def visible_labels():
    """The labels of all entries that visitors may see, oldest first."""
    return list(Change.objects.visible().order_by("pk").values_list("label", flat=True))


@pytest.fixture
def logged(db):
    """A published series with records of every kind of owner, by name; the log has one entry for each."""
    series = make.series("Gold")
    season = make.season(series)
    episode = make.episode(season, title="Pilot")
    person, company = make.person("Ann Lee"), make.company("Net")
    credit = make.credit(episode, person, "director")
    character = make.character(series, "Nell")
    make.series_company(series, company)
    make.event(series, "Order")
    alias = Alias.objects.create(person=person, name="A. Lee")
    Alias.objects.create(character=character, name="Nelly")
    source = make.source("Paper")
    Citation.objects.create(source=source, credit=credit)
    Citation.objects.create(source=source, alias=alias, field="name")
    records = {"series": series, "season": season, "episode": episode, "person": person, "company": company}
    return records | {"credit": credit}


# By label, the published records on which an entry depends. Sources, roles and departments are not in the list.
VISIBLE = {
    "Gold": {"series"},
    "Gold, Season 1": {"series", "season"},
    "Gold s01e01: Pilot": {"series", "season", "episode"},
    "Ann Lee": {"person"},
    "Net": {"company"},
    "Ann Lee, Director": {"series", "season", "episode", "person"},
    "Nell": {"series"},
    "Net, network of Gold": {"series", "company"},
    "Order": {"series"},
    "A. Lee": {"person"},
    "Nelly": {"series"},
    "Paper: the record": {"series", "season", "episode", "person"},
    "Paper: name": {"person"},
}


def test_entries_about_published_records_and_their_parts_are_visible(logged):
    assert visible_labels() == list(VISIBLE)


@pytest.mark.parametrize("draft", ["series", "season", "episode", "person", "company"])
@pytest.mark.parametrize("published_at", [None, timezone.now() + timedelta(days=1)], ids=["draft", "scheduled"])
def test_entries_about_drafts_and_their_parts_are_not_visible(logged, draft, published_at):
    type(logged[draft]).objects.filter(pk=logged[draft].pk).update(published_at=published_at)
    assert visible_labels() == [label for label, needed in VISIBLE.items() if draft not in needed]


def test_changes_are_visible_and_deletions_are_not(logged):
    logged["person"].born = "1950"
    logged["person"].save()
    assert visible_labels() == [*VISIBLE, "Ann Lee"]
    logged["credit"].delete()
    logged["company"].series_parts.get().delete()
    logged["company"].delete()
    hidden = {"Ann Lee, Director", "Paper: the record", "Net", "Net, network of Gold"}
    assert visible_labels() == [label for label in [*VISIBLE, "Ann Lee"] if label not in hidden]


def test_visible_entries_are_one_query(logged, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(Change.objects.visible()[:5]) == 5


def test_a_renewed_log_never_gives_a_number_for_the_second_time(db):
    make.series()
    first = Change.objects.version()
    Change.objects.renew("Restored")
    renewed = Change.objects.version()
    assert renewed > max(first, 10**15)
    make.series()
    assert renewed < Change.objects.version() < renewed + 10
    Change.objects.renew("Restored again")
    assert Change.objects.version() > renewed + 10
    assert Change.objects.first().kind == "catalogue"
