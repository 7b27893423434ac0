"""The merge page: previews what moves, asks where the records differ, and the merge can be undone."""

import re

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Alias, Character, Company, Credit, Edit, Person
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url
from catalog.tests.admin.test_history import confirm, page_text, undo_url
from catalog.tests.history import catalogue_state

pytestmark = pytest.mark.django_db


def merge_url(*records, target=None):
    """The address of the preview."""
    keys = ",".join(str(record.pk) for record in records)
    return f"{admin_url(type(records[0]), 'merge')}?ids={keys}" + (f"&_keep={target.pk}" if target else "")


def form_data(page):
    """The data that the preview's form would submit."""
    form = page.content.decode().partition('id="merge_form"')[2]
    fields = dict(re.findall(r'type="hidden" name="(_\w+)" value="(\w+)"', form))
    fields |= dict(re.findall(r'type="radio" name="([\w-]+)" value="(\w+)" checked', form))
    return fields | ({"_alias": "1"} if 'name="_alias" value="1" checked' in form else {})


def submit_merge(admin_client, url, **changed):
    """Open the preview and submit its form; return the response and the text of the page."""
    page = admin_client.get(url)
    assert page.status_code == 200
    return admin_client.post(url, form_data(page) | changed), page_text(page)


def test_the_preview_lists_moved_colliding_and_filled_values(admin_client):
    ann, anne, episode = make.person("Ann Lee"), make.person("Anne Lee", born="1950-02"), make.episode(title="One")
    for person in (ann, anne):
        make.credit(episode, person)
    for _ in range(7):
        make.credit(make.episode(title="Two"), anne, role_slug="writer")
    Alias.objects.create(person=anne, name="Nan")
    text = page_text(admin_client.get(merge_url(ann, anne, target=ann)))
    assert "7 credits move Writer: " in text
    assert "Two" in text
    assert "and 2 more" in text
    assert "1 credit that both have" in text
    assert "1 alias move" in text
    assert "Born: February 1950" in text
    assert "Name Ann Lee Anne Lee" in text


def test_the_number_of_queries_does_not_grow_with_the_credits(admin_client):
    counts = []
    for total in (6, 40):
        target, duplicate = make.person(), make.person()
        for _ in range(total):
            make.credit(make.episode(), duplicate)
        admin_client.get(merge_url(target, duplicate))
        with CaptureQueriesContext(connection) as captured:
            admin_client.get(merge_url(target, duplicate))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_two_people_are_merged_and_the_merge_is_undone(admin_client, client):
    ann, anne = make.person("Ann Lee"), make.person("Anne Lee", born="1950")
    credit = make.credit(make.episode(), anne)
    before = catalogue_state()
    response, _ = submit_merge(
        admin_client, merge_url(ann, anne, target=ann), _edit_summary="The same face", **{f"take-{anne.pk}-name": "1"}
    )
    assert response["Location"] == admin_url(Person, "change", ann.pk)
    person = Person.objects.get()
    assert (person.pk, person.name, person.born) == (ann.pk, "Anne Lee", "1950")
    assert [alias.name for alias in person.aliases.all()] == ["Ann Lee"]
    assert Credit.objects.get() == credit
    edit = Edit.objects.get(kind=Edit.Kind.MERGE)
    assert (edit.reason, edit.by, edit.subject) == ("The same face", "editor", f"person:{ann.pk}")
    assert undo_url(edit) in admin_client.get(response["Location"]).content.decode()
    assert client.get("/people/anne-lee/")["Location"] == "/people/ann-lee/"
    confirm(admin_client, undo_url(edit))
    assert catalogue_state() == before


def test_no_alias_is_added_if_the_box_is_not_ticked(admin_client):
    ann, anne = make.person("Ann"), make.person("Anne")
    submit_merge(admin_client, merge_url(ann, anne), _alias="")
    assert not Alias.objects.exists()


