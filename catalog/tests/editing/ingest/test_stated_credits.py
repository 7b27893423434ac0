"""Credits of sources: roles, lists of people, characters, and what editors removed."""

import pytest

from catalog.tests import factories as make
from catalog.tests.editing.ingest.statements import (
    DIFFERS,
    NEW,
    SAME,
    compare,
    credit,
    episode,
    fact,
    imported,
    only_cell,
    statement,
)

pytestmark = pytest.mark.django_db
VAGUE = "What they wrote is stated or recorded more precisely."


def names(plan, key):
    return [(cell.words, str(cell.state), cell.is_ticked) for cell in fact(plan, key).cells]


def test_roles_are_mapped_by_their_synonyms_and_others_are_counted(vocabulary):
    plan = compare(
        statement(
            episode(1, credit("Directed by", "Ann Lee"), credit("Best boy", "Joe Roe"), credit("Stunts by", "Al Po")),
            episode(2, credit("best boy", "Joe Roe"), credit("Best boy", "Ed Fu"), credit("Best boy", "Jo Bo")),
            credits=[credit("Best boy", "Cy Mo"), credit("Executive Producers", "Nina Noble")],
        )
    )
    assert names(plan, "s01e01.director") == [("Ann Lee", NEW, True)]
    assert names(plan, "series.executive-producer") == [("Nina Noble", NEW, True)]
    assert plan.unmapped == [
        (0, "“Best boy” is no role of the vocabulary: 4 credits (Cy Mo, Joe Roe, Ed Fu …)."),
        (0, "“Stunts by” is no role of the vocabulary: 1 credit (Al Po)."),
        (0, "“best boy” is no role of the vocabulary: 1 credit (Joe Roe)."),
    ]
    assert set(plan.people) == {"annlee", "ninanoble"}


@pytest.mark.parametrize(
    ("first", "second", "states"),
    [
        (["Ann Lee"], ["Ann Lee"], [NEW, NEW]),
        (["Ann Lee", "Joe Roe"], ["Ann Lee"], [NEW, NEW, NEW]),
        (["Ann Lee", "Joe Roe"], ["Ann Lee", "Al Po"], [NEW, DIFFERS, NEW, DIFFERS]),
        (["Ann Lee"], ["Al Po"], [DIFFERS, DIFFERS]),
        (["Ann Lee"], [], [NEW]),
    ],
)
def test_a_part_of_the_writers_is_no_difference(vocabulary, first, second, states):
    plan = compare(
        statement(episode(1, *(credit("writer", name) for name in first))),
        statement(episode(1, *(credit("writer", name) for name in second)), publisher="TMDB"),
    )
    assert [state for _, state, _ in names(plan, "s01e01.writer")] == states
    assert [is_ticked for _, _, is_ticked in names(plan, "s01e01.writer")] == [state == NEW for state in states]


@pytest.mark.parametrize(
    ("recorded", "stated", "expected"),
    [
        (["Ann Lee"], ["Ann Lee"], [(SAME, True)]),
        (["Ann Lee"], ["Joe Roe"], [(DIFFERS, False)]),
        (["Ann Lee"], ["Ann Lee", "Joe Roe"], [(SAME, True), (NEW, False)]),
        (["Ann Lee", "Joe Roe"], ["Ann Lee"], [(SAME, True)]),
        (["Ann Lee", "Joe Roe"], ["Ann Lee", "Al Po"], [(SAME, True), (DIFFERS, False)]),
    ],
)
def test_recorded_credits_are_the_same_and_others_are_ticked_by_hand(season, recorded, stated, expected):
    recorded_episode = make.episode(season, 1)
    for name in recorded:
        make.credit(recorded_episode, name, "writer")
    plan = compare(statement(episode(1, *(credit("writer", name) for name in stated))), series=season.series)
    assert [(state, is_ticked) for _, state, is_ticked in names(plan, "s01e01.writer")] == expected
    assert fact(plan, "s01e01.writer").recorded == recorded


def test_a_credit_refers_to_its_row(season):
    row = make.credit(make.episode(season, 1), "Ann Lee")
    assert only_cell(compare(statement(episode(1, credit("director", "Ann Lee"))), series=season.series),
                     "s01e01.director").row == row  # fmt: skip


