"""Reverting a record to an earlier version: with all its parts, or single fields."""

import pytest
from django.core.exceptions import ValidationError

from catalog.history.merge_records import merge_records
from catalog.history.revert import revert_to_version
from catalog.history.write_rows import ChangeRefused
from catalog.models import Alias, Change, Citation, Credit, Edit, Event, FormerSlug, Genre, Person, Series, record_edit
from catalog.models.change import record_reference
from catalog.tests import factories as make
from catalog.tests.history import assert_indexes_current, catalogue_state

pytestmark = pytest.mark.django_db


def revert(record, version, only=None):
    """Revert like the admin, from the current record."""
    with record_edit(kind=Edit.Kind.RESTORE):
        return revert_to_version(type(record).objects.get(pk=record.pk), version, only)


def current_version():
    """The version of the log."""
    return Change.objects.version()


def merge(target, duplicate):
    """Merge like the admin."""
    with record_edit(kind=Edit.Kind.MERGE, subject=record_reference(type(target), target.pk)):
        merge_records(target, duplicate)


def test_an_episode_is_reverted_with_added_changed_deleted_and_moved_credits():
    season = make.season(make.series("Harbour"))
    episode, other_episode = make.episode(season, synopsis="A boat."), make.episode(season)
    newly_cited, changed, deleted, moved = (make.credit(episode, name) for name in ("Ann", "Bob", "Cat", "Dan"))
    Citation.objects.create(source=make.source(), credit=deleted, field="person")
    citation = Citation.objects.create(source=make.source("Kept"), credit=changed)
    before, version = catalogue_state(), current_version()
    episode.title, episode.synopsis, episode.runtime = "Else", "", 51
    episode.save()
    Citation.objects.create(source=make.source(), credit=newly_cited)
    make.credit(episode, "Eve", billing=9)
    changed.billing, changed.person = 3, make.person("Fay")
    changed.save()
    citation.claim = "Otherwise"
    citation.save()
    deleted.delete()
    moved.episode = other_episode
    moved.save()
    assert revert(episode, version) == 8
    independent = {"person", "source"}  # new people and sources are no parts of the episode, and stay
    after = catalogue_state()
    assert {kind for kind in after if after[kind] != before[kind]} <= independent
    assert_indexes_current()


def test_single_columns_are_reverted_alone():
    person = make.person("Ann", born="1950", died="2001")
    version = current_version()
    person.name, person.born, person.died = "Anne", "1951", "2002"
    person.save()
    assert revert(person, version, {"born"}) == 1
    person.refresh_from_db()
    assert (person.name, person.born, person.died) == ("Anne", "1950", "2002")


def test_many_to_many_links_are_reverted_alone():
    series = make.series()
    series.genres.set([make.genre("Drama")])
    version = current_version()
    series.genres.set([make.genre("Comedy")])
    series.title = "Else"
    series.save()
    revert(series, version, {"series_genres"})
    assert [genre.name for genre in series.genres.all()] == ["Drama"]
    assert Series.objects.get().title == "Else"


def test_a_reverted_slug_redirects_from_the_later_one():
    person = make.person("Ann Lee")
    version = current_version()
    person.slug = "ann-b-lee"
    person.save()
    revert(person, version)
    assert Person.objects.get().slug == "ann-lee"
    assert list(FormerSlug.objects.values_list("old_slug", "new_slug")) == [("ann-b-lee", "ann-lee")]


def test_a_version_that_would_break_a_rule_is_refused():
    season = make.season()
    episode = make.episode(season, number=1)
    version = current_version()
    episode.number = 2
    episode.save()
    make.episode(season, number=1)
    with pytest.raises((ChangeRefused, ValidationError)):
        revert(episode, version)
    person = make.person(died="2001")
    version = current_version()
    person.died = None
    person.save()
    person.born = "2010"
    person.save()
    with pytest.raises(ValidationError, match="Nobody dies before being born"):
        revert(person, version, {"died"})


def test_links_to_merged_people_lead_to_the_merge_target():
    episode = make.episode()
    ann, anne = make.person("Ann"), make.person("Anne")
    credit = make.credit(episode, ann)
    version = current_version()
    credit.delete()
    merge(anne, ann)
    revert(episode, version)
    credit = Credit.objects.get()
    assert credit.person == anne
    version, key = current_version(), credit.pk
    make.credit(episode, role_slug="writer")
    Credit.objects.get(pk=key).delete()
    make.credit(episode, anne)
    revert(episode, version)
    assert [credit.person for credit in Credit.objects.all()] == [anne]


def test_a_credit_of_both_merged_people_is_restored_once():
    episode = make.episode()
    ann, anne = make.person("Ann"), make.person("Anne")
    make.credit(episode, anne)
    duplicate = make.credit(episode, ann)
    version = current_version()
    duplicate.delete()
    merge(anne, ann)
    revert(episode, version)
    assert [credit.person for credit in Credit.objects.all()] == [anne]


def test_a_deleted_person_is_named_as_the_conflict():
    episode = make.episode()
    credit = make.credit(episode, "Ann")
    version = current_version()
    credit.delete()
    Person.objects.all().delete()
    with pytest.raises(ChangeRefused, match="The person “Ann” no longer exists: restore it first."):
        revert(episode, version)


def test_a_deleted_genre_is_named_as_the_conflict():
    series = make.series()
    series.genres.set([make.genre("Drama")])
    version = current_version()
    series.genres.set([make.genre("Comedy")])
    Genre.objects.filter(name="Drama").delete()
    with pytest.raises(ChangeRefused, match="The genre “Drama” no longer exists"):
        revert(series, version)


def test_a_character_with_a_later_credit_is_not_deleted():
    series = make.series()
    episode = make.episode(make.season(series))
    version = current_version()
    make.credit(episode, "Ann", role_slug="cast", character=make.character(series, "Nellie"))
    with pytest.raises(ChangeRefused, match="The credit “Ann, Cast” was added later and would lose the character"):
        revert(series, version)


def test_reverting_a_series_leaves_its_seasons_alone():
    series = make.series()
    version = current_version()
    episode = make.episode(make.season(series))
    event = make.event(series)
    assert revert(series, version) == 1
    assert not Event.objects.filter(pk=event.pk).exists()
    episode.refresh_from_db()


def test_a_version_before_the_record_existed_is_refused():
    person = make.person()
    with pytest.raises(ChangeRefused, match="The record did not exist yet"):
        revert(person, 0)


def test_aliases_from_before_a_merge_are_restored():
    ann, anne = make.person("Ann"), make.person("Anne")
    Alias.objects.create(person=ann, name="Nancy")
    version = current_version()
    merge(anne, ann)
    revert(anne, version)
    assert set(anne.aliases.values_list("name", flat=True)) == {"Nancy"}
