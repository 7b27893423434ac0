"""When two stated values are the same."""

import pytest

from catalog.editing.ingest.stated_values import alike, title_key, value_key
from catalog.partial_date import PartialDate


@pytest.mark.parametrize(
    ("text", "other", "is_alike"),
    [
        ("Do You Know", "Do you know?", True),
        ("Pokémon", "Pokemon", True),
        ("Faith, Hope & Trick", "Faith, Hope and Trick", True),
        ("The Wire", "Wire", True),
        ("Дуда", "Duda", False),
        ("Дуда", "ДУДА!", True),
        ("絕命毒師", "绝命毒师", False),
        ("…", "!!", False),
        ("Witch", "Which", False),
    ],
)
def test_texts(text, other, is_alike):
    assert (alike(text) == alike(other)) is is_alike


@pytest.mark.parametrize(
    "title",
    [
        "Becoming (Part 2)",
        "Becoming, Part Two",
        "Becoming: Part II",
        "Becoming (2)",
        "BECOMING - pt. 2",
        "Becoming (Part 2 of 2)",
    ],
)
def test_parts_of_an_episode(title):
    assert title_key(title) == title_key("Becoming (2)")
    assert title_key(title) not in map(title_key, ("Becoming", "Becoming (1)", "Becoming, Part Three"))


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("Part 2", "2"),
        ("Apart Two", "A 2"),
        ("Henry VI", "Henry 6"),
        ("1984 (1984)", "1984"),
    ],
)
def test_titles_without_a_part_stay(title, other):
    assert title_key(title) != title_key(other)


def test_values_of_fields():
    assert value_key("air_date", PartialDate("2010-04")) == "2010-04"
    assert value_key("runtime", 60) == "60"
    assert value_key("title", "Becoming (Part 1)") == value_key("title", "Becoming (1)")
    assert value_key("production_code", "4V-03") == value_key("production_code", "4v03")
    assert value_key("runtime", None) == value_key("title", "") == ""