@pytest.mark.parametrize("change", ["delete", "another person", "another role"])
def test_a_credit_that_an_editor_removed_is_not_ticked(season, change):
    row = imported(lambda: make.credit(make.episode(season, 1), "Ann Lee", "director"))
    if change == "delete":
        row.delete()
    elif change == "another person":
        row.person = make.person("Joe Roe")
        row.save()
    else:
        row.role = make.role("writer")
        row.save()
    person_id = {"annlee": str(make.credit(season.series, row.person, "creator").person.pk)}
    claims = statement(episode(1, credit("director", "Ann Lee")))
    plan = compare(claims, series=season.series, people=person_id)
    if change == "another person":
        plan = compare(claims, series=season.series, people={"annlee": _pk("Ann Lee")})
    cell = only_cell(plan, "s01e01.director")
    assert (str(cell.state), cell.is_ticked, cell.may_tick, cell.note) == (
        DIFFERS,
        False,
        True,
        "Removed by an editor.",
    )


def _pk(name):
    return str(make.Person.objects.get(name=name).pk)


def test_a_credit_of_which_an_editor_changed_the_note_was_not_removed(season):
    row = make.credit(make.episode(season, 1), "Ann Lee")
    make.credit(season.series, row.person, "creator")
    row.note = "uncredited"
    row.save()
    imported(row.delete)
    plan = compare(statement(episode(1, credit("director", "Ann Lee"))), series=season.series)
    assert names(plan, "s01e01.director") == [("Ann Lee", NEW, True)]


def test_a_credit_that_an_import_replaced_is_not_removed_by_an_editor(season):
    row = make.credit(make.episode(season, 1), "Ann Lee")
    make.credit(season.series, row.person, "creator")
    imported(row.delete)
    plan = compare(statement(episode(1, credit("director", "Ann Lee"))), series=season.series)
    assert names(plan, "s01e01.director") == [("Ann Lee", NEW, True)]


@pytest.mark.parametrize(
    ("first", "second", "keys", "states"),
    [
        ("Toni Bernette", "Toni Bernette", 1, [NEW, NEW]),
        ("Toni", "Toni Bernette", 1, [NEW, NEW]),
        ("", "Toni Bernette", 1, [NEW, NEW]),
        ("Toni", "Sofia", 2, [DIFFERS, DIFFERS]),
    ],
)
def test_characters_of_one_performer(vocabulary, first, second, keys, states):
    plan = compare(
        statement(credits=[credit("cast", "Melissa Leo", character=first, kind="main")]),
        statement(credits=[credit("Starring", "Melissa Leo", character=second, kind="main")], publisher="TMDB"),
    )
    stated = fact(plan, "series.cast").cells
    assert len({cell.key for cell in stated}) == keys
    assert [str(cell.state) for cell in stated] == states
    assert {cell.value.character for cell in stated} == ({first, second} if keys == 2 else {first or second})


def test_two_characters_of_one_performer_in_one_source_are_two_credits(vocabulary):
    claims = [credit("cast", "Ann Lee", character="Sam"), credit("cast", "Ann Lee", character="Sam Senior")]
    plan = compare(statement(credits=claims))
    assert names(plan, "series.cast") == [("Ann Lee as Sam", NEW, True), ("Ann Lee as Sam Senior", NEW, True)]


def test_cast_lists_of_two_sources_are_parts_of_the_cast(vocabulary):
    plan = compare(
        statement(credits=[credit("cast", "Melissa Leo"), credit("cast", "Khandi Alexander")]),
        statement(credits=[credit("cast", "Melissa Leo"), credit("cast", "Wendell Pierce")], publisher="TMDB"),
    )
    assert {(state, is_ticked) for _, state, is_ticked in names(plan, "series.cast")} == {(NEW, True)}


@pytest.mark.parametrize(
    ("recorded", "stated", "expected"),
    [
        ("Toni", "Toni Bernette", (SAME, True)),
        ("Toni", "", (SAME, True)),
        ("", "", (SAME, True)),
        ("", "Toni", (NEW, False)),
        ("Toni", "Sofia", (DIFFERS, False)),
    ],
)
def test_a_recorded_character(season, recorded, stated, expected):
    series = season.series
    character = make.character(series, recorded, full_name="Antoinette Bernette") if recorded else None
    row = make.credit(series, "Melissa Leo", "cast", character=character)
    plan = compare(statement(credits=[credit("cast", "Melissa Leo", character=stated)]), series=series)
    cell = only_cell(plan, "series.cast")
    assert (str(cell.state), cell.is_ticked) == expected
    assert cell.row == (None if expected[0] == DIFFERS else row)


