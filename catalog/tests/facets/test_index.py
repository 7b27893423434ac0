"""The index answers as SQL does: whatever was edited, published, moved or deleted between two questions."""

import datetime as dt
from itertools import cycle

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError
from django.http import QueryDict
from django.utils import timezone
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from catalog.facets.display import FacetDisplay
from catalog.facets.episode import EpisodeFacets
from catalog.facets.index import registry
from catalog.facets.index.engine import IndexEngine
from catalog.facets.person import PersonFacets
from catalog.facets.series import SeriesFacets
from catalog.facets.sql_engine import SqlEngine
from catalog.models import (
    Change,
    Character,
    Company,
    Credit,
    Episode,
    FeaturedCharacter,
    Genre,
    Person,
    Role,
    Season,
    Series,
    SeriesCompany,
)
from catalog.tests import factories as make

LISTS = (EpisodeFacets, SeriesFacets, PersonFacets)
FINDS = ("", "A", "né", "zz")  # what is looked for among the values of a facet


class CachingSqlEngine(SqlEngine):
    """SQL, asked once for the values of a facet: tops, finds and blocks ask 27 times for what it says in 9."""

    def __init__(self, facets):
        super().__init__(facets)
        self.told = {}

    def top_values(self, name, most=None):
        """As ``Live`` gives it, whole the first time and cut afterwards."""
        if name not in self.told:
            self.told[name] = super().top_values(name)
        entries, total = self.told[name]
        return entries[:most], total


def answers(facet_set, query, kind, pages=((0, 25),), finds=FINDS):
    """All that a list page asks, of one engine. What SQL would have to count anew is taken from its whole lists."""
    facets = facet_set(QueryDict(query), queryset=facet_set._meta.model.objects.published())
    facets.engines = (kind,)
    asked, display = facets.engine, FacetDisplay(facets)
    values = {name: asked.top_values(name) for name, facet in facets.facets.items() if facet.lists_values}
    if kind is CachingSqlEngine:
        tops = {name: (found[:3], total) for name, (found, total) in values.items()}
        counts = {name: {key: count for key, _, _, count in found} for name, (found, _) in values.items()}
    else:
        tops, counts = (
            {name: asked.top_values(name, 3) for name in values},
            {name: asked.counts(name) for name in values},
        )
    return {
        "total": asked.total(),
        "whole": asked.unfiltered_total(),
        "listed": {(name, find): display.all_values(name, find)[0:9] for name in values for find in finds},
        "values": values,
        "tops": tops,
        "counts": counts,
        "blocks": [(block.name, block.total, [(v.slug, v.count) for v in block.values]) for block in display.blocks()],
        "without": [facets.total_without(chip.name, chip.slug) for chip in display.chips()],
        "pages": [asked.page_ids(start, stop) for start, stop in pages],
    }


def assert_index_equals_sql(facet_set, query="", finds=FINDS):
    """Index and SQL say the same."""
    asked = {"pages": ((0, 25), (0, 2), (1, 3), (2, 4)), "finds": finds}
    assert answers(facet_set, query, IndexEngine, **asked) == answers(facet_set, query, CachingSqlEngine, **asked), (
        query
    )


def pick(data, rows):
    """One of ``rows``, or None when there are none."""
    rows = list(rows)
    return data.draw(st.sampled_from(rows)) if rows else None


SELECTIONS = {
    EpisodeFacets: (
        *("director=ann", "cast=ann&cast=bob", "writer=bob&sort=title", "crew=ann&season=season-1", "series=one"),
        *("genre=drama&network=net&sort=series", "year=2001&sort=runtime", "character=cat&sort=air_date"),
        *("director=nobody", "q=part", "q=two&cast=bob"),
    ),
    SeriesFacets: (
        *("cast=ann", "crew=bob&genre=drama", "network=net&sort=-premiered", "company=net", "status=ended"),
        *("decade=2000s", "creator=ann&sort=premiered", "q=one"),
    ),
    PersonFacets: (
        *("role=director", "department=cast", "series=one&sort=-credits", "initial=a", "with=ann"),
        "with=bob&role=cast",
    ),
}
DELETED = (Credit, Episode, Season, Series, Person, FeaturedCharacter, SeriesCompany, Genre)


