"""Merging records: everything moves, nothing is lost, and the merge can be undone."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from catalog.facets.index import registry
from catalog.history.merge_records import merge_records, plan_merge
from catalog.history.revert import undo
from catalog.history.write_rows import ChangeRefused
from catalog.models import (
    Alias,
    Citation,
    Credit,
    Cue,
    Edit,
    ExternalId,
    FeaturedCharacter,
    FormerSlug,
    Person,
    Song,
    record_edit,
)
from catalog.models.change import record_reference
from catalog.search import name_cache
from catalog.tests import factories as make
from catalog.tests.history import assert_indexes_current, catalogue_state

pytestmark = pytest.mark.django_db


def merge(target, duplicate, **options):
    """Merge like the admin; return the edit."""
    model, subject = type(target), record_reference(type(target), target.pk)
    with record_edit(kind=Edit.Kind.MERGE, subject=subject, reason="The same") as edit:
        merge_records(model.objects.get(pk=target.pk), type(duplicate).objects.get(pk=duplicate.pk), **options)
    return edit


def undo_merge(edit):
    """Undo like the admin."""
    with record_edit(kind=Edit.Kind.UNDO, undone=edit):
        undo(edit)


def test_credits_move_and_equal_credits_are_merged_with_their_citations():
    ann, anne, episode, source = make.person("Ann"), make.person("Anne"), make.episode(), make.source()
    kept_credit, duplicate = (
        make.credit(episode, ann, billing=2),
        make.credit(episode, anne, billing=5, note="Uncredited"),
    )
    moved = make.credit(make.episode(), anne)
    for credit, field in ((kept_credit, "person"), (duplicate, "person"), (duplicate, "billing")):
        Citation.objects.create(source=source, credit=credit, field=field)
    before = catalogue_state()
    edit = merge(ann, anne)
    assert set(Credit.objects.values_list("pk", "person", "billing", "note")) == {
        (kept_credit.pk, ann.pk, 2, "Uncredited"),
        (moved.pk, ann.pk, None, ""),
    }
    assert set(Citation.objects.values_list("credit", "field")) == {
        (kept_credit.pk, "person"),
        (kept_credit.pk, "billing"),
    }
    assert_indexes_current()
    undo_merge(edit)
    assert catalogue_state() == before
    assert_indexes_current()


@pytest.mark.parametrize(
    ("first", "second"), [({"pilot_only": True}, {"for_some_episodes": True}), ({}, {"for_some_episodes": True})]
)
def test_of_equal_credits_the_kept_one_says_for_what_part_of_the_series(first, second):
    series, ann, anne = make.series(), make.person("Ann"), make.person("Anne")
    make.credit(series, ann, **first)
    make.credit(series, anne, **second)
    before = catalogue_state()
    edit = merge(ann, anne)
    credit = ann.credits.get()
    assert (credit.pilot_only, credit.for_some_episodes) == (bool(first), False)
    undo_merge(edit)
    assert catalogue_state() == before


def test_empty_fields_are_filled_and_conflicting_ones_can_be_chosen():
    ann = make.person("Ann Lee", born="1950", published_at=None)
    duplicate = make.person("A. Lee", born="1951", died="2001", biography="Somebody.")
    plan = plan_merge(ann, duplicate)
    assert set(plan.filled_values) == {"died", "biography", "published_at"}
    assert {name: tuple(map(str, both)) for name, both in plan.conflicting_values.items()} == {
        "name": ("Ann Lee", "A. Lee"),
        "sort_name": ("Lee, Ann", "Lee, A."),
        "born": ("1950", "1951"),
    }
    merge(ann, duplicate, prefer_duplicate=["born"])
    ann.refresh_from_db()
    assert (ann.name, ann.born, ann.died, ann.biography) == ("Ann Lee", "1951", "2001", "Somebody.")
    assert ann.published_at == duplicate.published_at


@pytest.mark.parametrize(("preferred", "name"), [([], "A. Lee"), (["name"], "Ann Lee")])
def test_the_dropped_name_becomes_an_alias(preferred, name):
    ann, duplicate = make.person("Ann Lee"), make.person("A. Lee")
    merge(ann, duplicate, prefer_duplicate=preferred)
    assert [alias.name for alias in Alias.objects.filter(person=ann)] == [name]


def test_an_alias_is_added_once_and_only_if_requested():
    ann, second, third = make.person("Ann Lee"), make.person("A. Lee"), make.person("Ann Lee", slug="a-third")
    Alias.objects.create(person=ann, name="A. Lee")
    merge(ann, second)
    merge(ann, third)
    merge(ann, make.person("Nobody"), add_alias=False)
    assert [alias.name for alias in Alias.objects.all()] == ["A. Lee"]


def test_former_addresses_redirect_over_several_merges(client):
    ann, anne, nan = make.person("Ann"), make.person("Anne"), make.person("Nan")
    ann.slug = "ann-old"
    ann.save()
    merge(anne, ann)
    merge(nan, anne)
    for slug in ("ann", "ann-old", "anne"):
        response = client.get(f"/people/{slug}/")
        assert (response.status_code, response["Location"]) == (301, "/people/nan/")
    assert set(FormerSlug.objects.values_list("new_slug", flat=True)) == {"nan"}


def test_two_merges_are_undone_in_reverse_order():
    ann, anne, nan = make.person("Ann"), make.person("Anne"), make.person("Nan")
    for person in (ann, anne, nan):
        make.credit(make.episode(), person)
    states = [catalogue_state()]
    first = merge(anne, ann)
    states.append(catalogue_state())
    second = merge(nan, anne)
    with pytest.raises(ChangeRefused, match="The person “Anne” was deleted later."):
        undo_merge(first)
    undo_merge(second)
    assert catalogue_state() == states[1]
    undo_merge(first)
    assert catalogue_state() == states[0]


def test_undoing_a_merge_leaves_later_credits_alone():
    ann, anne = make.person("Ann"), make.person("Anne")
    make.credit(make.episode(), anne)
    edit = merge(ann, anne)
    later = make.credit(make.episode(), ann)
    undo_merge(edit)
    assert list(ann.credits.all()) == [later]
    assert anne.credits.count() == 1


def test_events_list_the_merged_person_once():
    ann, anne, series = make.person("Ann"), make.person("Anne"), make.series()
    event_of_both, event_of_anne = make.event(series), make.event(series)
    event_of_both.people.set([ann, anne])
    event_of_anne.people.set([anne])
    before = catalogue_state()
    edit = merge(ann, anne)
    assert list(event_of_both.people.all()) == list(event_of_anne.people.all()) == [ann]
    undo_merge(edit)
    assert catalogue_state() == before


def test_companies_merge_with_their_parts_and_identifiers():
    net, network, series = make.company("Net"), make.company("Network"), make.series()
    make.series_company(series, net)
    make.series_company(series, network, note="From 2001")
    make.series_company(make.series(), network)
    ExternalId.objects.create(company=network, scheme="imdb", value="1")
    series.availability.create(platform=net)
    series.availability.create(platform=network)
    before = catalogue_state()
    edit = merge(net, network)
    assert set(net.series_parts.values_list("series", "note")) == {(series.pk, "From 2001"), (series.pk + 1, "")}
    assert net.availability.count() == net.external_ids.count() == 1
    assert [alias.name for alias in net.aliases.all()] == ["Network"]
    assert_indexes_current()
    undo_merge(edit)
    assert catalogue_state() == before


def test_characters_merge_with_their_performers_and_songs():
    series = make.series()
    nellie, nell = make.character(series, "Nellie"), make.character(series, "Nell", full_name="Nell O'Hara")
    episode = make.episode(make.season(series))
    make.credit(episode, "Ann", role_slug="cast", character=nell)
    for character in (nellie, nell):
        FeaturedCharacter.objects.create(episode=episode, character=character)
    cue = Cue.objects.create(episode=episode, song=Song.objects.create(title="One"))
    cue.performers.set([nell])
    before = catalogue_state()
    edit = merge(nellie, nell)
    assert Credit.objects.get().character == FeaturedCharacter.objects.get().character == nellie
    assert list(cue.performers.all()) == [nellie]
    nellie.refresh_from_db()
    assert (nellie.full_name, [alias.name for alias in nellie.aliases.all()]) == ("Nell O'Hara", ["Nell"])
    assert_indexes_current()
    undo_merge(edit)
    assert catalogue_state() == before


def test_records_that_cannot_be_the_same_are_refused():
    ann, series = make.person("Ann"), make.series()
    with pytest.raises(ChangeRefused, match="Only two people, two companies, two characters or two artists"):
        plan_merge(ann, make.company())
    with pytest.raises(ChangeRefused, match="Only two people"):
        plan_merge(series, make.series())
    with pytest.raises(ChangeRefused, match="into itself"):
        plan_merge(ann, Person.objects.get(pk=ann.pk))
    with pytest.raises(ChangeRefused, match="Characters of different series cannot be merged"):
        plan_merge(make.character(series), make.character(make.series()))


def test_songs_of_both_artists_become_one_and_their_addresses_lead_to_it():
    one, two = make.artist("Ann Ngo"), make.artist("Anne Ngo")
    target_song, equal, second = make.song("Lantern", one), make.song("Lantern", two), make.song("Harbour", two)
    first_episode, episode = make.episode(), make.episode()
    first_episode.cues.create(song=target_song), first_episode.cues.create(song=equal), episode.cues.create(song=equal)
    edit = merge(one, two)
    assert set(one.songs.all()) == {target_song, second}
    assert [cue.song for cue in (first_episode.cues.get(), episode.cues.get())] == [target_song, target_song]
    assert FormerSlug.resolve("artist", "anne-ngo") == "ann-ngo"
    assert FormerSlug.resolve("song", equal.slug) == "lantern"
    undo_merge(edit)
    assert (equal.cues.count(), two.songs.count(), FormerSlug.objects.count()) == (2, 2, 0)


def test_a_merge_that_would_break_a_rule_is_refused():
    ann, anne = make.person("Ann", died="1960"), make.person("Anne", born="1970")
    before = catalogue_state()
    with pytest.raises(ValidationError, match="Nobody dies before being born"):
        merge(ann, anne)
    assert catalogue_state() == before


PERSON = st.integers(0, 3)
CREDIT = st.tuples(PERSON, st.integers(0, 2), st.sampled_from(["director", "cast"]), st.booleans(), st.booleans())
WORLD = st.fixed_dictionaries(
    {
        "credits": st.lists(CREDIT, max_size=8, unique_by=lambda credit: (credit[0], credit[1], credit[2])),
        "aliases": st.lists(st.tuples(PERSON, st.sampled_from(["Nan", "Nancy"])), max_size=4, unique=True),
        "events": st.lists(st.sets(PERSON), max_size=2),
        "merges": st.lists(st.tuples(PERSON, PERSON, st.booleans()), min_size=1, max_size=4),
    }
)


def build(world):
    """Four people with credits, citations, aliases and events. Returns the people."""
    registry.reset()  # each example is rolled back, and the log starts again
    name_cache.reset()
    people = [make.person(f"Person {letter}") for letter in "ABCD"]
    season, source = make.season(make.series()), make.source()
    episodes = [make.episode(season) for _ in range(3)]
    for person, episode, role, is_billed, is_cited in world["credits"]:
        credit = make.credit(episodes[episode], people[person], role_slug=role, billing=person if is_billed else None)
        if is_cited:
            Citation.objects.create(source=source, credit=credit)
    for person, name in world["aliases"]:
        Alias.objects.create(person=people[person], name=name)
    for present in world["events"]:
        make.event(season.series).people.set([people[person] for person in present])
    return people


class RandomMerges(TestCase):
    """Any merges in any order, undone in reverse order, restore the catalogue."""

    @settings(max_examples=5, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(world=WORLD)
    def test_merging_and_undoing_changes_nothing(self, world):
        people, edits = build(world), []
        for target, duplicate, add_alias in world["merges"]:
            existing = set(Person.objects.values_list("pk", flat=True))
            if target != duplicate and {people[target].pk, people[duplicate].pk} <= existing:
                before, credited = catalogue_state(), set(Credit.objects.values_list("episode", "role"))
                edits.append((merge(people[target], people[duplicate], add_alias=add_alias), before))
                assert set(Credit.objects.values_list("episode", "role")) == credited
        assert_indexes_current()
        for edit, before in reversed(edits):
            undo_merge(edit)
            assert catalogue_state() == before
