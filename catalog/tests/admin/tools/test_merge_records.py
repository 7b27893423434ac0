"""Merging at the desk: the editor sees what moves, chooses where the two differ, and can take it back."""

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


def page_of(*records, keep=None):
    """The address of the preview."""
    keys = ",".join(str(record.pk) for record in records)
    return f"{admin_url(type(records[0]), 'merge')}?ids={keys}" + (f"&_keep={keep.pk}" if keep else "")


def form_of(page):
    """What the form of the preview would send."""
    form = page.content.decode().partition('id="merge_form"')[2]
    fields = dict(re.findall(r'type="hidden" name="(_\w+)" value="(\w+)"', form))
    fields |= dict(re.findall(r'type="radio" name="([\w-]+)" value="(\w+)" checked', form))
    return fields | ({"_alias": "1"} if 'name="_alias" value="1" checked' in form else {})


def merged(admin_client, url, **changed):
    """Open the preview and send its form; the answer and what the page said."""
    page = admin_client.get(url)
    assert page.status_code == 200
    return admin_client.post(url, form_of(page) | changed), page_text(page)


def test_the_preview_says_what_moves_what_both_have_and_what_is_filled(admin_client):
    ann, anne, episode = make.person("Ann Lee"), make.person("Anne Lee", born="1950-02"), make.episode(title="One")
    for who in (ann, anne):
        make.credit(episode, who)
    for _ in range(7):
        make.credit(make.episode(title="Two"), anne, role_slug="writer")
    Alias.objects.create(person=anne, name="Nan")
    told = page_text(admin_client.get(page_of(ann, anne, keep=ann)))
    assert "7 credits move Writer: " in told
    assert "Two" in told
    assert "and 2 more" in told
    assert "1 credit that both have" in told
    assert "1 alias move" in told
    assert "Born: February 1950" in told
    assert "Name Ann Lee Anne Lee" in told


def test_a_preview_asks_no_more_of_the_database_with_more_credits(admin_client):
    counts = []
    for total in (6, 40):
        one, other = make.person(), make.person()
        for _ in range(total):
            make.credit(make.episode(), other)
        admin_client.get(page_of(one, other))
        with CaptureQueriesContext(connection) as captured:
            admin_client.get(page_of(one, other))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_two_people_become_one_and_the_merge_is_undone(admin_client, client):
    ann, anne = make.person("Ann Lee"), make.person("Anne Lee", born="1950")
    credit = make.credit(make.episode(), anne)
    before = catalogue_state()
    answer, _ = merged(
        admin_client, page_of(ann, anne, keep=ann), _edit_summary="The same face", **{f"take-{anne.pk}-name": "1"}
    )
    assert answer["Location"] == admin_url(Person, "change", ann.pk)
    person = Person.objects.get()
    assert (person.pk, person.name, person.born) == (ann.pk, "Anne Lee", "1950")
    assert [alias.name for alias in person.aliases.all()] == ["Ann Lee"]
    assert Credit.objects.get() == credit
    edit = Edit.objects.get(kind=Edit.Kind.MERGE)
    assert (edit.reason, edit.by, edit.subject) == ("The same face", "editor", f"person:{ann.pk}")
    assert undo_url(edit) in admin_client.get(answer["Location"]).content.decode()
    assert client.get("/people/anne-lee/")["Location"] == "/people/ann-lee/"
    confirm(admin_client, undo_url(edit))
    assert catalogue_state() == before


def test_the_name_is_not_kept_when_that_is_not_wanted(admin_client):
    ann, anne = make.person("Ann"), make.person("Anne")
    merged(admin_client, page_of(ann, anne), _alias="")
    assert not Alias.objects.exists()


def test_several_are_merged_at_once_and_the_one_with_most_credits_stays(admin_client):
    people = [make.person(f"Person {letter}") for letter in "ABC"]
    for person in (people[1], people[1], people[2]):
        make.credit(make.episode(), person)
    answer = admin_client.post(
        admin_url(Person), {"action": "merge_selected", ACTION_CHECKBOX_NAME: [person.pk for person in people]}
    )
    assert answer["Location"] == page_of(*people)
    before = catalogue_state()
    answer, told = merged(admin_client, answer["Location"])
    assert "Merge “Person A” into “Person B”" in told
    assert Person.objects.get() == people[1]
    assert people[1].credits.count() == 3
    confirm(admin_client, undo_url(Edit.objects.get(kind=Edit.Kind.MERGE)))
    assert catalogue_state() == before


