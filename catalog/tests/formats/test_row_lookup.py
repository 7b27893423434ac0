"""Records that rows refer to."""

import pytest
from django.core.exceptions import ValidationError

from catalog.formats.row_lookup import OwnerLookup, RelatedRecords, RowLookup
from catalog.formats.table_schema import TableSchema
from catalog.models import Credit, Episode, Person, Series, SeriesCompany
from catalog.tests import factories as make


def test_related_records_are_read_in_one_query_for_all_rows(db, django_assert_num_queries):
    people = [make.person(), make.person(), make.person()]
    schema = TableSchema(Credit)
    rows = [{"person": person.slug} for person in people]
    with django_assert_num_queries(1):
        related = RelatedRecords(schema.columns.values(), rows)
        assert [related.parse(schema.columns["person"], row["person"]) for row in rows] == people
    assert related.parse(schema.columns["person"], "") is None


def test_many_related_records_are_parsed_to_a_list(db):
    genres = [make.genre("Comedy"), make.genre("Western")]
    column = TableSchema(Series).columns["genres"]
    related = RelatedRecords([column], [{"genres": "western, comedy"}])
    assert related.parse(column, "western, comedy") == genres
    assert related.parse(column, "") == []


def test_an_unknown_related_record_is_reported_with_its_current_slug_if_it_was_renamed(db):
    person = make.person("Old Name")
    person.slug = "new-name"
    person.save()
    column = TableSchema(Credit).columns["person"]
    related = RelatedRecords([column], [{"person": "old-name"}, {"person": "nobody"}])
    with pytest.raises(ValidationError) as error:
        related.parse(column, "old-name")
    assert error.value.messages == ["There is no person “old-name”: it is called “new-name” now."]
    with pytest.raises(ValidationError) as error:
        related.parse(column, "nobody")
    assert error.value.messages == ["There is no person “nobody”."]


def test_owners_are_found_at_the_level_that_a_row_names(db):
    episode = make.episode()
    slug = episode.series.slug
    rows = [
        {"series": slug, "season": "1", "episode": str(episode.number)},
        {"series": slug, "season": "01", "episode": None},
        {"series": slug, "season": "", "episode": ""},
    ]
    lookup = OwnerLookup(TableSchema(Credit).columns, [*rows, rows[0] | {"season": "1"}])
    assert lookup.find(rows[0]) == {"episode": episode, "season": None, "series": None}
    assert lookup.find(rows[2]) == {"episode": None, "season": None, "series": episode.series}
    assert lookup.find({}) == {"episode": None, "season": None, "series": None}


@pytest.mark.parametrize("number", ["9", "9" * 30, "x"])
def test_an_unknown_owner_is_reported(db, number):
    row = {"series": make.series("Soundtrack").slug, "season": number}
    with pytest.raises(ValidationError) as error:
        OwnerLookup(TableSchema(Credit).columns, [row]).find(row)
    assert error.value.message_dict == {"series": [f"There is no series “soundtrack”, season “{number}”."]}


def test_records_are_found_by_natural_key_and_new_rows_are_not(db):
    episode = make.episode()
    key = {"series": episode.series.slug, "season": "1"}
    rows = [key | {"number": str(episode.number)}, key | {"number": "99"}]
    lookup = RowLookup(TableSchema(Episode), rows)
    assert lookup.find(rows[0], 2) == episode
    assert lookup.find(rows[1], 3) is None
    assert lookup.natural_values(rows[1]) == {"season": episode.season, "number": 99}


def test_a_second_row_about_a_record_is_reported_but_several_rows_may_have_no_slug(db):
    rows = [{"slug": "ada"}, {"slug": "ada"}, {"slug": ""}, {"slug": ""}]
    lookup = RowLookup(TableSchema(Person), rows)
    assert lookup.find(rows[0], 2) is None
    with pytest.raises(ValidationError, match="Row 2 is about the same record"):
        lookup.find(rows[1], 3)
    assert lookup.find(rows[2], 4) is lookup.find(rows[3], 5) is None


def test_a_related_record_is_named_by_an_alias_that_only_one_has(db):
    studio, person = make.company("Foxglove Television"), make.person("Joshua Bell")
    studio.aliases.create(name="Foxglove TV", until="1989")
    person.aliases.create(name="Josh Bell")
    make.company("Northern").aliases.create(name="Harbour")
    harbour = make.company("Harbour")
    for company in (make.company("One"), make.company("Two")):
        company.aliases.create(name="The Studio")
    company, credited = TableSchema(SeriesCompany).columns["company"], TableSchema(Credit).columns["person"]
    rows = [{"company": name, "person": "Josh Bell"} for name in ("Foxglove TV", "Harbour", "The Studio")]
    related = RelatedRecords([company, credited], rows)
    assert related.parse(company, "Foxglove TV") == studio
    assert related.parse(credited, "Josh Bell") == person
    assert related.parse(company, "Harbour") == harbour, "a present name before a former one"
    with pytest.raises(ValidationError) as error:
        related.parse(company, "The Studio")
    assert error.value.messages == ["Several companies are called “The Studio”; give the slug: one or two."]
