"""Permissions: Contributors work on drafts, Editors on the whole catalogue, Administrators on accounts as well."""

import re
from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from catalog.models import (
    Alias,
    Change,
    Character,
    Citation,
    Company,
    Credit,
    Episode,
    Event,
    Person,
    Season,
    Series,
    Source,
)
from catalog.models.base import Published
from catalog.tests import factories as make
from catalog.tests import page_parsing
from catalog.tests.admin.admin_forms import (
    admin_url,
    change_url,
    deletion_data,
    form_errors,
    read_form,
    submit_form,
    was_saved,
)

NAMES = ("Contributor", "Editor", "Administrator")
PUBLISHED = {
    Series: make.series,
    Season: make.season,
    Episode: make.episode,
    Person: make.person,
    Company: make.company,
}
SOON = timezone.now() + timedelta(days=3)


def run_action(client, action, *records):
    """Run a changelist action for records."""
    data = {"action": action, ACTION_CHECKBOX_NAME: [record.pk for record in records]} | deletion_data()
    return client.post(admin_url(type(records[0])), data)


def test_the_fixture_has_three_groups_and_loading_it_again_changes_nothing(roles):
    before = {group.name: set(group.permissions.all()) for group in Group.objects.all()}
    assert set(before) == set(NAMES)
    call_command("loaddata", "roles", verbosity=0)
    assert {group.name: set(group.permissions.all()) for group in Group.objects.all()} == before
    assert before["Contributor"] < before["Editor"] < before["Administrator"]


def test_every_permission_belongs_to_a_group_and_only_administrators_manage_accounts(roles):
    permissions = {
        name: set(Group.objects.get(name=name).permissions.values_list("codename", flat=True)) for name in NAMES
    }
    read_only = {"change", "edit", "formerslug"}
    model_names = [model._meta.model_name for model in admin.site._registry if model._meta.app_label == "catalog"]
    catalog_permissions = {f"{action}_{name}" for name in model_names for action in ("add", "change", "delete", "view")}
    automatic = {f"{action}_{name}" for name in read_only for action in ("add", "change", "delete")}
    assert permissions["Editor"] == catalog_permissions - automatic | {"publish"}
    accounts = {f"{action}_{name}" for name in ("user", "group") for action in ("add", "change", "delete", "view")}
    assert permissions["Administrator"] == permissions["Editor"] | accounts | {"view_signin"}
    assert {name for name in permissions["Contributor"] if name.startswith(("delete", "publish"))} == set()
    assert {f"view_{name}" for name in model_names} <= permissions["Contributor"]


@pytest.mark.parametrize("when", [timezone.now(), SOON], ids=["published", "scheduled"])
def test_contributors_view_published_and_scheduled_records_and_cannot_change_them(contributor, when):
    for model, create in PUBLISHED.items():
        record = create(published_at=when)
        page = contributor.get(change_url(record))
        assert page.status_code == 200, model
        assert 'name="_save"' not in page.content.decode(), model
        rows = set(re.findall(r'-MAX_NUM_FORMS" value="(\d+)"', page.content.decode()))
        assert rows == {"0"}, f"{model}: no inline rows can be added"
        assert contributor.post(change_url(record), {"name": "Other", "title": "Other"}).status_code == 403, model
        assert not Change.objects.filter(action="changed").exists(), model


@pytest.mark.parametrize("create", [*PUBLISHED.values(), make.source])
def test_contributors_see_no_link_to_edit_a_record_that_they_may_only_read(contributor, create):
    record = create()
    links = page_parsing.get_page(contributor, record.get_absolute_url()).cssselect(".staff a")
    assert [link.text for link in links] == ["History"]
    if isinstance(record, Published):
        type(record).objects.filter(pk=record.pk).update(published_at=None)
        links = page_parsing.get_page(contributor, admin_url(type(record), "preview", record.pk)).cssselect(".staff a")
        assert [link.text for link in links] == ["Edit", "History"], "a draft, in its preview"


