"""Nothing is overwritten unseen: what changed between dry run and import is shown before anything is written."""

import pytest
from django.test import Client

from catalog.models import Change, Credit, Edit, Episode, Person
from catalog.models.edit import record_edit
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import change_url, read_form
from catalog.tests.admin.import_export.spreadsheets import upload_for_dry_run

NOTHING = "Nothing was imported: records changed after the dry run. Check the updated dry run and confirm it again."


@pytest.fixture
def other(db, django_user_model):
    """Another editor."""
    return django_user_model.objects.create_superuser("anna")


@pytest.fixture
def tried_two(db, admin_client):
    """A dry run that changes two of three people."""
    people = [make.person(name) for name in ("Ada", "Bea", "Cleo")]
    born = [{"slug": who.slug, "born": "" if who.name == "Cleo" else "1970"} for who in people]
    page = upload_for_dry_run(admin_client, Person, born)
    assert page.offers
    return people, page


def changed_by(user, record, **fields):
    """Another editor's change."""
    with record_edit(user, "seen on screen"):
        record = type(record).objects.get(pk=record.pk)
        for name, value in fields.items():
            setattr(record, name, value)
        record.save()


def test_a_record_that_somebody_changed_meanwhile_is_shown_with_who_and_when_and_nothing_is_written(tried_two, other):
    (ada, bea, _), page = tried_two
    changed_by(other, bea, born="1969")
    version = Change.objects.version()
    again = page.confirm()
    assert again.messages == [NOTHING]
    assert list(again.meanwhile) == [3]
    assert again.meanwhile[3][0].startswith("anna changed this record after the dry run, ")
    assert again.changes == {2: {"born": ("empty", "1970")}, 3: {"born": ("1969", "1970")}}
    assert Change.objects.version() == version
    assert Person.objects.get(pk=ada.pk).born is None, "all or nothing"
    assert again.confirm().messages == ["Imported: 0 added, 2 changed, 1 unchanged."]
    assert Person.objects.get(pk=bea.pk).born == "1970"


def test_a_change_of_another_field_is_shown_too_and_is_kept(tried_two, other):
    (_, bea, _), page = tried_two
    changed_by(other, bea, biography="Grew up in Ghent.")
    again = page.confirm()
    assert list(again.meanwhile) == [3]
    again.confirm()
    now = Person.objects.get(pk=bea.pk)
    assert (now.born, now.biography) == ("1970", "Grew up in Ghent.")


def test_a_row_that_would_have_done_nothing_and_now_would_is_shown(tried_two, other):
    people, page = tried_two
    changed_by(other, people[2], born="1980")
    again = page.confirm()
    assert again.changes[4] == {"born": ("1980", "empty")}
    assert list(again.meanwhile) == [4]


def test_a_record_that_was_deleted_meanwhile_does_not_come_back_unseen(tried_two, other):
    people, page = tried_two
    people[0].delete()
    again = page.confirm()
    assert again.messages[0].startswith("Nothing was imported")
    assert Person.objects.count() == 2
    assert list(again.told) == [2], "a person needs a name"


def test_a_record_that_somebody_added_meanwhile_is_not_added_twice(soundtrack, admin_client, other):
    who = Person.objects.get(name="Joe Swanberg")
    row = {"person": who.slug, "role": "editor", "series": "soundtrack", "season": "1", "episode": "3", "character": ""}
    page = upload_for_dry_run(admin_client, Credit, [row | {"billing": "2"}])
    with record_edit(other, "credits"):
        make.credit(Episode.objects.get(number=3), who, role_slug="editor")
    again = page.confirm()
    assert again.changes == {2: {"billing": ("empty", "2")}}
    assert list(again.meanwhile) == [2]
    again.confirm()
    assert Credit.objects.get(person=who, role__slug="editor").billing == 2


def test_what_others_changed_elsewhere_does_not_stand_in_the_way(tried_two, other):
    _, page = tried_two
    changed_by(other, make.person("Dora"), born="1911")
    assert page.confirm().messages == ["Imported: 0 added, 2 changed, 1 unchanged."]


def test_a_rule_broken_meanwhile_is_told_and_nothing_is_written(tried_two, other):
    (ada, bea, _), page = tried_two
    changed_by(other, ada, died="1960")
    again = page.confirm()
    assert again.told == {2: ["Nobody dies before being born: check the two dates."]}
    assert not again.offers
    assert Person.objects.get(pk=bea.pk).born is None
    assert Edit.objects.filter(kind="import").count() == 0


def test_a_form_that_was_open_during_an_import_does_not_undo_it(tried_two, other):
    (ada, _, _), page = tried_two
    theirs = Client()
    theirs.force_login(other)
    form = read_form(theirs, change_url(ada))
    page.confirm()
    theirs.post(change_url(ada), form | {"biography": "Grew up in Ghent."})
    now = Person.objects.get(pk=ada.pk)
    assert now.born == "1970"
