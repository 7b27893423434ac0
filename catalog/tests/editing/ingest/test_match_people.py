"""Who is meant by the people of an import: namesakes are never made one, and nobody is asked without need."""

import pytest

from catalog.models import Alias, ExternalId, RememberedName
from catalog.tests import factories as make
from catalog.tests.editing.ingest.statements import cells, compare, credit, episode, person, statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def peaks(vocabulary):
    """A series with an episode."""
    return make.episode(make.season(make.series("Twin Peaks")), 1).season.series


def directed_by(*people, **more):
    """A source that names a director each for episodes 1, 2, 3 …"""
    episodes = [episode(number, credit("director", who)) for number, who in enumerate(people, 1)]
    return statement(*episodes, title="Twin Peaks", **more)


def answers(plan):
    return {key: planned.answer for key, planned in plan.people.items()}


def choices(plan):
    return {question.field_name: [value for value, _ in question.choices] for question in plan.questions}


def recorded_id(owner, scheme="imdb", value="nm0000186"):
    ExternalId.objects.create(person=owner, scheme=scheme, value=value)
    return owner


def test_somebody_whom_nobody_resembles_is_new(peaks):
    make.person("Mark Frost")
    plan = compare(directed_by("David Lynch"), series=peaks)
    assert answers(plan) == {"davidlynch": "new"}
    assert plan.questions == []


def test_the_only_namesake_on_the_series_is_meant(peaks):
    director = make.credit(peaks, "David Lynch", "creator").person
    make.credit(make.series("Another"), "David Lynch")
    assert answers(compare(directed_by("David Lynch"), series=peaks)) == {"davidlynch": director.pk}


def test_a_namesake_of_another_series_is_a_question(peaks):
    painter = make.credit(make.series("Another"), "David Lynch").person
    plan = compare(directed_by("David Lynch"), series=peaks)
    assert answers(plan) == {"davidlynch": None}
    assert choices(plan) == {"who-davidlynch": [str(painter.pk), "new"]}
    assert cells(plan, "s01e01.director") == [("David Lynch", "unsure", False)]


@pytest.mark.parametrize("choice", ["new", "painter"])
def test_an_answer_settles_who_is_meant(peaks, choice):
    painter = make.credit(make.series("Another"), "David Lynch").person
    answer = str(painter.pk) if choice == "painter" else "new"
    plan = compare(directed_by("David Lynch"), series=peaks, people={"davidlynch": answer})
    assert answers(plan) == {"davidlynch": painter.pk if choice == "painter" else "new"}
    assert [question.answer for question in plan.questions] == [answer]
    assert cells(plan, "s01e01.director") == [("David Lynch", "new", True)]


def test_an_answer_that_was_not_offered_settles_nothing(peaks):
    make.credit(make.series("Another"), "David Lynch")
    other = make.person("Mark Frost")
    assert answers(compare(directed_by("David Lynch"), series=peaks, people={"davidlynch": str(other.pk)})) == {
        "davidlynch": None
    }


def test_a_ticked_credit_of_somebody_who_is_not_settled_is_an_error(peaks):
    make.credit(make.series("Another"), "David Lynch")
    plan = compare(directed_by("David Lynch"), series=peaks, ticks={"s01e01.director.0.0"})
    assert plan.errors == ["Choose who “David Lynch” is."]


def test_two_namesakes_on_the_series_are_a_question(peaks):
    first, second = (make.credit(peaks, "David Lynch", role).person for role in ("creator", "writer"))
    plan = compare(directed_by("David Lynch"), series=peaks)
    assert answers(plan) == {"davidlynch": None}
    assert choices(plan) == {"who-davidlynch": [str(first.pk), str(second.pk), "new"]}


def test_an_external_id_wins_over_the_name(peaks):
    make.credit(peaks, "David Lynch", "creator")
    lynch = recorded_id(make.person("D. K. Lynch"))
    plan = compare(directed_by(person("David Lynch", imdb="nm0000186")), series=peaks)
    assert answers(plan) == {"davidlynch": lynch.pk}
    assert cells(plan, "person.davidlynch.alias") == [("David Lynch", "new", True)]