def test_contributors_change_drafts_but_cannot_publish_them_in_the_form(contributor):
    moment = {"published_at_0": "2020-01-01", "published_at_1": "00:00:00", "published_at": "2020-01-01 00:00"}
    for model, create in PUBLISHED.items():
        record = create(published_at=None)
        name = "name" if model in (Person, Company) else "title"
        assert "published_at_0" not in read_form(contributor, change_url(record)), model
        assert was_saved(submit_form(contributor, change_url(record), **{name: "Another"}, **moment)), model
        record.refresh_from_db()
        assert getattr(record, name) == "Another", model
        assert record.published_at is None, model


def test_records_that_contributors_add_are_drafts(contributor):
    moment = {"published_at_0": "2020-01-01", "published_at_1": "00:00:00"}
    assert was_saved(submit_form(contributor, admin_url(Person, "add"), name="New One", **moment))
    assert Person.objects.get().published_at is None


def test_contributors_neither_see_nor_run_changelist_actions(contributor):
    for model, create in PUBLISHED.items():
        draft, public = create(published_at=None), create()
        page = contributor.get(admin_url(model)).content.decode()
        for action in ("publish", "unpublish", "delete_selected"):
            assert f'value="{action}"' not in page, model
            run_action(contributor, action, draft, public)
            for record, is_published in ((draft, False), (public, True)):
                record.refresh_from_db()
                assert record.is_published == is_published, (model, action)


def test_contributors_cannot_publish_a_season_in_the_inline_of_its_series(contributor):
    season = make.season(make.series(published_at=None), published_at=None)
    moment = {"seasons-0-published_at_0": "2020-01-01", "seasons-0-published_at_1": "00:00:00"}
    new = {"number": "2", "title": "", "published_at_0": "2020-01-01", "published_at_1": "00:00:00"}
    form = {"seasons-0-title": "The first"}
    assert was_saved(submit_form(contributor, change_url(season.series), rows={"seasons": [new]}, **form, **moment))
    assert list(season.series.seasons.values_list("number", "title", "published_at")) == [
        (1, "The first", None),
        (2, "", None),
    ]


def test_a_published_inline_row_stays_unchanged_in_the_form_of_a_draft(contributor):
    season = make.season(make.series(published_at=None), title="Public")
    response = submit_form(
        contributor, change_url(season.series), **{"seasons-0-title": "Changed", "title": "New title"}
    )
    assert was_saved(response), form_errors(response)
    season.refresh_from_db()
    assert season.title == "Public"
    assert Series.objects.get().title == "New title"


def test_contributors_delete_nothing(contributor):
    episode = make.episode(published_at=None)
    credit = make.credit(episode)
    for record in (credit, episode):
        assert contributor.post(admin_url(type(record), "delete", record.pk), deletion_data()).status_code == 403
    assert "credits-0-DELETE" not in read_form(contributor, change_url(episode))
    assert was_saved(submit_form(contributor, change_url(episode), **{"credits-0-DELETE": "on"}))
    assert Credit.objects.get() == credit


def test_contributors_add_credits_to_drafts(contributor):
    episode, person, role = make.episode(published_at=None), make.person(), make.role()
    assert was_saved(
        submit_form(contributor, change_url(episode), rows={"credits": [{"person": person.pk, "role": role.pk}]})
    )
    assert Credit.objects.get().episode == episode


@pytest.mark.parametrize("when", [timezone.now(), SOON], ids=["published", "scheduled"])
def test_contributors_add_nothing_to_published_records_by_the_forms_of_their_parts(contributor, when):
    episode = make.episode(published_at=when)
    series = episode.series
    series.published_at = when
    series.save()
    person, source = make.person(published_at=when), make.source()
    attempts = [
        (Credit, {"person": person.pk, "role": make.role().pk, "episode": episode.pk}),
        (Character, {"series": series.pk, "name": "Nellie"}),
        (Alias, {"person": person.pk, "name": "Other"}),
        (Alias, {"character": make.character(series).pk, "name": "Other"}),
        (Event, {"series": series.pk, "kind": "other", "headline": "Something"}),
        (Citation, {"source": source.pk, "person": person.pk}),
        (Citation, {"source": source.pk, "credit": make.credit(episode).pk}),
    ]
    for model, fields in attempts:
        before = model.objects.count()
        errors = form_errors(submit_form(contributor, admin_url(model, "add"), **fields))
        assert any("who may publish" in error for error in errors), model
        assert model.objects.count() == before


