"""Which models have a schema, its headers and its rows."""

import pytest

from catalog.formats.spreadsheet_files import FileError
from catalog.formats.table_schema import TableSchema, schema_for
from catalog.models import Change, Credit, Person, Picture
from catalog.tests import factories as make


@pytest.mark.parametrize(("model", "has_schema"), [(Person, True), (Credit, True), (Picture, False), (Change, False)])
def test_models_with_files_or_without_a_natural_key_have_no_schema(model, has_schema):
    assert (schema_for(model) is not None) is has_schema


def test_all_problems_of_the_headers_are_reported():
    schema = TableSchema(Person)
    schema.check_headers(["slug", "born"])
    with pytest.raises(FileError) as error:
        schema.check_headers(["born", "born", "wage"])
    message = "Duplicate columns: “born”. Unknown columns: “wage”. Missing columns: “slug”. The list has slug, "
    assert str(error.value).startswith(message)


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
