"""Search without corrections: all words have to match, only published records are found, no text causes an error."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.facets.person import PersonFacets
from catalog.facets.series import SeriesFacets
from catalog.models import Alias, AlternativeTitle, Citation, Person, Series, Song
from catalog.search import search
from catalog.search.conditions import Tier
from catalog.search.fuzzy import Correction, NearRecord
from catalog.search.query import RECORDS_PER_KIND, SearchGroup, add_near_records
from catalog.search.tokenizer import MAX_QUERY_LENGTH, MAX_QUERY_WORDS, clean_query, parse_query
from catalog.tests import factories as make
from catalog.tests import page_parsing

pytestmark = pytest.mark.django_db


def names_by_kind(text):
    """Return {kind: [names of the results]}."""
    return {group.kind: [str(record) for record in group.records] for group in search(text)}


def test_a_series_is_found_by_its_titles_and_its_premise():
    series = make.series("The Long Way", premise="Two sisters sail round a lake.")
    AlternativeTitle.objects.create(series=series, title="Mixtape", kind="working")
    for text in ("long way", "LONG", "mixtape", "sisters lake", "ong"):
        assert names_by_kind(text) == {"series": ["The Long Way"]}, text


def test_an_episode_is_found_by_title_synopsis_code_and_series():
    episode = make.episode(make.season(make.series("Harbour")), title="Low Tide", production_code="T23.12345")
    AlternativeTitle.objects.create(episode=episode, title="Ebb", kind="earlier")
    episode.synopsis = "A boat comes home."
    episode.save()
    for text in ("low tide", "t23.12345", "ebb", "boat", "harbour tide"):
        assert [record.title for group in search(text) for record in group.records] == ["Low Tide"], text


def test_a_person_is_found_by_every_name_they_go_by():
    person = make.person("Ann Bell")
    Alias.objects.create(person=person, name="Nancy Clark")
    make.credit(make.series("Shown"), person, credited_as="A. C. Dunn")
    for text in ("ann", "bell, ann", "nancy", "clark", "dunn"):
        assert names_by_kind(text) == {"person": ["Ann Bell"]}, text
    assert names_by_kind("ann clark") == {"person": ["Ann Bell"]}, "words may be in different names"
    assert names_by_kind("ann moon") == {}


def test_characters_and_companies_are_found_too():
    series = make.series("Harbour")
    nell = make.character(series, "Nell", full_name="Eleanor Moss")
    Alias.objects.create(character=nell, name="Captain")
    make.company("Moss Pictures")
    assert names_by_kind("moss") == {"character": ["Eleanor Moss"], "company": ["Moss Pictures"]}
    assert names_by_kind("captain") == names_by_kind("nell") == {"character": ["Eleanor Moss"]}


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("José Muñoz", ["jose", "munoz", "Jose Munoz", "josé", "muñoz"]),
        ("Zoë Kravitz-Å", ["zoe", "ZOE", "kravitz-a"]),
        ("Conan O’Brien", ["obrien", "o'brien", "o’brien"]),
        ("Łukasz Żal", ["lukasz", "zal", "lukasz żal"]),
        ("Ольга Ильина", ["olga", "Ольга"]),
    ],
)
def test_a_name_is_found_without_its_accents_in_the_lists_too(name, texts):
    make.person(name)
    make.person("Somebody Else")
    make.series(name)
    for text in texts:
        assert names_by_kind(text) == {"series": [name], "person": [name]}, text
        for facets, model in ((PersonFacets, Person), (SeriesFacets, Series)):
            assert [str(row) for row in facets({"q": text}, queryset=model.objects.published()).rows()] == [name], text


def test_capitals_with_accents_find_small_letters():
    make.person("Édith Å")
    assert names_by_kind("éDITH") == names_by_kind("ÉDITH") == {"person": ["Édith Å"]}


def test_slug_numbers_and_symbols_alone_find_nothing():
    make.person("Ann Bell")
    second = make.person("Ann Bell")
    assert second.slug == "ann-bell-2"
    for text in ("2", "-", "_", "%", "\\", "*", "?", "'", '"', "a%n", "b%l", "b_ll", "b.ll", "b*l", "🎵", "()"):
        assert names_by_kind(text) == {}, text


def test_unpublished_records_are_neither_found_nor_counted():
    draft = make.series("Secret Plan", published_at=None)
    make.character(draft, "Secret Sam")
    make.episode(make.season(draft), title="Secret Part")
    make.episode(make.season(make.series("Shown"), published_at=None), title="Secret Hour")
    make.episode(make.season(make.series("Shown too")), title="Secret Minute", published_at=None)
    make.person("Secret Name", published_at=None)
    make.company("Secret House", published_at=None)
    assert search("secret") == []
    make.person("Secret Open")
    (group,) = search("secret")
    assert (group.total, [str(record) for record in group.records]) == (1, ["Secret Open"])


def test_a_record_with_several_matches_is_found_once():
    person = make.person("Ann Ann")
    for number in range(3):
        Alias.objects.create(person=person, name=f"Ann {number}")
        make.credit(make.series(), person, credited_as="Ann")
    (group,) = search("ann")
    assert (group.total, group.records) == (1, [person])


def test_records_are_sorted_by_name_and_more_are_counted_and_linked(client):
    for number in range(RECORDS_PER_KIND + 2, 0, -1):
        make.person(f"Ann {number:02}")
    (group,) = search("ann")
    assert (group.total, len(group.records)) == (RECORDS_PER_KIND + 2, RECORDS_PER_KIND)
    assert [person.sort_name for person in group.records] == [f"{n:02}, Ann" for n in range(1, RECORDS_PER_KIND + 1)]
    page = page_parsing.get_page(client, "/search/?q=ann")
    assert page_parsing.result_total(page) == RECORDS_PER_KIND + 2
    (list_url,) = page.xpath("//main//a[starts-with(@href, '/people/?q=')]/@href")
    assert page_parsing.result_total(page_parsing.get_page(client, list_url)) == 27


def test_each_kind_takes_two_queries_whatever_the_number_of_results(django_assert_max_num_queries):
    for number in range(3):
        series = make.series(f"Ann {number}")
        make.credit(make.episode(make.season(series), title="Ann"), f"Ann {number}")
        make.character(series, f"Ann {number}")
        make.company(f"Ann {number}")
        Citation.objects.create(source=make.source(f"Ann {number}"), series=series)
        series.cues.create(song=Song.objects.create(title=f"Ann {number}"))
    search("ann")  # loads the names for corrections
    with django_assert_max_num_queries(2 * 7 + 5):  # and the prefetches of series, companies and songs
        assert len(search("ann")) == 7


def test_an_empty_text_has_no_results_and_no_queries(django_assert_num_queries):
    make.person("Ann")
    with django_assert_num_queries(0):
        for text in ("", " ", "\x00", "\t\n\r", "\u2003\u3000"):
            assert search(text) == []


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  a \n\t b  ", "a b"),
        ("a\x00b", "a b"),
        ("x" * 10_000, "x" * MAX_QUERY_LENGTH),
        ("x" * (MAX_QUERY_LENGTH - 1) + " y", "x" * (MAX_QUERY_LENGTH - 1)),
    ],
)
def test_a_text_is_cleaned_before_the_search(text, cleaned):
    assert clean_query(text) == cleaned


def test_only_the_first_words_are_searched_for_and_repeated_words_count_once():
    make.person("Ann Bell")
    assert names_by_kind(" ".join(["ann"] * 50 + ["bell"])) == {"person": ["Ann Bell"]}
    assert names_by_kind(" ".join(["ann", "bell"] + ["a", "n", "b", "e", "l", "nn"] + ["moon"])) == {
        "person": ["Ann Bell"]
    }
    assert MAX_QUERY_WORDS == 8


HOSTILE = ["\x00", "%' OR 1=1 --", "\\", "%" * 200, "_" * 200, "[" * 200, "(" * 200, "*" * 200, "9" * 5000]
HOSTILE += ["\u202eabc", "\ufffd", "\U0010ffff", "e\u0301" * 200, "🎵" * 200, "NEAR(a b)", '"', "a:b*", "{{7*7}}"]
HOSTILE += ["İ" * 200, "ß" * 200, "ŉ", "\u200b", "\ufeff", "٣", "Ⅷ", "'" * 199]


@pytest.mark.parametrize("path", ["/search/", "/companies/"])  # the lists': tests/facets/test_hostile.py
def test_hostile_texts_cause_no_error_and_are_escaped(client, path):
    make.person("Ann")
    for text in [*HOSTILE, "<script>alert(1)</script>"]:
        response = client.get(path, {"q": text})
        assert response.status_code == 200, text[:20]
        assert b"<script>alert" not in response.content
    for raw in ("%", "%zz", "%FF%FE", "%ED%A0%80", "%u0041", "a&q=b&q=%00", "=&&=&q"):
        assert client.get(f"{path}?q={raw}").status_code == 200, raw
    assert client.get(f"{path}?{'&'.join(['q=ann'] * 1000)}").status_code == 200


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=40))
def test_any_text_can_be_searched_for(db, text):
    assert isinstance(search(text), list)


@pytest.mark.parametrize(
    ("exact", "near", "farther", "order"),
    [
        (1, 1, 1, ["exact 0", "near 0", "farther 0"]),
        (1, 2, 2, ["exact 0", "near 0", "near 1", "farther 0", "farther 1"]),
        (2, 1, 1, ["exact 0", "near 0", "exact 1", "farther 0"]),
        (0, 1, 1, ["near 0", "farther 0"]),
        (1, 0, 1, ["exact 0", "farther 0"]),
    ],
)
def test_nearer_corrections_come_before_farther_ones(exact, near, farther, order):
    people = {
        name: [make.person(f"{name} {number}") for number in range(total)]
        for name, total in (("exact", exact), ("near", near), ("farther", farther))
    }
    groups = [SearchGroup("person", "People", exact, people["exact"], [Tier.EXACT] * exact)] if exact else []
    matches = [NearRecord(2, "person", person.pk) for person in people["farther"]]
    matches += [NearRecord(1, "person", person.pk) for person in people["near"]]
    (group,) = add_near_records(groups, Correction(1, parse_query("exact"), tuple(matches)))
    assert [record.name for record in group.records] == order
    assert group.total == exact + near + farther
