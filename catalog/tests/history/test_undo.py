"""Undo: everything is as it was before the edit, or it is said what stands in the way."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from catalog.history.revert import undo
from catalog.history.write_rows import ChangeRefused
from catalog.models import (
    Alias,
    Change,
    Citation,
    Credit,
    Edit,
    Episode,
    Event,
    FormerSlug,
    Person,
    Season,
    record_edit,
)
from catalog.tests import factories as make
from catalog.tests.history import assert_indexes_current, catalogue_state

pytestmark = pytest.mark.django_db


def undone(edit):
    """Undo an edit as the desk does: as an edit of its own."""
    with record_edit(kind=Edit.Kind.UNDO, undone=edit, reason="It was wrong") as act:
        undo(edit)
    return act


def reasons(edit):
    """Why it is refused; nothing is changed then."""
    before, version = catalogue_state(), Change.objects.version()
    with pytest.raises(ChangeRefused) as refusal, record_edit():
        undo(edit)
    assert (catalogue_state(), Change.objects.version()) == (before, version)
    return refusal.value.reasons


@pytest.fixture
def episode():
    """An episode with two credits, one of them cited, and a character that is featured."""
    episode = make.episode(make.season(make.series("Harbour")), synopsis="A boat.")
    make.credit(episode, "Ann")
    cited = make.credit(episode, "Bob", role_slug="writer", billing=1)
    Citation.objects.create(source=make.source(), credit=cited)
    make.character(episode.series, "Nellie")
    return episode


def change_fields(episode):
    episode.title, episode.runtime, episode.air_date = "Another", 51, "2019-12"
    episode.save()


def move(episode):
    episode.season = make.season(episode.series, number=2)
    episode.save()


def add_and_remove(episode):
    Credit.objects.get(person__name="Bob").delete()
    make.credit(episode, "Cat", billing=2)


def delete(episode):
    episode.delete()


def rename(episode):
    series = episode.series
    series.title, series.slug = "Quayside", "quayside"
    series.save()


def tie(episode):
    event = make.event(episode.series, date="2018")
    event.people.set(Person.objects.all())
    episode.series.genres.set([make.genre("Drama")])


def loosen(episode):
    episode.picture = make.picture()
    default_storage.save(episode.picture.file.name, ContentFile(b"picture"))
    episode.save()


EDITS = (change_fields, move, add_and_remove, delete, rename, tie, loosen)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_each_kind_of_edit_is_undone_and_the_undoing_too(episode, edit):
    before = catalogue_state()
    with record_edit(reason="Try") as act:
        edit(episode)
    after = catalogue_state()
    assert after != before
    taken_back = undone(act)
    assert catalogue_state() == before
    assert_indexes_current()
    undone(taken_back)
    assert catalogue_state() == after
    assert_indexes_current()
    assert [one.undone_id for one in Edit.objects.order_by("pk")] == [None, act.pk, taken_back.pk]


def test_what_else_changed_in_the_same_row_since_stays():
    person = make.person("Ann")
    with record_edit() as act:
        person.born = "1950"
        person.save()
    person.died = "2001"
    person.save()
    undone(act)
    person.refresh_from_db()
    assert (person.born, person.died) == (None, "2001")


def test_a_value_that_was_changed_again_is_not_overwritten():
    person = make.person("Ann")
    with record_edit() as act:
        person.born = "1950"
        person.save()
    person.born = "1951"
    person.save()
    assert reasons(act) == ["The person “Ann” was changed again later: born."]


def test_what_was_added_stays_while_something_else_needs_it():
    with record_edit() as act:
        person = make.person("Ann")
    episodes = [make.episode() for _ in range(5)]
    for episode in episodes:
        make.credit(episode, person)
    (reason,) = reasons(act)
    assert reason == (
        "The credits “Ann, Director”, “Ann, Director”, “Ann, Director” and 2 more were added later and would "
        "lose the person: delete them first."
    )
    Credit.objects.all().delete()
    undone(act)
    assert not Person.objects.filter(name="Ann").exists()


def test_what_was_added_stays_while_it_is_tied_to_something():
    with record_edit() as act:
        person = make.person("Ann")
    make.event(make.series()).people.add(person)
    assert reasons(act) == ["The person “Ann” got new links later: people."]


def test_what_an_edit_took_a_thing_away_from_must_still_be_there():
    episode = make.episode()
    credit = make.credit(episode, "Ann")
    with record_edit() as act:
        credit.delete()
    episode.delete()
    Person.objects.all().delete()
    assert sorted(reasons(act)) == [
        f"The episode “{episode}” no longer exists: restore it first.",
        "The person “Ann” no longer exists: restore it first.",
    ]


def test_a_place_that_was_taken_is_not_taken_back():
    season = make.season()
    episode = make.episode(season, number=1)
    with record_edit() as act:
        episode.number = 2
        episode.save()
    make.episode(season, number=1)
    assert reasons(act) == ["Another episode now has the same season, number."]


def test_an_identifier_that_was_taken_is_refused_by_the_database_in_words():
    ids = {"scheme": "imdb", "value": "1"}
    person = make.person()
    identifier = person.external_ids.create(**ids)
    with record_edit() as act:
        identifier.delete()
    make.person().external_ids.create(**ids)
    assert reasons(act) == ["A record that was added or changed since has the same number, name or identifier."]


def test_what_was_deleted_since_or_brought_back_is_said():
    person = make.person("Ann")
    with record_edit() as first:
        person.born = "1950"
        person.save()
    with record_edit() as second:
        person.delete()
    assert reasons(first) == ["The person “Ann” was deleted later."]
    undone(second)
    assert reasons(second) == ["The person “Ann” was restored later."]


def test_episodes_that_changed_places_change_back():
    season = make.season()
    one, two = make.episode(season, number=1), make.episode(season, number=2)
    before = [dict(row) for row in Episode.objects.order_by("pk").values()]
    with record_edit() as act:
        for episode, number in ((one, 3), (two, 1), (one, 2)):
            episode.number = number
            episode.save()
    FormerSlug.objects.all().delete()
    Change.objects.filter(kind="formerslug").delete()
    make.credit(one)
    undone(act)
    assert list(Episode.objects.order_by("pk").values()) == before
    assert one.credits.count() == 1


def test_an_entry_without_values_cannot_be_undone():
    act = Edit.objects.create()
    Change.objects.create(action="changed", kind="person", record_id=1, label="Ann", edit=act)
    assert reasons(act) == ["The values that this edit changed were not recorded."]


def test_an_alias_of_a_person_who_is_gone_stays_gone():
    alias = Alias.objects.create(person=make.person("Ann"), name="Nancy")
    with record_edit() as act:
        alias.delete()
    Person.objects.all().delete()
    assert reasons(act) == ["The person “Ann” no longer exists: restore it first."]
    assert not Alias.objects.exists()
    assert not Event.objects.exists()
    assert not Season.objects.exists()