@make.deferred_indexing()
def create_catalogue():
    """Two series with seasons, episodes, people, credits on every level."""
    one, two = make.series("One", premiered="2001"), make.series("Two", status="ended")
    people = [make.person(name, sort_name=name) for name in ("Ann", "Bob", "Cid")]
    genre, net = make.genre("Drama"), make.company("Net")
    one.genres.add(genre)
    make.series_company(one, net)
    make.series_company(two, net, part="production")
    cat = make.character(one, "Cat")
    for series in (one, two):
        season = make.season(series)
        for number in (1, 2):
            episode = make.episode(season, number, air_date=f"200{number}-0{number}", runtime=20 + number)
            make.credit(episode, people[number], "director")
    make.credit(one, people[0], "creator")
    make.credit(one, people[0], "cast", kind="main", character=cat)
    make.credit(two, people[1], "cast", kind="guest")
    FeaturedCharacter.objects.create(episode=Episode.objects.first(), character=cat)
    make.role("writer"), make.role("story")


def on_something(data):
    """An owner of credits, as keyword arguments."""
    kind = data.draw(st.sampled_from(("series", "season", "episode")))
    owner = pick(data, {"series": Series, "season": Season, "episode": Episode}[kind].objects.all())
    return {"series": None, "season": None, "episode": None, kind: owner} if owner else None


def set_credit(data, credit):
    """Give a credit other values of everything."""
    owner, person = on_something(data), pick(data, Person.objects.all())
    if owner is None or person is None:
        return
    for name, value in owner.items():
        setattr(credit, name, value)
    credit.person, credit.role = person, pick(data, Role.objects.all())
    credit.kind = data.draw(st.sampled_from(("", "main", "guest")))
    credit.pilot_only = data.draw(st.booleans())
    credit.character = pick(data, Character.objects.filter(series=credit.parent_series))
    credit.save()


def add_credit(data):
    """A new credit."""
    set_credit(data, Credit())


def move_credit(data):
    """An old credit for somebody else, on something else."""
    credit = pick(data, Credit.objects.all())
    if credit:
        set_credit(data, credit)


def delete_something(data):
    """A record with all that belongs to it."""
    record = pick(data, data.draw(st.sampled_from(DELETED)).objects.all())
    if record:
        record.delete()


def publish_something(data):
    """Into sight, out of it, or planned."""
    record = pick(data, data.draw(st.sampled_from((Episode, Season, Series, Person, Company))).objects.all())
    if record:
        days = data.draw(st.sampled_from((None, -1, 1)))
        record.published_at = None if days is None else timezone.now() + dt.timedelta(days=days)
        record.save()


def rename_something(data):
    """Other names and addresses, that move values among their equals."""
    record = pick(data, data.draw(st.sampled_from((Person, Company, Character, Genre, Series))).objects.all())
    if record:
        name = data.draw(st.sampled_from(("Aaron", "bea", "Élan", "Zed", "Net")))
        setattr(record, record.slug_source, name)
        for also in ("sort_name", "sort_title"):
            if hasattr(record, also):
                setattr(record, also, name)
        record.slug = data.draw(st.sampled_from((record.slug, "")))
        record.save()


def edit_an_episode(data):
    """What episodes are sorted by and counted under."""
    episode, season = pick(data, Episode.objects.all()), pick(data, Season.objects.all())
    if episode:
        episode.air_date = data.draw(st.sampled_from((None, "1999", "2001-01", "2001-01-01", "2030-12-31")))
        episode.runtime = data.draw(st.sampled_from((None, 20, 60)))
        episode.title = data.draw(st.sampled_from(("", "A part", "two", "Ärger")))
        episode.season, episode.number = season, data.draw(st.integers(1, 6))
        episode.save()