def test_the_full_name_of_a_recorded_character_is_a_name(season):
    character = make.character(season.series, "Big Chief", full_name="Albert Lambreaux")
    make.credit(season.series, "Clarke Peters", "cast", character=character)
    claims = [credit("cast", "Clarke Peters", character="Albert Lambreaux"), credit("cast", "Clarke Peters")]
    plan = compare(statement(credits=claims), series=season.series)
    assert {(str(cell.state), cell.row.character) for cell in fact(plan, "series.cast").cells} == {(SAME, character)}


def test_a_long_name_of_a_character_is_left_out_with_a_note(vocabulary):
    plan = compare(statement(credits=[credit("cast", "Ann Lee", character="x" * 121)]))
    cell = only_cell(plan, "series.cast")
    assert (cell.value.character, cell.is_ticked) == ("", True)
    assert cell.note == "The character's name has more than 120 characters, so it is left out."


def test_long_details_of_a_credit_are_cut(vocabulary):
    plan = compare(statement(credits=[credit("creator", "Ann Lee", note="n" * 201, credited_as="c" * 161)]))
    claim = only_cell(plan, "series.creator").value
    assert (len(claim.note), claim.credited_as) == (200, "")


@pytest.mark.parametrize("name", ["x" * 161, "…", "2010-04-11"])
def test_what_is_no_name_is_unmapped(vocabulary, name):
    plan = compare(statement(credits=[credit("creator", name)]))
    assert plan.people == {}
    assert plan.unmapped == [(0, f"“{name[:60]}” (Creator) is not a name.")]


def test_credits_for_some_episodes_are_not_ticked_if_the_episodes_say_for_which(season):
    make.credit(make.episode(season, 2), "Ann Lee", "director")
    partial = {"for_some_episodes": True}
    plan = compare(
        statement(
            episode(1, credit("story", "Joe Roe")),
            credits=[
                *(credit("director", "Ann Lee", **partial), credit("writer", "Joe Roe", **partial)),
                *(credit("writer", "Al Po", **partial), credit("executive-producer", "Joe Roe")),
            ],
        ),
        series=season.series,
    )
    assert names(plan, "series.director") == [("Ann Lee (for some episodes)", NEW, False)]
    assert [is_ticked for _, _, is_ticked in names(plan, "series.writer")] == [False, True]
    assert names(plan, "series.executive-producer") == [("Joe Roe", NEW, True)]


def test_a_source_that_knows_only_the_writer_is_less_precise(season):
    recorded = make.episode(season, 2)
    writer = make.credit(recorded, "Ann Lee", "writer").person
    make.credit(recorded, "Joe Roe", "story")
    precise = statement(
        episode(1, credit("story", "Ann Lee"), credit("teleplay", "Joe Roe")),
        episode(2, credit("teleplay", "Ann Lee")),
    )
    vague = [credit("writer", name) for name in ("Ann Lee", "Joe Roe")]
    plan = compare(
        precise, statement(episode(1, *vague), episode(2, *vague), publisher="TMDB"),
        series=season.series, people={"annlee": str(writer.pk)},
    )  # fmt: skip
    assert [is_ticked for _, _, is_ticked in names(plan, "s01e01.writer")] == [False, False]
    assert [is_ticked for _, _, is_ticked in names(plan, "s01e01.story")] == [True]
    assert names(plan, "s01e02.teleplay") == [("Ann Lee", NEW, False)]
    assert [cell.note for cell in fact(plan, "s01e02.writer").cells] == ["", VAGUE]


def test_a_credit_on_an_episode_is_for_that_episode(vocabulary):
    plan = compare(statement(episode(1, credit("director", "Ann Lee", for_some_episodes=True))))
    assert not only_cell(plan, "s01e01.director").value.for_some_episodes


def test_the_kind_of_a_cast_credit_comes_from_the_word(vocabulary):
    plan = compare(statement(credits=[credit("Guest star", "Ann Lee"), credit("creator", "Joe Roe", kind="main")]))
    assert only_cell(plan, "series.guest").value.kind == "guest"
    assert only_cell(plan, "series.creator").value.kind == ""