def test_one_by_itself_is_not_merged_from_a_list(admin_client):
    person = make.person()
    answer = admin_client.post(
        admin_url(Person), {"action": "merge_selected", ACTION_CHECKBOX_NAME: [person.pk]}, follow=True
    )
    assert "Select 2 to 10 records to merge" in page_text(answer)


@pytest.mark.parametrize("model", [Person, Company, Character])
def test_the_form_leads_to_the_choice_of_another_which_is_not_a_list_of_all(admin_client, model):
    series = make.series()
    makers = {Person: make.person, Company: make.company, Character: lambda: make.character(series)}
    one, other = makers[model](), makers[model]()
    url = page_of(one)
    assert f'{url}"' in admin_client.get(admin_url(model, "change", one.pk)).content.decode()
    page = admin_client.get(url).content.decode()
    assert "admin-autocomplete" in page
    assert str(other) not in page
    answer, _ = merged(admin_client, f"{url}&ids={other.pk}")
    assert answer.status_code == 302
    assert model.objects.count() == 1


def test_a_change_since_the_preview_is_shown_before_anything_is_merged(admin_client):
    ann, anne = make.person("Ann"), make.person("Anne")
    url = page_of(ann, anne, keep=ann)
    form = form_of(admin_client.get(url))
    for change in (lambda: make.credit(make.episode(), anne), lambda: Person.objects.get(pk=ann.pk)):
        record = change()
        if isinstance(record, Person):
            record.biography = "Meanwhile"
            record.save()
        answer = admin_client.post(url, form)
        assert answer.status_code == 409
        assert "Something changed after this preview was made" in page_text(answer)
        assert Person.objects.count() == 2
        form = form_of(answer)
    assert admin_client.post(url, form).status_code == 302


def test_what_was_chosen_is_still_chosen_when_the_page_comes_again(admin_client):
    ann, anne = make.person("Ann", died="1960"), make.person("Anne", born="1970")
    url = page_of(ann, anne, keep=ann)
    answer, _ = merged(admin_client, url, _edit_summary="The same", **{f"take-{anne.pk}-name": "1"})
    assert answer.status_code == 409
    assert "Nobody dies before being born" in page_text(answer)
    assert form_of(answer)[f"take-{anne.pk}-name"] == "1"
    assert 'value="The same"' in answer.content.decode()
    assert Person.objects.count() == 2


def test_characters_of_two_series_are_refused_in_words(admin_client):
    one, other = make.character(make.series()), make.character(make.series())
    page = admin_client.get(page_of(one, other))
    assert "Characters of different series cannot be merged" in page_text(page)
    assert "merge_form" not in page.content.decode()
    assert admin_client.post(page_of(one, other), {}).status_code == 409


def test_what_is_not_there_cannot_be_merged(admin_client):
    for keys in ("77", "x", "", "9" * 30):
        assert admin_client.get(f"{admin_url(Person, 'merge')}?ids={keys}").status_code == 404


def test_only_those_merge_who_may_publish(roles, client):
    ann, anne = make.person("Ann", published_at=None), make.person("Anne", published_at=None)
    for name, expected in (("Contributor", 403), ("Editor", 200)):
        user = User.objects.create_user(name, is_staff=True)
        user.groups.add(Group.objects.get(name=name))
        client.force_login(user)
        assert client.get(page_of(ann, anne)).status_code == expected
        assert client.post(page_of(ann, anne), {}).status_code == (403 if expected == 403 else 409)
        assert ("Merge with another" in page_text(client.get(admin_url(Person, "change", ann.pk)))) == (expected == 200)
        assert ("merge_selected" in client.get(admin_url(Person)).content.decode()) == (expected == 200)
    assert Person.objects.count() == 2