def test_ids_of_two_people_are_a_question(peaks):
    first = recorded_id(make.person("David Lynch"))
    second = recorded_id(make.person("Dave Lynch"), "tmdb", "5602")
    plan = compare(directed_by(person("David Lynch", imdb="nm0000186", tmdb="5602")), series=peaks)
    assert answers(plan) == {"davidlynch": None}
    assert choices(plan) == {"who-davidlynch": [str(first.pk), str(second.pk), "new"]}


def test_a_namesake_with_another_id_is_another_person(peaks):
    recorded_id(make.credit(peaks, "David Lynch", "creator").person)
    plan = compare(directed_by(person("David Lynch", imdb="nm7777777")), series=peaks)
    assert answers(plan) == {"davidlynch": "new"}


def test_an_id_of_another_catalogue_contradicts_nothing(peaks):
    lynch = recorded_id(make.credit(peaks, "David Lynch", "creator").person)
    plan = compare(directed_by(person("David Lynch", tmdb="5602")), series=peaks)
    assert answers(plan) == {"davidlynch": lynch.pk}
    assert cells(plan, "person.davidlynch.id.tmdb") == [("5602", "new", True)]


def test_an_alias_is_a_name(peaks):
    lynch = make.credit(peaks, "David Lynch", "creator").person
    Alias.objects.create(person=lynch, name="Judas Booth")
    assert answers(compare(directed_by("Judas Booth"), series=peaks)) == {"judasbooth": lynch.pk}


@pytest.mark.parametrize("recorded", ["D. Lynch", "Lynch David", "Dvid K. Lynch", "David Lynch", "D.K. Lynch"])
def test_a_similar_name_is_a_question(peaks, recorded):
    similar = make.person(recorded)
    plan = compare(directed_by("David K. Lynch"), series=peaks)
    assert choices(plan) == {"who-davidklynch": [str(similar.pk), "new"]}


@pytest.mark.parametrize("recorded", ["Jennifer Lynch", "David Lean", "Mark K. Lynch", "D.J. Lynch"])
def test_another_name_is_no_question(peaks, recorded):
    make.person(recorded)
    assert answers(compare(directed_by("David K. Lynch"), series=peaks)) == {"davidklynch": "new"}


def test_a_remembered_name_is_not_asked_again(peaks):
    painter = make.credit(make.series("Another"), "David Lynch").person
    RememberedName.objects.create(series=peaks, key="davidlynch", person=painter)
    plan = compare(directed_by("David Lynch"), series=peaks)
    assert (answers(plan), plan.questions) == ({"davidlynch": painter.pk}, [])


def test_a_remembered_name_does_not_hold_against_another_id(peaks):
    painter = recorded_id(make.credit(make.series("Another"), "David Lynch").person)
    RememberedName.objects.create(series=peaks, key="davidlynch", person=painter)
    plan = compare(directed_by(person("David Lynch", imdb="nm7777777")), series=peaks)
    assert answers(plan) == {"davidlynch": "new"}


def test_one_name_in_two_sources_is_one_person(peaks):
    plan = compare(
        directed_by(person("David Lynch", imdb="nm0000186")),
        directed_by(person("David  LYNCH", tmdb="5602"), publisher="TMDB"),
        directed_by("David Lynch", publisher="Wikipedia"),
        series=peaks,
    )
    assert answers(plan) == {"davidlynch": "new"}
    assert [state for _, state, _ in cells(plan, "s01e01.director")] == ["new", "new", "new"]
    assert cells(plan, "person.davidlynch.id.tmdb") == [("5602", "new", True)]


def test_two_sources_with_other_ids_mean_two_people(peaks):
    plan = compare(
        directed_by(person("David Lynch", imdb="nm0000186")),
        directed_by(person("David Lynch", imdb="nm7777777"), publisher="TMDB"),
        series=peaks,
    )
    assert answers(plan) == {"davidlynch nm0000186": "new", "davidlynch nm7777777": "new"}
    assert [state for _, state, _ in cells(plan, "s01e01.director")] == ["differs", "differs"]


