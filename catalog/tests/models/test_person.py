"""Sort names and dates of people."""

import pytest
from django.core.exceptions import ValidationError

from catalog.models import Person
from catalog.models.sort_name import sort_name_of
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import change_url, submit_form, was_saved


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
        ("Robert Downey, Jr.", "Downey Jr., Robert"),
        ("Robert Downey,  jr", "Downey jr, Robert"),
        ("Cal Ripken, Sr.", "Ripken Sr., Cal"),
        ("Thurston Howell, III", "Howell III, Thurston"),
        ("Louis Gossett Jr. (II)", "Gossett Jr., Louis (II)"),
        ("Jean-Claude van Damme", "van Damme, Jean-Claude"),
        ("Dick Van Dyke", "Van Dyke, Dick"),
        ("Robert De Niro", "De Niro, Robert"),
        ("Oscar de la Renta", "de la Renta, Oscar"),
        ("Ludwig Mies van der Rohe", "van der Rohe, Ludwig Mies"),
        ("Guillermo del Toro Jr.", "del Toro Jr., Guillermo"),
        ("Van Morrison", "Morrison, Van"),
        ("Weird Al Yankovic", "Yankovic, Weird Al"),
        ("Prof. John Roe, Ph.D.", "Roe, John"),
        ("Dr. Ann Lee", "Lee, Ann"),
        ("Roger Deakins, ASC, BSC", "Deakins, Roger"),
        ("John Roe, Jr., M.D.", "Roe Jr., John"),
        ("Sir Ian McKellen", "McKellen, Ian"),
        ("Dr. Dre", "Dre, Dr."),
        ("John Roe (II)", "Roe, John (II)"),
        ("Ann Lee (actress)", "Lee, Ann (actress)"),
        ("Sia (singer)", "Sia (singer)"),
        ("(II)", "(II)"),
        ("A L E X", "A L E X"),
        ("J. J. Abrams", "Abrams, J. J."),
        ("Malcolm X", "X, Malcolm"),
        ("West, Ti", "West, Ti"),
        ("宮崎 駿", "宮崎 駿"),
        ("봉 준호", "봉 준호"),
        ("王 家衛", "王 家衛"),
        ("黒澤明", "黒澤明"),
        ("Bong Joon-ho", "Bong Joon-ho"),
        ("Wong Kar-wai", "Wong Kar-wai"),
        ("Joon-ho Bong", "Bong, Joon-ho"),
        ("Zhang Yimou", "Zhang Yimou"),
        ("Ziyi Zhang", "Zhang, Ziyi"),
        ("Tarr Béla", "Tarr Béla"),
        ("Béla Tarr", "Tarr, Béla"),
        ("Szabó István", "Szabó István"),
    ],
)
def test_sort_name_is_guessed_with_the_family_name_first(name, sort_name):
    assert sort_name_of(name) == sort_name


def test_existing_sort_name_is_not_overwritten(db):
    person = make.person("Bong Joon-ho", sort_name="Bong Joon-ho")
    person.save()
    assert Person.objects.get().sort_name == "Bong Joon-ho"


@pytest.mark.parametrize(
    ("name", "sort_name", "new_name", "new_sort_name"),
    [
        ("Ann Lee", "", "Ann West", "West, Ann"),
        ("Ann Lee", "Lee, Ann", "Ann van Damme", "van Damme, Ann"),
        ("Ann Lee", "Ann Lee", "Ann West", "Ann Lee"),  # somebody wrote this one
        ("Prince", "", "Ann West", "West, Ann"),
        ("Ann Lee", "", "Ann Lee", "Lee, Ann"),
    ],
)
def test_a_guessed_sort_name_follows_the_name(db, name, sort_name, new_name, new_sort_name):
    created = make.person(name, sort_name=sort_name)
    read = Person.objects.get()
    for person in (read, created):
        person.name = new_name
        person.save()
        assert Person.objects.get().sort_name == new_sort_name
        Person.objects.update(name=created.name, sort_name=read.sort_name)


def test_a_sort_name_given_with_a_new_name_is_kept(db):
    person = make.person("Ann Lee")
    person.name, person.sort_name = "Ann van Damme", "Damme, Ann van"
    person.save()
    assert Person.objects.get().sort_name == "Damme, Ann van"


def test_a_guessed_sort_name_follows_an_update_of_the_name_alone(db):
    make.person("Ann Lee")
    person = Person.objects.get()
    person.name, person.biography = "Ann West", "Not saved."
    person.save(update_fields=["name"])
    assert Person.objects.values_list("sort_name", "biography").get() == ("West, Ann", "")
    person.name = "Not Saved"
    person.save(update_fields=["biography"])
    assert Person.objects.values_list("name", "sort_name").get() == ("Ann West", "West, Ann")


def test_people_without_a_loaded_name_are_saved(db):
    make.person("Ann Lee")
    person = Person.objects.only("born").get()
    person.born = "1980"
    person.save()
    assert Person.objects.values_list("name", "sort_name", "born").get() == ("Ann Lee", "Lee, Ann", "1980")


def test_the_form_guesses_a_sort_name_anew(admin_client):
    person = make.person("Ann Lee")
    assert was_saved(submit_form(admin_client, change_url(person), name="Ann West"))
    assert Person.objects.get().sort_name == "West, Ann"


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
