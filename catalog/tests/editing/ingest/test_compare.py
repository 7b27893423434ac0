"""Plans of imports: what is new, the same, different or unsure, and what is ticked."""

import pytest

from catalog.models import Citation, ExternalId
from catalog.partial_date import PartialDate
from catalog.sources.series_claims import SeasonClaim
from catalog.tests import factories as make
from catalog.tests.editing.ingest.statements import (
    DIFFERS,
    NEW,
    SAME,
    UNSURE,
    cells,
    compare,
    credit,
    episode,
    fact,
    imported,
    only_cell,
    person,
    statement,
)

pytestmark = pytest.mark.django_db


def test_a_new_series_is_planned_with_its_seasons_episodes_and_people(vocabulary):
    claims = statement(
        episode(2, credit("director", "Ernest Dickerson"), title="Meet De Boys", air_date="2010-04-18"),
        episode(1, credit("director", person("Agnieszka Holland", imdb="nm0002140", born="1948-11-28"))),
        credits=[credit("creator", "David Simon")],
        seasons=[SeasonClaim(1, {"announced_episodes": 10})],
        values={"premiered": PartialDate("2010-04-11")},
    )
    plan = compare(claims)
    assert [planned.key for planned in plan.records] == [
        *("series", "s01", "s01e01", "s01e02", "person.agnieszkaholland"),
    ]
    assert all(planned.is_new for planned in plan.records)
    assert cells(plan, "series.title") == [("Treme", NEW, True)]
    assert cells(plan, "s01.announced_episodes") == [("10", NEW, True)]
    assert cells(plan, "s01e02.director") == [("Ernest Dickerson", NEW, True)]
    assert cells(plan, "s01e02.air_date") == [("2010-04-18", NEW, True)]
    assert cells(plan, "person.agnieszkaholland.born") == [("1948-11-28", NEW, True)]
    assert cells(plan, "person.agnieszkaholland.id.imdb") == [("nm0002140", NEW, True)]
    assert (plan.errors, plan.questions) == ([], [])


# Values


def test_what_two_sources_agree_on_is_ticked_and_what_they_differ_on_is_not(vocabulary):
    plan = compare(
        statement(episode(1, credit("director", "Ann Lee"), title="Do You Know", runtime=79, air_date="2010-04-11")),
        statement(
            episode(1, credit("director", "Joe Roe"), title="Do you know…", runtime=80), publisher="TMDB", title="TREME"
        ),
    )
    assert cells(plan, "series.title") == [("Treme", NEW, True), ("TREME", NEW, True)]
    assert cells(plan, "s01e01.title") == [("Do You Know", NEW, True), ("Do you know…", NEW, True)]
    assert cells(plan, "s01e01.runtime") == [("79", DIFFERS, False), ("80", DIFFERS, False)]
    assert cells(plan, "s01e01.air_date") == [("2010-04-11", NEW, True)]
    assert cells(plan, "s01e01.director") == [("Ann Lee", DIFFERS, False), ("Joe Roe", DIFFERS, False)]


def test_a_recorded_value_is_the_same_or_set_by_an_editor(season):
    make.episode(season, 1, title="Do You Know", runtime=79)
    plan = compare(statement(episode(1, title="Do you know!", runtime=80)), series=season.series)
    assert cells(plan, "s01e01.title") == [("Do you know!", SAME, True)]
    cell = only_cell(plan, "s01e01.runtime")
    assert (str(cell.state), cell.may_tick, cell.note) == (DIFFERS, False, "Set by an editor.")
    assert fact(plan, "s01e01.runtime").recorded == ["79"]


def test_a_value_of_an_import_may_be_replaced_by_a_tick(season):
    imported(lambda: make.episode(season, 1, runtime=79))
    claims = statement(episode(1, runtime=80))
    assert cells(compare(claims, series=season.series), "s01e01.runtime") == [("80", DIFFERS, False)]
    plan = compare(claims, series=season.series, ticks={"s01e01.runtime.0.0"})
    assert cells(plan, "s01e01.runtime") == [("80", DIFFERS, True)]


def test_a_value_that_an_editor_changed_after_an_import_is_the_editors(season):
    recorded = imported(lambda: make.episode(season, 1, runtime=79))
    recorded.runtime = 81
    recorded.save()
    claims = statement(episode(1, runtime=80))
    plan = compare(claims, series=season.series, ticks={"s01e01.runtime.0.0"})
    assert cells(plan, "s01e01.runtime") == [("80", DIFFERS, False)]


