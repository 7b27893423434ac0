"""Conversion of fields to cells and of cells to values."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from catalog.formats.columns import FieldColumn, ForeignKeyColumn, ManyToManyColumn, OwnerColumn
from catalog.formats.table_schema import TableSchema
from catalog.models import Credit, Episode, ExternalId, Series
from catalog.tests import factories as make


def columns(model):
    """The columns of a model by name."""
    return TableSchema(model).columns


def test_a_field_is_written_and_parsed_back(db):
    episode = make.episode(runtime=42, synopsis="Two songs.")
    for name in ("runtime", "synopsis", "published_at"):
        column = columns(Episode)[name]
        assert column.parse(column.cell(episode)) == getattr(episode, name)


def test_an_empty_cell_is_the_default_of_the_field():
    assert columns(Episode)["runtime"].parse("") is None
    assert columns(Episode)["synopsis"].parse(None) == ""


def test_a_time_without_a_zone_is_taken_in_the_zone_of_the_site():
    assert columns(Episode)["published_at"].parse("2020-01-01 12:00") == dt.datetime(2020, 1, 1, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(("text", "value"), [("TRUE", True), ("yes", True), ("0", False), ("No", False)])
def test_booleans_are_parsed_from_words(text, value):
    assert columns(Credit)["pilot_only"].parse(text) is value


def test_other_words_are_no_booleans():
    with pytest.raises(ValidationError, match="neither TRUE nor FALSE"):
        columns(Credit)["pilot_only"].parse("perhaps")


def test_a_choice_is_parsed_by_value_or_label():
    column = columns(ExternalId)["scheme"]
    value, label = column.field.choices[0]
    assert column.parse(str(label).upper()) == column.parse(value) == value


def test_relations_are_written_by_slug(db):
    credit = make.credit(make.episode(), make.person("Ada"))
    person = columns(Credit)["person"]
    assert isinstance(person, ForeignKeyColumn)
    assert (person.cell(credit), person.keys(" ada "), person.keys("")) == ("ada", ["ada"], [])
    series = make.series()
    series.genres.set([make.genre("Western"), make.genre("Comedy")])
    genres = columns(Series)["genres"]
    assert isinstance(genres, ManyToManyColumn)
    assert (genres.cell(series), genres.keys("b, a,,a")) == ("comedy, western", ["a", "b"])


def test_an_owner_is_written_in_the_columns_series_season_and_episode(db):
    episode = make.episode()
    by_level = {
        "episode": (episode.series.slug, 1, episode.number),
        "season": (episode.series.slug, 1, ""),
        "series": (episode.series.slug, "", ""),
    }
    owners = [columns(Credit)[name] for name in ("series", "season", "episode")]
    assert all(isinstance(column, OwnerColumn) for column in owners)
    for record, cells in zip((episode, episode.season, episode.series), by_level.values(), strict=True):
        assert tuple(column.cell(make.credit(record)) for column in owners) == cells


def test_columns_that_identify_a_record_come_first():
    schema = TableSchema(Credit)
    assert list(schema.columns)[: len(schema.key_names)] == schema.key_names
    assert {"person", "role", "series", "season", "episode"} <= set(schema.key_names)
    assert isinstance(schema.columns["billing"], FieldColumn)
