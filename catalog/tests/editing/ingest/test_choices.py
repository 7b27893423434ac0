"""What an editor selected for an import: kept as differences from the ticks by default."""

from catalog.editing.ingest.choices import (
    ImportChoices,
    tick_agreed,
    ticks_of,
    toggle_fact,
    toggle_source,
    untick_all,
)
from catalog.editing.ingest.plan import State
from catalog.editing.ingest.states import apply_ticks
from catalog.tests.editing.ingest.import_plans import make_fact, make_plan

WIKIPEDIA, TVMAZE, TMDB = 0, 1, 2
DIRECTOR = "s01e01.director"


def words(plan):
    """What is ticked, as (fact, source, words)."""
    return [(fact.key, cell.source, cell.words) for fact in plan.facts() for cell in fact.cells if cell.is_ticked]


def apply(choices, plan):
    """Apply choices as the comparison does."""
    for fact in plan.facts():
        apply_ticks(fact, choices.answers())


def title_and_date():
    """A new title, and a date about which two sources differ."""
    return make_plan(
        make_fact("s01e01.title", [(WIKIPEDIA, "Fog")]),
        make_fact("s01e01.air_date", [(WIKIPEDIA, "2001"), (TVMAZE, "2002")]),
    )


def test_a_box_that_was_not_changed_follows_its_default():
    choices, page = ImportChoices(), title_and_date()
    choices.add_ticks(ticks_of(page.cells()), ticks_of(page.cells()))
    later = make_plan(make_fact("s01e01.title", [(WIKIPEDIA, "Fog")], recorded=["Mist"]))
    apply(choices, later)
    assert words(later) == []


def test_changed_boxes_stay_changed_and_can_be_changed_back():
    choices, plan = ImportChoices(), title_and_date()
    before = ticks_of(plan.cells())
    choices.add_ticks(before, {"s01e01.air_date:1:2002"})
    choices = ImportChoices.from_json(choices.to_json())
    apply(choices, plan)
    assert words(plan) == [("s01e01.air_date", TVMAZE, "2002")]
    choices.add_ticks(ticks_of(plan.cells()), before)
    again = title_and_date()
    apply(choices, again)
    assert words(again) == [("s01e01.title", WIKIPEDIA, "Fog")]


def test_boxes_of_other_pages_are_left_alone():
    choices = ImportChoices()
    choices.add_ticks({"s01e01.title:0:Fog"}, set())
    choices.add_ticks({"s02e01.title:0:Rain"}, {"s02e01.title:0:Rain"})
    plan = make_plan(make_fact("s01e01.title", [(0, "Fog")]), make_fact("s02e01.title", [(0, "Rain")]))
    apply(choices, plan)
    assert words(plan) == [("s02e01.title", 0, "Rain")]


def test_what_a_button_ticked_is_kept_as_the_difference_from_the_default():
    choices, plan = ImportChoices(ticked={"of another plan"}), title_and_date()
    apply(choices, plan)
    toggle_source(plan.records, TVMAZE)
    choices.add_plan(plan)
    assert (choices.ticked, choices.unticked) == ({"s01e01.air_date:1:2002"}, set())
    untick_all(plan)
    choices.add_plan(plan)
    assert (choices.ticked, choices.unticked) == (set(), {"s01e01.title:0:Fog"})


def test_ticks_of_a_source_move_with_it():
    choices = ImportChoices(ticked={"s01e01.title.0.0", "s01e01.title.1.0"}, unticked={"s01.x.y.2.10", "x"})
    choices.move_sources({0: 0, 2: 1})
    assert (choices.ticked, choices.unticked) == ({"s01e01.title.0.0"}, {"s01.x.y.1.10"})


def test_what_cannot_be_ticked_is_not_ticked_by_a_forged_form():
    plan = make_plan(make_fact("s01e01.title", [(WIKIPEDIA, "Fog")], recorded=["Mist"]))
    cell = next(plan.cells())
    cell.may_tick = False
    apply(ImportChoices(ticked={cell.tick}), plan)
    assert not cell.is_ticked
    toggle_fact(next(plan.facts()))
    toggle_source(plan.records, WIKIPEDIA)
    assert not cell.is_ticked


def test_a_row_of_a_list_is_ticked_and_unticked_at_once():
    fact = make_fact(DIRECTOR, [(WIKIPEDIA, "Ada"), (TVMAZE, "Ben")], is_list=True, state=State.DIFFERS)
    toggle_fact(fact)
    assert [cell.is_ticked for cell in fact.cells] == [True, True]
    toggle_fact(fact)
    assert [cell.is_ticked for cell in fact.cells] == [False, False]


def test_a_row_with_different_values_of_which_one_can_be_taken_has_to_be_decided():
    fact = make_fact("s01e01.title", [(WIKIPEDIA, "Fog"), (TVMAZE, "Mist")])
    toggle_fact(fact)
    assert not any(cell.is_ticked for cell in fact.cells)


def test_a_column_takes_the_values_of_its_source_in_place_of_others():
    plan = title_and_date()
    toggle_source(plan.records, TVMAZE)
    assert words(plan) == [("s01e01.title", WIKIPEDIA, "Fog"), ("s01e01.air_date", TVMAZE, "2002")]
    toggle_source(plan.records, WIKIPEDIA)
    assert words(plan) == [("s01e01.title", WIKIPEDIA, "Fog"), ("s01e01.air_date", WIKIPEDIA, "2001")]
    toggle_source(plan.records, WIKIPEDIA)
    assert words(plan) == []


def test_what_two_publishers_state_is_ticked_but_not_what_two_pages_of_one_do():
    plan = make_plan(
        make_fact("s01e01.title", [(0, "Fog"), (1, "Fog"), (2, "Mist")]),
        make_fact("s01e01.air_date", [(0, "2001"), (1, "2002"), (2, "2002")]),
        make_fact(DIRECTOR, [(0, "Ada"), (0, "Cy"), (2, "Ada"), (2, "Ben")], is_list=True, state=State.DIFFERS),
        publishers=("Wikipedia", "Wikipedia", "TVmaze"),
    )
    tick_agreed(plan)
    assert words(plan) == [
        ("s01e01.air_date", 1, "2002"),
        ("s01e01.air_date", 2, "2002"),
        (DIRECTOR, 0, "Ada"),
        (DIRECTOR, 2, "Ada"),
    ]


def test_two_pairs_of_sources_that_differ_agree_on_nothing():
    stated = [(0, "Fog"), (1, "Fog"), (2, "Mist"), (3, "Mist")]
    plan = make_plan(make_fact("s01e01.title", stated), publishers=("A", "B", "C", "D"))
    tick_agreed(plan)
    assert words(plan) == []
    untick_all(plan)
    assert words(plan) == []


def test_what_comes_from_no_page_is_left_out():
    choices = ImportChoices()
    choices.add_answers({"johnsmith": "12", "x": "9" * 50, "y": ""})
    choices.add_ticks(set(), {"x" * 400, "\x00"})
    assert (choices.people, choices.ticked) == ({"johnsmith": "12"}, set())
