"""Which models have a schema, its headers and its rows."""

import pytest

from catalog.formats.table_schema import TableSchema, schema_for
from catalog.models import Change, Credit, Episode, Person, Picture, Series, Song
from catalog.spreadsheet_rows import FileError
from catalog.tests import factories as make


@pytest.mark.parametrize(("model", "has_schema"), [(Person, True), (Credit, True), (Picture, False), (Change, False)])
def test_models_with_files_or_without_a_natural_key_have_no_schema(model, has_schema):
    assert (schema_for(model) is not None) is has_schema


def test_all_problems_of_the_headers_are_reported():
    schema = TableSchema(Person)
    assert schema.column_names(["slug", "born"]) == ["slug", "born"]
    with pytest.raises(FileError) as error:
        schema.column_names(["born", "Born", "wage"])
    message = "Duplicate columns: “born”, “Born”. Unknown columns: “wage”. Missing columns: “slug”. The list has slug, "
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("model", "header", "name"),
    [
        (Person, "Slug", "slug"),
        (Person, "SORT NAME", "sort_name"),
        (Person, "Portrait", "picture"),
        (Person, "Published-At", "published_at"),
        (Episode, "Overall number", "overall_number"),
        (Episode, " last  Number ", "last_number"),
        (Series, "Countries of origin", "countries"),
        (Series, "Last released", "ended"),
        (Song, "Recording Artist", "artist"),
    ],
)
def test_a_header_is_a_column_name_or_a_label_in_any_case(model, header, name):
    schema = TableSchema(model)
    assert schema.column_names([header, *(key for key in schema.key_names if key != name)])[0] == name


def test_a_file_is_read_with_the_names_of_its_columns():
    table = TableSchema(Person).read(b"sep=|\nSLUG|Sort name\nada|Lovelace, Ada\n")
    assert list(table.records()) == [(2, {"slug": "ada", "sort_name": "Lovelace, Ada"})]


def test_exported_rows_have_a_cell_for_each_column(db):
    make.person("Ada", born="1815")
    schema = TableSchema(Person)
    headers, row = schema.export_rows(schema.queryset())
    cells = dict(zip(headers, row, strict=True))
    assert (cells["slug"], cells["name"], cells["born"], cells["died"]) == ("ada", "Ada", "1815", "")


def test_the_number_of_queries_of_an_export_does_not_depend_on_the_number_of_rows(db, django_assert_num_queries):
    schema = TableSchema(Credit)
    for total in (1, 4):
        while Credit.objects.count() < total:
            make.credit(make.episode())
        with django_assert_num_queries(1):
            assert len(list(schema.export_rows(schema.queryset()))) == total + 1