def test_contributors_add_no_reference_to_a_source_that_visitors_see(contributor, sign_in):
    cited, uncited = make.source("Cited"), make.source("Uncited")
    Citation.objects.create(source=cited, series=make.series())
    add, fields = admin_url(Source, "add"), {"title": "Memo", "mark": "1"}
    assert form_errors(submit_form(contributor, add, part_of=cited.pk, **fields)) == [
        "Cited is published: only those who may publish can add to it."
    ]
    assert was_saved(submit_form(contributor, add, part_of=uncited.pk, **fields))
    assert was_saved(submit_form(sign_in("Editor"), add, part_of=cited.pk, **fields))


def test_contributors_move_nothing_from_drafts_to_published_records(contributor):
    credit = make.credit(make.episode(published_at=None))
    public = make.episode()
    assert form_errors(submit_form(contributor, change_url(credit), episode=public.pk))
    credit.refresh_from_db()
    assert credit.episode != public


@pytest.mark.parametrize("public", [False, True], ids=["of a draft", "of a published record"])
def test_parts_can_be_changed_if_their_record_is_a_draft(contributor, public):
    when = timezone.now() if public else None
    episode = make.episode(published_at=when)
    series = make.series(published_at=when)
    credit, character, event = make.credit(episode), make.character(series), make.event(series)
    alias = Alias.objects.create(character=character, name="Other")
    citation = Citation.objects.create(source=make.source(), credit=credit)
    for record in (credit, character, event, alias, citation):
        assert contributor.post(change_url(record), {}).status_code == (403 if public else 200), record


def test_contributors_add_shared_records_but_do_not_change_them(contributor):
    assert was_saved(submit_form(contributor, admin_url(type(make.source()), "add"), title="A new source"))
    for record in (make.source(), make.picture(), make.genre(), make.role()):
        assert contributor.post(change_url(record), {}).status_code == 403


def test_editors_publish_delete_and_change_published_records_but_do_not_manage_accounts(sign_in):
    client = sign_in("Editor")
    draft, public = make.person(published_at=None), make.person()
    run_action(client, "publish", draft)
    draft.refresh_from_db()
    assert draft.is_published
    assert was_saved(
        submit_form(client, change_url(public), name="Another", published_at_0="2030-01-01", published_at_1="00:00:00")
    )
    public.refresh_from_db()
    assert (public.name, public.published_at.year) == ("Another", 2030)
    assert client.post(admin_url(Person, "delete", public.pk), deletion_data()).status_code == 302
    assert not Person.objects.filter(pk=public.pk).exists()
    for model in (User, Group):
        for page in (admin_url(model), admin_url(model, "add"), admin_url(model, "change", model.objects.first().pk)):
            assert client.get(page).status_code == 403
            assert client.post(page, {"username": "new"}).status_code == 403
    assert "auth/user" not in client.get(reverse("admin:index")).content.decode()


def test_administrators_manage_accounts_and_their_groups(sign_in):
    client = sign_in("Administrator")
    account = User.objects.create_user("other", password="other-password")
    group = Group.objects.get(name="Contributor")
    assert was_saved(submit_form(client, change_url(account), groups=[str(group.pk)], is_staff="on"))
    assert list(account.groups.all()) == [group]
    assert client.get(admin_url(Group)).status_code == 200


@pytest.mark.parametrize("name", NAMES)
def test_every_group_opens_the_dashboard_and_exactly_its_changelists(sign_in, name):
    client = sign_in(name)
    assert client.get(reverse("admin:index")).status_code == 200
    for model in admin.site._registry:
        is_permitted = model._meta.app_label == "catalog" or name == "Administrator"
        assert client.get(admin_url(model)).status_code == (200 if is_permitted else 403), model


def test_the_permission_to_change_covers_drafts_only_without_the_permission_to_publish(db, client):
    user = User.objects.create_user("one", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["change_person", "delete_person"]))
    client.force_login(user)
    assert client.post(change_url(make.person()), {}).status_code == 403
    assert run_action(client, "delete_selected", public := make.person()).status_code in (200, 403)
    assert Person.objects.filter(pk=public.pk).exists()
    assert was_saved(submit_form(client, change_url(make.person(published_at=None)), name="Another"))


def test_every_publishable_model_is_tested_here():
    assert {model for model in admin.site._registry if issubclass(model, Published)} == set(PUBLISHED)