def test_a_value_that_an_editor_removed_is_not_ticked(season):
    recorded = imported(lambda: make.episode(season, 1, runtime=79))
    recorded.runtime = None
    recorded.save()
    plan = compare(statement(episode(1, runtime=79)), series=season.series)
    cell = only_cell(plan, "s01e01.runtime")
    assert (str(cell.state), cell.is_ticked, cell.may_tick, cell.note) == (
        DIFFERS,
        False,
        True,
        "Removed by an editor.",
    )


@pytest.mark.parametrize("change", ["delete episode", "renumber", "delete season"])
def test_an_episode_that_an_editor_removed_is_not_ticked(season, change):
    recorded = imported(lambda: make.episode(season, 1))
    if change == "delete episode":
        recorded.delete()
    elif change == "delete season":
        season.delete()
    else:
        recorded.number = 3
        recorded.save()
    plan = compare(statement(episode(1, title="Do You Know"), episode(2, title="Meet De Boys")), series=season.series)
    assert cells(plan, "s01e01.title") == [("Do You Know", DIFFERS, False)]
    assert cells(plan, "s01e02.title")[0][2] is (change != "delete season")
    assert only_cell(plan, "s01e01.number").note == "Removed by an editor."


def test_an_episode_that_an_import_removed_is_new(season):
    recorded = make.episode(season, 1)
    imported(recorded.delete)
    plan = compare(statement(episode(1, title="Do You Know")), series=season.series)
    assert cells(plan, "s01e01.title") == [("Do You Know", NEW, True)]


def test_a_value_that_nobody_ever_set_is_new(season):
    recorded = make.episode(season, 1, runtime=None)
    recorded.title = "Changed"
    recorded.save()
    assert cells(compare(statement(episode(1, runtime=79)), series=season.series), "s01e01.runtime") == [
        ("79", NEW, True)
    ]


def test_a_placeholder_is_unsure_and_contradicts_nothing(vocabulary):
    plan = compare(
        statement(episode(1, title="Episode 1", doubtful=["title"])),
        statement(episode(1, title="Do You Know"), publisher="TMDB"),
    )
    assert cells(plan, "s01e01.title") == [("Episode 1", UNSURE, False), ("Do You Know", NEW, True)]


def test_a_placeholder_that_is_recorded_is_the_same(season):
    make.episode(season, 1, title="Unknown")
    plan = compare(statement(episode(1, title="Unknown", doubtful=["title"])), series=season.series)
    assert cells(plan, "s01e01.title") == [("Unknown", SAME, True)]


@pytest.mark.parametrize(
    ("values", "key", "note"),
    [
        ({"title": "x" * 201}, "s01e01.title", "Ensure this value has at most 200 characters (it has 201)."),
        ({"runtime": 1441}, "s01e01.runtime", "Ensure this value is less than or equal to 1440."),
        ({"runtime": 0}, "s01e01.runtime", "Ensure this value is greater than or equal to 1."),
        ({"production_code": "c" * 41}, "s01e01.production_code", None),
        ({"overall_number": 2_147_483_648}, "s01e01.overall_number", None),
        ({"overall_number": -1}, "s01e01.overall_number", None),
    ],
)
def test_a_value_that_the_model_refuses_cannot_be_ticked(vocabulary, values, key, note):
    plan = compare(statement(episode(1, **values)), ticks={f"{key}.0.0", "series.title.0.0"})
    cell = only_cell(plan, key)
    assert (cell.may_tick, cell.is_ticked) == (False, False)
    assert cell.note == note if note else cell.note
    assert plan.errors == []


@pytest.mark.parametrize("status", ["in limbo", "Running"])
def test_a_status_that_is_none_of_the_choices_cannot_be_ticked(vocabulary, status):
    assert not only_cell(compare(statement(values={"status": status})), "series.status").may_tick


def test_an_invalid_value_contradicts_nothing(vocabulary):
    plan = compare(statement(episode(1, runtime=0)), statement(episode(1, runtime=79), publisher="TMDB"))
    assert cells(plan, "s01e01.runtime")[1] == ("79", NEW, True)


