"""Sort names and dates of people."""

import pytest
from django.core.exceptions import ValidationError

from catalog.models import Person
from catalog.models.person import sort_name_of
from catalog.tests import factories as make


@pytest.mark.parametrize(
    ("name", "sort_name"),
    [
        ("Ti West", "West, Ti"),
        ("Marianne Jean-Baptiste", "Jean-Baptiste, Marianne"),
        ("James S. Levine", "Levine, James S."),
        ("Robert Downey Jr.", "Downey Jr., Robert"),
        ("Sia", "Sia"),
        ("Sammy Jr.", "Jr., Sammy"),
        ("", ""),
    ],
)
def test_sort_name_is_guessed_with_the_family_name_first(name, sort_name):
    assert sort_name_of(name) == sort_name


def test_existing_sort_name_is_not_overwritten(db):
    person = make.person("Bong Joon-ho", sort_name="Bong Joon-ho")
    person.save()
    assert Person.objects.get().sort_name == "Bong Joon-ho"


@pytest.mark.parametrize(
    ("born", "died", "is_valid"),
    [
        ("1950", "1950", True),
        ("1950-03", "1950", True),
        ("1950", "1950-03-02", True),
        ("1950-03-02", "1950-03", True),
        ("1950-03-02", "1950-03-02", True),
        (None, "1950", True),
        ("1950-04", "1950-03", False),
        ("1950-03-02", "1950-03-01", False),
        ("1951", "1950-12-31", False),
    ],
)
def test_died_before_born_is_rejected_at_the_lower_precision(db, born, died, is_valid):
    person = Person(name="Ann Lee", born=born, died=died)
    if is_valid:
        person.full_clean()
        person.save()
    else:
        with pytest.raises(ValidationError, match="check the two dates"):
            person.full_clean()


def test_people_are_sorted_by_sort_name_and_slug(db):
    names = [make.person(name).slug for name in ("Cy West", "Ann West", "Cy West", "Zoe Abel")]
    assert list(Person.objects.values_list("slug", flat=True)) == [names[3], names[1], names[0], names[2]]
