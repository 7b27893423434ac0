"""Each rule finds the records it asks about and no others; counts are cached until they can have changed."""

from datetime import timedelta

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
from catalog.quality import count_cache
from catalog.quality.rules import COMPLETENESS, DECISIONS, RULES, count_by_model, count_by_rule, rules_for
from catalog.quality.similar_names import similar
from catalog.tests import factories as make

pytestmark = pytest.mark.django_db


def with_citation(record):
    """Add a citation to a record and return it."""
    Citation.objects.create(source=make.source(), **{record._meta.model_name: record})
    return record


def credited_episode(role, level="episode", **fields):
    """Create an episode with a credit in that role on itself, its season or its series (``level``)."""
    episode = make.episode()
    records = {"episode": episode, "season": episode.season, "series": episode.series}
    make.credit(records[level], role_slug=role, **fields)
    return episode


def with_announced_episodes(announced, recorded, model=Series, **fields):
    """Create a series, or its season, with numbers of announced and of recorded episodes."""
    season = make.season()
    record = season.series if model is Series else season
    record.announced_episodes = announced
    record.save()
    for _ in range(recorded):
        make.episode(season, **fields)
    return record


def season_of_dates(*dates, **fields):
    """Create a season of one episode for each air date."""
    season = make.season(**fields)
    for date in dates:
        make.episode(season, air_date=date)
    return season


def citation_with_claim(claim):
    """Create a citation; a claim says that the source contradicts the record."""
    return Citation.objects.create(source=make.source(), person=make.person(), claim=claim)


def availability():
    """Create a platform of a series."""
    return Availability.objects.create(series=make.series(), platform=make.company())


def review():
    """Create a review score."""
    return Review.objects.create(series=make.series(), aggregator="Metacritic", score=60)


