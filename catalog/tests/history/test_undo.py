"""Undoing edits: everything is as before the edit, or the conflicts are named."""

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


def undo_edit(edit):
    """Undo an edit like the admin, and return the new edit."""
    with record_edit(kind=Edit.Kind.UNDO, undone=edit, reason="It was wrong") as undoing:
        undo(edit)
    return undoing


def refusal_reasons(edit):
    """The reasons why the undo is refused; nothing is changed then."""
    before, version = catalogue_state(), Change.objects.version()
    with pytest.raises(ChangeRefused) as refusal, record_edit():
        undo(edit)
    assert (catalogue_state(), Change.objects.version()) == (before, version)
    return refusal.value.reasons


@pytest.fixture
def episode():
    """An episode with two credits, one of them cited, and a character of its series."""
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


def link(episode):
    event = make.event(episode.series, date="2018")
    event.people.set(Person.objects.all())
    episode.series.genres.set([make.genre("Drama")])


def add_picture(episode):
    episode.picture = make.picture()
    default_storage.save(episode.picture.file.name, ContentFile(b"picture"))
    episode.save()


CHANGES = (change_fields, move, add_and_remove, delete, rename, link, add_picture)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_each_kind_of_edit_is_undone_and_so_is_the_undo(episode, change):
    before = catalogue_state()
    with record_edit(reason="Try") as edit:
        change(episode)
    after = catalogue_state()
    assert after != before
    undoing = undo_edit(edit)
    assert catalogue_state() == before
    assert_indexes_current()
    undo_edit(undoing)
    assert catalogue_state() == after
    assert_indexes_current()
    assert [edit.undone_id for edit in Edit.objects.order_by("pk")] == [None, edit.pk, undoing.pk]


def test_later_changes_of_other_fields_are_kept():
    person = make.person("Ann")
    with record_edit() as edit:
        person.born = "1950"
        person.save()
    person.died = "2001"
    person.save()
    undo_edit(edit)
    person.refresh_from_db()
    assert (person.born, person.died) == (None, "2001")


def test_a_field_that_was_changed_again_is_a_conflict():
    person = make.person("Ann")
    with record_edit() as edit:
        person.born = "1950"
        person.save()
    person.born = "1951"
    person.save()
    assert refusal_reasons(edit) == ["The person “Ann” was changed again later: born."]


def test_later_references_to_an_added_record_are_a_conflict():
    with record_edit() as edit:
        person = make.person("Ann")
    episodes = [make.episode() for _ in range(5)]
    for episode in episodes:
        make.credit(episode, person)
    (reason,) = refusal_reasons(edit)
    assert reason == (
        "The credits “Ann, Director”, “Ann, Director”, “Ann, Director” and 2 more were added later and would "
        "lose the person: delete them first."
    )
    Credit.objects.all().delete()
    undo_edit(edit)
    assert not Person.objects.filter(name="Ann").exists()


def test_later_links_of_an_added_record_are_a_conflict():
    with record_edit() as edit:
        person = make.person("Ann")
    make.event(make.series()).people.add(person)
    assert refusal_reasons(edit) == ["The person “Ann” got new links later: people."]


def test_records_that_a_deleted_credit_references_must_exist():
    episode = make.episode()
    credit = make.credit(episode, "Ann")
    with record_edit() as edit:
        credit.delete()
    episode.delete()
    Person.objects.all().delete()
    assert sorted(refusal_reasons(edit)) == [
        f"The episode “{episode}” no longer exists: restore it first.",
        "The person “Ann” no longer exists: restore it first.",
    ]


def test_a_number_that_another_episode_has_is_a_conflict():
    season = make.season()
    episode = make.episode(season, number=1)
    with record_edit() as edit:
        episode.number = 2
        episode.save()
    make.episode(season, number=1)
    assert refusal_reasons(edit) == ["Another episode now has the same season, number."]


def test_a_number_that_another_double_episode_covers_is_refused_in_words():
    season = make.season()
    episode = make.episode(season, number=1, last_number=3)
    with record_edit() as edit:
        episode.last_number = 2
        episode.save()
    make.episode(season, number=3)
    assert refusal_reasons(edit) == [
        "A record that was added or changed since has the same number, name or identifier."
    ]


def test_a_violated_conditional_constraint_is_refused_in_words():
    ids = {"scheme": "imdb", "value": "1"}
    person = make.person()
    identifier = person.external_ids.create(**ids)
    with record_edit() as edit:
        identifier.delete()
    make.person().external_ids.create(**ids)
    assert refusal_reasons(edit) == [
        "A record that was added or changed since has the same number, name or identifier."
    ]


def test_a_credit_that_became_pilot_only_is_not_for_some_episodes_again():
    credit = make.credit(make.series(), for_some_episodes=True)
    with record_edit() as edit:
        credit.for_some_episodes = False
        credit.save()
    undo_edit(undo_edit(edit))
    Credit.objects.get(pk=credit.pk)
    credit.pilot_only = True
    credit.save()
    assert refusal_reasons(edit) == ["A credit is for the pilot only or for some episodes: untick one of the two."]


def test_later_deletion_or_restoration_is_a_conflict():
    person = make.person("Ann")
    with record_edit() as first:
        person.born = "1950"
        person.save()
    with record_edit() as second:
        person.delete()
    assert refusal_reasons(first) == ["The person “Ann” was deleted later."]
    undo_edit(second)
    assert refusal_reasons(second) == ["The person “Ann” was restored later."]


def test_episodes_that_swapped_numbers_swap_back():
    season = make.season()
    first, second = make.episode(season, number=1), make.episode(season, number=2)
    before = [dict(row) for row in Episode.objects.order_by("pk").values()]
    with record_edit() as edit:
        for episode, number in ((first, 3), (second, 1), (first, 2)):
            episode.number = number
            episode.save()
    FormerSlug.objects.all().delete()
    Change.objects.filter(kind="formerslug").delete()
    make.credit(first)
    undo_edit(edit)
    assert list(Episode.objects.order_by("pk").values()) == before
    assert first.credits.count() == 1


def test_a_change_without_values_cannot_be_undone():
    edit = Edit.objects.create()
    Change.objects.create(action="changed", kind="person", record_id=1, label="Ann", edit=edit)
    assert refusal_reasons(edit) == ["The values that this edit changed were not recorded."]


def test_an_alias_of_a_deleted_person_is_not_restored():
    alias = Alias.objects.create(person=make.person("Ann"), name="Nancy")
    with record_edit() as edit:
        alias.delete()
    Person.objects.all().delete()
    assert refusal_reasons(edit) == ["The person “Ann” no longer exists: restore it first."]
    assert not Alias.objects.exists()
    assert not Event.objects.exists()
    assert not Season.objects.exists()
