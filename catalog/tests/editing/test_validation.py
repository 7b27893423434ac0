"""Validation of the changed fields of a record."""

import pytest
from django.core.exceptions import ValidationError

from catalog.editing.validation import unique_fields, validate_changed
from catalog.models import Credit, Episode, Person
from catalog.tests import factories as make


def test_unique_fields_are_those_of_fields_and_of_constraints():
    assert "slug" in unique_fields(Person)
    assert "born" not in unique_fields(Person)
    assert {"season", "number", "last_number"} <= unique_fields(Episode)
    assert {"person", "role"} <= unique_fields(Credit)


def test_errors_of_changed_fields_are_collected(db):
    person = make.person("Ada")
    person.name, person.born, person.died = "", "1990", "1980"
    with pytest.raises(ValidationError) as error:
        validate_changed(person, {"name", "born"}, set())
    assert error.value.message_dict == {
        "name": ["This field cannot be blank."],
        "__all__": ["Nobody dies before being born: check the two dates."],
    }


def test_unchanged_and_invalid_fields_are_not_validated(db, django_assert_num_queries):
    person = make.person("Ada")
    person.name, person.biography = "", "New"
    with django_assert_num_queries(0):
        validate_changed(person, {"biography"}, set())
        validate_changed(person, {"name", "biography"}, {"name"})


def test_all_fields_of_a_new_record_are_validated(db):
    make.person("Ada")
    with pytest.raises(ValidationError) as error:
        validate_changed(Person(slug="ada", name=""), None, set())
    assert set(error.value.message_dict) == {"slug", "name"}