def test_two_pages_of_one_source_are_two_people_and_one_person_of_the_series_is_neither(peaks):
    make.credit(peaks, "David Lynch", "creator")
    director, actor = (person("David Lynch", page=f"David Lynch ({word})") for word in ("director", "actor"))
    plan = compare(directed_by(director, actor, publisher="Wikipedia"), series=peaks)
    assert set(answers(plan).values()) == {None}
    assert len(plan.questions) == 2


def test_two_spellings_with_one_page_are_one_person(peaks):
    short, long = (person(name, page="Anthony Head") for name in ("Anthony Head", "Anthony Stewart Head"))
    plan = compare(directed_by(short, long, publisher="Wikipedia"), series=peaks)
    assert answers(plan) == {"anthonyhead": "new"}
    assert cells(plan, "person.anthonyhead.alias") == [("Anthony Stewart Head", "new", True)]


def test_a_page_that_leads_to_another_one_is_no_namesake(peaks):
    head = directed_by(person("Anthony Stewart Head", page="Anthony Head"), publisher="Wikipedia")
    redirected = directed_by(person("Anthony Stewart Head", page="Anthony Stewart Head"), publisher="Wikipedia")
    assert answers(compare(head, redirected, series=peaks)) == {"anthonystewarthead": "new"}


def test_another_spelling_of_one_source_is_the_name_of_another_source(peaks):
    linked = person("Anthony Stewart Head", page="Anthony Head", other_names=["Anthony Head"])
    plan = compare(directed_by(linked, publisher="Wikipedia"), directed_by("Anthony Head"), series=peaks)
    assert answers(plan) == {"anthonystewarthead": "new"}


def test_pages_of_two_publishers_are_not_compared(peaks):
    plan = compare(
        directed_by(person("David Lynch", page="David Lynch"), publisher="Wikipedia"),
        directed_by(person("David Lynch", page="david-lynch-12"), publisher="Another wiki"),
        series=peaks,
    )
    assert answers(plan) == {"davidlynch": "new"}


def test_a_couple_is_a_question(peaks):
    assert answers(compare(directed_by("Ann & Joe Roe"), series=peaks)) == {"annandjoeroe": None}


def test_a_user_who_may_not_add_people_cannot_tick_new_ones(peaks):
    plan = compare(directed_by("David Lynch"), series=peaks, may_add_people=False)
    (cell,) = next(fact for fact in plan.facts() if fact.name == "director").cells
    assert (cell.may_tick, cell.is_ticked, cell.note) == (False, False, "You may not add people.")


def test_the_facts_of_a_person_who_is_not_settled_wait(peaks):
    make.credit(make.series("Another"), "David Lynch")
    claims = directed_by(person("David Lynch", imdb="nm0000186", born="1946-01-20"))
    assert [planned.key for planned in compare(claims, series=peaks).records] == ["series", "s01", "s01e01"]
    plan = compare(claims, series=peaks, people={"davidlynch": "new"})
    assert plan.records[-1].key == "person.davidlynch"


def test_two_names_of_one_person_are_planned_together(peaks):
    lynch = make.credit(peaks, "David Lynch", "creator").person
    Alias.objects.create(person=lynch, name="Judas Booth")
    booth, david = person("Judas Booth", tmdb="5602"), person("David Lynch", imdb="nm0000186")
    plan = compare(directed_by(booth, david), series=peaks)
    assert set(answers(plan).values()) == {lynch.pk}
    assert [planned.key for planned in plan.records if planned.key.startswith("person")] == ["person.judasbooth"]
    assert [fact.name for fact in plan.records[-1].facts] == ["tmdb", "alias", "imdb"]


def test_the_tick_of_a_credit_does_not_depend_on_the_answer(peaks):
    painter = make.credit(make.series("Another"), "David Lynch").person
    plans = [compare(directed_by("David Lynch"), series=peaks, people=people) for people in (
        {}, {"davidlynch": "new"}, {"davidlynch": str(painter.pk)})]  # fmt: skip
    assert len({plan.fingerprint for plan in plans}) == 1
