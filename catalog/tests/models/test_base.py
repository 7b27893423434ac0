"""Text fields hold no invisible characters, whichever way a record is written."""

import pytest
from django.core.exceptions import ValidationError

from catalog.models import Alias, Change, Citation, Person, Role, Source
from catalog.tests import factories as make

pytestmark = pytest.mark.django_db


def test_saved_text_has_no_invisible_characters():
    person = make.person("\ufeffAnn\u200b Lee\u00a0", biography="Born in Bern.\u00a0\nSings\u00ad.")
    person.refresh_from_db()
    assert (person.name, person.sort_name, person.slug) == ("Ann Lee", "Lee, Ann", "ann-lee")
    assert person.biography == "Born in Bern.\nSings."


def test_validation_removes_invisible_characters():
    source = Source(title="\u200bReview", url="https://example.com/\u200b")
    source.full_clean()
    assert (source.title, source.url) == ("Review", "https://example.com/")
    with pytest.raises(ValidationError, match="cannot be blank"):
        Person(name="\u200b\u00a0").full_clean()


def test_citations_and_lists_of_words_have_no_invisible_characters():
    citation = Citation(source=make.source(), person=make.person(), claim="1980\u200b")
    citation.save()
    assert citation.claim == "1980"
    role = make.role()
    role.synonyms = ["Directed\u200b by", "\ufeffHelmed by"]
    role.save()
    assert Role.objects.get().synonyms == ["Directed by", "Helmed by"]


@pytest.mark.parametrize(
    "text", ["Ann\nLee", "Ann \r\n Lee", "Ann\u2028Lee", "Ann\tLee", "\nAnn Lee\x85", "\x1bAnn\x0cLee"]
)
def test_a_text_of_one_line_has_no_line_ends(text):
    person = make.person(text, biography="Born in Bern.\r\n\r\nSings.")
    person.refresh_from_db()
    assert (person.name, person.slug, person.biography) == ("Ann Lee", "ann-lee", "Born in Bern.\n\nSings.")
    source = Source(title=text)
    source.full_clean()
    assert source.title == "Ann Lee"


def test_joiners_stay():
    name = "می\u200cخواهم 👩\u200d🚀"
    assert make.person(name).name == name


def test_only_the_updated_fields_are_written():
    person = make.person("Ann Lee")
    Person.objects.update(biography="Sings\u200b")
    person.refresh_from_db()
    changes = Change.objects.count()
    person.save()
    assert Change.objects.count() == changes + 1
    person.save()
    assert Change.objects.count() == changes + 1


def test_a_natural_key_without_the_fields_added_since_is_found():
    alias = make.person("Ann Lee").aliases.create(name="Nan")
    assert Alias.objects.get_by_natural_key("ann-lee", None, "Nan") == alias
    assert Alias.objects.get_by_natural_key("ann-lee", None, "Nan", None) == alias
    with pytest.raises(Alias.DoesNotExist):
        Alias.objects.get_by_natural_key("ann-lee", None)
    with pytest.raises(ValueError, match="zip"):
        Alias.objects.get_by_natural_key("ann-lee", None, "Nan", None, None)
