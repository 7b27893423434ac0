"""Credits: on what they hold, who may see them, in which order they stand; roles and characters."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils import timezone

from catalog.models import Credit, Episode, Person, Role, Season, Series
from catalog.models.credit import check_words
from catalog.tests import factories as make

MAIN, RECURRING, GUEST = Credit.Kind.MAIN, Credit.Kind.RECURRING, Credit.Kind.GUEST

# The role, what else is said, whether a credit on the series or the season holds for each of its episodes.
HOLDING = [
    ("director", {}, True),
    ("executive-producer", {}, True),
    ("creator", {}, True),
    ("director", {"pilot_only": True}, False),
    ("executive-producer", {"pilot_only": True}, False),
    ("cast", {"kind": MAIN}, True),
    ("cast", {"kind": MAIN, "pilot_only": True}, False),
    ("cast", {"kind": RECURRING}, False),
    ("cast", {"kind": GUEST}, False),
    ("cast", {}, False),
    ("guest", {}, False),
    ("guest", {"kind": GUEST}, False),
]


@pytest.mark.parametrize(("role", "fields", "holds"), HOLDING)
@pytest.mark.parametrize("level", ["series", "season"])
def test_crew_and_main_cast_hold_for_every_episode_and_nobody_else_does(db, level, role, fields, holds):
    episode = make.episode()
    credit = make.credit(getattr(episode, level), role_slug=role, **fields)
    assert Credit.objects.applying_to_episodes().filter(pk=credit.pk).exists() is holds
    assert Credit.objects.for_episode(episode).filter(pk=credit.pk).exists() is holds
    assert credit.applies_to_episodes is holds


@pytest.mark.parametrize(("role", "fields", "holds"), HOLDING)
def test_on_an_episode_every_credit_holds_for_it_and_for_no_other(db, role, fields, holds):
    episode = make.episode()
    other = make.episode(episode.season)
    credit = make.credit(episode, role_slug=role, **fields)
    assert credit.applies_to_episodes
    assert Credit.objects.for_episode(episode).get() == credit
    assert not Credit.objects.for_episode(other).exists()


def test_a_season_credit_holds_in_its_season_and_a_series_credit_in_its_series_only(db):
    series = make.series()
    first, second, elsewhere = (make.episode(season) for season in (make.season(series), make.season(series, 2), None))
    of_season, of_series = make.credit(first.season), make.credit(series)
    assert set(Credit.objects.for_episode(first)) == {of_season, of_series}
    assert set(Credit.objects.for_episode(second)) == {of_series}
    assert not Credit.objects.for_episode(elsewhere).exists()


def test_a_credit_is_seen_when_its_person_and_all_above_its_subject_are_published(db):
    episode = make.episode()
    person = make.person()
    credits = [make.credit(on, person) for on in (episode.series, episode.season, episode)]
    assert set(Credit.objects.visible()) == set(credits)

    def seen_without(record):
        type(record).objects.filter(pk=record.pk).update(published_at=None)
        found = set(Credit.objects.visible())
        type(record).objects.filter(pk=record.pk).update(published_at=episode.published_at)
        return found

    assert seen_without(person) == set()
    assert seen_without(episode.series) == set()
    assert seen_without(episode.season) == {credits[0]}
    assert seen_without(episode) == {credits[0], credits[1]}


@pytest.mark.parametrize("moment", [None, timezone.now() + timedelta(days=1)], ids=["draft", "scheduled"])
def test_count_seen_leaves_out_the_credits_hidden_by_drafts_of_every_kind(db, moment):
    assert Credit.objects.count_visible() == 0
    person, series, season, episode = make.person(), make.series(), make.season(), make.episode()
    part = make.episode(make.season(series))
    below = make.episode(season)
    for on in (series, part.season, part, season.series, season, below, episode.season.series, episode.season, episode):
        make.credit(on, person)
        make.credit(on)
    assert Credit.objects.count_visible() == Credit.objects.visible().count() == 18
    counts = []
    for record in (episode, season, series, person):  # a credit that two drafts hide is taken off once
        type(record).objects.filter(pk=record.pk).update(published_at=moment)
        counts.append(Credit.objects.count_visible())
        assert counts[-1] == Credit.objects.visible().count()
    assert counts == [16, 12, 6, 3]
    assert Credit.objects.filter(person=person).count_visible() == 0


def test_credits_stand_by_department_role_and_billing_with_the_unbilled_last(vocabulary):
    series = make.series()
    made = [
        make.credit(series, "Zoe Last", "cast", billing=None),
        make.credit(series, "Ann Second", "cast", billing=2),
        make.credit(series, "Bob First", "cast", billing=1),
        make.credit(series, "Ada Unbilled", "cast", billing=None),
        make.credit(series, "Eve Editor", "editor"),
        make.credit(series, "Cy Creator", "creator"),
        make.credit(series, "Di Director", "director"),
        make.credit(series, "Wu Writer", "writer"),
    ]
    ordered = [credit.person.name.split()[0] for credit in Credit.objects.filter(series=series).in_order()]
    assert ordered == ["Cy", "Di", "Wu", "Bob", "Ann", "Zoe", "Ada", "Eve"]
    assert len(made) == len(ordered)


def test_somebody_with_a_credit_is_protected_and_so_is_a_role_that_is_given(db):
    credit = make.credit(make.series())
    for record in (credit.person, credit.role):
        with pytest.raises(ProtectedError):
            record.delete()
    assert Person.objects.exists()
    credit.delete()
    credit.person.delete()
    assert not Person.objects.exists()


def test_one_person_may_play_two_characters_but_none_twice(db):
    series, person = make.series(), make.person()
    twins = [make.character(series), make.character(series)]
    for character in twins:
        make.credit(series, person, "cast", character=character)
    with pytest.raises(ValidationError, match="has this role here already"):
        Credit(series=series, person=person, role=make.role("cast"), character=twins[0]).full_clean()


@pytest.mark.parametrize("levels", [(), ("series", "episode"), ("series", "season", "episode")])
def test_a_form_says_that_a_credit_is_on_exactly_one(db, levels):
    episode = make.episode()
    on = {level: episode if level == "episode" else getattr(episode, level) for level in levels}
    with pytest.raises(ValidationError, match="Choose exactly one of: series, season, episode"):
        Credit(person=make.person(), role=make.role(), **on).full_clean()


def test_a_credit_names_its_subject_and_its_series_on_every_level(db):
    episode = make.episode()
    for subject in (episode.series, episode.season, episode):
        credit = Credit.objects.get(pk=make.credit(subject).pk)
        assert (credit.subject, credit.parent_series) == (subject, episode.series)
    assert {type(credit.subject) for credit in Credit.objects.for_page()} == {Series, Season, Episode}


def test_writers_of_one_team_say_so_on_the_page_and_other_writers_do_not(client, db):
    episode = make.episode()
    for name, team in (("Ann Lee", 1), ("Bob Ray", 1), ("Cy Fox", None), ("Di Orr", 2)):
        make.credit(episode, name, "writer", team=team)
    text = client.get(episode.get_absolute_url()).content.decode()
    assert ("team with Bob Ray" in text, "team with Ann Lee" in text, text.count("team with")) == (True, True, 2)


@pytest.mark.parametrize("wrong", ["Directed by", {"a": 1}, [1], [""], ["a\x00b"], None])
def test_synonyms_of_a_role_are_a_list_of_words(wrong):
    with pytest.raises(ValidationError):
        check_words(wrong)


def test_a_role_without_synonyms_is_right(db):
    role = make.role("grip")
    role.full_clean()
    assert check_words(["Grip", "Key grip"]) is None
    assert Role.objects.get().synonyms == []