# For each rule: create a record that it finds, create records that it does not find.
CASES = {
    ("citation", "disputed"): (lambda: citation_with_claim("2017"), [lambda: citation_with_claim("")]),
    ("citation", "not-checked"): (
        lambda: Citation.objects.create(source=make.source(), person=make.person(), unchecked=True),
        [lambda: citation_with_claim("")],
    ),
    ("credit", "for-some-episodes"): (
        lambda: make.credit(make.series(), for_some_episodes=True),
        [lambda: make.credit(make.series(), pilot_only=True), lambda: make.credit(make.episode())],
    ),
    ("person", "similar-names"): (
        lambda: [make.person("Zoë Kravitz"), make.person("Zoe Kravitz")][0],
        [lambda: make.person("Zoe Bell"), lambda: make.person("Lenny Kravitz")],
    ),
    ("source", "unidentified"): (
        lambda: Source.objects.create(part_of=make.source(), mark="7"),
        [lambda: make.source("Title"), lambda: Source.objects.create(publisher="A paper")],
    ),
    ("picture", "without-alt-text"): (lambda: make.picture(alt_text=""), [make.picture]),
    ("picture", "without-licence"): (lambda: make.picture(licence=""), [make.picture]),
    ("series", "other-number-of-episodes"): (
        lambda: with_announced_episodes(10, 2),
        [
            lambda: with_announced_episodes(2, 2),
            lambda: with_announced_episodes(None, 2),
            lambda: with_announced_episodes(2, 1, number=1, last_number=2),
        ],
    ),
    ("season", "other-number-of-episodes"): (
        lambda: with_announced_episodes(1, 0, Season),
        [lambda: with_announced_episodes(2, 2, Season), lambda: with_announced_episodes(None, 3, Season)],
    ),
    ("season", "ends-before-it-begins"): (
        lambda: season_of_dates("2019-03-08", None, "2018"),
        [
            lambda: season_of_dates("2019-03-08", "2018-01-01", "2019"),
            lambda: season_of_dates("2019", "2019-01-01"),
            lambda: season_of_dates(None, "2019"),
            lambda: season_of_dates("2019", "2018", number=0),
        ],
    ),
    ("episode", "without-director"): (
        lambda: credited_episode("writer"),
        [lambda level=level: credited_episode("director", level=level) for level in ("episode", "season", "series")],
    ),
    ("episode", "without-writer"): (
        lambda: credited_episode("director"),
        [*(lambda role=role: credited_episode(role) for role in ("writer", "story", "teleplay"))],
    ),
    ("episode", "without-air-date"): (make.episode, [lambda: make.episode(air_date="2019")]),
    ("episode", "without-synopsis"): (make.episode, [lambda: make.episode(synopsis="They meet.")]),
    ("episode", "without-code"): (make.episode, [lambda: make.episode(production_code="1A")]),
    ("episode", "without-running-time"): (make.episode, [lambda: make.episode(runtime=1)]),
    **{
        (kind, "without-source"): (maker, [lambda maker=maker: with_citation(maker())])
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


def test_each_rule_has_a_case_and_a_name_of_its_own():
    names = [(rule.kind, rule.name) for rule in RULES]
    assert len(names) == len(set(names))
    assert set(names) == set(CASES)
    assert set(DECISIONS).isdisjoint(COMPLETENESS)
    assert all(rule.question.endswith("?") and bool(rule.complete_label) == (rule in COMPLETENESS) for rule in RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.kind}-{rule.name}")
def test_a_rule_finds_violations_and_no_other_records(rule):
    create_violation, create_valid = CASES[rule.kind, rule.name]
    valid_records = [create() for create in create_valid]
    assert not rule.violations().filter(pk__in=[record.pk for record in valid_records]).exists()
    record = create_violation()
    assert rule.violations().filter(pk=record.pk).exists()
    assert not rule.violations().filter(pk__in=[record.pk for record in valid_records]).exists()
    assert rule.count() == rule.violations().count() == len(set(rule.violations().values_list("pk", flat=True)))


def test_drafts_are_included():
    rule = next(rule for rule in rules_for(Episode) if rule.name == "without-director")
    assert rule.violations().filter(pk=make.episode(published_at=None).pk).exists()


def test_a_credit_of_season_or_series_that_does_not_apply_to_the_episode_does_not_count():
    rule = next(rule for rule in rules_for(Episode) if rule.name == "without-director")
    for level in ("series", "season"):
        assert rule.violations().filter(pk=credited_episode("director", level=level, pilot_only=True).pk).exists()
    assert not rule.violations().filter(pk=credited_episode("director", pilot_only=True).pk).exists()


def test_specials_do_not_count_as_announced_episodes():
    series = with_announced_episodes(1, 1)
    make.episode(make.season(series, number=0))
    assert Series.objects.get(pk=series.pk) not in rules_for(Series)[0].violations()


SIMILAR = [
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
DIFFERENT = [
    ("Joshua Safran", "Jonathan Safran"),
    ("J. Safran", "Benny Safran"),
    ("J. Safran", "Joshua Safdie"),
    ("Robert Downey Jr.", "Robert Downey Sr."),
    ("Robert Downey", "Robert Downey Jr."),
    ("Michael B. Jordan", "Michael Jordan"),
    ("Ti West", "Mae West"),
    ("?", "!"),
]


@pytest.mark.parametrize("names", SIMILAR, ids=" / ".join)
def test_similar_names_in_any_order_script_and_abbreviation(names):
    assert similar([*enumerate(names), (2, "Somebody Else")]) == {0, 1}
    assert similar([*enumerate(reversed(names))]) == {0, 1}


@pytest.mark.parametrize("names", DIFFERENT, ids=" / ".join)
def test_different_names_are_not_similar(names):
    assert similar(list(enumerate(names))) == set()


def test_aliases_are_compared_with_names_of_other_people_only():
    james, gordon = make.person("Paul James"), make.person("Paul Gordon")
    Alias.objects.create(person=james, name="James, Paul")
    rule = rules_for(Person)[0]
    assert not rule.violations().exists()
    Alias.objects.create(person=gordon, name="P. James")
    assert set(rule.violations()) == {james, gordon}


def test_the_number_of_queries_does_not_grow_with_the_people():
    query_totals = []
    for names in (["Anna Same{}"], ["Same{} Anna", "A. Same{}", "Other{}"]):
        for number in range(3 if not query_totals else 30):
            make.person(names[number % len(names)].format(number))
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            rules_for(Person)[0].count()
        query_totals.append(len(queries))
    assert query_totals == [query_totals[0]] * 2
    assert {person.name for person in rules_for(Person)[0].violations()} == {
        "Anna Same0",
        "Same0 Anna",
        "Anna Same1",
        "A. Same1",
    }


def count_without_cache():
    """Clear the cache and count everything."""
    cache.clear()
    return count_by_rule(RULES), count_by_model(RULES)


def change(record, **fields):
    """Change and save a record."""
    for name, value in fields.items():
        setattr(record, name, value)
    record.save()


def edits():
    """Make edits, one per step, of all columns that rules depend on; each changes a count."""
    episode, other_episode = make.episode(), make.episode()
    yield from (make.credit(other_episode), credit := make.credit(episode))
    for field, value in {"air_date": "2019", "synopsis": "They meet.", "production_code": "1", "runtime": 5}.items():
        yield change(episode, **{field: value})
    yield change(credit, episode=other_episode)
    yield change(credit, episode=episode)
    yield change(credit, role=make.role("writer"))
    yield credit.delete()
    yield (series_credit := make.credit(episode.series))
    yield change(series_credit, pilot_only=True)
    yield change(series_credit, pilot_only=False)
    yield change(series_credit, role=make.role("cast"))
    yield change(series_credit, kind="main")
    yield change(series_credit, role=make.role("director"))
    yield change(series_credit, series=make.series())
    yield change(series_credit, series=episode.series)
    yield change(director := Role.objects.get(slug="director"), slug="dir")
    yield change(director, slug="director")
    yield change(episode.series, announced_episodes=10)
    yield change(episode, last_number=10)
    yield (later := make.episode(episode.season, 11, air_date="2018"))
    yield change(later, air_date="2020")
    yield change(episode.season, number=0)
    yield change(episode.season, series=make.series())
    yield from edits_besides_episodes()
    yield other_episode.series.delete()


def edits_besides_episodes():
    """Make edits of people, sources, citations and pictures."""
    yield (people := [make.person("Ana Same"), make.person("Ana Other")])
    yield change(people[1], name="Ana Same")
    yield change(people[1], name="Ana Other")
    yield (alias := Alias.objects.create(person=people[1], name="Nobody"))
    yield change(alias, name="Ána Same")
    yield (citation := with_citation(make.event(make.series())).citations.get())
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


def test_cached_counts_are_correct_after_every_edit():
    edit_total = 0
    count_without_cache()
    for number, _ in enumerate(edits()):
        cached = count_by_rule(RULES), count_by_model(RULES)
        state = cache.get(count_cache.CACHE_KEY)
        expected = count_without_cache()
        assert cached == expected, number
        cache.set(count_cache.CACHE_KEY, state)
        edit_total += 1
    assert edit_total > 25


def test_a_count_is_cached_until_a_column_it_depends_on_changes():
    person = make.person()
    count_by_rule(RULES)
    with CaptureQueriesContext(connection) as queries:
        count_by_rule(RULES)
    assert len(queries) == 1
    person.biography = "No rule depends on this."
    person.save()
    with CaptureQueriesContext(connection) as queries:
        count_by_rule(RULES)
    assert len(queries) == 1
    make.person()
    with CaptureQueriesContext(connection) as queries:
        count_by_rule(RULES)
    assert not any("episode" in query["sql"] for query in queries)


def test_everything_is_counted_again_after_a_write_past_the_models():
    make.person("Anna One")
    before = count_by_rule(RULES)
    Person.objects.bulk_create([Person(name="One, Anna", slug="one-anna")])
    assert count_by_rule(RULES) == before
    Change.objects.create(action="added", kind="catalogue", record_id=0, label="An import")
    assert count_by_rule(RULES)[rules_for(Person)[0]].value == 2


def test_counts_of_another_database_with_the_same_log_version_are_not_used():
    make.episode()
    count_by_rule(RULES)
    (number, time), values = cache.get(count_cache.CACHE_KEY)
    other_values = {name: (depends_on, 99) for name, (depends_on, _) in values.items()}
    cache.set(count_cache.CACHE_KEY, ((number, time.replace(year=2001)), other_values))
    assert 99 not in [count.value for count in count_by_rule(RULES).values()]


def test_a_slow_count_keeps_its_last_value_until_it_was_counted_in_the_background(monkeypatch):
    started = []
    monkeypatch.setattr(count_cache, "start_in_background", started.append)
    monkeypatch.setattr(count_cache, "SLOW_MS", -1)
    cache.clear()
    rule = rules_for(Episode)[0]
    episode = make.episode()
    assert count_by_rule([rule])[rule] == (1, None)
    make.credit(episode, role_slug="director")
    value, counted_at = count_by_rule([rule])[rule]
    assert value == 1
    assert counted_at is not None
    assert started == [], "counted less than ten minutes before"
    monkeypatch.setattr(count_cache, "RECOUNT_AFTER", timedelta(0))
    assert count_by_rule([rule])[rule].value == 1
    count_cache.compute_all(started.pop())
    assert count_by_rule([rule])[rule] == (0, None)


def test_what_was_never_counted_within_the_limit_is_unknown(monkeypatch):
    monkeypatch.setattr(count_cache, "start_in_background", lambda requests: None)
    monkeypatch.setattr(count_cache, "TIME_LIMIT_MS", -1)
    cache.clear()
    make.episode()
    assert {count.value for count in count_by_rule(RULES).values()} == {None}
    assert list(rules_for(Person)[0].violations()) == []
