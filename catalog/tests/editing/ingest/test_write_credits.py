"""Writing the people and credits of an import."""

import pytest

from catalog.editing.ingest.plan import FactKind, State
from catalog.models import (
    Alias,
    ExternalId,
    Person,
    RememberedName,
)
from catalog.partial_date import PartialDate
from catalog.tests import factories as make
from catalog.tests.editing.ingest.plans import (
    WIKIPEDIA,
    cell,
    claim,
    fact,
    import_source,
    plan,
    planned,
    role,
    value,
    write,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roles")]


def test_facts_of_people():
    existing = make.person("Ann Lee")
    episode = make.episode()
    new = Person(name="Bo Ek")
    records = [
        planned(episode.series),
        planned(episode.season),
        planned(episode, role("director", cell(claim("Ann Lee")), cell(claim("Bo Ek")))),
        planned(
            existing,
            value("born", cell(PartialDate("1970"))),
            fact(FactKind.ALIAS, "alias", cell("A. Lee"), is_list=True),
            key="person.annlee",
        ),
        planned(new, fact(FactKind.EXTERNAL_ID, "imdb", cell("nm0000001")), key="person.boek"),
        planned(Person(name="Nobody Here"), value("born", cell(PartialDate("1971"))), key="person.nobody"),
    ]
    write(plan(episode.series, *records, people={"annlee": existing.pk}))
    existing.refresh_from_db()
    assert (existing.born, Alias.objects.get().person) == ("1970", existing)
    assert ExternalId.objects.get().person == Person.objects.get(name="Bo Ek")
    assert Person.objects.count() == 2  # whom nobody credits is not added


def test_answers_to_questions_and_namesakes_are_remembered():
    namesakes = "edfox page of Wiki:Ed Fox", "edfox page of Wiki:Ed Fox (actor)"
    episode = make.episode()
    ann = make.person("Ann Lee")
    import_plan = plan(
        episode.series,
        planned(episode.series),
        planned(
            episode,
            role("director", cell(claim("Ann Lee")), cell(claim("Bo Ek")), cell(claim("Cy Day"))),
            role("writer", *(cell(claim("Ed Fox", "writer"), person=key) for key in namesakes)),
        ),
        people={"annlee": ann.pk},
    )
    for key in ("annlee", "boek"):
        import_plan.people[key].question = object()
    write(import_plan)
    remembered = {name.key: name.person.name for name in RememberedName.objects.all()}
    assert remembered == {"annlee": "Ann Lee", "boek": "Bo Ek"} | dict.fromkeys(namesakes, "Ed Fox")
    assert Person.objects.filter(name="Ed Fox").count() == 2


def test_credits_of_two_sources_are_one_with_the_details_of_both():
    series = make.series()
    cast = role(
        "cast",
        cell(claim("Ann Lee", "cast"), 0),
        cell(claim("Ann Lee", "cast", character="Nellie", kind="main"), 1),
        cell(claim("Bo Ek", "cast", character="C" * 150), 1),
    )
    sources = [import_source(), import_source(WIKIPEDIA, "wikipedia")]
    result, _ = write(plan(series, planned(series, cast), sources=sources))
    first, second = series.credits.order_by("billing")
    assert (str(first.character), first.kind, first.citations.count()) == ("Nellie", "main", 2)
    assert (len(second.character.name), len(second.character.full_name)) == (120, 150)
    assert result.sentences()[0].startswith("Added: 2 people, 2 credits, 2 characters")


def test_a_credit_without_a_character_gets_the_stated_one():
    series = make.series()
    credit = make.credit(series, "Ann Lee", "cast")
    named = cell(claim("Ann Lee", "cast", character="Nellie"), 0, State.SAME)
    write(plan(series, planned(series, role("cast", named)), people={"annlee": credit.person_id}))
    assert str(series.credits.get().character) == "Nellie"


def test_writing_teams_and_details_of_credits():
    episode = make.episode()
    make.credit(episode, "Old Hand", "writer", billing=1, team=1)
    writers = role(
        "writer",
        cell(claim("Ann Lee", "writer", team="a")),
        cell(claim("Bo Ek", "writer", team="a", credited_as="B" * 200)),
        cell(claim("Cy Day", "writer", for_some_episodes=True, kind="none such")),
    )
    write(plan(episode.series, planned(episode.series), planned(episode, writers)))
    rows = [
        (credit.person.name, credit.billing, credit.team, len(credit.credited_as), credit.kind)
        for credit in episode.credits.order_by("billing")
    ]
    assert rows == [
        ("Old Hand", 1, 1, 0, ""),
        ("Ann Lee", 2, 2, 0, ""),
        ("Bo Ek", 3, 2, 160, ""),
        ("Cy Day", 4, None, 0, ""),
    ]
    series = make.series()
    write(plan(series, planned(series, role("writer", cell(claim("Ed Fox", "writer", for_some_episodes=True))))))
    assert series.credits.get().for_some_episodes