def test_several_are_merged_into_the_one_with_most_credits(admin_client):
    people = [make.person(f"Person {letter}") for letter in "ABC"]
    for person in (people[1], people[1], people[2]):
        make.credit(make.episode(), person)
    response = admin_client.post(
        admin_url(Person), {"action": "merge_selected", ACTION_CHECKBOX_NAME: [person.pk for person in people]}
    )
    assert response["Location"] == merge_url(*people)
    before = catalogue_state()
    response, text = submit_merge(admin_client, response["Location"])
    assert "Merge “Person A” into “Person B”" in text
    assert Person.objects.get() == people[1]
    assert people[1].credits.count() == 3
    confirm(admin_client, undo_url(Edit.objects.get(kind=Edit.Kind.MERGE)))
    assert catalogue_state() == before


def test_the_action_needs_two_records(admin_client):
    person = make.person()
    response = admin_client.post(
        admin_url(Person), {"action": "merge_selected", ACTION_CHECKBOX_NAME: [person.pk]}, follow=True
    )
    assert "Select 2 to 10 records to merge" in page_text(response)


@pytest.mark.parametrize("model", [Person, Company, Character])
def test_the_form_links_to_the_choice_of_the_other_record_by_autocomplete(admin_client, model):
    series = make.series()
    makers = {Person: make.person, Company: make.company, Character: lambda: make.character(series)}
    record, other_record = makers[model](), makers[model]()
    url = merge_url(record)
    assert f'{url}"' in admin_client.get(admin_url(model, "change", record.pk)).content.decode()
    page = admin_client.get(url).content.decode()
    assert "admin-autocomplete" in page
    assert str(other_record) not in page
    response, _ = submit_merge(admin_client, f"{url}&ids={other_record.pk}")
    assert response.status_code == 302
    assert model.objects.count() == 1


def test_a_change_after_the_preview_is_shown_before_anything_is_merged(admin_client):
    ann, anne = make.person("Ann"), make.person("Anne")
    url = merge_url(ann, anne, target=ann)
    form = form_data(admin_client.get(url))
    for change in (lambda: make.credit(make.episode(), anne), lambda: Person.objects.get(pk=ann.pk)):
        record = change()
        if isinstance(record, Person):
            record.biography = "Meanwhile"
            record.save()
        response = admin_client.post(url, form)
        assert response.status_code == 409
        assert "Something changed after this preview was made" in page_text(response)
        assert Person.objects.count() == 2
        form = form_data(response)
    assert admin_client.post(url, form).status_code == 302


def test_choices_are_kept_when_the_page_is_shown_again(admin_client):
    ann, anne = make.person("Ann", died="1960"), make.person("Anne", born="1970")
    url = merge_url(ann, anne, target=ann)
    response, _ = submit_merge(admin_client, url, _edit_summary="The same", **{f"take-{anne.pk}-name": "1"})
    assert response.status_code == 409
    assert "Nobody dies before being born" in page_text(response)
    assert form_data(response)[f"take-{anne.pk}-name"] == "1"
    assert 'value="The same"' in response.content.decode()
    assert Person.objects.count() == 2


def test_characters_of_different_series_are_refused(admin_client):
    first, second = make.character(make.series()), make.character(make.series())
    page = admin_client.get(merge_url(first, second))
    assert "Characters of different series cannot be merged" in page_text(page)
    assert "merge_form" not in page.content.decode()
    assert admin_client.post(merge_url(first, second), {}).status_code == 409


def test_unknown_records_give_404(admin_client):
    for keys in ("77", "x", "", "9" * 30):
        assert admin_client.get(f"{admin_url(Person, 'merge')}?ids={keys}").status_code == 404


def test_merging_requires_the_permission_to_publish(roles, client):
    ann, anne = make.person("Ann", published_at=None), make.person("Anne", published_at=None)
    for name, expected in (("Contributor", 403), ("Editor", 200)):
        user = User.objects.create_user(name, is_staff=True)
        user.groups.add(Group.objects.get(name=name))
        client.force_login(user)
        assert client.get(merge_url(ann, anne)).status_code == expected
        assert client.post(merge_url(ann, anne), {}).status_code == (403 if expected == 403 else 409)
        assert ("Merge with another" in page_text(client.get(admin_url(Person, "change", ann.pk)))) == (expected == 200)
        assert ("merge_selected" in client.get(admin_url(Person)).content.decode()) == (expected == 200)
    assert Person.objects.count() == 2
