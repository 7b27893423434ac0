"""Credits: to which episodes they apply, visibility, sorting, protection."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils import timezone

from catalog.models import Credit, Episode, Person, Season, Series
from catalog.tests import factories as make

MAIN, RECURRING, GUEST = Credit.Kind.MAIN, Credit.Kind.RECURRING, Credit.Kind.GUEST

# The role, other fields, whether a credit on the series or season applies to each of its episodes.
APPLYING_TO_EPISODES = [
    ("director", {}, True),
    ("executive-producer", {}, True),
    ("creator", {}, True),
    ("director", {"pilot_only": True}, False),
    ("executive-producer", {"pilot_only": True}, False),
    ("director", {"for_some_episodes": True}, False),
    ("executive-producer", {"for_some_episodes": True}, False),
    ("cast", {"kind": MAIN, "for_some_episodes": True}, False),
    ("cast", {"kind": RECURRING, "for_some_episodes": True}, False),
    ("cast", {"kind": MAIN}, True),
    ("cast", {"kind": MAIN, "pilot_only": True}, False),
    ("cast", {"kind": RECURRING}, False),
    ("cast", {"kind": GUEST}, False),
    ("cast", {}, False),
    ("guest", {}, False),
    ("guest", {"kind": GUEST}, False),
]


@pytest.mark.parametrize(("role", "fields", "applies"), APPLYING_TO_EPISODES)
@pytest.mark.parametrize("level", ["series", "season"])
def test_crew_and_main_cast_of_a_series_or_season_apply_to_every_episode(db, level, role, fields, applies):
    episode = make.episode()
    credit = make.credit(getattr(episode, level), role_slug=role, **fields)
    assert Credit.objects.applying_to_episodes().filter(pk=credit.pk).exists() is applies
    assert Credit.objects.for_episode(episode).filter(pk=credit.pk).exists() is applies
    assert credit.applies_to_episodes is applies


@pytest.mark.parametrize(("role", "fields", "applies"), APPLYING_TO_EPISODES)
def test_credit_on_an_episode_applies_to_that_episode_only(db, role, fields, applies):
    episode = make.episode()
    next_episode = make.episode(episode.season)
    credit = make.credit(episode, role_slug=role, **{**fields, "for_some_episodes": False})
    assert credit.applies_to_episodes
    assert Credit.objects.for_episode(episode).get() == credit
    assert not Credit.objects.for_episode(next_episode).exists()


def test_season_credit_applies_to_its_season_and_series_credit_to_its_series(db):
    series = make.series()
    in_season_1, in_season_2 = (make.episode(make.season(series, number)) for number in (1, 2))
    in_other_series = make.episode()
    season_credit, series_credit = make.credit(in_season_1.season), make.credit(series)
    assert set(Credit.objects.for_episode(in_season_1)) == {season_credit, series_credit}
    assert set(Credit.objects.for_episode(in_season_2)) == {series_credit}
    assert not Credit.objects.for_episode(in_other_series).exists()


def test_credit_is_visible_if_person_subject_and_parents_are_published(db):
    episode = make.episode()
    person = make.person()
    credits = [make.credit(subject, person) for subject in (episode.series, episode.season, episode)]
    assert set(Credit.objects.visible()) == set(credits)

    def visible_with_draft(record):
        type(record).objects.filter(pk=record.pk).update(published_at=None)
        visible = set(Credit.objects.visible())
        type(record).objects.filter(pk=record.pk).update(published_at=episode.published_at)
        return visible

    assert visible_with_draft(person) == set()
    assert visible_with_draft(episode.series) == set()
    assert visible_with_draft(episode.season) == {credits[0]}
    assert visible_with_draft(episode) == {credits[0], credits[1]}


@pytest.mark.parametrize("moment", [None, timezone.now() + timedelta(days=1)], ids=["draft", "scheduled"])
def test_count_visible_subtracts_credits_hidden_by_drafts(db, moment):
    assert Credit.objects.count_visible() == 0
    person, series, season, episode = make.person(), make.series(), make.season(), make.episode()
    of_series = make.episode(make.season(series))
    of_season = make.episode(season)
    for last in (of_series, of_season, episode):
        for subject in (last.series, last.season, last):
            make.credit(subject, person)
            make.credit(subject)
    assert Credit.objects.count_visible() == Credit.objects.visible().count() == 18
    counts = []
    for record in (episode, season, series, person):  # a credit that two drafts hide is subtracted once
        type(record).objects.filter(pk=record.pk).update(published_at=moment)
        counts.append(Credit.objects.count_visible())
        assert counts[-1] == Credit.objects.visible().count()
    assert counts == [16, 12, 6, 3]
    assert Credit.objects.filter(person=person).count_visible() == 0


def test_credits_are_sorted_by_department_role_and_billing_with_unbilled_last(vocabulary):
    series = make.series()
    credits = [
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
    assert len(credits) == len(ordered)


def test_people_and_roles_with_credits_are_protected(db):
    credit = make.credit(make.series())
    for record in (credit.person, credit.role):
        with pytest.raises(ProtectedError):
            record.delete()
    assert Person.objects.exists()
    credit.delete()
    credit.person.delete()
    assert not Person.objects.exists()


def test_a_person_may_play_two_characters_but_none_twice(db):
    series, person = make.series(), make.person()
    characters = [make.character(series), make.character(series)]
    for character in characters:
        make.credit(series, person, "cast", character=character)
    with pytest.raises(ValidationError, match="has this role here already"):
        Credit(series=series, person=person, role=make.role("cast"), character=characters[0]).full_clean()


@pytest.mark.parametrize("levels", [(), ("series", "episode"), ("series", "season", "episode")])
def test_form_requires_exactly_one_subject(db, levels):
    episode = make.episode()
    subjects = {level: episode if level == "episode" else getattr(episode, level) for level in levels}
    with pytest.raises(ValidationError, match="Choose exactly one of: series, season, episode"):
        Credit(person=make.person(), role=make.role(), **subjects).full_clean()


def test_subject_and_parent_series_on_every_level(db):
    episode = make.episode()
    for subject in (episode.series, episode.season, episode):
        credit = Credit.objects.get(pk=make.credit(subject).pk)
        assert (credit.subject, credit.parent_series) == (subject, episode.series)
    assert {type(credit.subject) for credit in Credit.objects.for_page()} == {Series, Season, Episode}


def test_page_marks_writers_of_one_team(client, db):
    episode = make.episode()
    for name, team in (("Ann Lee", 1), ("Bob Ray", 1), ("Cy Fox", None), ("Di Orr", 2)):
        make.credit(episode, name, "writer", team=team)
    text = client.get(episode.get_absolute_url()).content.decode()
    assert ("team with Bob Ray" in text, "team with Ann Lee" in text, text.count("team with")) == (True, True, 2)
