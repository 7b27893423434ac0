"""Every rule finds what it is about and nothing else; what was counted is kept until it can have changed."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import (
    Alias,
    Availability,
    Change,
    Citation,
    Episode,
    Person,
    Review,
    Role,
    Season,
    Series,
    Source,
)
from catalog.quality import count_cache as keeping
from catalog.quality.rules import COMPLETENESS, DECISIONS, RULES, count_by_model, count_by_rule, rules_for
from catalog.quality.similar_names import similar
from catalog.tests import factories as make

pytestmark = pytest.mark.django_db


def cited(record):
    """The record, with a source."""
    Citation.objects.create(source=make.source(), **{record._meta.model_name: record})
    return record


def credited(role, **how):
    """An episode of which somebody has that role, on the level that ``how`` says; the credit may say more."""
    episode, level = make.episode(), how.pop("level", "episode")
    levels = {"episode": episode, "season": episode.season, "series": episode.series}
    make.credit(levels[level], role_slug=role, **how)
    return episode


def announced(ordered, episodes, model=Series, **fields):
    """A series, or its season, of which so many episodes were ordered, and that has so many."""
    season = make.season()
    record = season.series if model is Series else season
    record.announced_episodes = ordered
    record.save()
    for _ in range(episodes):
        make.episode(season, **fields)
    return record


def disputed(claim):
    """A citation that claims something else, or nothing else."""
    return Citation.objects.create(source=make.source(), person=make.person(), claim=claim)


def availability():
    """A platform of a series."""
    return Availability.objects.create(series=make.series(), platform=make.company())


def review():
    """A score."""
    return Review.objects.create(series=make.series(), aggregator="Metacritic", score=60)


# For each rule a record that it finds, and records that are as they should be.
CASES = {
    ("citation", "disputed"): (lambda: disputed("2017"), [lambda: disputed("")]),
    ("person", "similar-names"): (
        lambda: [make.person("Zoë Kravitz"), make.person("Zoe Kravitz")][0],
        [lambda: make.person("Zoe Bell"), lambda: make.person("Lenny Kravitz")],
    ),
    ("source", "unidentified"): (
        lambda: Source.objects.create(part_of=make.source(), mark="7"),
        [lambda: make.source("Known"), lambda: Source.objects.create(publisher="A paper")],
    ),
    ("picture", "without-alt-text"): (lambda: make.picture(alt_text=""), [make.picture]),
    ("picture", "without-licence"): (lambda: make.picture(licence=""), [make.picture]),
    ("series", "other-number-of-episodes"): (
        lambda: announced(10, 2),
        [lambda: announced(2, 2), lambda: announced(None, 2), lambda: announced(2, 1, number=1, last_number=2)],
    ),
    ("season", "other-number-of-episodes"): (
        lambda: announced(1, 0, Season),
        [lambda: announced(2, 2, Season), lambda: announced(None, 3, Season)],
    ),
    ("episode", "without-director"): (
        lambda: credited("writer"),
        [lambda level=level: credited("director", level=level) for level in ("episode", "season", "series")],
    ),
    ("episode", "without-writer"): (
        lambda: credited("director"),
        [*(lambda role=role: credited(role) for role in ("writer", "story", "teleplay"))],
    ),
    ("episode", "without-air-date"): (make.episode, [lambda: make.episode(air_date="2019")]),
    ("episode", "without-synopsis"): (make.episode, [lambda: make.episode(synopsis="They meet.")]),
    ("episode", "without-code"): (make.episode, [lambda: make.episode(production_code="1A")]),
    ("episode", "without-running-time"): (make.episode, [lambda: make.episode(runtime=1)]),
    **{
        (kind, "without-source"): (maker, [lambda maker=maker: cited(maker())])
        for kind, maker in {
            "series": make.series,
            "season": make.season,
            "episode": make.episode,
            "credit": lambda: make.credit(make.episode()),
            "event": lambda: make.event(make.series()),
            "availability": availability,
            "review": review,
        }.items()
    },
}


def test_every_rule_is_tried_below_and_stands_in_one_list_under_a_name_of_its_own():
    names = [(rule.kind, rule.name) for rule in RULES]
    assert len(names) == len(set(names))
    assert set(names) == set(CASES)
    assert set(DECISIONS).isdisjoint(COMPLETENESS)
    assert all(rule.question.endswith("?") and bool(rule.complete_label) == (rule in COMPLETENESS) for rule in RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.kind}-{rule.name}")
def test_a_rule_finds_what_it_is_about_and_leaves_out_what_is_as_it_should_be(rule):
    wrong, right = CASES[rule.kind, rule.name]
    fine = [maker() for maker in right]
    assert not rule.violations().filter(pk__in=[record.pk for record in fine]).exists()
    record = wrong()
    assert rule.violations().filter(pk=record.pk).exists()
    assert not rule.violations().filter(pk__in=[record.pk for record in fine]).exists()
    assert rule.count() == rule.violations().count() == len(set(rule.violations().values_list("pk", flat=True)))


def test_drafts_are_asked_too():
    rule = next(rule for rule in rules_for(Episode) if rule.name == "without-director")
    assert rule.violations().filter(pk=make.episode(published_at=None).pk).exists()


def test_a_credit_above_that_does_not_hold_for_the_episode_leaves_it_without():
    rule = next(rule for rule in rules_for(Episode) if rule.name == "without-director")
    for level in ("series", "season"):
        assert rule.violations().filter(pk=credited("director", level=level, pilot_only=True).pk).exists()
    assert not rule.violations().filter(pk=credited("director", pilot_only=True).pk).exists()


def test_specials_do_not_count_as_announced_episodes():
    series = announced(1, 1)
    make.episode(make.season(series, number=0))
    assert Series.objects.get(pk=series.pk) not in rules_for(Series)[0].violations()


ALIKE = [
    ("Joshua Safran", "Safran, Joshua"),
    ("Raúl Castillo", "Raul Castillo"),
    ("J. Safran", "Joshua Safran"),
    ("J.J. Abrams", "Jeffrey Jacob Abrams"),
    ("Jean-Pierre Léaud", "Jean Pierre Leaud"),
    ("Sinéad O’Connor", "Sinead OConnor"),
    ("Андрей Тарковский", "Andrei Tarkovsky"),
    ("Andrej Tarkowskij", "Andrei Tarkovsky"),
    ("Пётр Чайковский", "Petr Tchaikovsky"),
    ("张伟", "Zhang Wei"),
    ("ＴＩ ＷＥＳＴ", "Ti West"),
    ("Prince", "PRINCE"),
]
APART = [
    ("Joshua Safran", "Jonathan Safran"),
    ("J. Safran", "Benny Safran"),
    ("J. Safran", "Joshua Safdie"),
    ("Robert Downey Jr.", "Robert Downey Sr."),
    ("Robert Downey", "Robert Downey Jr."),
    ("Michael B. Jordan", "Michael Jordan"),
    ("Ti West", "Mae West"),
    ("?", "!"),
]


@pytest.mark.parametrize("names", ALIKE, ids=" / ".join)
def test_names_are_alike_whatever_their_order_script_and_length(names):
    assert similar([*enumerate(names), (2, "Somebody Else")]) == {0, 1}
    assert similar([*enumerate(reversed(names))]) == {0, 1}


@pytest.mark.parametrize("names", APART, ids=" / ".join)
def test_names_of_two_people_are_told_apart(names):
    assert similar(list(enumerate(names))) == set()


def test_two_names_of_one_person_are_no_two_people_and_an_alias_can_be_anothers_name():
    one, other = make.person("Paul James"), make.person("Paul Gordon")
    Alias.objects.create(person=one, name="James, Paul")
    rule = rules_for(Person)[0]
    assert not rule.violations().exists()
    Alias.objects.create(person=other, name="P. James")
    assert set(rule.violations()) == {one, other}


def test_people_are_compared_at_once():
    asked = []
    for names in (["Anna Same{}"], ["Same{} Anna", "A. Same{}", "Other{}"]):
        for number in range(3 if not asked else 30):
            make.person(names[number % len(names)].format(number))
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            rules_for(Person)[0].count()
        asked.append(len(queries))
    assert asked == [asked[0]] * 2
    assert {person.name for person in rules_for(Person)[0].violations()} == {
        "Anna Same0",
        "Same0 Anna",
        "Anna Same1",
        "A. Same1",
    }


def counted_anew():
    """All counts, with nothing kept."""
    cache.clear()
    return count_by_rule(RULES), count_by_model(RULES)


def change(record, **fields):
    """Save the record with other values."""
    for name, value in fields.items():
        setattr(record, name, value)
    record.save()


def edits():
    """One edit after another, of everything that a rule reads, each of which changes a count."""
    episode, other = make.episode(), make.episode()
    yield from (make.credit(other), credit := make.credit(episode))
    for field, value in {"air_date": "2019", "synopsis": "They meet.", "production_code": "1", "runtime": 5}.items():
        yield change(episode, **{field: value})
    yield change(credit, episode=other)
    yield change(credit, episode=episode)
    yield change(credit, role=make.role("writer"))
    yield credit.delete()
    yield (above := make.credit(episode.series))
    yield change(above, pilot_only=True)
    yield change(above, pilot_only=False)
    yield change(above, role=make.role("cast"))
    yield change(above, kind="main")
    yield change(above, role=make.role("director"))
    yield change(above, series=make.series())
    yield change(above, series=episode.series)
    yield change(director := Role.objects.get(slug="director"), slug="dir")
    yield change(director, slug="director")
    yield change(episode.series, announced_episodes=10)
    yield change(episode, last_number=10)
    yield change(episode.season, number=0)
    yield change(episode.season, series=make.series())
    yield from edits_of_others()
    yield other.series.delete()


def edits_of_others():
    """Edits of people, sources, citations and pictures."""
    yield (people := [make.person("Ana Same"), make.person("Ana Other")])
    yield change(people[1], name="Ana Same")
    yield change(people[1], name="Ana Other")
    yield (alias := Alias.objects.create(person=people[1], name="Nobody"))
    yield change(alias, name="Ána Same")
    yield (citation := cited(make.event(make.series())).citations.get())
    yield change(citation, claim="2017")
    yield change(citation, event=None, series=make.series())
    yield citation.delete()
    yield (picture := make.picture())
    yield change(picture, licence="")
    yield change(picture, alt_text="")
    yield (source := make.source(part_of=make.source(), mark="1"))
    yield change(source, title="")
    yield change(source, publisher="A paper")
    for maker in (availability, review):
        yield maker()


def test_what_is_kept_is_what_would_be_counted_anew_after_every_edit():
    different = 0
    counted_anew()
    for number, _ in enumerate(edits()):
        shown = count_by_rule(RULES), count_by_model(RULES)
        state = cache.get(keeping.CACHE_KEY)
        anew = counted_anew()
        assert shown == anew, number
        cache.set(keeping.CACHE_KEY, state)
        different += 1
    assert different > 25


def test_nothing_is_counted_twice_until_something_that_is_read_changes():
    person = make.person()
    count_by_rule(RULES)
    with CaptureQueriesContext(connection) as queries:
        count_by_rule(RULES)
    assert len(queries) == 1
    person.biography = "Nothing that a rule reads."
    person.save()
    with CaptureQueriesContext(connection) as queries:
        count_by_rule(RULES)
    assert len(queries) == 1
    make.person()
    with CaptureQueriesContext(connection) as queries:
        count_by_rule(RULES)
    assert not any("episode" in query["sql"] for query in queries)


def test_after_a_writer_that_went_past_the_models_all_is_counted_anew():
    make.person("Anna One")
    before = count_by_rule(RULES)
    Person.objects.bulk_create([Person(name="One, Anna", slug="one-anna")])
    assert count_by_rule(RULES) == before
    Change.objects.create(action="added", kind="catalogue", record_id=0, label="An import")
    assert count_by_rule(RULES)[rules_for(Person)[0]] == 2


def test_another_catalogue_that_came_to_the_same_number_has_counts_of_its_own():
    make.episode()
    count_by_rule(RULES)
    entry, values = cache.get(keeping.CACHE_KEY)
    cache.set(
        keeping.CACHE_KEY,
        ((entry[0], entry[1].replace(year=2001)), {name: (reads, 99) for name, (reads, _) in values.items()}),
    )
    assert 99 not in count_by_rule(RULES).values()
