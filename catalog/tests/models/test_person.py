"""People: their sort names and dates."""

import pytest
from django.core.exceptions import ValidationError

from catalog.models import Person
from catalog.models.person import sort_name_of
from catalog.tests import factories as make


@pytest.mark.parametrize(
    ("name", "sorted_as"),
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
def test_a_sort_name_is_guessed_family_name_first(name, sorted_as):
    assert sort_name_of(name) == sorted_as


def test_a_sort_name_that_an_editor_wrote_is_kept(db):
    person = make.person("Bong Joon-ho", sort_name="Bong Joon-ho")
    person.save()
    assert Person.objects.get().sort_name == "Bong Joon-ho"


@pytest.mark.parametrize(
    ("born", "died", "right"),
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
def test_nobody_dies_before_being_born_as_far_as_the_dates_tell(db, born, died, right):
    person = Person(name="Ann Lee", born=born, died=died)
    if right:
        person.full_clean()
        person.save()
    else:
        with pytest.raises(ValidationError, match="check the two dates"):
            person.full_clean()


def test_people_stand_by_sort_name_and_then_by_slug(db):
    names = [make.person(name).slug for name in ("Cy West", "Ann West", "Cy West", "Zoe Abel")]
    assert list(Person.objects.values_list("slug", flat=True)) == [names[3], names[1], names[0], names[2]]
