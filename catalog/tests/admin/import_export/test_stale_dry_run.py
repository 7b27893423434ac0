"""If records changed between dry run and import, nothing is written and the dry run is shown again."""

import pytest
from django.test import Client

from catalog.models import Change, Credit, Edit, Episode, Person
from catalog.models.edit import record_edit
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import change_url, read_form
from catalog.tests.admin.import_export.import_page import upload_for_dry_run

STALE_MESSAGE = (
    "Nothing was imported: records changed after the dry run. Check the updated dry run and confirm it again."
)


@pytest.fixture
def other_user(db, django_user_model):
    """Another user."""
    return django_user_model.objects.create_superuser("anna")


@pytest.fixture
def people_and_page(db, admin_client):
    """Three people, and a dry run that changes two of them."""
    people = [make.person(name) for name in ("Ada", "Bea", "Cleo")]
    born = [{"slug": person.slug, "born": "" if person.name == "Cleo" else "1970"} for person in people]
    page = upload_for_dry_run(admin_client, Person, born)
    assert page.can_confirm
    return people, page


def changed_by(user, record, **fields):
    """Change a record as another user."""
    with record_edit(user, "seen on screen"):
        record = type(record).objects.get(pk=record.pk)
        for name, value in fields.items():
            setattr(record, name, value)
        record.save()


def test_a_record_changed_since_the_dry_run_is_shown_with_its_author_and_nothing_is_written(
    people_and_page, other_user
):
    (ada, bea, _), page = people_and_page
    changed_by(other_user, bea, born="1969")
    version = Change.objects.version()
    page = page.confirm()
    assert page.messages == [STALE_MESSAGE]
    assert list(page.stale_messages) == [3]
    assert page.stale_messages[3][0].startswith("anna changed this record after the dry run, ")
    assert page.changes == {2: {"born": ("empty", "1970")}, 3: {"born": ("1969", "1970")}}
    assert Change.objects.version() == version
    assert Person.objects.get(pk=ada.pk).born is None, "all or nothing"
    assert page.confirm().messages == ["Imported: 0 added, 2 changed, 1 unchanged."]
    assert Person.objects.get(pk=bea.pk).born == "1970"


def test_a_change_of_another_field_is_shown_too_and_survives_the_import(people_and_page, other_user):
    (_, bea, _), page = people_and_page
    changed_by(other_user, bea, biography="Grew up in Ghent.")
    page = page.confirm()
    assert list(page.stale_messages) == [3]
    page.confirm()
    now = Person.objects.get(pk=bea.pk)
    assert (now.born, now.biography) == ("1970", "Grew up in Ghent.")


def test_a_row_that_changed_nothing_in_the_dry_run_but_would_now_is_shown(people_and_page, other_user):
    people, page = people_and_page
    changed_by(other_user, people[2], born="1980")
    page = page.confirm()
    assert page.changes[4] == {"born": ("1980", "empty")}
    assert list(page.stale_messages) == [4]


def test_a_record_deleted_since_the_dry_run_is_not_added_again(people_and_page, other_user):
    people, page = people_and_page
    people[0].delete()
    page = page.confirm()
    assert page.messages[0].startswith("Nothing was imported")
    assert Person.objects.count() == 2
    assert list(page.row_errors) == [2], "a person needs a name"


def test_a_record_added_since_the_dry_run_is_not_added_twice(soundtrack, admin_client, other_user):
    person = Person.objects.get(name="Joe Swanberg")
    row = {
        "person": person.slug,
        "role": "editor",
        "series": "soundtrack",
        "season": "1",
        "episode": "3",
        "character": "",
    }
    page = upload_for_dry_run(admin_client, Credit, [row | {"billing": "2"}])
    with record_edit(other_user, "credits"):
        make.credit(Episode.objects.get(number=3), person, role_slug="editor")
    page = page.confirm()
    assert page.changes == {2: {"billing": ("empty", "2")}}
    assert list(page.stale_messages) == [2]
    page.confirm()
    assert Credit.objects.get(person=person, role__slug="editor").billing == 2


def test_changes_of_other_records_do_not_stop_the_import(people_and_page, other_user):
    _, page = people_and_page
    changed_by(other_user, make.person("Dora"), born="1911")
    assert page.confirm().messages == ["Imported: 0 added, 2 changed, 1 unchanged."]


def test_a_rule_broken_since_the_dry_run_is_reported_and_nothing_is_written(people_and_page, other_user):
    (ada, bea, _), page = people_and_page
    changed_by(other_user, ada, died="1960")
    page = page.confirm()
    assert page.row_errors == {2: ["Nobody dies before being born: check the two dates."]}
    assert not page.can_confirm
    assert Person.objects.get(pk=bea.pk).born is None
    assert Edit.objects.filter(kind="import").count() == 0


def test_saving_a_form_opened_before_an_import_does_not_undo_it(people_and_page, other_user):
    (ada, _, _), page = people_and_page
    other_client = Client()
    other_client.force_login(other_user)
    form = read_form(other_client, change_url(ada))
    page.confirm()
    other_client.post(change_url(ada), form | {"biography": "Grew up in Ghent."})
    now = Person.objects.get(pk=ada.pk)
    assert now.born == "1970"
