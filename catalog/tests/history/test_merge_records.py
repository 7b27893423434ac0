"""Two records that are one: everything moves, nothing is lost, and it can be taken back."""

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


def merged(keep, gone, **how):
    """Merge as the desk does; the edit."""
    with record_edit(kind=Edit.Kind.MERGE, subject=record_reference(type(keep), keep.pk), reason="The same") as act:
        merge_records(type(keep).objects.get(pk=keep.pk), type(gone).objects.get(pk=gone.pk), **how)
    return act


def undone(act):
    """Undo as the desk does."""
    with record_edit(kind=Edit.Kind.UNDO, undone=act):
        undo(act)


def test_credits_move_and_one_that_both_have_is_filled_and_cited_once():
    ann, anne, episode, source = make.person("Ann"), make.person("Anne"), make.episode(), make.source()
    mine, twin = make.credit(episode, ann, billing=2), make.credit(episode, anne, billing=5, note="Uncredited")
    moves = make.credit(make.episode(), anne)
    for credit, field in ((mine, "person"), (twin, "person"), (twin, "billing")):
        Citation.objects.create(source=source, credit=credit, field=field)
    before = catalogue_state()
    act = merged(ann, anne)
    assert set(Credit.objects.values_list("pk", "person", "billing", "note")) == {
        (mine.pk, ann.pk, 2, "Uncredited"),
        (moves.pk, ann.pk, None, ""),
    }
    assert set(Citation.objects.values_list("credit", "field")) == {(mine.pk, "person"), (mine.pk, "billing")}
    assert_indexes_current()
    undone(act)
    assert catalogue_state() == before
    assert_indexes_current()


def test_what_is_empty_is_filled_and_where_both_say_something_an_editor_chooses():
    ann = make.person("Ann Lee", born="1950", published_at=None)
    other = make.person("A. Lee", born="1951", died="2001", biography="Somebody.")
    plan = plan_merge(ann, other)
    assert set(plan.filled_values) == {"died", "biography", "published_at"}
    assert {name: tuple(map(str, both)) for name, both in plan.conflicting_values.items()} == {
        "name": ("Ann Lee", "A. Lee"),
        "sort_name": ("Lee, Ann", "Lee, A."),
        "born": ("1950", "1951"),
    }
    merged(ann, other, prefer_duplicate=["born"])
    ann.refresh_from_db()
    assert (ann.name, ann.born, ann.died, ann.biography) == ("Ann Lee", "1951", "2001", "Somebody.")
    assert ann.published_at == other.published_at


@pytest.mark.parametrize(("take", "name"), [([], "A. Lee"), (["name"], "Ann Lee")])
def test_the_name_that_goes_stays_as_an_alias(take, name):
    ann, other = make.person("Ann Lee"), make.person("A. Lee")
    merged(ann, other, prefer_duplicate=take)
    assert [alias.name for alias in Alias.objects.filter(person=ann)] == [name]


def test_an_alias_is_kept_only_when_that_is_wanted_and_not_twice():
    ann, other, third = make.person("Ann Lee"), make.person("A. Lee"), make.person("Ann Lee", slug="a-third")
    Alias.objects.create(person=ann, name="A. Lee")
    merged(ann, other)
    merged(ann, third)
    merged(ann, make.person("Nobody"), add_alias=False)
    assert [alias.name for alias in Alias.objects.all()] == ["A. Lee"]


def test_old_addresses_lead_on_over_several_merges(client):
    ann, anne, nan = make.person("Ann"), make.person("Anne"), make.person("Nan")
    ann.slug = "ann-old"
    ann.save()
    merged(anne, ann)
    merged(nan, anne)
    for slug in ("ann", "ann-old", "anne"):
        answer = client.get(f"/people/{slug}/")
        assert (answer.status_code, answer["Location"]) == (301, "/people/nan/")
    assert set(FormerSlug.objects.values_list("new_slug", flat=True)) == {"nan"}


def test_two_merges_in_a_row_are_undone_one_after_the_other():
    ann, anne, nan = make.person("Ann"), make.person("Anne"), make.person("Nan")
    for person in (ann, anne, nan):
        make.credit(make.episode(), person)
    states = [catalogue_state()]
    first = merged(anne, ann)
    states.append(catalogue_state())
    second = merged(nan, anne)
    with pytest.raises(ChangeRefused, match="The person “Anne” was deleted later."):
        undone(first)
    undone(second)
    assert catalogue_state() == states[1]
    undone(first)
    assert catalogue_state() == states[0]


def test_what_came_after_a_merge_stays_when_it_is_undone():
    ann, anne = make.person("Ann"), make.person("Anne")
    make.credit(make.episode(), anne)
    act = merged(ann, anne)
    later = make.credit(make.episode(), ann)
    undone(act)
    assert list(ann.credits.all()) == [later]
    assert anne.credits.count() == 1


def test_events_keep_their_people_once():
    ann, anne, series = make.person("Ann"), make.person("Anne"), make.series()
    both, one = make.event(series), make.event(series)
    both.people.set([ann, anne])
    one.people.set([anne])
    before = catalogue_state()
    act = merged(ann, anne)
    assert list(both.people.all()) == list(one.people.all()) == [ann]
    undone(act)
    assert catalogue_state() == before


