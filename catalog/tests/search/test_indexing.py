"""After whatever happens to the records the next search is right: the index is what it would be if made anew."""

import datetime as dt
import io
from itertools import count

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from catalog.models import (
    Alias,
    AlternativeTitle,
    Change,
    Character,
    Company,
    Credit,
    Episode,
    FeaturedCharacter,
    Person,
    Season,
    Series,
)
from catalog.search import index, name_cache, search
from catalog.search.index import INDEXED_MODELS, Index
from catalog.search.indexing import is_index_missing, rebuild_index
from catalog.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _made_anew(db):
    """A test that commits empties the tables of the models only; here nothing is left of it."""
    rebuild_index()


def state():
    """What the index holds, in no order that matters."""
    found = {}
    for kind in INDEXED_MODELS:
        rows = Index(kind).execute(f"SELECT place, record, tokens FROM {index.table_name(kind)}")
        found[kind] = {record: (place, frozenset(tokens.split())) for place, record, tokens in rows}
    return found


def assert_right():
    """The index is as a new one would be, and its words answer for each of its rows."""
    before = state()
    for kind, rows in before.items():
        index = Index(kind)
        for record, (place, tokens) in list(rows.items())[:3]:
            token = sorted(tokens)[0]
            statement, parameters = index.select(index.dialect.term(token), None, drafts=True)
            assert place in {row[0] for row in index.execute(statement, parameters)}, (kind, record, token)
    rebuild_index()
    assert state() == before


def found(text):
    """What is found, as ``{kind: [names]}``."""
    return {group.kind: [str(record) for record in group.records] for group in search(text, exact=True)}


def world():
    """Two series with credits, characters and companies."""
    for title in ("Harbour", "Lantern"):
        series = make.series(title)
        season = make.season(series)
        hero = make.character(series, f"{title} Hero", full_name=f"Captain {title}")
        for _ in range(2):
            episode = make.episode(season, synopsis="A boat comes home.")
            make.credit(episode, role_slug="director")
            FeaturedCharacter.objects.create(episode=episode, character=hero, named_as="Chief")
        make.credit(series, role_slug="cast", character=hero, credited_as="Stage Name")
        AlternativeTitle.objects.create(series=series, title=f"Draft {len(title)}", kind="working")
        make.series_company(series)


def test_loaddata_leaves_a_right_index(soundtrack):
    assert not is_index_missing()
    assert_right()


def test_a_changed_name_is_found_and_the_old_one_no_more():
    person = make.person("Ann Bell")
    person.name = "Zoe Clark"
    person.sort_name = ""
    person.save()
    assert found("zoe") == {"person": ["Zoe Clark"]}
    assert found("ann") == {}
    assert_right()


def test_a_series_new_title_is_found_with_its_episodes_and_characters():
    world()
    series = Series.objects.get(title="Harbour")
    series.title = "Quayside"
    series.save()
    assert set(found("quayside")) == {"series", "episode", "character"}
    assert "episode" not in found("harbour part")
    assert_right()


def test_an_episode_that_moves_is_found_by_its_new_code():
    world()
    episode = Episode.objects.filter(season__series__title="Harbour").first()
    episode.season = make.season(Series.objects.get(title="Lantern"), number=7)
    episode.number = 9
    episode.save()
    assert found("lantern s07e09")["episode"] == [str(episode)]
    season = episode.season
    season.number = 8
    season.save()
    assert found("lantern s08e09")["episode"] == ["Lantern s08e09: Part 1"]
    assert found("lantern s07e09") == {}
    assert_right()


def test_aliases_characters_and_credits_come_and_go():
    world()
    person = make.person("Ann Bell")
    alias = Alias.objects.create(person=person, name="Nancy")
    character = Character.objects.first()
    credit = make.credit(character.series, person, role_slug="cast", character=character, credited_as="Dunn")
    nickname = Alias.objects.create(character=character, name="Skipper")
    for text in ("nancy", "dunn", "ann skipper", "ann hero"):
        assert found(text)["person"] == ["Ann Bell"], text
    nickname.delete()
    alias.delete()
    credit.delete()
    for text in ("nancy", "dunn", "ann skipper", "ann hero"):
        assert found(text) == {}, text
    assert_right()


@pytest.mark.parametrize("model", [Series, Season, Episode])
def test_a_deletion_takes_all_that_went_with_it(model):
    world()
    model.objects.first().delete()
    assert_right()
    Series.objects.all().delete()
    assert found("boat") == found("harbour") == found("captain") == {}
    assert_right()


def test_two_people_made_one_are_found_as_one():
    world()
    kept, gone = make.person("Ann Bell"), make.person("Anne Bell")
    for series in Series.objects.all():
        make.credit(series, gone, credited_as="Anny Bell")
    Alias.objects.create(person=kept, name=gone.name)
    for credit in gone.credits.all():
        credit.person = kept
        credit.save()
    gone.delete()
    assert found("anne bell") == found("anny bell") == found("ann bell") == {"person": ["Ann Bell"]}
    assert_right()