def test_the_number_of_an_episode_is_cited_and_never_changed(season):
    recorded = make.episode(season, 11)
    ExternalId.objects.create(episode=recorded, scheme="imdb", value="tt1279973")
    ids = [("imdb", "tt1279973")]
    plan = compare(statement(episode(1, ids=ids), episode(2)), series=season.series, ticks={"s01e11.number.0.0"})
    assert cells(plan, "s01e11.number") == [("1", DIFFERS, False)]
    assert cells(compare(statement(episode(11)), series=season.series), "s01e11.number") == [("11", SAME, True)]
    assert cells(compare(statement(episode(2)), series=season.series), "s01e02.number") == [("2", NEW, True)]


def test_a_field_that_the_record_lacks_is_unmapped(vocabulary):
    plan = compare(statement(episode(1, viewers=3, title="Do You Know")))
    assert plan.unmapped == [(0, "s01e01 Do You Know: there is no field for viewers “3”.")]


def test_a_less_precise_date_contradicts_nothing(season):
    make.episode(season, 1, air_date="2010-04-11")
    claims = [statement(episode(number, air_date="2010")) for number in (1, 2)]
    precise = statement(episode(2, air_date="2010-04-18"), publisher="TMDB")
    plan = compare(claims[0], series=season.series)
    cell = only_cell(plan, "s01e01.air_date")
    assert (str(cell.state), cell.may_tick, cell.note) == (SAME, False, "Less precise than another date.")
    assert cells(compare(claims[1], precise, series=season.series), "s01e02.air_date") == [
        *(("2010", NEW, False), ("2010-04-18", NEW, True)),
    ]


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"premiered": PartialDate("2010-04-11"), "ended": PartialDate("2009")}, "series.ended"),
        ({"runtime_min": 60, "runtime_max": 50}, "series.runtime_max"),
    ],
)
def test_two_values_that_cannot_be_right_together_are_not_both_ticked(vocabulary, values, key):
    plan = compare(statement(values=values))
    assert not only_cell(plan, key).is_ticked
    assert only_cell(plan, key).note
    assert [cell.is_ticked for cell in plan.cells() if not cell.tick.startswith(key)] == [True, True]


def test_a_premiere_after_the_recorded_end_is_not_ticked(vocabulary):
    series = make.series("Treme", ended="2013-12-29")
    plan = compare(statement(values={"premiered": PartialDate("2014")}), series=series)
    assert cells(plan, "series.premiered") == [("2014", NEW, False)]


def test_the_title_of_a_new_series_is_that_of_the_first_source(vocabulary):
    claims = statement(title="Treme"), statement(title="Treme (US)", publisher="TMDB")
    plan = compare(*claims)
    assert cells(plan, "series.title") == [("Treme", DIFFERS, True), ("Treme (US)", DIFFERS, False)]
    assert compare(*claims, ticks=set()).errors == ["Tick a title: a new series needs one."]
    assert compare(statement(title="")).errors == [
        "No source states the title of the series: enter it, or import into a series of the catalogue."
    ]


def test_an_editor_gives_the_title_that_no_source_states(vocabulary):
    plan = compare(statement(episode(1), title=""), title="Treme")
    assert (plan.errors, plan.series.title, plan.records[0].label) == ([], "Treme", "Treme")
    assert compare(statement(title="Tremé"), title="Treme").errors == []
    plan = compare(statement(title="Tremé"), title="Sea")
    assert (plan.series.title, cells(plan, "series.title")) == ("", [("Tremé", NEW, True)])


# Ticks


def test_the_ticks_of_an_editor_hold_and_the_first_value_wins(vocabulary):
    claims = statement(episode(1, runtime=79)), statement(episode(1, runtime=80), publisher="TMDB")
    plan = compare(*claims, ticks={"s01e01.runtime.1.0", "series.title.0.0"})
    assert cells(plan, "s01e01.runtime") == [("79", DIFFERS, False), ("80", DIFFERS, True)]
    plan = compare(*claims, ticks={"s01e01.runtime.0.0", "s01e01.runtime.1.0", "series.title.1.0"})
    assert cells(plan, "s01e01.runtime") == [("79", DIFFERS, True), ("80", DIFFERS, False)]
    assert fact(plan, "s01e01.runtime").cells[1].note == "“79” is ticked."


def test_a_ticked_value_wins_over_the_recorded_one(season):
    imported(lambda: make.episode(season, 1, runtime=79))
    claims = statement(episode(1, runtime=79)), statement(episode(1, runtime=80), publisher="TMDB")
    ticks = {"s01e01.runtime.0.0", "s01e01.runtime.1.0"}
    plan = compare(*claims, series=season.series, ticks=ticks)
    assert cells(plan, "s01e01.runtime") == [("79", SAME, False), ("80", DIFFERS, True)]