def test_companies_are_merged_with_their_parts_and_identifiers():
    net, network, series = make.company("Net"), make.company("Network"), make.series()
    make.series_company(series, net)
    make.series_company(series, network, note="From 2001")
    make.series_company(make.series(), network)
    ExternalId.objects.create(company=network, scheme="imdb", value="1")
    series.availability.create(platform=net)
    series.availability.create(platform=network)
    before = catalogue_state()
    act = merged(net, network)
    assert set(net.series_parts.values_list("series", "note")) == {(series.pk, "From 2001"), (series.pk + 1, "")}
    assert net.availability.count() == net.external_ids.count() == 1
    assert not Alias.objects.exists()
    assert_indexes_current()
    undone(act)
    assert catalogue_state() == before


def test_characters_are_merged_with_who_played_them_and_what_they_sang():
    series = make.series()
    nellie, nell = make.character(series, "Nellie"), make.character(series, "Nell", full_name="Nell O'Hara")
    episode = make.episode(make.season(series))
    make.credit(episode, "Ann", role_slug="cast", character=nell)
    for who in (nellie, nell):
        FeaturedCharacter.objects.create(episode=episode, character=who)
    cue = Cue.objects.create(episode=episode, song=Song.objects.create(title="One"))
    cue.performers.set([nell])
    before = catalogue_state()
    act = merged(nellie, nell)
    assert Credit.objects.get().character == FeaturedCharacter.objects.get().character == nellie
    assert list(cue.performers.all()) == [nellie]
    nellie.refresh_from_db()
    assert (nellie.full_name, [alias.name for alias in nellie.aliases.all()]) == ("Nell O'Hara", ["Nell"])
    assert_indexes_current()
    undone(act)
    assert catalogue_state() == before


def test_what_cannot_be_one_is_refused_with_words():
    ann, series = make.person("Ann"), make.series()
    with pytest.raises(ChangeRefused, match="Only two people, two companies or two characters"):
        plan_merge(ann, make.company())
    with pytest.raises(ChangeRefused, match="Only two people"):
        plan_merge(series, make.series())
    with pytest.raises(ChangeRefused, match="into itself"):
        plan_merge(ann, Person.objects.get(pk=ann.pk))
    with pytest.raises(ChangeRefused, match="Characters of different series cannot be merged"):
        plan_merge(make.character(series), make.character(make.series()))


def test_a_record_that_would_break_a_rule_is_not_made():
    ann, anne = make.person("Ann", died="1960"), make.person("Anne", born="1970")
    before = catalogue_state()
    with pytest.raises(ValidationError, match="Nobody dies before being born"):
        merged(ann, anne)
    assert catalogue_state() == before


WHO = st.integers(0, 3)
CREDIT = st.tuples(WHO, st.integers(0, 2), st.sampled_from(["director", "cast"]), st.booleans(), st.booleans())
WORLD = st.fixed_dictionaries(
    {
        "credits": st.lists(CREDIT, max_size=8, unique_by=lambda credit: (credit[0], credit[1], credit[2])),
        "aliases": st.lists(st.tuples(WHO, st.sampled_from(["Nan", "Nancy"])), max_size=4, unique=True),
        "events": st.lists(st.sets(WHO), max_size=2),
        "merges": st.lists(st.tuples(WHO, WHO, st.booleans()), min_size=1, max_size=4),
    }
)


def build(world):
    """Four people with credits, citations, aliases and events."""
    registry.reset()  # each example is rolled back, and the log begins anew
    name_cache.reset()
    people = [make.person(f"Person {letter}") for letter in "ABCD"]
    season, source = make.season(make.series()), make.source()
    episodes = [make.episode(season) for _ in range(3)]
    for who, on, role, is_billed, is_cited in world["credits"]:
        credit = make.credit(episodes[on], people[who], role_slug=role, billing=who if is_billed else None)
        if is_cited:
            Citation.objects.create(source=source, credit=credit)
    for who, name in world["aliases"]:
        Alias.objects.create(person=people[who], name=name)
    for present in world["events"]:
        make.event(season.series).people.set([people[who] for who in present])
    return people


class RandomMerges(TestCase):
    """Whatever is merged in whatever order: undone in turn, all is as it was."""

    @settings(max_examples=5, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(world=WORLD)
    def test_merging_and_undoing_changes_nothing(self, world):
        people, acts = build(world), []
        for keep, gone, alias in world["merges"]:
            there = set(Person.objects.values_list("pk", flat=True))
            if keep != gone and {people[keep].pk, people[gone].pk} <= there:
                before, credited = catalogue_state(), set(Credit.objects.values_list("episode", "role"))
                acts.append((merged(people[keep], people[gone], add_alias=alias), before))
                assert set(Credit.objects.values_list("episode", "role")) == credited
        assert_indexes_current()
        for act, before in reversed(acts):
            undone(act)
            assert catalogue_state() == before