def move_a_season(data):
    """To another series, or another number."""
    season, series = pick(data, Season.objects.all()), pick(data, Series.objects.all())
    if season:
        season.series, season.number = series, data.draw(st.integers(0, 3))
        season.save()


def tie(data):
    """Genres from both sides, companies, features."""
    series, genre = pick(data, Series.objects.all()), pick(data, Genre.objects.all())
    company, episode = pick(data, Company.objects.all()), pick(data, Episode.objects.all())
    if series and genre:
        data.draw(st.sampled_from((series.genres.add, series.genres.remove)))(genre)
        data.draw(st.sampled_from((genre.series.add, genre.series.remove, lambda _: genre.series.clear())))(series)
    if series and company:
        part = data.draw(st.sampled_from(("network", "production")))
        make.series_company(series, company, part=part, pilot_only=data.draw(st.booleans()))
    if episode and (character := pick(data, Character.objects.all())):
        FeaturedCharacter.objects.create(episode=episode, character=character)


def merge_people(data):
    """All credits of one person to another, one by one, and the first deleted."""
    one, other = pick(data, Person.objects.all()), pick(data, Person.objects.all())
    if one and other and one != other:
        for credit in one.credits.all():
            credit.person = other
            credit.save()
        one.delete()


def add_a_series(data):
    """With a season, an episode, a new person."""
    make.credit(make.episode(make.season(make.series("One"))), "Ann", "director")


EDITS = (add_credit, move_credit, delete_something, publish_something, rename_something, edit_an_episode, move_a_season)
EDITS += (tie, merge_people, add_a_series)


class Edits(TestCase):
    """Any edits in any order, a question after each."""

    # No shrinking: it would take minutes; the blob printed says how to see the failure again.
    @settings(max_examples=4, deadline=None, print_blob=True, phases=(Phase.explicit, Phase.generate))
    @given(st.data())
    def test_after_any_edit_index_and_sql_say_the_same(self, data):
        registry.reset()
        create_catalogue()
        for facet_set in LISTS:
            assert_index_equals_sql(facet_set)
        for edit in data.draw(st.lists(st.sampled_from(EDITS), min_size=3, max_size=7)):
            try:
                with transaction.atomic():
                    edit(data)
            except (IntegrityError, ProtectedError, RestrictedError):
                pass  # what the database refuses leaves no trace, in the log neither
            for facet_set in LISTS:
                query = data.draw(st.sampled_from(("", *SELECTIONS[facet_set])))
                assert_index_equals_sql(facet_set, query, [data.draw(st.sampled_from(FINDS))])


@pytest.mark.parametrize("facet_set", LISTS)
def test_every_selection_of_the_article_is_answered_as_sql_answers_it(soundtrack, facet_set):
    assert_index_equals_sql(facet_set)
    facets, finds = facet_set(QueryDict(""), queryset=facet_set._meta.model.objects.published()), cycle(FINDS)
    display = FacetDisplay(facets)
    for name, facet in facets.facets.items():
        for value in display.values(name, 2)[0] if facet.lists_values else ():
            assert_index_equals_sql(facet_set, f"{name}={value.slug}", [next(finds)])


def test_what_is_planned_comes_into_sight_at_its_moment_without_an_edit(db, monkeypatch):
    create_catalogue()
    episode, person = Episode.objects.first(), Person.objects.get(slug="bob")
    for record in (episode, person):
        record.published_at = timezone.now() + dt.timedelta(hours=1)
        record.save()
    for facet_set in LISTS:
        assert_index_equals_sql(facet_set)
    before = answers(EpisodeFacets, "", IndexEngine)["total"]
    later = timezone.now() + dt.timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert answers(EpisodeFacets, "", IndexEngine)["total"] == before + 1
    for facet_set in LISTS:
        assert_index_equals_sql(facet_set)