def test_every_tick_is_unique_and_does_not_depend_on_ticks(season):
    make.credit(make.episode(season, 1), "Ann Lee")
    claims = statement(
        episode(1, credit("director", "Ann Lee"), credit("director", "Joe Roe"), runtime=3),
        credits=[credit("cast", "Ann Lee", character="Toni"), credit("cast", "Ann Lee", character="Sofia")],
    )
    plan = compare(claims, claims, series=season.series)
    ticks = [cell.tick for cell in plan.cells()]
    assert len(ticks) == len(set(ticks)) == 14
    assert len({fact.key for fact in plan.facts()}) == len(list(plan.facts()))
    assert plan.fingerprint == compare(claims, claims, series=season.series, ticks=set()).fingerprint


def test_published_records_are_changed_only_by_users_who_may_publish(season):
    make.episode(season, 1, runtime=None)
    plan = compare(statement(episode(1, runtime=79), episode(2, runtime=80)), series=season.series, publishes=False)
    assert [(planned.key, planned.may_change) for planned in plan.records] == [
        *(("series", False), ("s01", False), ("s01e01", False), ("s01e02", True)),
    ]
    assert cells(plan, "s01e01.runtime") == [("79", NEW, False)]
    assert cells(plan, "s01e02.runtime") == [("80", NEW, True)]


# Citations


def test_what_a_source_is_cited_for_changes_nothing(season):
    recorded = make.episode(season, 1, title="Do You Know", runtime=79)
    row = make.credit(recorded, "Ann Lee")
    source = make.source("Treme", publisher="TVmaze", url="https://www.tvmaze.com/shows/7")
    Citation.objects.create(source=source, episode=recorded, field="title")
    Citation.objects.create(source=source, credit=row)
    claims = statement(
        episode(1, credit("director", "Ann Lee"), title="Do You Know", runtime=79), url="https://www.tvmaze.com/shows/7"
    )
    plan = compare(claims, series=season.series)
    cited = {key: (only_cell(plan, key).is_cited, only_cell(plan, key).is_ticked)
             for key in ("s01e01.title", "s01e01.director", "s01e01.runtime")}  # fmt: skip
    assert cited == {
        "s01e01.title": (True, False), "s01e01.director": (True, False), "s01e01.runtime": (False, True)
    }  # fmt: skip


def test_a_dispute_is_no_citation_and_one_of_the_record_is_for_all(season):
    recorded = make.episode(season, 1, runtime=79)
    source = make.source("Treme", publisher="TVmaze")
    Citation.objects.create(source=source, episode=recorded, field="runtime", claim="80")
    claims = statement(episode(1, runtime=79))
    assert not only_cell(compare(claims, series=season.series), "s01e01.runtime").is_cited
    Citation.objects.create(source=source, episode=recorded)
    assert only_cell(compare(claims, series=season.series), "s01e01.runtime").is_cited


def test_cells_say_where_in_the_source_they_are(vocabulary):
    plan = compare(statement(episode(1, credit("director", "Ann Lee"), title="Do You Know", locator="row 3")))
    assert {cell.locator for fact in plan.records[2].facts for cell in fact.cells} == {"row 3"}


def test_notes_of_an_episode_name_their_source(vocabulary):
    plan = compare(statement(episode(1, notes=["There is no field for viewers: 3."])))
    assert plan.records[2].notes == ["TVmaze: There is no field for viewers: 3."]


def test_the_queries_do_not_grow_with_the_episodes(season, django_assert_num_queries, django_assert_max_num_queries):
    def claims(count):
        return statement(
            *(
                episode(number, credit("director", "Ann Lee"), credit("writer", "Joe Roe"), title=f"Part {number}",
                        ids=[("imdb", f"tt{number:07}")])
                for number in range(1, count + 1)
            ),
            ids=[("imdb", "tt9999999")],
        )  # fmt: skip

    for number in range(1, 61):
        make.credit(make.episode(season, number), make.Person.objects.filter(name="Ann Lee").first() or "Ann Lee")
    compare(claims(2), series=season.series)
    with django_assert_max_num_queries(60) as queries:
        compare(claims(2), series=season.series)
    with django_assert_num_queries(len(queries)):
        compare(claims(60), series=season.series)
