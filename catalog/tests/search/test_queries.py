"""Names, codes, numbers, other scripts and typing errors find the right record on both databases."""

import random

import pytest

from bench.search import mistyped
from catalog.search import search
from catalog.tests.search import sample_catalogue
from catalog.tests.search.queries import QUERIES

pytestmark = pytest.mark.django_db


def label_of(kind, record):
    """Return the name of a record in results."""
    return record.name if kind == "episode" else str(record)


def position_of(text, kind, name):
    """Return (position within its kind from 1, whether its kind comes first); (0, False) if it is not found."""
    groups = search(text)
    for number, group in enumerate(groups):
        names = [label_of(kind, record) for record in group.records]
        if group.kind == kind and name in names:
            return names.index(name) + 1, number == 0
    return 0, False


def test_each_text_finds_its_record_first_or_among_three(soundtrack):
    sample_catalogue.fill()
    assert len(QUERIES) >= 120
    failures = []
    for text, kind, name, highest in QUERIES:
        position, kind_is_first = position_of(text, kind, name)
        if not 1 <= position <= highest or (highest == 1 and not kind_is_first):
            failures.append((text, name, position, kind_is_first))
    assert failures == []


@pytest.mark.parametrize(("edits", "least"), [(1, 0.98), (2, 0.90)])
def test_mistyped_names_and_titles_are_within_the_first_three(db, edits, least):
    names, titles = sample_catalogue.fill()
    rng = random.Random(100 + edits)
    records = [("person", name) for name in rng.sample(names, 150)] + [
        ("series", title) for title in rng.sample(titles, 50)
    ]
    missed = [name for kind, name in records if not 1 <= position_of(mistyped(name, edits, rng), kind, name)[0] <= 3]
    assert 1 - len(missed) / len(records) >= least, missed


def test_a_correction_is_shown_and_can_be_turned_off(soundtrack, client):
    result = search("raul castilo")
    assert (result.text, result.corrected_text, str(result.exact_match)) == (
        "raul castilo",
        "Raúl Castillo",
        "Raúl Castillo",
    )
    assert search("raul castilo", exact=True) == []
    page = client.get("/search/", {"q": "raul castilo"}).content.decode()
    assert "Showing results for <b>Raúl Castillo</b>" in page
    assert 'href="/search/?q=raul+castilo&amp;exact=1"' in page
    page = client.get("/search/", {"q": "raul castilo", "exact": "1"}).content.decode()
    assert "Showing results for" not in page
    assert 'data-total="0"' in page


def test_a_text_with_results_is_not_corrected(soundtrack):
    for text in ("raul castillo", "castillo", "soundtrack 3", "sam", "trip", "1lbk03"):
        assert search(text).corrected_text == "", text


def test_a_text_is_not_corrected_to_a_draft(db):
    sample_catalogue.make.person("Secret Somebody", published_at=None)
    assert search("secret somebdy") == []
    assert search("secrt").corrected_text == ""


def test_a_single_exact_match_is_shown_at_the_top(soundtrack, client):
    page = client.get("/search/", {"q": "soundtrack"}).content.decode()
    assert page.count('class="search__exact"') == 1
    assert page.index('class="search__exact"') < page.index("/series/soundtrack/s01e01/")
    assert search("track").exact_match is None


def test_whole_names_come_before_words_and_words_before_other_texts(db):
    make = sample_catalogue.make
    with_text = make.series("Zebra", premise="All about harbour life.")
    with_words = make.series("Old Harbour")
    with_prefix = make.series("Harbour Lights")
    exact = make.series("The Harbour")
    for _ in range(3):
        make.credit(with_text)
    (group,) = [group for group in search("harbour") if group.kind == "series"]
    assert group.records == [exact, with_prefix, with_words, with_text]


def test_within_a_tier_the_most_credited_comes_first(db):
    make = sample_catalogue.make
    people = [make.person(f"Ann Bell {letter}") for letter in "ABC"]
    for total, person in zip((0, 5, 1), people, strict=True):
        for _ in range(total):
            make.credit(make.series(), person)
    (group,) = search("ann bell")
    assert group.records == [people[1], people[2], people[0]]