def test_publication_is_judged_at_the_moment_of_the_search(monkeypatch):
    planned = timezone.now() + dt.timedelta(hours=1)
    series = make.series("Tomorrow", published_at=planned)
    make.character(series, "Morrow Man")
    make.episode(make.season(series), title="Morrow Part")
    assert found("morrow") == found("tomorrow") == {}
    monkeypatch.setattr(index.timezone, "now", lambda: planned)
    assert found("tomorrow")["series"] == ["Tomorrow"]
    assert set(found("morrow")) == {"character", "episode"}
    monkeypatch.undo()
    series.published_at = timezone.now()
    series.save()
    assert set(found("morrow")) == {"character", "episode"}
    Season.objects.update(published_at=None)
    assert set(found("morrow")) == {"character"}


def test_a_bulk_writer_tells_by_its_entries_in_the_log():
    people = Person.objects.bulk_create(
        Person(name=f"Bulk {n}", slug=f"bulk-{n}", sort_name=f"{n}, Bulk", published_at=timezone.now()) for n in "abc"
    )
    assert found("bulk") == {}
    Change.objects.bulk_create(
        Change(action="added", kind="person", record_id=person.pk, label=person.name) for person in people
    )
    assert len(found("bulk")["person"]) == 3
    assert_right()


def test_an_index_that_is_not_there_is_noticed():
    assert not is_index_missing()
    Company.objects.bulk_create([Company(name="Past The Log", slug="past")])
    assert is_index_missing()
    rebuild_index()
    assert not is_index_missing()


def test_what_is_rolled_back_was_never_indexed():
    with transaction.atomic():
        make.person("Nobody Now")
        assert found("nobody") == {"person": ["Nobody Now"]}
        transaction.set_rollback(True)
    assert found("nobody") == {}
    assert_right()


@pytest.mark.parametrize("at_once", [20_000, 0], ids=["a small catalogue", "a large one"])
def test_names_in_this_process_are_as_new_as_the_last_commit(monkeypatch, at_once):
    make.person("Ann Bellamy")
    assert search("ann belamy").corrected_text == "Ann Bellamy"
    monkeypatch.setattr(name_cache, "MAX_SYNC_BUILD_ROWS", at_once)
    person = make.person("Rosalind Quigley")
    assert search("rosalind quigly").corrected_text == "Rosalind Quigley"
    person.name, person.sort_name = "Theodora Quigley", ""
    person.save()
    assert search("theodora quigly").corrected_text == "Theodora Quigley"
    assert search("rosalind quigly").corrected_text == ""
    person.delete()
    assert search("theodora quigly").corrected_text == ""
    assert search("ann belamy").corrected_text == "Ann Bellamy"


def _any(model, number):
    rows = model.objects.order_by("pk")
    total = rows.count()
    return rows[number % total] if total else None


def _rename(model, field, number):
    row = _any(model, number)
    if row:
        setattr(row, field, f"New {number}")
        row.save()


def _move(number):
    episode, season = _any(Episode, number), _any(Season, number // 2)
    if episode and season:
        episode.season, episode.number = season, 100 + Episode.objects.count() + number
        if not season.episodes.filter(number=episode.number).exists():
            episode.save()


def _recredit(number):
    credit, person = _any(Credit, number), _any(Person, number // 3)
    if credit and person and not person.credits.filter(role=credit.role).exists():
        credit.person, credit.credited_as = person, f"As {number}"
        credit.save()


def _delete(model, number):
    row = _any(model, number)
    if row and not (model is Character and (row.credits.exists() or row.features.exists())):
        row.delete()


numbers = count()
STEPS = [
    lambda n: make.person(f"Person {n}"),
    lambda n: make.credit(_any(Series, n) or make.series(), _any(Person, n), role_slug=f"role-{next(numbers)}"),
    lambda n: Alias.objects.get_or_create(person=_any(Person, n) or make.person(), name=f"Alias {n}"),
    lambda n: (
        AlternativeTitle.objects.get_or_create(series=_any(Series, n), title=f"T {n}", kind="also")
        if Series.objects.exists()
        else None
    ),
    lambda n: _rename(Series, "title", n),
    lambda n: _rename(Person, "name", n),
    lambda n: _rename(Character, "full_name", n),
    lambda n: _rename(Episode, "synopsis", n),
    _move,
    _recredit,
    lambda n: _delete(Credit, n),
    lambda n: _delete(Episode, n),
    lambda n: _delete(AlternativeTitle, n),
    lambda n: _delete(FeaturedCharacter, n),
    lambda n: _delete(Season, n) if n % 5 == 0 else None,
    lambda n: _delete(Series, n) if n % 7 == 0 else None,
]


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 50)), min_size=5, max_size=12))
def test_whatever_is_done_the_index_is_right(db, steps):
    with transaction.atomic():
        world()
        for step, number in steps:
            STEPS[step](number)
        assert_right()
        transaction.set_rollback(True)


class Terminal(io.StringIO):
    """Output that is looked at by a person."""

    def isatty(self):
        """Yes."""
        return True


def test_the_command_makes_the_index_anew_and_shows_how_far_it_is():
    Company.objects.bulk_create([Company(name="Past The Log", slug="past", published_at=timezone.now())])
    assert found("past") == {}
    out, version = io.StringIO(), Change.objects.version()
    call_command("rebuild_search", stdout=out)
    assert Change.objects.version() > version  # for pages and facets, which nobody else would tell
    assert found("past") == {"company": ["Past The Log"]}
    assert "company    1\n" in out.getvalue()
    out = Terminal()
    call_command("rebuild_search", stdout=out)
    lines = out.getvalue().split("\n")
    assert lines[4].startswith("\rcompany    ····")
    assert lines[4].endswith("████ 1 of 1")
    assert_right()