def test_an_edit_reads_a_few_rows_again_and_many_edits_the_whole_list(db, monkeypatch):
    create_catalogue()
    assert_index_equals_sql(EpisodeFacets)
    held = registry._indexes[EpisodeFacets]
    base = held.value.segments[0][0]
    first, last = Episode.objects.first(), Episode.objects.last()
    for number in range(registry.MAX_SEGMENTS - 1):
        episode = (first, last)[number % 2]
        episode.title = f"Title {number}"
        episode.save()
        assert_index_equals_sql(EpisodeFacets)
        assert held.value.segments[0][0] is base
        assert len(held.value.segments[-1][0]) == 1
    assert len(held.value.segments) == registry.MAX_SEGMENTS
    first.title = "The one too many"
    first.save()
    assert_index_equals_sql(EpisodeFacets)
    assert [len(segment) for segment, _ in held.value.segments] == [len(base), 2]
    started = []
    monkeypatch.setattr(held, "start_build", lambda *_: started.append(held.version))
    monkeypatch.setattr(registry, "REBUILD_AFTER_ROWS", 2)
    last.title = "Last"
    last.save()
    assert_index_equals_sql(EpisodeFacets)
    assert started == [held.version]


@pytest.mark.django_db(transaction=True)
def test_the_process_that_edits_is_up_to_date_before_the_next_question(django_assert_num_queries):
    create_catalogue()
    assert_index_equals_sql(EpisodeFacets)
    held = registry._indexes[EpisodeFacets]
    with transaction.atomic():
        for episode in Episode.objects.all():
            episode.title += " again"
            episode.save()
        assert held.version < Change.objects.version()
    assert held.version == Change.objects.version()
    with django_assert_num_queries(1):
        registry.current_snapshot(EpisodeFacets)
    assert_index_equals_sql(EpisodeFacets)


def test_an_edit_of_what_facets_do_not_show_leaves_the_arrays_alone(db):
    create_catalogue()
    assert_index_equals_sql(EpisodeFacets)
    before = registry._indexes[EpisodeFacets].value.segments
    make.event(Series.objects.first())
    Person.objects.filter(slug="cid").get().save()
    make.source()
    assert_index_equals_sql(EpisodeFacets)
    assert registry._indexes[EpisodeFacets].value.segments is before


def test_a_role_that_changes_department_has_the_list_read_anew(db):
    create_catalogue()
    assert_index_equals_sql(EpisodeFacets)
    director = Role.objects.get(slug="director")
    director.department = Role.objects.get(slug="cast").department
    director.save()
    for facet_set in LISTS:
        assert_index_equals_sql(facet_set)


@pytest.mark.django_db(transaction=True)
def test_a_long_list_is_read_in_the_background_while_sql_answers(monkeypatch):
    monkeypatch.setattr(registry, "MAX_SYNC_BUILD_ROWS", 0)
    create_catalogue()
    facets = EpisodeFacets({}, queryset=Episode.objects.published())
    assert isinstance(facets.engine, SqlEngine)
    registry._indexes[EpisodeFacets].build_thread.join()
    assert registry.current_snapshot(EpisodeFacets) is not None
    assert_index_equals_sql(EpisodeFacets)
    make.episode(Season.objects.first(), 9)
    assert_index_equals_sql(EpisodeFacets)


@pytest.mark.django_db(transaction=True)
def test_a_list_that_cannot_be_read_is_left_to_sql(monkeypatch, caplog):
    monkeypatch.setattr(registry, "MAX_SYNC_BUILD_ROWS", 0)
    monkeypatch.setitem(registry.BUILDERS, "episode", lambda *_: 1 / 0)
    create_catalogue()
    assert registry.current_snapshot(EpisodeFacets) is None
    thread = registry._indexes[EpisodeFacets].build_thread
    thread.join()
    assert "SQL answers" in caplog.text
