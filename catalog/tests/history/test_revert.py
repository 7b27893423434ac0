"""A record is what it was, whole with its parts, or in single columns."""

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


def brought_back(record, version, only=None):
    """Bring back as the desk does, from the record as it is now."""
    with record_edit(kind=Edit.Kind.RESTORE):
        return revert_to_version(type(record).objects.get(pk=record.pk), version, only)


def now():
    """The log's version."""
    return Change.objects.version()


def merged(keep, gone, **how):
    """Merge as the desk does."""
    with record_edit(kind=Edit.Kind.MERGE, subject=record_reference(type(keep), keep.pk)):
        merge_records(keep, gone, **how)


def test_an_episode_comes_back_whole_with_credits_that_were_added_changed_removed_and_moved():
    season = make.season(make.series("Harbour"))
    episode, other = make.episode(season, synopsis="A boat."), make.episode(season)
    added_to, changed, removed, moved = (make.credit(episode, name) for name in ("Ann", "Bob", "Cat", "Dan"))
    Citation.objects.create(source=make.source(), credit=removed, field="person")
    kept = Citation.objects.create(source=make.source("Kept"), credit=changed)
    before, version = catalogue_state(), now()
    episode.title, episode.synopsis, episode.runtime = "Else", "", 51
    episode.save()
    Citation.objects.create(source=make.source(), credit=added_to)
    make.credit(episode, "Eve", billing=9)
    changed.billing, changed.person = 3, make.person("Fay")
    changed.save()
    kept.claim = "Otherwise"
    kept.save()
    removed.delete()
    moved.episode = other
    moved.save()
    assert brought_back(episode, version) == 8
    gone = {"person", "source"}  # new people and sources are records of their own, and stay
    assert {kind: rows for kind, rows in catalogue_state().items() if kind not in gone} == {
        kind: rows for kind, rows in before.items() if kind not in gone
    }
    assert_indexes_current()


def test_single_columns_come_back_and_the_others_stay():
    person = make.person("Ann", born="1950", died="2001")
    version = now()
    person.name, person.born, person.died = "Anne", "1951", "2002"
    person.save()
    assert brought_back(person, version, {"born"}) == 1
    person.refresh_from_db()
    assert (person.name, person.born, person.died) == ("Anne", "1950", "2002")


def test_single_ties_come_back():
    series = make.series()
    series.genres.set([make.genre("Drama")])
    version = now()
    series.genres.set([make.genre("Comedy")])
    series.title = "Else"
    series.save()
    brought_back(series, version, {"series_genres"})
    assert [genre.name for genre in series.genres.all()] == ["Drama"]
    assert Series.objects.get().title == "Else"


def test_an_address_comes_back_and_the_later_one_leads_on():
    person = make.person("Ann Lee")
    version = now()
    person.slug = "ann-b-lee"
    person.save()
    brought_back(person, version)
    assert Person.objects.get().slug == "ann-lee"
    assert list(FormerSlug.objects.values_list("old_slug", "new_slug")) == [("ann-b-lee", "ann-lee")]


def test_what_was_would_be_refused_by_the_forms_rules_too():
    season = make.season()
    episode = make.episode(season, number=1)
    version = now()
    episode.number = 2
    episode.save()
    make.episode(season, number=1)
    with pytest.raises((ChangeRefused, ValidationError)):
        brought_back(episode, version)
    person = make.person(died="2001")
    version = now()
    person.died = None
    person.save()
    person.born = "2010"
    person.save()
    with pytest.raises(ValidationError, match="Nobody dies before being born"):
        brought_back(person, version, {"died"})


def test_people_who_were_merged_since_stand_for_those_they_were():
    episode = make.episode()
    ann, anne = make.person("Ann"), make.person("Anne")
    credit = make.credit(episode, ann)
    version = now()
    credit.delete()
    merged(anne, ann)
    brought_back(episode, version)
    credit = Credit.objects.get()
    assert credit.person == anne
    version, key = now(), credit.pk
    make.credit(episode, role_slug="writer")
    Credit.objects.get(pk=key).delete()
    make.credit(episode, anne)
    brought_back(episode, version)
    assert [credit.person for credit in Credit.objects.all()] == [anne]


def test_a_credit_that_both_had_is_not_there_twice():
    episode = make.episode()
    ann, anne = make.person("Ann"), make.person("Anne")
    make.credit(episode, anne)
    twin = make.credit(episode, ann)
    version = now()
    twin.delete()
    merged(anne, ann)
    brought_back(episode, version)
    assert [credit.person for credit in Credit.objects.all()] == [anne]


def test_somebody_who_is_gone_is_named():
    episode = make.episode()
    credit = make.credit(episode, "Ann")
    version = now()
    credit.delete()
    Person.objects.all().delete()
    with pytest.raises(ChangeRefused, match="The person “Ann” no longer exists: restore it first."):
        brought_back(episode, version)


def test_something_tied_that_is_gone_is_named():
    series = make.series()
    series.genres.set([make.genre("Drama")])
    version = now()
    series.genres.set([make.genre("Comedy")])
    Genre.objects.filter(name="Drama").delete()
    with pytest.raises(ChangeRefused, match="The genre “Drama” no longer exists"):
        brought_back(series, version)


def test_a_character_that_somebody_plays_meanwhile_does_not_go():
    series = make.series()
    episode = make.episode(make.season(series))
    version = now()
    make.credit(episode, "Ann", role_slug="cast", character=make.character(series, "Nellie"))
    with pytest.raises(ChangeRefused, match="The credit “Ann, Cast” was added later and would lose the character"):
        brought_back(series, version)


def test_seasons_have_a_history_of_their_own():
    series = make.series()
    version = now()
    episode = make.episode(make.season(series))
    event = make.event(series)
    assert brought_back(series, version) == 1
    assert not Event.objects.filter(pk=event.pk).exists()
    episode.refresh_from_db()


def test_before_it_was_added_there_is_nothing_to_bring_back():
    person = make.person()
    with pytest.raises(ChangeRefused, match="The record did not exist yet"):
        brought_back(person, 0)


def test_aliases_come_back_after_a_merge_and_its_own_stay():
    ann, anne = make.person("Ann"), make.person("Anne")
    Alias.objects.create(person=ann, name="Nancy")
    version = now()
    merged(anne, ann)
    brought_back(anne, version)
    assert set(anne.aliases.values_list("name", flat=True)) == {"Nancy"}
